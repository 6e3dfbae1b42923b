//! Evaluation: what the rules of a model make of a lead.

use chrono::{DateTime, Utc};

use crate::label::Labels;
use crate::value::Code;
use crate::waterfall::measure::{Evidence, Found};

use super::decay::{self, ONE};
use super::engagement::rule_for;
use super::grade::{Grade, Level, Tier};
use super::rule::{Axis, Group, ScoreRules};
use super::score::Score;
use super::tally::Tally;

/// Parts of a point in which hits are told.
pub const PARTS: i64 = 100;
/// Parts of a point within the arithmetic.
const WHOLE: i128 = 1 << 60;
const HOUR_SECONDS: u64 = 3_600;

/// A rule's part in a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The rule's key.
    pub rule: Code,
    /// The rule's name.
    pub labels: Labels,
    /// The axis it counts on.
    pub axis: Axis,
    /// What it gave before its group's maximum, in hundredths of a point.
    pub earned: i64,
    /// What counted, in hundredths of a point. The points of an axis are the sum, rounded, within 0 to 100.
    pub points: i64,
    /// The group that bounds it.
    pub group: Option<Code>,
    /// How many facts or activities it stands on.
    pub count: u32,
    /// The latest of them; absent for what is known and was not done.
    pub last_at: Option<DateTime<Utc>>,
    /// What was found, for what is known.
    pub found: Option<Found>,
}

/// A lead's score with its explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// The points, the grade and the tier.
    pub score: Score,
    /// What made the points of fit, in the order of the rules.
    pub fit: Vec<Hit>,
    /// What made the points of engagement, in the order of the rules.
    pub engagement: Vec<Hit>,
    /// The second from which decay lowers the grade, if nothing else happens.
    pub next_change_at: Option<DateTime<Utc>>,
}

impl Scored {
    /// The cell of the grade matrix.
    pub const fn grade(&self) -> Grade {
        self.score.grade()
    }

    /// The tier read from the grade.
    pub const fn tier(&self) -> Tier {
        self.score.tier()
    }
}

/// Equal activities that age together.
struct Term {
    /// Points of all of them when they were new.
    points: u32,
    half_life: u64,
    /// The second from which they age.
    from: i64,
}

/// What one rule of engagement stands on.
struct Source<'a> {
    rule: &'a Code,
    labels: &'a Labels,
    group: Option<&'a Code>,
    terms: Vec<Term>,
    count: u32,
    last_at: DateTime<Utc>,
}

impl Source<'_> {
    /// Its points at a second, in parts of [`WHOLE`].
    fn at(&self, second: i64) -> i128 {
        let left = |term: &Term| {
            let age = u64::try_from(second.saturating_sub(term.from)).unwrap_or(0);
            decay::left(age, term.half_life).saturating_mul(u128::from(term.points))
        };
        i128::try_from(self.terms.iter().map(left).fold(0, u128::saturating_add)).unwrap_or(i128::MAX)
    }
}

impl ScoreRules {
    /// Scores a lead: `tally` counts what was done about it, `now` is the moment of the score.
    ///
    /// Activities count in full until the end of their hour and decay from then on. The points of an axis are rounded half up and kept within
    /// 0 to 100; the grade is read from the rounded points.
    pub fn score(&self, evidence: &Evidence<'_>, tally: &Tally, now: DateTime<Utc>) -> Scored {
        let sources = self.sources(evidence, tally);
        let fit = self.fit_hits(evidence);
        let engagement = self.engagement_hits(&sources, now.timestamp());
        let score = Score::graded(fit_points(&fit), self.engaged(&sources, now.timestamp()), &self.grading);
        let next_change_at = self.next_change(&sources, score, now.timestamp());
        Scored { score, fit, engagement, next_change_at }
    }

    /// The score alone, for looking at many leads.
    pub fn points(&self, evidence: &Evidence<'_>, tally: &Tally, now: DateTime<Utc>) -> Score {
        let fit = self.fit_hits(evidence);
        Score::graded(fit_points(&fit), self.engaged(&self.sources(evidence, tally), now.timestamp()), &self.grading)
    }

    fn fit_hits(&self, evidence: &Evidence<'_>) -> Vec<Hit> {
        let known = self.fit.iter().filter_map(|rule| {
            let found = rule.met(evidence)?;
            let points = i64::from(rule.points) * PARTS;
            Some(Hit {
                rule: rule.criterion.key.clone(),
                labels: rule.criterion.labels.clone(),
                axis: Axis::Fit,
                earned: points,
                points,
                group: rule.group.clone(),
                count: 1,
                last_at: None,
                found: Some(found),
            })
        });
        let came = self.hot.iter().filter(|rule| rule.fit_points > 0 && rule.trigger.met(evidence)).map(|rule| Hit {
            rule: rule.key.clone(),
            labels: rule.labels.clone(),
            axis: Axis::Fit,
            earned: i64::from(rule.fit_points) * PARTS,
            points: i64::from(rule.fit_points) * PARTS,
            group: None,
            count: 1,
            last_at: Some(evidence.captured_at),
            found: None,
        });
        let mut hits: Vec<Hit> = known.chain(came).collect();
        for group in &self.groups {
            bound(&mut hits, group);
        }
        hits
    }

