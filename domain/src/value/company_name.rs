//! Names of companies, and the form in which two spellings of one name are the same.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::value::fold::{Umlauts, fold, words};
use crate::value::text::single_line;
use crate::value::text_value;
use crate::violation::ValueError;

/// Where a name carries a legal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// After the name.
    End,
    /// Before it.
    Front,
    /// Before or after it.
    Both,
    /// Written together with the name, before or after it, as Chinese and Japanese do.
    Affix,
    /// After the name, and part of it: what also names a thing (foundation, association) stays, or two companies would become one.
    Keep,
}

/// A legal form.
#[derive(Clone, Copy, Debug)]
struct LegalForm {
    place: Place,
    /// As it is usually written.
    shown: &'static str,
}

/// Legal forms by their folded words.
struct LegalForms {
    forms: BTreeMap<&'static str, LegalForm>,
    /// Those that are written together with the name, longest first.
    affixes: Vec<(&'static str, &'static str)>,
    words_max: usize,
}

static LEGAL_FORMS: LazyLock<LegalForms> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut fields = line.split('\t');
        let (words, place, shown) = (fields.next()?, fields.next()?, fields.next()?);
        let place = match place {
            "end" => Place::End,
            "front" => Place::Front,
            "both" => Place::Both,
            "affix" => Place::Affix,
            "keep" => Place::Keep,
            _ => return None,
        };
        Some((words, LegalForm { place, shown }))
    };
    let forms: BTreeMap<_, _> = include_str!("../../reference/legal_forms.tsv").lines().filter_map(read).collect();
    let mut affixes: Vec<_> =
        forms.iter().filter(|(_, form)| form.place == Place::Affix).map(|(words, form)| (*words, form.shown)).collect();
    affixes.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    let words_max = forms.keys().map(|words| words.split(' ').count()).max().unwrap_or(0);
    LegalForms { forms, affixes, words_max }
});

/// A company's name as it is written, of 1 to 200 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyName(String);

impl CompanyName {
    /// Most characters it may have.
    pub const CHARS_MAX: usize = 200;

    /// Reads a name; surrounding and repeated space is dropped.
    ///
    /// # Errors
    /// Empty, too long, or with control characters.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        single_line(text, Self::CHARS_MAX).map(Self)
    }

    /// The name as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for comparison: folded words parted by one space, without punctuation and without legal forms at either end.
    ///
    /// `Müller & Söhne GmbH & Co. KG` and `MUELLER SOEHNE` have the same key. A name made of nothing but a legal form keeps it.
    /// A name without letters and digits is its own key, without its spaces.
    pub fn key(&self) -> String {
        let mut tokens = self.tokens();
        if tokens.is_empty() {
            return self.0.split_whitespace().collect::<String>().nfc().collect();
        }
        while strip(&mut tokens).is_some() {}
        tokens.join(" ")
    }

    /// The legal form in the name as it is usually written, such as `GmbH` for `mbH` and `Gesellschaft mit beschränkter Haftung`. The first that is
    /// found from the end counts; `GmbH & Co. KG` is one.
    pub fn legal_form(&self) -> Option<&'static str> {
        let mut tokens = self.tokens();
        kept(&tokens).or_else(|| strip(&mut tokens))
    }

    /// Whether the name is nothing but a legal form.
    pub fn is_legal_form(&self) -> bool {
        LEGAL_FORMS.forms.contains_key(self.tokens().join(" ").as_str())
    }

    fn tokens(&self) -> Vec<String> {
        words(&join_initials(&fold(&self.0, Umlauts::Expanded))).collect()
    }
}

/// Drops the dots between and after single letters, so that `g.m.b.h.` is one word, and `co.kg` and `h.mueller` are two.
fn join_initials(folded: &str) -> String {
    let letters: Vec<char> = folded.chars().collect();
    let is_letter =
        |position: Option<usize>| position.and_then(|p| letters.get(p)).is_some_and(|letter| letter.is_alphanumeric());
    let joins = |dot: usize| {
        let one_before = is_letter(dot.checked_sub(1)) && !is_letter(dot.checked_sub(2));
        let word_after = is_letter(dot.checked_add(1)) && is_letter(dot.checked_add(2));
        one_before && !word_after
    };
    letters
        .iter()
        .enumerate()
        .filter(|(position, letter)| !(**letter == '.' && joins(*position)))
        .map(|(_, letter)| *letter)
        .collect()
}

/// The longest run of words at an end of the name that is a legal form of one of the places, and leaves something of the name.
fn find_form<'a>(
    tokens: &'a [String],
    places: [Place; 2],
    run: impl Fn(usize) -> Option<&'a [String]>,
) -> Option<(usize, &'static str)> {
    let longest = LEGAL_FORMS.words_max.min(tokens.len().saturating_sub(1));
    (1..=longest).rev().find_map(|length| {
        let form = LEGAL_FORMS.forms.get(run(length)?.join(" ").as_str())?;
        places.contains(&form.place).then_some((length, form.shown))
    })
}

fn end_of(tokens: &[String], length: usize) -> Option<&[String]> {
    tokens.get(tokens.len().checked_sub(length)?..)
}

/// The form at the end that belongs to the name.
fn kept(tokens: &[String]) -> Option<&'static str> {
    find_form(tokens, [Place::Keep, Place::Keep], |length| end_of(tokens, length)).map(|(_, shown)| shown)
}

