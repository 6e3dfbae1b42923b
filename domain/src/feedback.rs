//! Feedback: the taker rates what it accepted, so that the giver learns what a good lead is.
//!
//! One rating a passage and department. Codes are counted; free words are for colleagues and go when the person is erased.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::access::{DepartmentSet, Subject};
use crate::agreement::AgreementRef;
use crate::code::codes;
use crate::department::Department;
use crate::id::{FeedbackId, LeadId, PassageId, UserId};
use crate::routing::Placement;
use crate::value::LongText;
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::act::Act;
use crate::waterfall::transition::Transition;

codes! {
    /// How good a lead was that the taker accepted.
    pub enum FeedbackRating {
        /// It should never have been handed over. 1 point.
        Unusable = "UNUSABLE",
        /// Hardly worth the work. 2 points.
        Poor = "POOR",
        /// As agreed. 3 points.
        Fair = "FAIR",
        /// Better than agreed. 4 points.
        Good = "GOOD",
        /// As one wishes for. 5 points.
        Excellent = "EXCELLENT",
    }
}

impl FeedbackRating {
    /// Its points, 1 to 5.
    pub const fn points(self) -> u8 {
        match self {
            Self::Unusable => 1,
            Self::Poor => 2,
            Self::Fair => 3,
            Self::Good => 4,
            Self::Excellent => 5,
        }
    }

    /// The rating of so many points, if there is one.
    pub fn from_points(points: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|rating| rating.points() == points)
    }
}

codes! {
    /// What was good about a lead, or missing.
    pub enum FeedbackReason {
        /// The contact was prepared: knew of us and expected the call.
        WellPrepared = "WELL_PREPARED",
        /// The need is as it was told.
        NeedConfirmed = "NEED_CONFIRMED",
        /// The contact decides, or leads to those who do.
        RightPerson = "RIGHT_PERSON",
        /// It came at the right time.
        RightTiming = "RIGHT_TIMING",
        /// What was written down saved work.
        GoodRecord = "GOOD_RECORD",
        /// Telephone number or address were wrong.
        ContactDataWrong = "CONTACT_DATA_WRONG",
        /// There is no such need.
        NeedNotReal = "NEED_NOT_REAL",
        /// The contact has no say.
        WrongPerson = "WRONG_PERSON",
        /// Too early or too late.
        WrongTiming = "WRONG_TIMING",
        /// There is no money for it.
        NoBudget = "NO_BUDGET",
        /// The company is none that we serve.
        WrongCompany = "WRONG_COMPANY",
        /// What was known was not written down.
        RecordIncomplete = "RECORD_INCOMPLETE",
        /// The contact knew nothing of us, or did not want to be called.
        NotExpectingUs = "NOT_EXPECTING_US",
        /// Another reason, told in the note.
        Other = "OTHER",
    }
}

/// A rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Its id.
    pub id: FeedbackId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// The lead.
    pub lead: LeadId,
    /// The passage in which it was given.
    pub passage: PassageId,
    /// The department that took it and rates.
    pub department: Department,
    /// The department that gave it.
    pub giving: Department,
    /// The version of the agreement under which it was given.
    pub agreement: AgreementRef,
    /// How good it was.
    pub rating: FeedbackRating,
    /// Why, in the order of the codes.
    pub reasons: BTreeSet<FeedbackReason>,
    /// Free words; they may hold personal data.
    pub note: Option<LongText>,
    /// Who rated it last; nobody once the user is not known any more.
    pub by: Option<UserId>,
    /// When it was rated first, UTC.
    pub at: DateTime<Utc>,
    /// When it was rated last, UTC.
    pub updated_at: DateTime<Utc>,
}

/// A rating as somebody says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedbackDraft {
    /// How good it was.
    pub rating: FeedbackRating,
    /// Why.
    pub reasons: Vec<FeedbackReason>,
    /// Free words.
    pub note: Option<String>,
}

/// What was said, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    rating: FeedbackRating,
    reasons: BTreeSet<FeedbackReason>,
    note: Option<LongText>,
}