    /// What the rules of engagement stand on, in the order of the rules; those that stand on nothing are left out.
    fn sources<'a>(&'a self, evidence: &Evidence<'_>, tally: &Tally) -> Vec<Source<'a>> {
        let mut sources: Vec<Option<Source<'a>>> = self.matrix.iter().map(|_| None).collect();
        for (channel, kind, series) in tally.iter() {
            let Some(index) = rule_for(&self.matrix, channel, kind) else { continue };
            let (Some(rule), Some(place)) = (self.matrix.get(index), sources.get_mut(index)) else { continue };
            let half_life = u64::from(rule.half_life_hours) * HOUR_SECONDS;
            let source = place.get_or_insert_with(|| Source {
                rule: &rule.key,
                labels: &rule.labels,
                group: rule.group.as_ref(),
                terms: Vec::new(),
                count: 0,
                last_at: series.last_at(),
            });
            source.count = source.count.saturating_add(series.count());
            source.last_at = source.last_at.max(series.last_at());
            source.terms.extend(series.buckets().map(|(from, count)| Term {
                points: u32::from(rule.points).saturating_mul(count),
                half_life,
                from,
            }));
        }
        let came = self.hot.iter().filter(|rule| rule.engagement_points > 0 && rule.trigger.met(evidence)).map(|rule| Source {
            rule: &rule.key,
            labels: &rule.labels,
            group: None,
            terms: vec![Term {
                points: u32::from(rule.engagement_points),
                half_life: u64::from(rule.half_life_hours) * HOUR_SECONDS,
                from: end_of_hour(evidence.captured_at),
            }],
            count: 1,
            last_at: evidence.captured_at,
        });
        sources.into_iter().flatten().chain(came).collect()
    }

    fn engagement_hits(&self, sources: &[Source<'_>], second: i64) -> Vec<Hit> {
        let mut hits: Vec<Hit> = sources
            .iter()
            .map(|source| {
                let points = parts(source.at(second));
                Hit {
                    rule: source.rule.clone(),
                    labels: source.labels.clone(),
                    axis: Axis::Engagement,
                    earned: points,
                    points,
                    group: source.group.cloned(),
                    count: source.count,
                    last_at: Some(source.last_at),
                    found: None,
                }
            })
            .collect();
        for group in &self.groups {
            bound(&mut hits, group);
        }
        hits
    }

    /// The points of engagement at a second. They never rise with time: each part sinks, and maxima keep that.
    fn engaged(&self, sources: &[Source<'_>], second: i64) -> u8 {
        let free = sources.iter().filter(|source| source.group.is_none()).map(|source| source.at(second));
        let grouped = self.groups.iter().map(|group| {
            let of_group = sources.iter().filter(|source| source.group == Some(&group.key));
            let sum = of_group.map(|source| source.at(second)).fold(0, i128::saturating_add);
            sum.min(i128::from(group.points_max) * WHOLE)
        });
        whole_points(free.chain(grouped).fold(0, i128::saturating_add))
    }

    /// The first second from which the level of engagement is lower than now: bisection, which is exact because engagement only sinks.
    fn next_change(&self, sources: &[Source<'_>], score: Score, now: i64) -> Option<DateTime<Utc>> {
        let thresholds = self.grading.engagement();
        let level = thresholds.level(score.engagement());
        if level == Level::Low {
            return None;
        }
        let start = thresholds.start(level);
        let holds = |second: i64| self.engaged(sources, second) >= start;
        let (mut last_held, mut step) = (now, 3_600_i64);
        // doubling reaches beyond any sum of half-lives within 40 steps
        let mut lower = loop {
            let second = now.saturating_add(step);
            if !holds(second) {
                break second;
            }
            last_held = second;
            step = step.checked_mul(2).filter(|step| *step < 1 << 40)?;
        };
        while lower - last_held > 1 {
            let middle = last_held + (lower - last_held) / 2;
            if holds(middle) { last_held = middle } else { lower = middle }
        }
        DateTime::from_timestamp(lower, 0)
    }
}

/// The points of fit: those that count of each hit, within 0 to 100. They are whole, so that nothing is rounded.
fn fit_points(hits: &[Hit]) -> u8 {
    let sum = hits.iter().map(|hit| hit.points).fold(0, i64::saturating_add) / PARTS;
    u8::try_from(sum.clamp(0, i64::from(Score::POINTS_MAX))).unwrap_or(Score::POINTS_MAX)
}

/// The second at which the hour of a moment ends: the same rule as the tally's.
fn end_of_hour(at: DateTime<Utc>) -> i64 {
    (at.timestamp().div_euclid(3_600) + 1) * 3_600
}

/// Lets the hits of a group count up to its maximum, those that come first before the others.
fn bound(hits: &mut [Hit], group: &Group) {
    let mut rest = i64::from(group.points_max) * PARTS;
    for hit in hits.iter_mut().filter(|hit| hit.axis == group.axis && hit.group.as_ref() == Some(&group.key)) {
        hit.points = hit.points.min(rest);
        rest -= hit.points;
    }
}

/// Hundredths of a point, rounded half up.
fn parts(fine: i128) -> i64 {
    i64::try_from((fine.saturating_mul(i128::from(PARTS)).saturating_add(WHOLE / 2)) >> 60).unwrap_or(i64::MAX)
}

/// Whole points within 0 to 100, rounded half up.
fn whole_points(fine: i128) -> u8 {
    let rounded = fine.saturating_add(WHOLE / 2) >> 60;
    u8::try_from(rounded.clamp(0, i128::from(Score::POINTS_MAX))).unwrap_or(Score::POINTS_MAX)
}

/// The shares of [`decay`] and the points here are in the same parts.
const _: () = assert!(ONE == 1 << 60 && WHOLE == 1 << 60);
