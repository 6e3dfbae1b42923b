//! The review of the person and the company that come with a capture.

use fairfall_domain::company::{CompanyDraft, CompanyFields};
use fairfall_domain::person::{PersonDraft, PersonFields};
use fairfall_domain::quality::{Finding, QualityPolicy, review_company, review_person};
use fairfall_domain::violation::Violations;

/// Reviews what comes in, and gathers what was found.
pub(super) struct Desk<'a> {
    policy: &'a QualityPolicy,
    /// What was found, under the names of the capture's fields.
    pub(super) findings: Vec<Finding>,
}

impl<'a> Desk<'a> {
    /// A desk of the policy in force.
    pub(super) const fn new(policy: &'a QualityPolicy) -> Self {
        Self { policy, findings: Vec::new() }
    }

    /// Somebody new.
    pub(super) fn person(&mut self, faults: &mut Violations, draft: PersonDraft) -> Option<PersonFields> {
        self.keep(faults, "person.new", review_person(draft, self.policy).read())
    }

    /// A new company.
    pub(super) fn company(&mut self, faults: &mut Violations, draft: CompanyDraft) -> Option<CompanyFields> {
        self.keep(faults, "company.new", review_company(draft, self.policy).read())
    }

    fn keep<F>(&mut self, faults: &mut Violations, prefix: &str, read: Result<(F, Vec<Finding>), Violations>) -> Option<F> {
        match read {
            Ok((fields, findings)) => {
                self.findings.extend(findings.into_iter().map(|finding| finding.nested(prefix)));
                Some(fields)
            }
            Err(inner) => {
                faults.nest(prefix, inner);
                None
            }
        }
    }
}
