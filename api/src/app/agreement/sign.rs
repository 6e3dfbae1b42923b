//! Signatures: one of each side, by two people.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::agreement::{Agreement, AgreementState, Signing};
use fairfall_domain::id::AgreementId;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::{UnitOfWork, journal, repo};

use super::held;
use super::keep::{audited, end_superseded, entry};
use crate::app::{App, AppError, Caller, Rejection};

/// What came of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The version.
    pub agreement: Agreement,
    /// Whether this side had signed before.
    pub already_done: bool,
}

/// Signs a proposal for the caller's department. With the second signature it is in force from its date on.
///
/// # Errors
/// No proposal; the caller is no manager of one of the two departments, or signed for the other one; `NotFound`, `NotAllowed`; `VersionConflict`
/// when what the caller read was changed since.
#[tracing::instrument(name = "app.agreement.sign", skip_all)]
pub async fn sign(app: &App, caller: &Caller, id: AgreementId, seen: u32) -> Result<Signed, AppError> {
    let now = app.now();
    let signed = app
        .store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move { sign_once(&caller, uow, id, seen, now).await })
        })
        .await?;
    app.forget_rules();
    Ok(signed)
}

async fn sign_once(
    caller: &Caller,
    uow: &UnitOfWork,
    id: AgreementId,
    seen: u32,
    now: DateTime<Utc>,
) -> Result<Signed, AppError> {
    let (version, versions) = held(caller, uow, id).await?;
    caller.must(Action::SignAgreement)?;
    let signed = match version.sign(caller.actor.user, caller.department(), now)? {
        Signing::AlreadyDone => return Ok(Signed { agreement: version, already_done: true }),
        Signing::Signed(signed) => *signed,
    };
    if !version.says_what_was_read_at(seen) {
        return Err(Rejection::VersionConflict { current: Some(version.revision) }.into());
    }
    repo::agreement::update(uow, &signed, version.revision, now).await?;
    let mut events = vec![entry(&signed, EventKind::AgreementSigned, Some(caller), now)];
    if signed.state == AgreementState::InForce {
        events.push(entry(&signed, EventKind::AgreementInForce, Some(caller), now));
        let others = versions.into_iter().filter(|other| other.id != signed.id);
        let versions: Vec<Agreement> = others.chain([signed.clone()]).collect();
        end_superseded(uow, &versions, now).await?;
    }
    journal::append(uow, &events).await?;
    audited(uow, caller, Action::SignAgreement, &signed, now).await?;
    Ok(Signed { agreement: signed, already_done: false })
}