/// Takes one legal form off the name, at its end before its front, and tells it; nothing when there is none.
fn strip(tokens: &mut Vec<String>) -> Option<&'static str> {
    if let Some((length, shown)) = find_form(tokens, [Place::End, Place::Both], |length| end_of(tokens, length)) {
        tokens.truncate(tokens.len() - length);
        return Some(shown);
    }
    if let Some((length, shown)) = find_form(tokens, [Place::Front, Place::Both], |length| tokens.get(..length)) {
        tokens.drain(..length);
        return Some(shown);
    }
    strip_affix(tokens)
}

/// Takes a form off that is written together with the name.
fn strip_affix(tokens: &mut [String]) -> Option<&'static str> {
    let rest_of = |rest: Option<&str>| rest.filter(|rest| !rest.is_empty()).map(str::to_owned);
    for (letters, shown) in &LEGAL_FORMS.affixes {
        if let Some(last) = tokens.last_mut()
            && let Some(rest) = rest_of(last.strip_suffix(letters))
        {
            *last = rest;
            return Some(shown);
        }
        if let Some(first) = tokens.first_mut()
            && let Some(rest) = rest_of(first.strip_prefix(letters))
        {
            *first = rest;
            return Some(shown);
        }
    }
    None
}

text_value!(CompanyName, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(name: &str) -> String {
        CompanyName::parse(name).unwrap().key()
    }

    #[test]
    fn spellings_of_one_name_are_the_same() {
        for (name, expected) in [
            ("Müller & Söhne GmbH & Co. KG", "mueller soehne"),
            ("MUELLER SOEHNE G.m.b.H.", "mueller soehne"),
            ("Siemens Aktiengesellschaft", "siemens"),
            ("Siemens A.G.", "siemens"),
            ("Großhandel Weiß OHG", "grosshandel weiss"),
            ("Huber Ges.m.b.H.", "huber"),
            ("Startup UG (haftungsbeschränkt)", "startup"),
            ("SARL Dupont", "dupont"),
            ("Crédit Agricole S.A.", "credit agricole"),
            ("Kowalski Sp. z o.o.", "kowalski"),
            ("Acme Pty. Ltd.", "acme"),
            ("Acme, Inc.", "acme"),
            ("McDonald's Corp.", "mcdonalds"),
            ("Enel S.p.A.", "enel"),
            ("Philips N.V.", "philips"),
            ("Dr.Oetker KG", "dr oetker"),
            ("H.Müller GmbH", "h mueller"),
        ] {
            assert_eq!(key(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_never_vanishes() {
        assert_eq!(key("AG"), "ag");
        assert_eq!(key("Limited Company"), "limited");
        assert_eq!(key("!!!"), "!!!");
        assert_ne!(key("Robert Bosch Stiftung"), key("Robert Bosch GmbH"));
    }

    #[test]
    fn the_legal_form_is_shown_as_it_is_usually_written() {
        for (name, expected) in [
            ("Huber Ges.m.b.H.", Some("GmbH")),
            ("Müller Gesellschaft mit beschränkter Haftung", Some("GmbH")),
            ("Müller & Söhne GmbH & Co. KG", Some("GmbH & Co. KG")),
            ("Siemens Aktiengesellschaft", Some("AG")),
            ("ООО Ромашка", Some("ООО")),
            ("深圳市腾讯计算机系统有限公司", Some("有限公司")),
            ("株式会社トヨタ", Some("株式会社")),
            ("Robert Bosch Stiftung", Some("Stiftung")),
            ("Kowalski Sp. z o.o.", Some("Sp. z o.o.")),
            ("Müller", None),
            ("GmbH", None),
        ] {
            assert_eq!(CompanyName::parse(name).unwrap().legal_form(), expected, "{name}");
        }
        assert!(CompanyName::parse("G.m.b.H.").unwrap().is_legal_form());
        assert!(!CompanyName::parse("Müller GmbH").unwrap().is_legal_form());
    }

    #[test]
    fn forms_of_other_scripts_are_left_out_of_the_key() {
        for (name, expected) in [("ООО Ромашка", "ромашка"), ("株式会社トヨタ", "トヨタ"), ("腾讯有限公司", "腾讯")]
        {
            assert_eq!(key(name), key(expected), "{name}");
        }
    }

    #[test]
    fn the_list_holds_folded_words_only() {
        for words in LEGAL_FORMS.forms.keys() {
            assert_eq!(super::words(&fold(words, Umlauts::Expanded)).collect::<Vec<_>>().join(" "), *words);
        }
        assert_eq!(LEGAL_FORMS.forms.len(), include_str!("../../reference/legal_forms.tsv").lines().count());
        assert!(LEGAL_FORMS.forms.len() > 1500);
    }

    proptest! {
        #[test]
        fn the_key_is_its_own_key(text in any::<String>(), form in prop::sample::select(vec!["GmbH", "a.s", "S.A.", "& Co. KG", "s. r. o."]), name in "[A-Za-zäöüß.' -]{1,20}") {
            for typed in [text.clone(), format!("{name} {form}"), format!("{text} {form}")] {
                if let Ok(name) = CompanyName::parse(&typed) {
                    let key = name.key();
                    prop_assert!(!key.is_empty());
                    if let Ok(again) = CompanyName::parse(&key) {
                        prop_assert_eq!(again.key(), key);
                    }
                }
            }
        }
    }
}
