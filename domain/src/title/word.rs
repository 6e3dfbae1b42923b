//! The words of a title, folded and in their masculine form, without the marks by which titles name all genders.

use crate::value::fold::{Umlauts, fold};

/// A word of a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// As it was written.
    pub(super) written: &'a str,
    /// Folded, in the masculine form.
    pub(super) folded: String,
    /// Which part of the title it is in: parts are told apart by `und`, `&`, commas, slashes, brackets.
    pub(super) part: usize,
    /// Which run of words joined by hyphens it is in.
    pub(super) group: usize,
}

/// A run of letters and digits with what stands before it.
#[derive(Clone, Copy, Debug)]
struct Raw<'a> {
    before: &'a str,
    written: &'a str,
    after: Option<char>,
}

/// How feminine forms end, beyond the masculine ones; the last two letters go.
const FEMININE: [&str; 9] = ["erin", "eurin", "entin", "antin", "istin", "orin", "ogin", "atin", "ektin"];
/// Feminine forms that change more than their end.
const IRREGULAR: [(&str, &str); 7] = [
    ("aerztin", "arzt"),
    ("anwaeltin", "anwalt"),
    ("vorstaendin", "vorstand"),
    ("koechin", "koch"),
    ("beamtin", "beamter"),
    ("oekonomin", "oekonom"),
    ("raetin", "rat"),
];
/// The signs by which `(m/w/d)` and its kin are written.
const GENDER_SIGNS: [&str; 8] = ["m", "w", "d", "f", "x", "i", "div", "gn"];

/// The words of a title.
pub(super) fn words(title: &str) -> Vec<Word<'_>> {
    let raw = runs(title);
    let mut words: Vec<Word<'_>> = Vec::with_capacity(raw.len());
    let (mut part, mut group) = (0, 0);
    for (position, run) in raw.iter().enumerate() {
        if is_gender_end(*run) || is_gender_sign(&raw, position) {
            continue;
        }
        let folded = folded(run.written);
        part += usize::from(parts(run.before) || matches!(folded.as_str(), "und" | "and" | "sowie"));
        group += usize::from(run.before != "-");
        words.push(Word { written: run.written, folded, part, group });
    }
    words
}

/// Runs of letters and digits; apostrophes belong to them.
fn runs(title: &str) -> Vec<Raw<'_>> {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '\'' | '\u{2019}');
    let mut found = Vec::new();
    let mut rest = title;
    while let Some(start) = rest.find(is_word) {
        let (before, from) = rest.split_at(start);
        let (written, after) = from.split_at(from.find(|letter| !is_word(letter)).unwrap_or(from.len()));
        found.push(Raw { before, written, after: after.chars().next() });
        rest = after;
    }
    found
}

/// Whether it parts a title: `Inhaber & Leiter`, `CEO / Founder`, `Leiter - Vertrieb`.
fn parts(before: &str) -> bool {
    before.contains(['&', '+', '/', ',', ';', '|', '(', '–', '—'])
        || (before.contains('-') && before.contains(char::is_whitespace))
}

/// Whether it is the end of `Leiter*in`, `Leiter:in`, `Leiter/-in`, `Leiter(in)`.
fn is_gender_end(run: Raw<'_>) -> bool {
    let is_end = ["in", "innen", "frau"].iter().any(|end| run.written.eq_ignore_ascii_case(end));
    let marked = matches!(run.before, "*" | ":" | "_" | "/" | "/-" | "·") || run.before.ends_with("(-");
    is_end && (marked || (run.before.ends_with('(') && run.after == Some(')')))
}

/// Whether it is one of the letters of `(m/w/d)`.
fn is_gender_sign(runs: &[Raw<'_>], position: usize) -> bool {
    let sign = |at: Option<usize>| {
        let run = at.and_then(|at| runs.get(at))?;
        GENDER_SIGNS.iter().any(|sign| run.written.eq_ignore_ascii_case(sign)).then_some(*run)
    };
    let joins = |before: &str| before.contains(['/', '|', ',']) && !before.contains(['(', ')']);
    let Some(own) = sign(Some(position)) else { return false };
    let follows = joins(own.before) && sign(position.checked_sub(1)).is_some();
    let leads = sign(position.checked_add(1)).is_some_and(|next| joins(next.before));
    follows || leads
}

fn folded(written: &str) -> String {
    let mut folded = fold(without_inner_capital(written), Umlauts::Expanded);
    folded.retain(char::is_alphanumeric);
    masculine(folded)
}

/// `LeiterIn` as `Leiter`.
fn without_inner_capital(written: &str) -> &str {
    let stem = written.strip_suffix("Innen").or_else(|| written.strip_suffix("In"));
    stem.filter(|stem| ["er", "ent", "ant", "ist", "eur", "or"].iter().any(|end| stem.ends_with(end))).unwrap_or(written)
}

fn masculine(word: String) -> String {
    let stem_of = |end: &str| word.strip_suffix(end);
    if let Some(regular) = IRREGULAR.iter().find_map(|(from, to)| Some(format!("{}{to}", stem_of(from)?))) {
        return regular;
    }
    if let Some(stem) = stem_of("frau").filter(|stem| !stem.is_empty()) {
        return format!("{stem}mann");
    }
    let singular = stem_of("nen").filter(|stem| stem.ends_with("in")).unwrap_or(&word);
    let is_feminine = singular.len() > 5 && FEMININE.iter().any(|end| singular.ends_with(end));
    let stem = singular.strip_suffix("in").filter(|_| is_feminine).map(str::to_owned);
    stem.unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(title: &str) -> Vec<String> {
        words(title).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn all_genders_read_the_same() {
        for title in [
            "Leiter",
            "Leiterin",
            "Leiter*in",
            "Leiter:in",
            "Leiter_in",
            "Leiter/in",
            "Leiter/-in",
            "Leiter(in)",
            "LeiterIn",
            "Leiterinnen",
            "Leiter (m/w/d)",
            "Leiter m/w/d",
            "Leiterin (w/m/x)",
            "Leiter (in)",
        ] {
            assert_eq!(folded(title), ["leiter"], "{title}");
        }
        assert_eq!(folded("Chefärztin"), ["chefarzt"]);
        assert_eq!(folded("Industriekauffrau"), ["industriekaufmann"]);
        assert_eq!(folded("Admin in Berlin"), ["admin", "in", "berlin"]);
        assert_eq!(folded("M&A"), ["m", "a"]);
    }

    #[test]
    fn parts_and_groups_are_told_apart() {
        let words = words("Leiter IT-Einkauf und Logistik / Prokurist");
        let places: Vec<_> = words.iter().map(|word| (word.folded.as_str(), word.part, word.group)).collect();
        let expected =
            [("leiter", 0, 1), ("it", 0, 2), ("einkauf", 0, 2), ("und", 1, 3), ("logistik", 1, 4), ("prokurist", 2, 5)];
        assert_eq!(places, expected);
    }
}
