//! Reads a title: rules first, then the taxonomy.

use crate::code::codes;

use super::code::{TitleFunction, TitleSeniority};
use super::rule::{FUNCTIONS, LEVELS, Level, Match};
use super::taxonomy;
use super::word::{Word, words};

codes! {
    /// Where the reading of a title comes from.
    pub enum TitleSource {
        /// The rules.
        Rule = "RULE",
        /// Words of the ESCO and O*NET classifications.
        Taxonomy = "TAXONOMY",
        /// Nothing is known of it.
        Nothing = "NOTHING",
    }
}

/// What a title says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The function.
    pub function: TitleFunction,
    /// The level.
    pub seniority: TitleSeniority,
    /// How sure it is, in percent: both function and level are as told. 0 when nothing is known.
    pub confidence_percent: u8,
    /// The words of the title that told it, as they were written.
    pub matched: Option<String>,
    /// Where the function comes from; where it is not known, the level.
    pub source: TitleSource,
}

/// Confidence in a word that stands for itself, in percent. The figures of this table are judgements, checked by the labelled titles.
const WHOLE_PERCENT: u8 = 95;
/// Confidence in a part of a compound, in percent.
const PART_PERCENT: u8 = 90;
/// Confidence in a word that often means something else, in percent.
const WEAK_PERCENT: u8 = 70;
/// Confidence in the level of somebody of whom only the occupation is told, in percent.
const DEFAULT_LEVEL_PERCENT: u8 = 60;
/// Confidence in a title that tells a level and no function, or nothing but an assistant, in percent.
const HALF_KNOWN_PERCENT: u8 = 50;
/// The weight of words that often mean something else.
const WEAK: u8 = 2;

/// Words after which the title tells of something else than the person: `Assistentin der Geschäftsführung`.
const CONNECTORS: [&str; 18] =
    ["der", "des", "of", "to", "for", "fuer", "im", "in", "bei", "at", "vom", "von", "zur", "zum", "dem", "den", "the", "beim"];

/// The level that a title tells.
#[derive(Clone, Copy, Debug)]
struct Rank {
    seniority: TitleSeniority,
    by: Match<Level>,
}

/// The function that a title tells.
#[derive(Clone, Copy, Debug)]
struct Work {
    function: TitleFunction,
    confidence_percent: u8,
    /// The words that told it.
    by: Option<(usize, usize)>,
    source: TitleSource,
}

/// Reads a title.
pub fn classify(title: &str) -> Title {
    let words = words(title);
    let connector = words.iter().skip(1).position(|word| CONNECTORS.contains(&word.folded.as_str())).map(|at| at + 1);
    let levels = levels(&words, connector);
    let rank = rank(&words, &levels, connector);
    let work = work(&words, &levels, rank, connector);
    assemble(&words, rank, work)
}

