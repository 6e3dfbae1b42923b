//! Rating what was taken.

use async_graphql::{ID, InputObject};
use fairfall_domain::department::Department;
use fairfall_domain::feedback::{FeedbackDraft, FeedbackRating, FeedbackReason};
use fairfall_domain::violation::Violations;

use super::{id, optional_id, whole};
use crate::app::feedback::RateInput;
use crate::graphql::code::{Coded, plain};

/// Rates a lead that a department took.
#[derive(Clone, Debug, InputObject)]
pub struct LeadRateInput {
    /// The lead.
    pub lead: ID,
    /// How good it was.
    pub rating: Coded<FeedbackRating>,
    /// What was good or missing; each counts once.
    pub reasons: Option<Vec<Coded<FeedbackReason>>>,
    /// Free words for colleagues, at most 2,000 characters; must be given with the reason OTHER. Erased with the person.
    pub note: Option<String>,
    /// The passage; the last that the department took when absent.
    pub passage: Option<ID>,
    /// For which department, for those who are in none; whoever is in a department rates for it.
    pub department: Option<Coded<Department>>,
    /// The version of the rating that the caller read; when it has changed since, nothing is done. Absent to act on whatever it is now.
    pub expected_version: Option<u32>,
    /// A key of the caller's choice, at most 200 characters: a request with the same key has its effect once within 24 hours.
    pub idempotency_key: Option<String>,
}

impl LeadRateInput {
    /// The rating for the use case.
    ///
    /// # Errors
    /// Malformed ids.
    pub fn read(self) -> Result<RateInput, Violations> {
        let mut faults = Violations::new();
        let lead = id(&mut faults, "lead", &self.lead);
        let passage = optional_id(&mut faults, "passage", self.passage.as_ref());
        let draft = FeedbackDraft { rating: self.rating.0, reasons: plain(self.reasons), note: self.note };
        let read = lead.map(|lead| RateInput {
            lead,
            passage,
            department: self.department.map(|department| department.0),
            draft,
            expected_version: self.expected_version,
            idempotency_key: self.idempotency_key,
        });
        whole(faults, read)
    }
}
