//! The review of the persons and companies of rows: what was put right and what is to be looked at is counted.

use fairfall_domain::company::{CompanyDraft, CompanyFields};
use fairfall_domain::person::{PersonDraft, PersonFields};
use fairfall_domain::quality::{Finding, QualityPolicy, Severity, review_company, review_person};
use fairfall_domain::violation::Violations;

/// How much of rows was put right, and how much is to be looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QualityCounts {
    /// Values that were put right, or left out because they could not be.
    pub fixed: u64,
    /// Values that are flagged.
    pub flagged: u64,
}

impl std::ops::AddAssign for QualityCounts {
    fn add_assign(&mut self, more: Self) {
        self.fixed += more.fixed;
        self.flagged += more.flagged;
    }
}

/// Reviews the records of a row.
pub(super) struct Desk<'a> {
    policy: &'a QualityPolicy,
    pub(super) counts: QualityCounts,
}

impl<'a> Desk<'a> {
    /// A desk of the policy in force.
    pub(super) fn new(policy: &'a QualityPolicy) -> Self {
        Self { policy, counts: QualityCounts::default() }
    }

    /// The person of a row.
    pub(super) fn person(&mut self, draft: PersonDraft) -> Result<PersonFields, Violations> {
        let (fields, findings) = review_person(draft, self.policy).read()?;
        self.count(&findings);
        Ok(fields)
    }

    /// The company of a row.
    pub(super) fn company(&mut self, draft: CompanyDraft) -> Result<CompanyFields, Violations> {
        let (fields, findings) = review_company(draft, self.policy).read()?;
        self.count(&findings);
        Ok(fields)
    }

    fn count(&mut self, findings: &[Finding]) {
        for finding in findings {
            match finding.severity {
                Severity::Fix => self.counts.fixed += 1,
                Severity::Flag => self.counts.flagged += 1,
                Severity::Off | Severity::Reject => {}
            }
        }
    }
}
