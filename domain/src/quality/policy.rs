//! What an organisation does about findings.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::violation::{ViolationCode, Violations};

use super::check::{QualityCheck, Severity};

/// Most changes of one update: one a check.
pub const CHANGES_MAX: usize = QualityCheck::ALL.len();

/// The severity of each check.
///
/// INVARIANT: a severity is one of the check's lawful ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityPolicy {
    version: u32,
    severities: BTreeMap<QualityCheck, Severity>,
}

impl QualityPolicy {
    /// The policy as it is shipped: version 1.
    pub const fn shipped() -> Self {
        Self { version: 1, severities: BTreeMap::new() }
    }

    /// Counts the changes, from 1.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The severity of a check: as set, else as shipped.
    pub fn severity(&self, check: QualityCheck) -> Severity {
        let set = self.severities.get(&check).copied();
        set.filter(|severity| check.lawful().contains(severity)).unwrap_or_else(|| check.shipped())
    }

    /// The policy with other severities, one version on.
    ///
    /// # Errors
    /// Under `checks.<place>.check` a check that is named twice, under `checks.<place>.severity` one that is not lawful for its check.
    pub fn revise(&self, changes: &[(QualityCheck, Severity)]) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        let mut named = BTreeSet::new();
        let mut severities = self.severities.clone();
        for (place, (check, severity)) in changes.iter().enumerate() {
            if !named.insert(check) {
                faults.add(format!("checks.{place}.check"), ViolationCode::Duplicate, format!("`{check}` is named twice"));
            }
            if !check.lawful().contains(severity) {
                let lawful: Vec<&str> = check.lawful().iter().map(|severity| severity.as_str()).collect();
                let message = format!("`{check}` can be {}", lawful.join(", "));
                faults.add(format!("checks.{place}.severity"), ViolationCode::Conflict, message);
            }
            severities.insert(*check, *severity);
        }
        faults.into_result()?;
        Ok(Self { version: self.version.saturating_add(1), severities })
    }
}

impl Default for QualityPolicy {
    fn default() -> Self {
        Self::shipped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_severities_are_lawful() {
        for check in QualityCheck::ALL {
            assert!(check.lawful().contains(&QualityPolicy::shipped().severity(*check)), "{check}");
        }
    }

    #[test]
    fn a_change_is_checked_and_counted() {
        let policy = QualityPolicy::shipped().revise(&[(QualityCheck::EmailFree, Severity::Reject)]).unwrap();
        assert_eq!((policy.version(), policy.severity(QualityCheck::EmailFree)), (2, Severity::Reject));
        assert_eq!(policy.severity(QualityCheck::EmailRole), Severity::Flag);
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(json, r#"{"version":2,"severities":{"EMAIL_FREE":"REJECT"}}"#);
        assert_eq!(serde_json::from_str::<QualityPolicy>(&json).unwrap(), policy);
    }

    #[test]
    fn what_is_not_lawful_is_refused_with_every_fault() {
        let changes = [
            (QualityCheck::EmailSyntax, Severity::Off),
            (QualityCheck::NameCase, Severity::Reject),
            (QualityCheck::NameCase, Severity::Fix),
        ];
        let faults = QualityPolicy::shipped().revise(&changes).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["checks.0.severity", "checks.1.severity", "checks.2.check"]);
    }

    #[test]
    fn a_stored_severity_that_is_not_lawful_counts_for_nothing() {
        let stored = r#"{"version":4,"severities":{"EMAIL_SYNTAX":"OFF"}}"#;
        let policy: QualityPolicy = serde_json::from_str(stored).unwrap();
        assert_eq!(policy.severity(QualityCheck::EmailSyntax), Severity::Reject);
    }
}
