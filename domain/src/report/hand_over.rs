//! How good hand-overs were: what the taker made of the offers, what the accepted ones became, and what the taker said about them.
//!
//! A hand-over counts where it was made. Only those under an agreement count: imported histories promised nothing. An offer that nobody answered in the
//! promised time and that went back by itself (`LAPSED`) says nothing about the lead; it is told apart and is no part of the accept rate.

use std::collections::BTreeMap;

use crate::agreement::AgreementRef;
use crate::department::Department;
use crate::feedback::FeedbackRating;
use crate::id::AgreementId;
use crate::waterfall::reason::RejectReason;

/// From whom to whom, under which version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandOverKey {
    /// The department that gave.
    pub giving: Department,
    /// The department that it was given to.
    pub taking: Department,
    /// The key of the agreement.
    pub agreement: String,
    /// Its version.
    pub version: u32,
    /// The id of the version.
    pub id: AgreementId,
}

impl HandOverKey {
    /// Between two departments under a version.
    pub fn of(giving: Department, taking: Department, agreement: &AgreementRef) -> Self {
        Self { giving, taking, agreement: agreement.key.to_string(), version: agreement.version, id: agreement.id }
    }
}

/// What became of a hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandOverFate {
    /// The offer waits for an answer.
    Open,
    /// The offer was accepted.
    Accepted,
    /// The offer was returned.
    Rejected(RejectReason),
    /// The offer was taken back.
    Withdrawn,
    /// It needed no acceptance: it went to the taker at once, as the track says.
    Transferred,
}

impl HandOverFate {
    /// Whether the taker has, or had, the lead by it.
    pub const fn is_taken(self) -> bool {
        match self {
            Self::Accepted | Self::Transferred => true,
            Self::Open | Self::Rejected(_) | Self::Withdrawn => false,
        }
    }
}

/// How far the passage of a hand-over got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassageProof {
    /// It reached SQL or was won.
    Proven,
    /// It ended before.
    Failed,
    /// It is open and has not reached SQL.
    Undecided,
}

/// Hand-overs that are alike in all that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedHandOvers {
    /// In which of the periods that were asked for, from 0.
    pub period: usize,
    /// From whom to whom, under what.
    pub key: HandOverKey,
    /// What became of them.
    pub fate: HandOverFate,
    /// Whether they were made at the stage MQL.
    pub at_mql: AtMql,
    /// How far their passages got.
    pub proof: PassageProof,
    /// What the taker said.
    pub rating: Option<FeedbackRating>,
    /// Whether a rating was promised and that time is over, or it was given.
    pub owed: RatingOwed,
    /// How many there are.
    pub count: u64,
    /// How many leads these are. Each passage counts once for each period, taker and agreement, at one of its hand-overs; none counts at those that were
    /// taken back.
    pub leads: u64,
}

/// Whether a hand-over was made at the stage MQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AtMql {
    /// It was.
    Yes,
    /// At another.
    No,
}

/// Whether a rating counts among those that should be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RatingOwed {
    /// It was promised, and the time for it is over or it was given.
    Due,
    /// It was not promised, or there is time left.
    NotDue,
}

/// The figures of hand-overs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandOverFigures {
    /// Leads that were handed over and not taken back, each once in a period however often it was offered.
    pub leads: u64,
    /// Offers.
    pub offered: u64,
    /// Hand-overs that needed no acceptance.
    pub transferred: u64,
    /// Offers that were accepted.
    pub accepted: u64,
    /// Offers that the taker returned.
    pub rejected: u64,
    /// Why; all but `LAPSED`.
    pub reasons: BTreeMap<RejectReason, u64>,
    /// Offers that went back by themselves because nobody answered.
    pub lapsed: u64,
    /// Offers that were taken back.
    pub withdrawn: u64,
    /// Offers that wait for an answer.
    pub open: u64,
    /// Accepted offers that were made at MQL.
    pub mql_accepted: u64,
    /// Of these, those whose passage reached SQL or was won.
    pub mql_proven: u64,
    /// Of these, those whose passage is open and has not reached SQL.
    pub mql_undecided: u64,
    /// Ratings of what was taken, by rating.
    pub ratings: BTreeMap<FeedbackRating, u64>,
    /// Taken hand-overs of which a rating was promised, and that time is over or it was given.
    pub feedback_due: u64,
    /// Of these, those that were rated.
    pub feedback_given: u64,
}

impl HandOverFigures {
    /// All hand-overs, with and without acceptance.
    pub const fn hand_overs(&self) -> u64 {
        self.offered.saturating_add(self.transferred)
    }

    /// The offers that the taker answered: what the accept rate is of.
    pub const fn answered(&self) -> u64 {
        self.accepted.saturating_add(self.rejected)
    }

    /// How many were rated.
    pub fn rated(&self) -> u64 {
        self.ratings.values().copied().fold(0, u64::saturating_add)
    }

    /// The points of all ratings together.
    pub fn points(&self) -> u64 {
        let points = |(rating, count): (&FeedbackRating, &u64)| u64::from(rating.points()).saturating_mul(*count);
        self.ratings.iter().map(points).fold(0, u64::saturating_add)
    }

