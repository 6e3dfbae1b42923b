//! The desk over which a record goes.

use crate::company::{CompanyDraft, CompanyFields};
use crate::person::{PersonDraft, PersonFields};
use crate::value::ValueError;
use crate::violation::{ViolationCode, Violations};

use super::check::{QualityCheck, Severity};
use super::finding::Finding;
use super::policy::QualityPolicy;

/// A reviewed record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed<D> {
    /// The record as it may be stored: with what was put right.
    pub draft: D,
    /// What was found, in the order of the fields.
    pub findings: Vec<Finding>,
    /// Why the record is refused; none when it is not.
    pub violations: Violations,
}

impl<D> Reviewed<D> {
    /// What cannot be read comes in the order of the fields, what is only not wanted after it; a field is told once.
    fn finish<F>(self, read: Result<F, Violations>) -> Result<(F, Vec<Finding>), Violations> {
        let refused = self.violations;
        match read {
            Ok(fields) if refused.is_empty() => Ok((fields, self.findings)),
            Ok(_) => Err(refused),
            Err(mut faults) => {
                let told: Vec<String> = faults.iter().map(|fault| fault.field.clone()).collect();
                for fault in refused.into_iter().filter(|fault| !told.contains(&fault.field)) {
                    faults.add(fault.field, fault.code, fault.message);
                }
                Err(faults)
            }
        }
    }
}

impl Reviewed<PersonDraft> {
    /// The fields of the person with what was found.
    ///
    /// # Errors
    /// Everything that the policy refuses, and every fault of the fields.
    pub fn read(self) -> Result<(PersonFields, Vec<Finding>), Violations> {
        let read = self.draft.parse();
        self.finish(read)
    }
}

impl Reviewed<CompanyDraft> {
    /// The fields of the company with what was found.
    ///
    /// # Errors
    /// Everything that the policy refuses, and every fault of the fields.
    pub fn read(self) -> Result<(CompanyFields, Vec<Finding>), Violations> {
        let read = self.draft.parse();
        self.finish(read)
    }
}

/// A fault of a value with what could stand there instead.
pub(super) struct Fault {
    pub(super) check: QualityCheck,
    pub(super) code: ViolationCode,
    pub(super) message: String,
    pub(super) better: Option<String>,
}

impl Fault {
    /// A value that is well formed, but not wanted.
    pub(super) fn unwanted(check: QualityCheck, message: &str) -> Self {
        Self { check, code: ViolationCode::NotAccepted, message: message.to_owned(), better: None }
    }

    /// A value that could be better.
    pub(super) fn improvable(check: QualityCheck, message: &str, better: String) -> Self {
        Self { better: Some(better), ..Self::unwanted(check, message) }
    }

    /// A value that cannot be read.
    pub(super) fn unreadable(check: QualityCheck, error: ValueError, better: Option<String>) -> Self {
        Self { check, code: error.code, message: error.message, better }
    }
}

/// Goes through the fields of a record.
pub(super) struct Desk<'a> {
    policy: &'a QualityPolicy,
    pub(super) findings: Vec<Finding>,
    pub(super) violations: Violations,
}

impl<'a> Desk<'a> {
    pub(super) const fn new(policy: &'a QualityPolicy) -> Self {
        Self { policy, findings: Vec::new(), violations: Violations::new() }
    }

    pub(super) fn finish<D>(self, draft: D) -> Reviewed<D> {
        Reviewed { draft, findings: self.findings, violations: self.violations }
    }

    /// Looks at a value that is there; a fault is dealt with as the policy says.
    pub(super) fn check(&mut self, field: &'static str, value: &mut Option<String>, find: impl FnOnce(&str) -> Option<Fault>) {
        let Some(typed) = value.as_deref().filter(|typed| !typed.trim().is_empty()) else { return };
        let Some(Fault { check, code, message, better }) = find(typed) else { return };
        let severity = self.policy.severity(check);
        let (was, now) = (Some(typed.to_owned()), better.clone());
        match severity {
            Severity::Off => return,
            Severity::Flag => {}
            Severity::Fix => *value = better,
            Severity::Reject => self.violations.add(field, code, message.clone()),
        }
        self.findings.push(Finding { check, severity, field: field.to_owned(), message, was, now });
    }
}
