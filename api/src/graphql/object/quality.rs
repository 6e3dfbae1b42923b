//! The quality of records, and what is done about it.

use async_graphql::{Context, Object, Result, SimpleObject};
use fairfall_domain::company::Company;
use fairfall_domain::person::Person;
use fairfall_domain::quality::{Finding, QualityCheck, QualityPolicy, Severity};

use crate::app;
use crate::graphql::caller::app;
use crate::graphql::code::{Coded, coded};
use crate::graphql::error::OrFault;
use crate::graphql::scalar::int;

/// Something that a review found in a field of a record.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "QualityFinding")]
pub struct FindingObject {
    /// The check.
    pub check: Coded<QualityCheck>,
    /// What comes of it.
    pub severity: Coded<Severity>,
    /// The field.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// The value as it was typed.
    pub was: Option<String>,
    /// With FIX the value as it is stored now, absent when it was left out; otherwise a better value, when one is known.
    pub now: Option<String>,
}

impl From<Finding> for FindingObject {
    fn from(Finding { check, severity, field, message, was, now }: Finding) -> Self {
        Self { check: Coded(check), severity: Coded(severity), field, message, was, now }
    }
}

/// Findings as the API shows them.
pub fn shown(findings: Vec<Finding>) -> Vec<FindingObject> {
    findings.into_iter().map(Into::into).collect()
}

/// What is to be looked at in a stored record, as the policy is now.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PersonQuality")]
pub struct PersonQualityObject {
    /// What a review of the record finds, in the order of its fields; empty for a good record. `was` is the stored value, `now` a better one.
    pub findings: Vec<FindingObject>,
}

/// What is to be looked at in a stored company, as the policy is now.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CompanyQuality")]
pub struct CompanyQualityObject {
    /// What a review of the record finds, in the order of its fields; empty for a good record. `was` is the stored value, `now` a better one.
    pub findings: Vec<FindingObject>,
    /// The legal form in the name as it is usually written, such as `GmbH`; absent when the name has none.
    pub legal_form: Option<&'static str>,
    /// The name as companies are compared by it: small letters, umlauts expanded, without legal form.
    pub normal_name: String,
}

/// The quality of a person.
pub(super) async fn of_person(ctx: &Context<'_>, person: &Person) -> Result<PersonQualityObject> {
    Ok(PersonQualityObject { findings: shown(app::quality::of_person(app(ctx), person).await.or_fault(ctx)?) })
}

/// The quality of a company.
pub(super) async fn of_company(ctx: &Context<'_>, company: &Company) -> Result<CompanyQualityObject> {
    let findings = shown(app::quality::of_company(app(ctx), company).await.or_fault(ctx)?);
    Ok(CompanyQualityObject { findings, legal_form: company.name.legal_form(), normal_name: company.name.key() })
}

/// What is done about findings.
#[derive(Clone, Debug)]
pub struct QualityPolicyObject(pub QualityPolicy);

super::shows!(QualityPolicyObject(QualityPolicy));

/// What the organisation does about findings in persons and companies.
#[Object(name = "QualityPolicy")]
impl QualityPolicyObject {
    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version())
    }

    /// Every check with its severity.
    async fn checks(&self) -> Vec<QualityRuleObject> {
        QualityCheck::ALL.iter().map(|check| QualityRuleObject::of(*check, &self.0)).collect()
    }
}

/// A check with its severity.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "QualityRule")]
pub struct QualityRuleObject {
    /// The check.
    pub check: Coded<QualityCheck>,
    /// What comes of a finding.
    pub severity: Coded<Severity>,
    /// The severities that can be set.
    pub lawful: Vec<Coded<Severity>>,
    /// The severity as shipped.
    pub shipped: Coded<Severity>,
}

impl QualityRuleObject {
    fn of(check: QualityCheck, policy: &QualityPolicy) -> Self {
        Self {
            check: Coded(check),
            severity: Coded(policy.severity(check)),
            lawful: coded(check.lawful()),
            shipped: Coded(check.shipped()),
        }
    }
}
