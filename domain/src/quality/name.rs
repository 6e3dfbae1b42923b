//! Names of people: their letters, and texts that stand for no name.

use crate::value::fold::{Umlauts, fold, words};

use super::check::QualityCheck;
use super::review::Fault;

/// Particles that stay small within a name.
const PARTICLES: [&str; 30] = [
    "von", "van", "vom", "zu", "zum", "zur", "der", "den", "de", "di", "da", "do", "dos", "das", "del", "della", "dalla", "du",
    "la", "le", "ter", "ten", "und", "of", "el", "al", "bin", "ibn", "af", "av",
];
/// Generations that stay capitals.
const NUMERALS: [&str; 4] = ["II", "III", "IV", "VI"];
/// Texts that stand for nothing, folded.
const PLACEHOLDERS: [&str; 38] = [
    "test",
    "testtest",
    "test test",
    "tester test",
    "test tester",
    "asdf",
    "asdfgh",
    "asdfasdf",
    "qwertz",
    "qwerty",
    "foo",
    "foo bar",
    "foobar",
    "bar",
    "dummy",
    "none",
    "null",
    "nil",
    "undefined",
    "unknown",
    "unbekannt",
    "anonymous",
    "anonym",
    "nobody",
    "niemand",
    "keine angabe",
    "keine",
    "kein",
    "k a",
    "n a",
    "n n",
    "no name",
    "noname",
    "max mustermann",
    "erika mustermann",
    "john doe",
    "jane doe",
    "not available",
];
/// So many times the same letter and nothing else stand for nothing.
const REPEATED_MIN: usize = 3;

/// A person's name in capitals or small letters throughout.
pub(super) fn case(typed: &str) -> Option<Fault> {
    let cased: Vec<char> = typed.chars().filter(|letter| letter.is_uppercase() || letter.is_lowercase()).collect();
    let all_upper = cased.len() > 2 && cased.iter().all(|letter| letter.is_uppercase());
    let all_lower = cased.len() > 1 && cased.iter().all(|letter| letter.is_lowercase());
    if !all_upper && !all_lower {
        return None;
    }
    let better = capitalised(typed);
    (better != typed)
        .then(|| Fault::improvable(QualityCheck::NameCase, "is written in capitals or small letters throughout", better))
}

fn capitalised(name: &str) -> String {
    let lower = name.to_lowercase();
    let single = !lower.contains(' ');
    let word = |word: &str| {
        if PARTICLES.contains(&word) && !single {
            return word.to_owned();
        }
        if NUMERALS.contains(&word.to_uppercase().as_str()) && !single {
            return word.to_uppercase();
        }
        with_capitals(word)
    };
    lower.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Capitals at the start, after hyphens and dots, after the apostrophe of `O'Neill`, and after `Mc`.
fn with_capitals(word: &str) -> String {
    let mut written = String::with_capacity(word.len());
    let mut at_start = true;
    for letter in word.chars() {
        if at_start {
            written.extend(letter.to_uppercase());
        } else {
            written.push(letter);
        }
        let after_prefix = matches!(written.as_str(), "Mc" | "O'" | "O’" | "D'" | "D’" | "L'" | "L’");
        at_start = matches!(letter, '-' | '.' | '–') || after_prefix;
    }
    written
}

/// Whether a text stands for nothing.
pub(super) fn is_placeholder(typed: &str) -> bool {
    let folded = words(&fold(typed, Umlauts::Expanded)).collect::<Vec<_>>().join(" ");
    let mut letters = folded.chars();
    let first = letters.next();
    let repeated = folded.chars().count() >= REPEATED_MIN && first.is_some_and(|first| letters.all(|letter| letter == first));
    folded.is_empty() || repeated || PLACEHOLDERS.contains(&folded.as_str())
}

/// A text that stands for nothing.
pub(super) fn placeholder(typed: &str) -> Option<Fault> {
    is_placeholder(typed).then(|| Fault::unwanted(QualityCheck::Placeholder, "stands for nothing"))
}

/// A whole name that stands for nobody.
pub(super) fn nobody() -> Fault {
    Fault::unwanted(QualityCheck::Placeholder, "stands for nobody")
}
