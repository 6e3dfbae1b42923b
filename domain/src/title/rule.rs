//! Lists of words that tell something, and where they stand in a title.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::code::{TitleFunction, TitleSeniority};
use super::word::Word;

/// What words about levels tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// The level.
    Of(TitleSeniority),
    /// That somebody stands in for the level.
    Deputy,
}

/// The words that tell a function; without one they only hide what they cover (`vice president` tells of no president).
pub(super) static FUNCTIONS: LazyLock<Rules<Option<TitleFunction>>> = LazyLock::new(|| {
    let read = |code: &str| if code == "NONE" { Some(None) } else { code.parse().ok().map(Some) };
    Rules::read(include_str!("../../reference/title_functions.txt"), read)
});

/// The words that tell a level.
pub(super) static LEVELS: LazyLock<Rules<Level>> = LazyLock::new(|| {
    let read = |code: &str| if code == "DEPUTY" { Some(Level::Deputy) } else { code.parse().ok().map(Level::Of) };
    Rules::read(include_str!("../../reference/title_levels.txt"), read)
});

/// A word of a phrase: the letters, and whether others may stand around them.
#[derive(Clone, Copy, Debug)]
struct Pattern {
    letters: &'static str,
    open_start: bool,
    open_end: bool,
}

impl Pattern {
    fn read(text: &'static str) -> Self {
        Self { letters: text.trim_matches('*'), open_start: text.starts_with('*'), open_end: text.ends_with('*') }
    }

    /// Where the letters stand in a word, in bytes.
    fn find(self, word: &str) -> Option<(usize, usize)> {
        let start = match (self.open_start, self.open_end) {
            (true, true) => word.find(self.letters)?,
            (true, false) => word.strip_suffix(self.letters)?.len(),
            (false, true) => word.starts_with(self.letters).then_some(0)?,
            (false, false) => (word == self.letters).then_some(0)?,
        };
        Some((start, start + self.letters.len()))
    }
}

#[derive(Debug)]
struct Rule<T> {
    phrase: Vec<Pattern>,
    code: T,
    weight: u8,
}

/// A list of rules.
#[derive(Debug)]
pub(super) struct Rules<T> {
    all: Vec<Rule<T>>,
    /// Rules by the first letter of their phrase.
    by_letter: BTreeMap<char, Vec<usize>>,
    /// Rules whose phrase begins within a word.
    open: Vec<usize>,
}

/// Words of a title that a rule knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match<T> {
    /// Where they begin and end in the folded title, in bytes.
    span: (usize, usize),
    /// The first word.
    pub(super) first: usize,
    /// The last word.
    pub(super) last: usize,
    /// Whether the words are matched whole.
    pub(super) whole: bool,
    /// How strong they speak, from 1.
    pub(super) weight: u8,
    /// What they tell.
    pub(super) code: T,
    rule: usize,
}

impl<T> Match<T> {
    fn overlaps(&self, other: &Self) -> bool {
        self.span.0 < other.span.1 && other.span.0 < self.span.1
    }

    /// Whether it lies in the words of another.
    pub(super) const fn within<U>(&self, other: &Match<U>) -> bool {
        self.first >= other.first && self.last <= other.last
    }
}

impl<T: Copy> Rules<T> {
    /// Reads a list. A line is a code, a weight, and phrases parted by `|`; lines with `#` are comments.
    fn read(text: &'static str, code: impl Fn(&str) -> Option<T>) -> Self {
        let mut read = Self { all: Vec::new(), by_letter: BTreeMap::new(), open: Vec::new() };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.splitn(3, ' ');
            let (Some(name), Some(weight), Some(phrases)) = (fields.next(), fields.next(), fields.next()) else { continue };
            let (Some(code), Ok(weight)) = (code(name), weight.parse()) else { continue };
            for phrase in phrases.split('|') {
                read.add(Rule { phrase: phrase.split(' ').map(Pattern::read).collect(), code, weight });
            }
        }
        read
    }

    fn add(&mut self, rule: Rule<T>) {
        let Some(first) = rule.phrase.first() else { return };
        let index = self.all.len();
        match first.letters.chars().next().filter(|_| !first.open_start) {
            Some(letter) => self.by_letter.entry(letter).or_default().push(index),
            None => self.open.push(index),
        }
        self.all.push(rule);
    }

    /// What the rules know of a title, in its order. Of matches that overlap the longest stays, then the strongest, then the first listed.
    pub(super) fn find(&self, words: &[Word<'_>]) -> Vec<Match<T>> {
        let mut found = Vec::new();
        let mut offset = 0;
        for (position, word) in words.iter().enumerate() {
            let letter = word.folded.chars().next();
            let listed = letter.and_then(|letter| self.by_letter.get(&letter)).into_iter().flatten();
            found.extend(listed.chain(&self.open).filter_map(|rule| self.try_at(*rule, words, position, offset)));
            offset += word.folded.len() + 1;
        }
        let length = |found: &Match<T>| found.span.1 - found.span.0;
        found.sort_by(|a, b| length(b).cmp(&length(a)).then(b.weight.cmp(&a.weight)).then(a.rule.cmp(&b.rule)));
        let mut kept: Vec<Match<T>> = Vec::new();
        for candidate in found {
            if !kept.iter().any(|other| other.overlaps(&candidate)) {
                kept.push(candidate);
            }
        }
        kept.sort_by_key(|found| found.span);
        kept
    }

    fn try_at(&self, index: usize, words: &[Word<'_>], position: usize, offset: usize) -> Option<Match<T>> {
        let rule = self.all.get(index)?;
        let (mut start, mut end, mut at, mut whole) = (None, offset, offset, true);
        let run = words.get(position..position.checked_add(rule.phrase.len())?)?;
        for (pattern, word) in rule.phrase.iter().zip(run) {
            let (from, to) = pattern.find(&word.folded)?;
            start = start.or(Some(at + from));
            end = at + to;
            whole &= (from, to) == (0, word.folded.len());
            at += word.folded.len() + 1;
        }
        let last = position + rule.phrase.len() - 1;
        Some(Match { span: (start?, end), first: position, last, whole, weight: rule.weight, code: rule.code, rule: index })
    }
}

#[cfg(test)]
mod tests {
    use super::super::word::words;
    use super::*;
    use crate::value::fold::{Umlauts, fold};

    #[test]
    fn the_longest_match_wins() {
        let found = LEVELS.find(&words("Assistant Vice President"));
        assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), [Level::Of(TitleSeniority::Vp)]);
        let found = FUNCTIONS.find(&words("Vertriebsinnendienstleiterin"));
        assert!(found.iter().all(|found| found.code == Some(TitleFunction::Sales)), "{found:?}");
    }

    #[test]
    fn every_line_of_the_lists_is_read() {
        for (text, known) in [
            (include_str!("../../reference/title_functions.txt"), FUNCTIONS.all.len()),
            (include_str!("../../reference/title_levels.txt"), LEVELS.all.len()),
        ] {
            let lines = || text.lines().filter(|line| !line.starts_with('#'));
            assert_eq!(lines().map(|line| line.split('|').count()).sum::<usize>(), known);
            for phrase in lines().flat_map(|line| line.splitn(3, ' ').last().unwrap().split('|')) {
                let plain = phrase.replace('*', "");
                assert_eq!(fold(&plain, Umlauts::Expanded), plain);
                assert!(!plain.trim().is_empty() && !plain.contains("  "), "`{phrase}`");
            }
        }
    }
}
