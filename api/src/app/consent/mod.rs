//! Consent: what people said about being contacted, asking them by mail, and taking it back by a link.
//!
//! Whatever contacts people or lets others do so asks [`permission`]: routing by the gates of agreements, and nurturing, exports and events
//! before they name a way to reach somebody.

mod confirm;
mod keep;
mod link;
mod record;
mod request;
mod throttle;
mod withdraw;

use fairfall_domain::access::Action;
use fairfall_domain::consent::{ConsentRecord, ContactChannel, Permission, Purpose};
use fairfall_domain::id::PersonId;
use fairfall_domain::person::Person;
use fairfall_persistence::repo;
use fairfall_persistence::{Page, PageArgs};

use super::{App, AppError, Caller};

pub use fairfall_domain::consent::ConsentDraft as ConsentInput;

pub use confirm::confirm;
pub(in crate::app) use keep::{Speaker, check_words, hear, keep, learned, read_words};
pub use record::record;
pub use request::{Asked, request};
pub use withdraw::withdraw;

/// Whether a person may be contacted for a purpose over a channel now: the one gate.
pub fn permission(app: &App, person: &Person, purpose: Purpose, channel: ContactChannel) -> Permission {
    person.may_contact(purpose, channel, app.now())
}

/// A page of what a person said, the last recorded first. Empty for those who may not see the person.
#[tracing::instrument(name = "app.consent.history", skip_all)]
pub async fn history(app: &App, caller: &Caller, person: PersonId, args: &PageArgs) -> Result<Page<ConsentRecord>, AppError> {
    let Some(grant) = caller.may(Action::ViewPerson) else { return Ok(Page::empty()) };
    Ok(repo::consent::page(&app.reader(), &grant, person, args).await?)
}
