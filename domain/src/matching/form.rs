//! The forms in which fields are compared: folded, without spaces and punctuation.

use crate::value::fold::{Umlauts, fold, words};

/// Most characters of a field that are compared.
const CHARS_MAX: usize = 64;

/// Most words of a field that are compared.
const WORDS_MAX: usize = 12;

/// A text as it is compared.
///
/// INVARIANT: `compact` is the words one after the other and never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The folded words.
    pub words: Vec<String>,
    /// The words without the spaces: `noble park` and `nob lepark` differ less here than as words.
    pub compact: String,
}

impl Form {
    /// Folds a text; `None` when nothing is left of it.
    pub fn of(text: &str) -> Option<Self> {
        Self::of_words(words(&fold(text, Umlauts::Expanded)))
    }

    /// The form of folded words.
    pub(super) fn of_words(all: impl Iterator<Item = String>) -> Option<Self> {
        let mut room = CHARS_MAX;
        let mut words = Vec::new();
        for word in all.take(WORDS_MAX) {
            let cut: String = word.chars().take(room).collect();
            room = room.saturating_sub(cut.chars().count());
            if !cut.is_empty() {
                words.push(cut);
            }
        }
        let compact = words.concat();
        (!compact.is_empty()).then_some(Self { words, compact })
    }

    /// The first word.
    pub fn first(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// Words that name the kind of way and not the way, in the languages of the shipped lists; also as they are shortened.
const WAYS: &[&str] = &[
    "allee",
    "apartment",
    "apmt",
    "apt",
    "avenida",
    "avenue",
    "ave",
    "av",
    "boulevard",
    "bvd",
    "calle",
    "chemin",
    "circuit",
    "close",
    "court",
    "crescent",
    "cres",
    "crt",
    "drive",
    "dr",
    "flat",
    "gasse",
    "lane",
    "ln",
    "loop",
    "parade",
    "place",
    "pl",
    "platz",
    "road",
    "rd",
    "route",
    "rue",
    "square",
    "sq",
    "st",
    "strasse",
    "str",
    "street",
    "terrace",
    "tce",
    "unit",
    "via",
    "way",
    "weg",
];

/// Endings of German street names that are shortened as often as they are written out.
const ENDINGS: &[&str] = &["strasse", "str"];

/// A postal address line as it is compared: the house number apart, kinds of ways left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Street {
    /// The first number with its letter, such as `12a`.
    pub number: Option<String>,
    /// What names the way and the building.
    pub name: Option<Form>,
}

impl Street {
    /// Reads an address line such as `Hauptstr. 12 a` or `6 Tullaroop Street, Willaroo`.
    pub fn of(text: &str) -> Self {
        let folded = fold(text, Umlauts::Expanded);
        let mut all: Vec<String> = words(&folded).take(WORDS_MAX).collect();
        let number = number_at(&all);
        if let Some((at, len)) = number {
            let found = all.drain(at..at.saturating_add(len)).collect::<String>();
            return Self { number: Some(found), name: name_of(all) };
        }
        Self { number: None, name: name_of(all) }
    }
}

/// Where the first number stands and whether a letter of its own follows it.
fn number_at(words: &[String]) -> Option<(usize, usize)> {
    let starts = |word: &String| word.starts_with(|letter: char| letter.is_ascii_digit());
    let at = words.iter().position(starts)?;
    let letter = words.get(at.saturating_add(1)).is_some_and(|next| next.len() == 1 && next.chars().all(char::is_alphabetic));
    Some((at, if letter { 2 } else { 1 }))
}

fn name_of(words: Vec<String>) -> Option<Form> {
    let named: Vec<String> = words.iter().filter(|word| !WAYS.contains(&word.as_str())).map(|word| unended(word)).collect();
    // `the avenue` is a name too when nothing else is
    let kept = if named.is_empty() { words } else { named };
    Form::of_words(kept.into_iter())
}

fn unended(word: &str) -> String {
    let stem = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending)).filter(|stem| stem.chars().count() >= 3);
    stem.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_street_have_one_form() {
        let read = |text: &str| {
            let street = Street::of(text);
            (street.number.unwrap_or_default(), street.name.map(|name| name.compact).unwrap_or_default())
        };
        assert_eq!(read("Hauptstraße 12 a"), read("HAUPTSTR. 12a"));
        assert_eq!(read("Haupt-Strasse 12a"), read("Hauptstraße 12a"));
        assert_eq!(read("6 Tullaroop St., Willaroo"), ("6".to_owned(), "tullaroopwillaroo".to_owned()));
        assert_eq!(read("The Avenue"), (String::new(), "the".to_owned()));
        assert_eq!(read("Avenue"), (String::new(), "avenue".to_owned()));
        assert_eq!(read(" , "), (String::new(), String::new()));
    }

    #[test]
    fn forms_do_not_know_case_accents_and_punctuation() {
        assert_eq!(Form::of("Müller-Lüdenscheidt"), Form::of("MUELLER LUEDENSCHEIDT"));
        assert_eq!(Form::of("O’Neill").unwrap().compact, "oneill");
        assert_eq!(Form::of(" - "), None);
    }

    proptest! {
        #[test]
        fn forms_are_short_and_never_empty(text in "\\PC{0,200}") {
            let _ = Street::of(&text);
            if let Some(form) = Form::of(&text) {
                prop_assert!((1..=CHARS_MAX).contains(&form.compact.chars().count()));
                prop_assert!(!form.words.is_empty() && form.words.len() <= WORDS_MAX);
            }
        }
    }
}