    /// Adds hand-overs that are alike.
    pub fn add(&mut self, counted: &CountedHandOvers) {
        let count = counted.count;
        let grow = |figure: &mut u64| *figure = figure.saturating_add(count);
        self.leads = self.leads.saturating_add(counted.leads);
        match counted.fate {
            HandOverFate::Transferred => grow(&mut self.transferred),
            HandOverFate::Open | HandOverFate::Accepted | HandOverFate::Rejected(_) | HandOverFate::Withdrawn => {
                grow(&mut self.offered);
            }
        }
        match counted.fate {
            HandOverFate::Transferred => {}
            HandOverFate::Open => grow(&mut self.open),
            HandOverFate::Accepted => grow(&mut self.accepted),
            HandOverFate::Withdrawn => grow(&mut self.withdrawn),
            HandOverFate::Rejected(RejectReason::Lapsed) => grow(&mut self.lapsed),
            HandOverFate::Rejected(reason) => {
                grow(&mut self.rejected);
                grow(self.reasons.entry(reason).or_default());
            }
        }
        if counted.fate.is_taken() {
            self.add_taken(counted);
        }
    }

    fn add_taken(&mut self, counted: &CountedHandOvers) {
        let count = counted.count;
        let grow = |figure: &mut u64| *figure = figure.saturating_add(count);
        if let Some(rating) = counted.rating {
            grow(self.ratings.entry(rating).or_default());
        }
        if counted.owed == RatingOwed::Due {
            grow(&mut self.feedback_due);
            if counted.rating.is_some() {
                grow(&mut self.feedback_given);
            }
        }
        if counted.fate == HandOverFate::Accepted && counted.at_mql == AtMql::Yes {
            grow(&mut self.mql_accepted);
            match counted.proof {
                PassageProof::Proven => grow(&mut self.mql_proven),
                PassageProof::Undecided => grow(&mut self.mql_undecided),
                PassageProof::Failed => {}
            }
        }
    }
}

/// The figures by giver, taker and version, whatever the period.
pub fn by_version(counted: &[CountedHandOvers]) -> BTreeMap<HandOverKey, HandOverFigures> {
    let mut rows: BTreeMap<HandOverKey, HandOverFigures> = BTreeMap::new();
    for one in counted {
        rows.entry(one.key.clone()).or_default().add(one);
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn counted(
        fate: HandOverFate,
        at_mql: AtMql,
        proof: PassageProof,
        rating: Option<FeedbackRating>,
        count: u64,
    ) -> CountedHandOvers {
        let agreement =
            AgreementRef { id: AgreementId::from(Uuid::from_u128(7)), key: "marketing-inside".parse().unwrap(), version: 2 };
        let key = HandOverKey::of(Department::Marketing, Department::InsideSales, &agreement);
        CountedHandOvers { period: 0, key, fate, at_mql, proof, rating, owed: RatingOwed::Due, count, leads: count.min(1) }
    }

    #[test]
    fn figures_are_those_of_counting_by_hand() {
        let (yes, no) = (AtMql::Yes, AtMql::No);
        let open = PassageProof::Undecided;
        let all = [
            counted(HandOverFate::Accepted, yes, PassageProof::Proven, Some(FeedbackRating::Good), 3),
            counted(HandOverFate::Accepted, yes, PassageProof::Failed, Some(FeedbackRating::Poor), 1),
            counted(HandOverFate::Accepted, yes, open, None, 2),
            counted(HandOverFate::Accepted, no, PassageProof::Proven, None, 1),
            counted(HandOverFate::Rejected(RejectReason::Duplicate), yes, open, None, 2),
            counted(HandOverFate::Rejected(RejectReason::Lapsed), yes, open, None, 4),
            counted(HandOverFate::Withdrawn, yes, open, None, 1),
            counted(HandOverFate::Open, yes, open, None, 1),
            CountedHandOvers {
                owed: RatingOwed::NotDue,
                ..counted(HandOverFate::Transferred, no, open, Some(FeedbackRating::Good), 1)
            },
        ];
        let rows = by_version(&all);
        assert_eq!(rows.len(), 1);
        let figures = rows.values().next().unwrap();
        assert_eq!((figures.hand_overs(), figures.offered, figures.transferred, figures.answered()), (16, 15, 1, 9));
        assert_eq!(figures.leads, 9, "as many as each kind says, whatever its hand-overs");
        assert_eq!((figures.accepted, figures.rejected, figures.lapsed, figures.withdrawn, figures.open), (7, 2, 4, 1, 1));
        assert_eq!(figures.reasons, BTreeMap::from([(RejectReason::Duplicate, 2)]));
        assert_eq!((figures.mql_accepted, figures.mql_proven, figures.mql_undecided), (6, 3, 2));
        assert_eq!((figures.rated(), figures.points()), (5, 4 * 4 + 2));
        assert_eq!((figures.feedback_due, figures.feedback_given), (7, 4), "what was not owed counts only as a rating");
    }

    fn any_fate() -> impl Strategy<Value = HandOverFate> {
        let reasons = prop::sample::select(RejectReason::ALL).prop_map(HandOverFate::Rejected);
        let others = prop::sample::select(vec![
            HandOverFate::Open,
            HandOverFate::Accepted,
            HandOverFate::Withdrawn,
            HandOverFate::Transferred,
        ]);
        prop_oneof![reasons, others]
    }

    proptest! {
        #[test]
        fn the_ways_to_end_add_up(fates in prop::collection::vec((any_fate(), 0_u64..9), 0..20)) {
            let mut figures = HandOverFigures::default();
            for (fate, count) in &fates {
                figures.add(&counted(*fate, AtMql::Yes, PassageProof::Proven, None, *count));
            }
            let ends = figures.accepted + figures.rejected + figures.lapsed + figures.withdrawn + figures.open;
            prop_assert_eq!(figures.offered, ends);
            prop_assert_eq!(figures.rejected, figures.reasons.values().sum::<u64>());
            prop_assert_eq!(figures.hand_overs(), fates.iter().map(|(_, count)| count).sum::<u64>());
            prop_assert!(!figures.reasons.contains_key(&RejectReason::Lapsed));
        }
    }
}
