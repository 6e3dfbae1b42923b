//! What an agreement names must exist: tracks, and territories in use.

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::agreement::AgreementScope;
use fairfall_domain::routing::territory::RoutingStatus;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::{UnitOfWork, repo};

use crate::app::AppError;
use crate::app::rules::Rules;

/// Notes what a scope names that does not exist, by its place.
pub(super) async fn check(uow: &UnitOfWork, rules: &Rules, scope: &AgreementScope) -> Result<Violations, AppError> {
    let mut faults = Violations::new();
    for (index, key) in scope.tracks.iter().enumerate().filter(|(_, key)| rules.newest(key.as_str()).is_none()) {
        faults.add(format!("scope.tracks.{index}"), ViolationCode::NotFound, format!("there is no track `{key}`"));
    }
    // territories are known to all who may write agreements
    let found = repo::territory::find_many(uow, &Grant::system(Action::ViewRouting), &scope.territories).await?;
    for (index, id) in scope.territories.iter().enumerate() {
        if !found.iter().any(|territory| territory.id == *id && territory.status == RoutingStatus::Active) {
            let message = "there is no territory in use with this id";
            faults.add(format!("scope.territories.{index}"), ViolationCode::NotFound, message);
        }
    }
    Ok(faults)
}