/// The levels that a title names. An English `assistant` before a leader is a deputy: `Assistant Store Manager`.
fn levels(words: &[Word<'_>], connector: Option<usize>) -> Vec<Match<Level>> {
    let mut levels = LEVELS.find(words);
    let leads = |level: &Match<Level>| {
        let is_leader = matches!(level.code, Level::Of(TitleSeniority::Manager | TitleSeniority::Director));
        is_leader && level.last + 1 == words.len()
    };
    let ends_in_leader = levels.last().is_some_and(leads);
    for level in &mut levels {
        let is_assistant = words.get(level.first).is_some_and(|word| matches!(word.folded.as_str(), "assistant" | "asst"));
        let alone = level.first == level.last && level.first + 1 < words.len();
        if is_assistant && alone && ends_in_leader && connector.is_none_or(|connector| connector < level.first) {
            level.code = Level::Deputy;
        }
    }
    levels
}

/// The level of the person: what stands before a connector tells of the person, what stands behind it only when nothing else does. Learners and
/// assistants are that whatever else is named, otherwise the highest level counts.
fn rank(words: &[Word<'_>], levels: &[Match<Level>], connector: Option<usize>) -> Option<Rank> {
    let told = |level: &Match<Level>| match level.code {
        Level::Of(seniority) => Some(Rank { seniority, by: *level }),
        Level::Deputy => None,
    };
    let ranks: Vec<Rank> = levels.iter().filter_map(told).collect();
    let of_person = |rank: &&Rank| connector.is_none_or(|connector| rank.by.first < connector);
    let mut pool: Vec<&Rank> = ranks.iter().filter(of_person).collect();
    if pool.is_empty() {
        pool = ranks.iter().collect();
    }
    let precedence = |rank: &Rank| match rank.seniority {
        TitleSeniority::Trainee => 100,
        TitleSeniority::Assistant => 99,
        TitleSeniority::CLevel => 8,
        TitleSeniority::Vp => 7,
        TitleSeniority::Director => 6,
        TitleSeniority::Manager => 5,
        TitleSeniority::Specialist => 4,
        TitleSeniority::Staff => 3,
        TitleSeniority::Unknown => 0,
    };
    let best = pool.into_iter().rev().max_by_key(|rank| precedence(rank)).copied();
    let deputy = levels.iter().find(|level| level.code == Level::Deputy);
    match (best, deputy) {
        (Some(best), Some(_)) => Some(Rank { seniority: best.seniority.deputy(), ..best }),
        (Some(best), None) => Some(best),
        (None, Some(deputy)) => deputy_alone(words, *deputy),
        (None, None) => None,
    }
}

/// A deputy whose level stands in the same phrase: `Assistant Manager`, `Associate Director`.
fn deputy_alone(words: &[Word<'_>], deputy: Match<Level>) -> Option<Rank> {
    let leader = match words.get(deputy.last)?.folded.as_str() {
        "director" | "head" => TitleSeniority::Director,
        "manager" | "controller" => TitleSeniority::Manager,
        _ => return None,
    };
    Some(Rank { seniority: leader.deputy(), by: deputy })
}

/// The function of the person.
fn work(words: &[Word<'_>], levels: &[Match<Level>], rank: Option<Rank>, connector: Option<usize>) -> Option<Work> {
    let in_deputy =
        |found: &Match<Option<TitleFunction>>| levels.iter().any(|level| level.code == Level::Deputy && found.within(level));
    let found = FUNCTIONS.find(words).into_iter().filter(|found| !in_deputy(found));
    let found: Vec<(Match<Option<TitleFunction>>, TitleFunction)> =
        found.filter_map(|found| Some((found, found.code?))).collect();
    if let Some(rank) = rank.filter(|rank| rank.seniority == TitleSeniority::Assistant) {
        return Some(assistance(&found, rank, connector));
    }
    strongest(words, levels, &found).map_or_else(|| by_taxonomy(words), |(by, function)| Some(by_rule(by, function)))
}

/// An assistant works in the function that it is named after, else in assistance; whom it assists tells nothing.
fn assistance(found: &[(Match<Option<TitleFunction>>, TitleFunction)], rank: Rank, connector: Option<usize>) -> Work {
    let named = found.iter().find(|(by, function)| {
        let is_special = !matches!(function, TitleFunction::GeneralManagement | TitleFunction::Assistance);
        is_special && connector.is_none_or(|connector| by.first < connector)
    });
    match named {
        Some((by, function)) => by_rule(*by, *function),
        None => Work {
            function: TitleFunction::Assistance,
            confidence_percent: if rank.by.whole { WHOLE_PERCENT } else { PART_PERCENT },
            by: Some((rank.by.first, rank.by.last)),
            source: TitleSource::Rule,
        },
    }
}

fn by_rule(by: Match<Option<TitleFunction>>, function: TitleFunction) -> Work {
    let confidence_percent = match (by.weight, by.whole) {
        (WEAK, _) => WEAK_PERCENT,
        (_, true) => WHOLE_PERCENT,
        (_, false) => PART_PERCENT,
    };
    Work { function, confidence_percent, by: Some((by.first, by.last)), source: TitleSource::Rule }
}

fn by_taxonomy(words: &[Word<'_>]) -> Option<Work> {
    let known = taxonomy::look_up(words)?;
    // the share holds for occupations of the list; titles are freer, hence a fifth less
    let confidence_percent = known.share / 5 * 4;
    let by = Some((known.first, known.last));
    Some(Work { function: known.function, confidence_percent, by, source: TitleSource::Taxonomy })
}

/// Of several functions: the strongest words; of these the first part of the title; in it what belongs to the level (`Vertriebsleiter Software`,
/// `IT Sales Manager`), else what stands last after `of`, else what ends the first compound (`IT-Einkauf`).
fn strongest(
    words: &[Word<'_>],
    levels: &[Match<Level>],
    found: &[(Match<Option<TitleFunction>>, TitleFunction)],
) -> Option<(Match<Option<TitleFunction>>, TitleFunction)> {
    let weight = found.iter().map(|(by, _)| by.weight).max()?;
    let place = |at: usize| words.get(at).map(|word| (word.part, word.group));
    let strong = || found.iter().filter(|(by, _)| by.weight == weight);
    let (first, _) = strong().next()?;
    let (part, group) = place(first.first)?;
    let in_part = || strong().filter(|(by, _)| place(by.first).is_some_and(|(other, _)| other == part));
    let names_level = |at: usize| levels.iter().any(|level| (level.first..=level.last).contains(&at));
    let of_level = in_part().rfind(|(by, _)| {
        let next = by.last + 1;
        (by.first..=by.last).any(names_level) || (names_level(next) && place(next).is_some_and(|(other, _)| other == part))
    });
    let after_of = words.get(..first.first)?.iter().any(|word| word.folded == "of");
    let last = in_part().rfind(|(by, _)| after_of || place(by.first).is_some_and(|(_, other)| other == group));
    of_level.or(last).copied()
}

fn assemble(words: &[Word<'_>], rank: Option<Rank>, work: Option<Work>) -> Title {
    let mut told: Vec<usize> = Vec::new();
    let mut tell = |first: usize, last: usize| told.extend(first..=last);
    if let Some((first, last)) = work.and_then(|work| work.by) {
        tell(first, last);
    }
    if let Some(rank) = rank {
        tell(rank.by.first, rank.by.last);
    }
    told.sort_unstable();
    told.dedup();
    let written: Vec<&str> = told.iter().filter_map(|at| words.get(*at)).map(|word| word.written).collect();
    let level_percent = rank.map(|rank| if rank.by.whole { WHOLE_PERCENT } else { PART_PERCENT });
    let (function, seniority, confidence_percent) = match (work, rank) {
        (Some(work), Some(rank)) => {
            (work.function, rank.seniority, work.confidence_percent.min(level_percent.unwrap_or(PART_PERCENT)))
        }
        (Some(work), None) => (work.function, TitleSeniority::Staff, work.confidence_percent.min(DEFAULT_LEVEL_PERCENT)),
        (None, Some(rank)) => (TitleFunction::Unknown, rank.seniority, HALF_KNOWN_PERCENT),
        (None, None) => (TitleFunction::Unknown, TitleSeniority::Unknown, 0),
    };
    let source = match (work, rank) {
        (Some(work), _) => work.source,
        (None, Some(_)) => TitleSource::Rule,
        (None, None) => TitleSource::Nothing,
    };
    let matched = (!written.is_empty()).then(|| written.join(" "));
    Title { function, seniority, confidence_percent, matched, source }
}
