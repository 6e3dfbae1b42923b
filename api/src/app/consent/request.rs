//! Asking a person for consent by mail (double opt-in).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::consent::{ASKED_WITHIN, OptIn, OptInDraft, OptInRequest, OptInState, OptInWish, asked_too_often};
use fairfall_domain::id::{OptInId, PersonId};
use fairfall_domain::person::Person;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::{UnitOfWork, repo};

use super::link::{Links, address_digest};
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::mail::{ConsentRequestMail, post};
use crate::app::person::load_to_change;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The person.
    pub person: Person,
    /// The request.
    pub opt_in: OptIn,
}

/// Asks a person for consent: writes a mail with a link that gives it. A request for the same purpose that still waits is taken back.
///
/// # Errors
/// All faults of the request at once; `NotFound`, `NotAllowed`; `AskedTooOften` when the person was asked several times within a day.
#[tracing::instrument(name = "app.consent.request", skip_all)]
pub async fn request(
    app: &App,
    caller: &Caller,
    person: PersonId,
    draft: OptInDraft,
    key: Option<String>,
) -> Result<Asked, AppError> {
    caller.must(Action::UpdatePerson)?;
    let keyed = Keyed::read(key.as_deref(), &(person, &draft))?;
    let (now, draft, caller) = (app.now(), Arc::new(draft), caller.clone());
    app.store()
        .transact(move |uow| {
            let (caller, keyed, draft) = (caller.clone(), keyed.clone(), draft.clone());
            Box::pin(async move {
                let work = || async {
                    let asked = ask(&caller, uow, person, &draft, now).await?;
                    Ok((asked.opt_in.id, asked))
                };
                match once::<OptInId, _, _>(uow, &caller, "consentRequest", keyed.as_ref(), now, work).await? {
                    Once::New(asked) => Ok(asked),
                    Once::Before(id) => asked_before(&caller, uow, id).await,
                }
            })
        })
        .await
}

async fn asked_before(caller: &Caller, uow: &UnitOfWork, id: OptInId) -> Result<Asked, AppError> {
    let gone = || AppError::not_found("idempotencyKey");
    let grant = caller.must(Action::ViewPerson)?;
    let opt_in = repo::opt_in::find(uow, id).await?.ok_or_else(gone)?;
    let person = repo::person::find(uow, &grant, opt_in.person).await?.ok_or_else(gone)?;
    Ok(Asked { person, opt_in })
}

async fn ask(caller: &Caller, uow: &UnitOfWork, id: PersonId, draft: &OptInDraft, now: DateTime<Utc>) -> Result<Asked, AppError> {
    let person = load_to_change(caller, uow, id, None).await?;
    let wish = draft.parse(&person, now)?;
    let asked = repo::opt_in::asked_since(uow, id, now - ASKED_WITHIN).await?;
    if let Some(until) = asked_too_often(&asked, now) {
        return Err(Rejection::AskedTooOften { until }.into());
    }
    for open in repo::opt_in::open_of(uow, id).await?.iter().filter(|open| open.purpose == wish.purpose) {
        repo::opt_in::close(uow, &open.closed(OptInState::Superseded, now)).await?;
        repo::mail::cancel(uow, open.id, now).await?;
    }
    let opt_in = write(caller, uow, &person, wish, now).await?;
    let waiting = person.with_request(opt_in.purpose, &opt_in.channels, now, opt_in.expires_at);
    repo::person::update(uow, &waiting, person.version).await?;
    caller.audit(uow, Action::UpdatePerson, "person", id.uuid(), now).await?;
    Ok(Asked { person: waiting, opt_in })
}

/// The request, its links and its mail.
async fn write(
    caller: &Caller,
    uow: &UnitOfWork,
    person: &Person,
    wish: OptInWish,
    now: DateTime<Utc>,
) -> Result<OptIn, AppError> {
    let Some(email) = person.email.clone() else {
        return Err(Violations::one("person", ViolationCode::Conflict, "the person has no e-mail address").into());
    };
    let (links, language) = (Links::generate(), wish.language.clone());
    let request =
        OptInRequest { id: new_id(), person: person.id, mailed_to: address_digest(&email), actor: Some(caller.actor.user) };
    let opt_in = OptIn::new(request, wish, now);
    repo::opt_in::insert(uow, &opt_in, &links.confirm.hash().to_hex()).await?;
    repo::opt_in::insert_link(uow, &links.withdraw.hash().to_hex(), person.id, opt_in.purpose, now).await?;
    let mail = ConsentRequestMail::new(&opt_in, language, (&links.confirm, &links.withdraw));
    post(uow, (person.id, email), opt_in.id, &mail, now).await?;
    Ok(opt_in)
}
