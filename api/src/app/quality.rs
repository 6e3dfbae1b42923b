//! The quality of records: what the organisation does about findings, and the review of what comes in.

use fairfall_domain::access::Action;
use fairfall_domain::company::Company;
use fairfall_domain::person::Person;
use fairfall_domain::quality::{Finding, QualityCheck, QualityPolicy, Severity, company_findings, person_findings};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::audit::{self, AuditRow};
use fairfall_persistence::repo;
use uuid::Uuid;

use super::{App, AppError, Caller, Rejection};

/// A record that was stored, with what its review found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<T> {
    /// The record.
    pub record: T,
    /// What was found, in the order of the fields; nothing when the record was stored by an earlier request.
    pub findings: Vec<Finding>,
}

impl<T> Checked<T> {
    /// A record of which nothing is told.
    pub const fn unseen(record: T) -> Self {
        Self { record, findings: Vec::new() }
    }
}

/// The policy, for those who bring records in, see people or change it.
pub async fn policy(app: &App, caller: &Caller) -> Result<Option<QualityPolicy>, AppError> {
    let concerned = [Action::ManageQuality, Action::CaptureLead, Action::ViewPerson, Action::ViewCompany];
    if !concerned.into_iter().any(|action| caller.may(action).is_some()) {
        return Ok(None);
    }
    Ok(Some(app.rules().await?.quality.clone()))
}

/// What is to be looked at in a person whom the caller sees.
pub async fn of_person(app: &App, person: &Person) -> Result<Vec<Finding>, AppError> {
    Ok(person_findings(person, &app.rules().await?.quality))
}

/// What is to be looked at in a company that the caller sees.
pub async fn of_company(app: &App, company: &Company) -> Result<Vec<Finding>, AppError> {
    Ok(company_findings(company, &app.rules().await?.quality))
}

/// Changes what is done about findings. Records that are there stay as they are.
///
/// # Errors
/// All faults of the changes at once; `VersionConflict`.
#[tracing::instrument(name = "app.quality.update", skip_all)]
pub async fn update(
    app: &App,
    caller: &Caller,
    changes: Vec<(QualityCheck, Severity)>,
    expected: Option<u32>,
) -> Result<QualityPolicy, AppError> {
    caller.must(Action::ManageQuality)?;
    if changes.is_empty() {
        return Err(Violations::one("checks", ViolationCode::Required, "name at least one check").into());
    }
    let (wanted, now) = (std::sync::Arc::new(changes), app.now());
    let revised = app.store().transact(move |uow| {
        let (caller, wanted) = (caller.clone(), wanted.clone());
        Box::pin(async move {
            let known = repo::quality_policy::load_for_command(uow).await?;
            if expected.is_some_and(|expected| expected != known.version()) {
                return Err(Rejection::VersionConflict { current: Some(known.version()) }.into());
            }
            let policy = known.revise(&wanted)?;
            repo::quality_policy::put(uow, &policy).await?;
            let detail = wanted.iter().map(|(check, severity)| (check.to_string(), severity.as_str().into())).collect();
            let row = caller.audit_row(Action::ManageQuality, "quality_policy", Uuid::nil(), now);
            let row = AuditRow { subject: None, detail: Some(serde_json::Value::Object(detail)), ..row };
            audit::append(uow, &row).await?;
            Ok::<_, AppError>(policy)
        })
    });
    let policy = revised.await?;
    app.forget_rules();
    Ok(policy)
}
