//! Agreements, as everybody who works under them may read them.

use fairfall_domain::access::Action;
use fairfall_domain::agreement::Agreement;
use fairfall_domain::id::AgreementId;
use fairfall_persistence::repo;

use super::{App, AppError, Caller};

/// All versions of all agreements.
pub async fn all(app: &App, caller: &Caller) -> Result<Vec<Agreement>, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Ok(Vec::new());
    }
    Ok(repo::agreement::all(&app.reader()).await?)
}

/// Some versions, in no order.
pub async fn find_many(app: &App, caller: &Caller, ids: &[AgreementId]) -> Result<Vec<Agreement>, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Ok(Vec::new());
    }
    Ok(repo::agreement::find_many(&app.reader(), ids).await?)
}
