//! Replay: what another model would make of the leads that are stored. Nothing is written.
//!
//! Moves are counted on open leads, scored by both models at the same moment. How good a model is, is measured on closed passages, scored by
//! both models as of the moment of closing: with the activities up to then, and with what is known of person and company today.

use std::collections::BTreeMap;

use crate::campaign::Channel;
use crate::department::Department;
use crate::id::LeadId;
use crate::waterfall::passage::PassageOutcome;

use super::auc::{Known, Ranking};
use super::grade::Grade;
use super::score::Score;

/// Most single changes that a replay lists.
pub const CHANGES_MAX: usize = 100;

/// An open lead under both models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The lead.
    pub lead: LeadId,
    /// The department that created the demand.
    pub origin: Department,
    /// The channel it came by.
    pub channel: Channel,
    /// By the model it is compared with.
    pub before: Score,
    /// By the model that is tried.
    pub after: Score,
}

/// How many leads would move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Open leads that were looked at.
    pub leads: u64,
    /// Those whose grade would change.
    pub grade_changed: u64,
    /// Those whose tier would rise.
    pub tier_up: u64,
    /// Those whose tier would fall.
    pub tier_down: u64,
}

impl Moves {
    fn add(&mut self, compared: &Compared) {
        self.leads = self.leads.saturating_add(1);
        self.grade_changed = self.grade_changed.saturating_add((compared.before.grade() != compared.after.grade()).into());
        self.tier_up = self.tier_up.saturating_add((compared.after.tier() > compared.before.tier()).into());
        self.tier_down = self.tier_down.saturating_add((compared.after.tier() < compared.before.tier()).into());
    }

    /// Those whose tier would change.
    pub const fn tier_changed(&self) -> u64 {
        self.tier_up.saturating_add(self.tier_down)
    }
}

/// What became of the closed passages that a model gives one grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Precision {
    /// Closed passages of the grade.
    pub closed: u64,
    /// Those that were won.
    pub won: u64,
}

impl Precision {
    /// The share that was won, in millionths; `None` without closed passages.
    pub fn won_millionths(&self) -> Option<u32> {
        let share = u128::from(self.won).saturating_mul(1_000_000).checked_div(u128::from(self.closed))?;
        u32::try_from(share).ok()
    }
}

/// How good a model was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// By grade.
    pub precision: BTreeMap<Grade, Precision>,
    ranking: Ranking,
}

impl Quality {
    fn add(&mut self, score: Score, outcome: PassageOutcome) {
        let won = outcome == PassageOutcome::Won;
        let precision = self.precision.entry(score.grade()).or_default();
        precision.closed = precision.closed.saturating_add(1);
        precision.won = precision.won.saturating_add(won.into());
        self.ranking.add(score.rank(), if won { Known::Won } else { Known::NotWon });
    }

    /// The area under the ROC curve in millionths, won against all others; `None` without one of each.
    pub fn auc_millionths(&self) -> Option<u32> {
        self.ranking.auc_millionths()
    }
}

/// The figures of a replay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// All open leads.
    pub total: Moves,
    /// By the department that created the demand.
    pub by_origin: BTreeMap<Department, Moves>,
    /// By the channel that they came by.
    pub by_channel: BTreeMap<Channel, Moves>,
    /// How many go from which grade to which; those that stay among them.
    pub grades: BTreeMap<(Grade, Grade), u64>,
    /// The leads whose grade or tier would change, those that move furthest first, at most [`CHANGES_MAX`].
    pub changes: Vec<Compared>,
    /// Closed passages that were looked at.
    pub closed: u64,
    /// How good the model is that it is compared with.
    pub quality_before: Quality,
    /// How good the model is that is tried.
    pub quality_after: Quality,
}

