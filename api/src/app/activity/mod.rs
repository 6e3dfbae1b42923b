//! Activities: what people did, recorded one by one or many at once. Scores change in the same transaction, and what follows from them by itself
//! is done there too.

mod contact;
mod record;
mod subject;

use fairfall_domain::access::Action;
use fairfall_domain::id::{ActivityId, LeadId, PersonId};
use fairfall_domain::scoring::Activity;
use fairfall_domain::scoring::activity_draft::ActivityDraft;
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo;
use fairfall_persistence::{Page, PageArgs};
use serde::{Deserialize, Serialize};

use super::{App, AppError, Caller};

pub use record::{record, record_many};

/// Most activities that are recorded at once.
pub const RECORDED_MAX: usize = 500;

/// Whom an activity is about, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectInput {
    /// A lead: it counts for this one alone.
    Lead(String),
    /// A person: it counts for every lead that the person has open or at rest.
    Person(String),
    /// The person with this e-mail address.
    Email(String),
    /// The lead, else the person, that another system calls so.
    External {
        /// The system.
        source: String,
        /// Its id there.
        id: String,
    },
}

/// An activity as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityInput {
    /// Whom it is about.
    pub subject: SubjectInput,
    /// What was done, when, and where it was recorded first.
    pub draft: ActivityDraft,
    /// The campaign that moved them to it.
    pub campaign: Option<String>,
}

/// What came of one activity of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recorded {
    /// It was stored and counts.
    Stored {
        /// Its id.
        activity: ActivityId,
    },
    /// The same source had recorded the same id before: nothing changed.
    Known {
        /// The activity as it was recorded first.
        activity: ActivityId,
    },
    /// It was not taken.
    Rejected {
        /// Every fault, named by the activity's field.
        faults: Violations,
    },
}

/// What counts for a lead, the latest first. Who may not see persons sees what it recorded itself.
pub async fn of_lead(app: &App, caller: &Caller, id: LeadId, args: &PageArgs) -> Result<Page<Activity>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Page::empty()) };
    let Some(lead) = repo::lead::find(&app.reader(), &grant, id).await? else { return Ok(Page::empty()) };
    let recorded_by = if caller.may(Action::ViewPerson).is_some() { None } else { Some(caller.actor.user) };
    Ok(repo::activity::page_of_lead(&app.reader(), &grant, &lead, recorded_by, args).await?)
}

/// What a person did, the latest first.
pub async fn of_person(app: &App, caller: &Caller, id: PersonId, args: &PageArgs) -> Result<Page<Activity>, AppError> {
    let Some(grant) = caller.may(Action::ViewPerson) else { return Ok(Page::empty()) };
    Ok(repo::activity::page_of_person(&app.reader(), &grant, id, args).await?)
}

/// An activity of a person whom the caller may see.
pub async fn find(app: &App, caller: &Caller, id: ActivityId) -> Result<Option<Activity>, AppError> {
    let Some(grant) = caller.may(Action::ViewPerson) else { return Ok(None) };
    Ok(repo::activity::find(&app.reader(), &grant, id).await?)
}
