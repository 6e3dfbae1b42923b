//! Words of occupations that no rule knows, with the function they speak of, from the ESCO and O*NET classifications (English).

use std::sync::LazyLock;

use super::code::TitleFunction;
use super::word::Word;

/// A word or a pair of words.
#[derive(Clone, Copy, Debug)]
struct Entry {
    words: &'static str,
    function: TitleFunction,
    /// How many of 100 occupations with these words are of the function.
    share: u8,
}

/// The entries, by their words.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut fields = line.split('\t');
        let (words, function, share) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Entry { words, function: function.parse().ok()?, share: share.parse().ok()? })
    };
    include_str!("../../reference/title_taxonomy.tsv").lines().filter_map(read).collect()
});

/// What the taxonomy knows of a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// The function.
    pub(super) function: TitleFunction,
    /// The share of occupations with these words that are of the function, in percent.
    pub(super) share: u8,
    /// The first word.
    pub(super) first: usize,
    /// The last word.
    pub(super) last: usize,
}

/// Looks a title up: pairs before words, then what is surest, then what stands last, where English titles say what somebody is.
pub(super) fn look_up(words: &[Word<'_>]) -> Option<Known> {
    let singular: Vec<&str> = words.iter().map(|word| singular(&word.folded)).collect();
    [2, 1].into_iter().find_map(|length: usize| {
        let known = singular.windows(length).enumerate().filter_map(|(first, run)| {
            let entry = find(&run.join(" "))?;
            Some(Known { function: entry.function, share: entry.share, first, last: first + length - 1 })
        });
        known.max_by_key(|known| (known.share, known.first))
    })
}

fn find(words: &str) -> Option<Entry> {
    let at = ENTRIES.binary_search_by(|entry| entry.words.cmp(words)).ok()?;
    ENTRIES.get(at).copied()
}

/// A plural as the list has it.
fn singular(word: &str) -> &str {
    let is_plural = word.len() > 4 && word.ends_with('s') && !["ss", "us", "is", "ies"].iter().any(|end| word.ends_with(end));
    if is_plural { word.strip_suffix('s').unwrap_or(word) } else { word }
}

#[cfg(test)]
mod tests {
    use super::super::word::words;
    use super::*;

    #[test]
    fn the_list_is_sorted_and_whole() {
        assert!(ENTRIES.is_sorted_by(|a, b| a.words < b.words));
        assert_eq!(ENTRIES.len(), include_str!("../../reference/title_taxonomy.tsv").lines().count());
        assert!(ENTRIES.len() > 1000);
    }

    #[test]
    fn pairs_speak_before_words() {
        assert_eq!(look_up(&words("Dental Hygienists")).unwrap().function, TitleFunction::Health);
        assert_eq!(look_up(&words("qwertz")), None);
    }
}
