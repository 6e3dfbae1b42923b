//! Names of companies, and the form in which two spellings of one name are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::value::fold::{Umlauts, fold, words};
use crate::value::text::single_line;
use crate::value::text_value;
use crate::violation::ValueError;

/// The folded words of legal forms, by where a name carries them.
struct LegalForms {
    front: BTreeSet<Vec<&'static str>>,
    end: BTreeSet<Vec<&'static str>>,
    words_max: usize,
}

static LEGAL_FORMS: LazyLock<LegalForms> = LazyLock::new(|| {
    let places: BTreeMap<&str, &str> =
        include_str!("../../reference/legal_forms.tsv").lines().filter_map(|line| line.split_once('\t')).collect();
    let at = |wanted: &str| {
        places
            .iter()
            .filter(|(_, place)| **place == wanted || **place == "both")
            .map(|(form, _)| form.split(' ').collect::<Vec<_>>())
            .collect::<BTreeSet<_>>()
    };
    let (front, end) = (at("front"), at("end"));
    let words_max = front.iter().chain(&end).map(Vec::len).max().unwrap_or(0);
    LegalForms { front, end, words_max }
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
        let folded = fold(&self.0, Umlauts::Expanded);
        let undotted = join_initials(&folded);
        let tokens: Vec<String> = words(&undotted).collect();
        if tokens.is_empty() {
            return self.0.split_whitespace().collect::<String>().nfc().collect();
        }
        strip_legal_forms(&tokens).join(" ")
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

/// The longest run of words at an end that is a legal form and leaves something of the name.
fn form_len<'a>(
    tokens: &'a [String],
    forms: &BTreeSet<Vec<&'static str>>,
    end_of: fn(&'a [String], usize) -> Option<&'a [String]>,
) -> Option<usize> {
    let longest = LEGAL_FORMS.words_max.min(tokens.len().saturating_sub(1));
    (1..=longest)
        .rev()
        .find(|len| end_of(tokens, *len).is_some_and(|run| forms.contains(&run.iter().map(String::as_str).collect::<Vec<_>>())))
}

fn strip_legal_forms(tokens: &[String]) -> &[String] {
    let mut rest = tokens;
    while let Some(len) = form_len(rest, &LEGAL_FORMS.end, |all, len| all.get(all.len().checked_sub(len)?..)) {
        rest = rest.get(..rest.len() - len).unwrap_or_default();
    }
    while let Some(len) = form_len(rest, &LEGAL_FORMS.front, |all, len| all.get(..len)) {
        rest = rest.get(len..).unwrap_or_default();
    }
    rest
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
    fn the_list_holds_folded_words_only() {
        for form in LEGAL_FORMS.front.iter().chain(&LEGAL_FORMS.end) {
            let form = form.join(" ");
            assert_eq!(words(&fold(&form, Umlauts::Expanded)).collect::<Vec<_>>().join(" "), form);
        }
        assert!(LEGAL_FORMS.end.len() > 100);
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
