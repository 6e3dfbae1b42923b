//! What holds for all routing of the organisation.

use fairfall_domain::access::Action;
use fairfall_domain::change::Change;
use fairfall_domain::routing::RoutingPolicy;
use fairfall_persistence::audit::{self, AuditRow};
use fairfall_persistence::repo;
use uuid::Uuid;

use super::expected;
use crate::app::{App, AppError, Caller};

/// The policy, for those who see how leads are routed.
pub async fn find(app: &App, caller: &Caller) -> Result<Option<RoutingPolicy>, AppError> {
    if caller.may(Action::ViewRouting).is_none() {
        return Ok(None);
    }
    Ok(Some(app.rules().await?.directory.policy))
}

/// Changes the policy. It holds for what is routed from now on.
///
/// # Errors
/// All faults at once; `VersionConflict`.
#[tracing::instrument(name = "app.routing_policy.update", skip_all)]
pub async fn update(
    app: &App,
    caller: &Caller,
    owner_days: Change<u32>,
    version: Option<u32>,
) -> Result<RoutingPolicy, AppError> {
    caller.must(Action::ManageRouting)?;
    let now = app.now();
    let updated = app.store().transact(move |uow| {
        let caller = caller.clone();
        Box::pin(async move {
            let known = repo::routing_policy::load_for_command(uow).await?;
            let version = expected(version, known.version)?;
            let policy =
                RoutingPolicy { version: version.saturating_add(1), owner_days_max: owner_days.apply(known.owner_days_max) };
            policy.check()?;
            repo::routing_policy::put(uow, &policy).await?;
            let detail = serde_json::to_value(policy).map_err(AppError::internal)?;
            let row = caller.audit_row(Action::ManageRouting, "routing_policy", Uuid::nil(), now);
            audit::append(uow, &AuditRow { subject: None, detail: Some(detail), ..row }).await?;
            Ok::<_, AppError>(policy)
        })
    });
    let policy = updated.await?;
    app.forget_rules();
    Ok(policy)
}
