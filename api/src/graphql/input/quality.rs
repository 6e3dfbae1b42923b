//! Changes of the quality policy as they are typed.

use async_graphql::InputObject;
use fairfall_domain::quality::{QualityCheck, Severity};

use crate::graphql::code::Coded;

/// A check with the severity that it gets.
#[derive(Clone, Debug, InputObject)]
pub struct QualityRuleInput {
    /// The check.
    pub check: Coded<QualityCheck>,
    /// What comes of a finding; one of the check's lawful severities.
    pub severity: Coded<Severity>,
}

/// A change of what is done about findings. Checks that are not named stay as they are.
#[derive(Clone, Debug, InputObject)]
pub struct QualityPolicyUpdateInput {
    /// The checks that change, each once.
    pub checks: Vec<QualityRuleInput>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl QualityPolicyUpdateInput {
    /// The changes.
    pub fn changes(&self) -> Vec<(QualityCheck, Severity)> {
        self.checks.iter().map(|rule| (rule.check.0, rule.severity.0)).collect()
    }
}