impl Replay {
    /// Counts an open lead.
    pub fn add_open(&mut self, compared: Compared) {
        self.total.add(&compared);
        self.by_origin.entry(compared.origin).or_default().add(&compared);
        self.by_channel.entry(compared.channel).or_default().add(&compared);
        let cell = self.grades.entry((compared.before.grade(), compared.after.grade())).or_default();
        *cell = cell.saturating_add(1);
        if compared.before.grade() != compared.after.grade() || compared.before.tier() != compared.after.tier() {
            self.changes.push(compared);
            // twice the maximum before it is sorted, so that sorting is seldom
            if self.changes.len() >= CHANGES_MAX * 2 {
                self.shorten();
            }
        }
    }

    /// Counts a closed passage, scored as of its closing by both models.
    pub fn add_closed(&mut self, before: Score, after: Score, outcome: PassageOutcome) {
        self.closed = self.closed.saturating_add(1);
        self.quality_before.add(before, outcome);
        self.quality_after.add(after, outcome);
    }

    /// The figures when all was counted.
    #[must_use]
    pub fn finished(mut self) -> Self {
        self.shorten();
        self
    }

    fn shorten(&mut self) {
        self.changes.sort_by_key(|one| (std::cmp::Reverse(distance(one)), one.lead));
        self.changes.truncate(CHANGES_MAX);
    }
}

/// How far a lead moves: steps of tier first, then of grade.
fn distance(compared: &Compared) -> (u8, u8) {
    let tier = |score: Score| match score.tier() {
        super::Tier::Weak => 0_u8,
        super::Tier::Standard => 1,
        super::Tier::Warm => 2,
        super::Tier::Hot => 3,
    };
    let (before, after) = (compared.before, compared.after);
    (tier(before).abs_diff(tier(after)), before.grade().order().abs_diff(after.grade().order()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::{Grading, shipped};
    use uuid::Uuid;

    fn score(fit: i64, engagement: i64, grading: &Grading) -> Score {
        Score::try_new(fit, engagement, grading).unwrap()
    }

    #[test]
    fn counts_moves_by_source_and_lists_the_furthest_first() {
        let model = shipped::model().unwrap();
        let grading = model.grading();
        let mut replay = Replay::default();
        for number in 0..300_u128 {
            let after =
                if number == 250 { score(100, 100, grading) } else { score(0, i64::from(number % 2 == 0) * 100, grading) };
            replay.add_open(Compared {
                lead: LeadId::from(Uuid::from_u128(number)),
                origin: Department::Marketing,
                channel: if number < 10 { Channel::Email } else { Channel::Event },
                before: score(0, 0, grading),
                after,
            });
        }
        let replay = replay.finished();
        assert_eq!((replay.total.leads, replay.total.grade_changed, replay.total.tier_changed()), (300, 150, 150));
        assert_eq!(replay.by_channel[&Channel::Email], Moves { leads: 10, grade_changed: 5, tier_up: 5, tier_down: 0 });
        assert_eq!(replay.by_origin[&Department::Marketing].leads, 300);
        assert_eq!(replay.grades[&(Grade::C3, Grade::C3)], 150);
        assert_eq!(replay.changes.len(), CHANGES_MAX);
        assert_eq!(replay.changes[0].lead, LeadId::from(Uuid::from_u128(250)));
        assert_eq!(replay.changes[1].lead, LeadId::from(Uuid::from_u128(0)));
    }

    #[test]
    fn tells_which_model_is_better() {
        let model = shipped::model().unwrap();
        let grading = model.grading();
        let mut replay = Replay::default();
        for (before, after, outcome) in [
            (score(0, 0, grading), score(100, 100, grading), PassageOutcome::Won),
            (score(100, 100, grading), score(0, 0, grading), PassageOutcome::Lost),
            (score(0, 0, grading), score(0, 0, grading), PassageOutcome::Disqualified),
        ] {
            replay.add_closed(before, after, outcome);
        }
        assert_eq!(replay.quality_before.auc_millionths(), Some(250_000));
        assert_eq!(replay.quality_after.auc_millionths(), Some(1_000_000));
        assert_eq!(replay.quality_after.precision[&Grade::A1].won_millionths(), Some(1_000_000));
        assert_eq!(replay.quality_before.precision[&Grade::C3], Precision { closed: 2, won: 1 });
        assert_eq!(Precision::default().won_millionths(), None);
    }
}