impl FeedbackDraft {
    /// Checks what was said. A reason named twice counts once.
    ///
    /// # Errors
    /// A note that is too long or holds control characters; the reason `OTHER` without a note that tells it.
    pub fn parse(&self) -> Result<Opinion, Violations> {
        let mut faults = Violations::new();
        let note = faults.check_optional("note", self.note.as_deref(), LongText::parse);
        let reasons: BTreeSet<FeedbackReason> = self.reasons.iter().copied().collect();
        if faults.is_empty() && note.is_none() && reasons.contains(&FeedbackReason::Other) {
            faults.add("note", ViolationCode::Required, "the reason `OTHER` is told in the note");
        }
        faults.into_result()?;
        Ok(Opinion { rating: self.rating, reasons, note })
    }
}

impl Opinion {
    /// Whether it holds free words.
    pub const fn has_note(&self) -> bool {
        self.note.is_some()
    }
}

/// A lead that a department was given: by an offer that it accepted, or without one as the track says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The passage.
    pub passage: PassageId,
    /// The department that took it.
    pub department: Department,
    /// The department that gave it.
    pub giving: Department,
    /// The version of the agreement under which it was given.
    pub agreement: AgreementRef,
    /// Who had it last in the department that took it.
    pub holder: Placement,
}

impl Taken {
    /// All that was given within a lead, in the order in which it was taken; `transitions` are those of one lead in the order in which they
    /// happened. What was given without an agreement, as in imported histories, was promised by nobody and is left out.
    pub fn all(transitions: &[Transition]) -> Vec<Self> {
        let mut taken: Vec<Self> = Vec::new();
        let mut offer: Option<Self> = None;
        for transition in transitions {
            match transition.act {
                Act::HandOver => {
                    let given = given(transition);
                    // an offer leaves the lead at the giver's stage
                    let offered = transition.from_stage == Some(transition.to_stage);
                    if offered {
                        offer = given;
                        continue;
                    }
                    taken.extend(given);
                }
                Act::Accept => {
                    let accepted = offer
                        .take()
                        .filter(|offer| offer.department == transition.to_department && offer.passage == transition.passage);
                    taken.extend(accepted);
                }
                Act::Reject | Act::Withdraw => offer = None,
                Act::Reassign if offer.is_some() => continue,
                Act::Capture
                | Act::Qualify
                | Act::Reassign
                | Act::Recycle
                | Act::Reactivate
                | Act::Disqualify
                | Act::Win
                | Act::Lose
                | Act::Reopen
                | Act::Retrack => {}
            }
            let held = |one: &&mut Self| one.department == transition.to_department && one.passage == transition.passage;
            for one in taken.iter_mut().filter(held) {
                one.holder = transition.placement;
            }
        }
        taken
    }

    /// What a permission to rate is asked about: as if the department still had the lead.
    pub fn subject(&self) -> Subject {
        Subject {
            owner: self.holder.person,
            team: self.holder.team,
            departments: DepartmentSet::only(self.department),
            ..Subject::default()
        }
    }

    /// The first rating.
    pub fn rate(self, id: FeedbackId, lead: LeadId, opinion: Opinion, by: UserId, now: DateTime<Utc>) -> Feedback {
        Feedback {
            id,
            version: 1,
            lead,
            passage: self.passage,
            department: self.department,
            giving: self.giving,
            agreement: self.agreement,
            rating: opinion.rating,
            reasons: opinion.reasons,
            note: opinion.note,
            by: Some(by),
            at: now,
            updated_at: now,
        }
    }
}

fn given(transition: &Transition) -> Option<Taken> {
    Some(Taken {
        passage: transition.passage,
        department: transition.to_department,
        giving: transition.from_department.filter(|giving| *giving != transition.to_department)?,
        agreement: transition.agreement.clone()?,
        holder: transition.placement,
    })
}

impl Feedback {
    /// Whether the same was said before.
    pub fn says(&self, opinion: &Opinion) -> bool {
        self.rating == opinion.rating && self.reasons == opinion.reasons && self.note == opinion.note
    }

    /// The rating after another opinion took its place.
    #[must_use]
    pub fn replaced(&self, opinion: Opinion, by: UserId, now: DateTime<Utc>) -> Self {
        let Opinion { rating, reasons, note } = opinion;
        let version = self.version.saturating_add(1);
        Self { version, rating, reasons, note, by: Some(by), updated_at: now, ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
