//! Who may see an event: whoever may see its lead, customer, person or company at this moment.

use std::collections::{BTreeMap, BTreeSet};

use fairfall_domain::access::{Action, DepartmentSet, Grant, Scope, Subject};
use fairfall_domain::department::Department;
use fairfall_domain::id::{AnyId, CustomerId, DuplicateId, EventId, LeadId, PersonId, UserId};
use fairfall_domain::matching::DuplicatePair;
use fairfall_domain::sla::calendar::CalendarLevel;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::journal::JournalEntry;
use fairfall_persistence::repo;

use crate::app::calendar::levels;
use crate::app::{App, AppError, Caller};

/// An event with what the access table needs to know of its subject now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The event.
    pub entry: JournalEntry,
    sight: Sight,
    /// Who was told of it, looked up once for all subscribers of the node.
    told: BTreeSet<UserId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sight {
    Lead(Subject),
    Customer {
        customer: Subject,
        lead: Subject,
    },
    /// A person with the leads they have.
    Person {
        leads: Vec<Subject>,
    },
    /// A company.
    Company,
    /// Two people with the leads they have, who may be the same one.
    PersonPair {
        left: Vec<Subject>,
        right: Vec<Subject>,
    },
    /// Two companies that may be the same one.
    CompanyPair,
    /// A calendar of a level, whether it is there still or was removed.
    Calendar(CalendarLevel),
    /// An agreement.
    Agreement,
    /// The subject is gone, so nobody may see it.
    Nobody,
}

impl Seen {
    /// Whether somebody was told of the event.
    pub fn was_told(&self, user: UserId) -> bool {
        self.told.contains(&user)
    }

    /// Whether a caller may see the event.
    pub fn is_visible_to(&self, caller: &Caller) -> bool {
        let covers = |action, subject: &Subject| caller.may(action).is_some_and(|grant| grant.covers(subject));
        match &self.sight {
            Sight::Lead(subject) => covers(Action::FollowEvents, subject) && covers(Action::ViewLead, subject),
            Sight::Customer { customer, lead } => {
                let sees = covers(Action::ViewCustomer, customer) || covers(Action::ViewLead, lead);
                sees && caller.may(Action::FollowEvents).is_some()
            }
            Sight::Person { leads } => caller.may(Action::FollowEvents).is_some() && sees_person(caller, leads),
            // companies are shared knowledge of all who work here
            Sight::Company => {
                let sees = caller.may(Action::ViewCompany).is_some_and(|grant| grant.scope() == Scope::All);
                sees && caller.may(Action::FollowEvents).is_some()
            }
            Sight::PersonPair { left, right } => {
                let follows = caller.may(Action::FollowEvents).is_some() && caller.may(Action::ViewDuplicate).is_some();
                follows && sees_person(caller, left) && sees_person(caller, right)
            }
            Sight::CompanyPair => {
                let follows = caller.may(Action::FollowEvents).is_some() && caller.may(Action::ViewDuplicate).is_some();
                follows && caller.may(Action::ViewCompany).is_some_and(|grant| grant.scope() == Scope::All)
            }
            Sight::Calendar(level) => caller.may(Action::FollowEvents).is_some() && levels(caller).contains(level),
            // agreements are shared knowledge of all who work under them
            Sight::Agreement => caller.may(Action::ViewAgreement).is_some() && caller.may(Action::FollowEvents).is_some(),
            Sight::Nobody => false,
        }
    }
}

/// Whoever may see one of the leads may see the person; somebody without any demand is of no department.
fn sees_person(caller: &Caller, leads: &[Subject]) -> bool {
    let Some(grant) = caller.may(Action::ViewPerson) else { return false };
    let of_nobody = leads.is_empty() && grant.department().is_some();
    grant.scope() == Scope::All || of_nobody || leads.iter().any(|lead| grant.covers(lead))
}

/// The leads of the people that events are about.
async fn people(
    app: &App,
    entries: &[JournalEntry],
    pairs: &BTreeMap<DuplicateId, DuplicatePair>,
) -> Result<BTreeMap<PersonId, Vec<Subject>>, AppError> {
    let subjects = entries.iter().map(|entry| entry.subject).chain(pairs.values().flat_map(DuplicatePair::ids));
    let ids: Vec<PersonId> = unique(subjects.filter_map(|id| if let AnyId::Person(id) = id { Some(id) } else { None }));
    let mut people: BTreeMap<PersonId, Vec<Subject>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for ids in ids.chunks(repo::lead::LIST_MAX) {
        for lead in repo::lead::find_of_people(&app.reader(), &Grant::system(Action::ViewLead), ids).await? {
            people.entry(lead.person).or_default().push(lead.subject());
        }
    }
    Ok(people)
}

/// The pairs that events are about.
async fn pairs(app: &App, entries: &[JournalEntry]) -> Result<BTreeMap<DuplicateId, DuplicatePair>, AppError> {
    let ids: Vec<DuplicateId> =
        unique(entries.iter().filter_map(|entry| if let AnyId::Duplicate(id) = entry.subject { Some(id) } else { None }));
    let mut pairs = BTreeMap::new();
    for ids in ids.chunks(repo::lead::LIST_MAX) {
        pairs.extend(repo::duplicate::pairs(&app.reader(), ids).await?);
    }
    Ok(pairs)
}

/// Looks up the subjects of a batch, in one statement a kind.
pub(super) async fn look(app: &App, entries: Vec<JournalEntry>) -> Result<Vec<Seen>, AppError> {
    let reader = app.reader();
    let lead_ids: Vec<LeadId> = unique(entries.iter().filter_map(|entry| entry.lead));
    let customer_ids: Vec<CustomerId> =
        unique(entries.iter().filter_map(|entry| if let AnyId::Customer(id) = entry.subject { Some(id) } else { None }));
    let mut leads = BTreeMap::new();
    for ids in lead_ids.chunks(repo::lead::LIST_MAX) {
        let found = repo::lead::find_many(&reader, &Grant::system(Action::ViewLead), ids).await?;
        leads.extend(found.iter().map(|lead| (lead.id, lead.subject())));
    }
    let mut customers = BTreeMap::new();
    for ids in customer_ids.chunks(repo::lead::LIST_MAX) {
        let found = repo::customer::find_many(&reader, &Grant::system(Action::ViewCustomer), ids).await?;
        customers.extend(found.iter().map(|customer| {
            let departments = DepartmentSet::only(Department::CustomerService);
            (customer.id, Subject { owner: customer.state.taken_by(), team: customer.team, departments, ..Subject::default() })
        }));
    }
    let mut told = told(app, &entries).await?;
    let pairs = pairs(app, &entries).await?;
    let people = people(app, &entries, &pairs).await?;
    let sight = |entry: &JournalEntry| {
        if let AnyId::Duplicate(id) = entry.subject {
            let leads = |id| people.get(&id).cloned();
            return match pairs.get(&id) {
                Some(DuplicatePair::Persons { left, right }) => match (leads(*left), leads(*right)) {
                    (Some(left), Some(right)) => Sight::PersonPair { left, right },
                    (None, _) | (_, None) => Sight::Nobody,
                },
                Some(DuplicatePair::Companies { .. }) => Sight::CompanyPair,
                None => Sight::Nobody,
            };
        }
        if let AnyId::Person(id) = entry.subject {
            return people.get(&id).map_or(Sight::Nobody, |leads| Sight::Person { leads: leads.clone() });
        }
        if let AnyId::Calendar(_) = entry.subject {
            return level_of(entry).map_or(Sight::Nobody, Sight::Calendar);
        }
        if let AnyId::Company(_) = entry.subject {
            return Sight::Company;
        }
        if let AnyId::Agreement(_) = entry.subject {
            return Sight::Agreement;
        }
        let customer = || if let AnyId::Customer(id) = entry.subject { customers.get(&id).copied() } else { None };
        let lead = || entry.lead.and_then(|id| leads.get(&id).copied());
        let of_customer = || Some(Sight::Customer { customer: customer()?, lead: lead().unwrap_or_default() });
        of_customer().or_else(|| lead().map(Sight::Lead)).unwrap_or(Sight::Nobody)
    };
    let seen = |entry: JournalEntry| Seen { sight: sight(&entry), told: told.remove(&entry.event).unwrap_or_default(), entry };
    Ok(entries.into_iter().map(seen).collect())
}

/// Who was told of the events of which people are told.
async fn told(app: &App, entries: &[JournalEntry]) -> Result<BTreeMap<EventId, BTreeSet<UserId>>, AppError> {
    let ids: Vec<EventId> = entries.iter().filter(|entry| tells(entry.kind)).map(|entry| entry.event).collect();
    Ok(repo::notification::told_of(&app.reader(), &ids).await?)
}

/// Whether somebody may have been told of an event of a kind.
fn tells(kind: EventKind) -> bool {
    matches!(kind, EventKind::SlaWarned | EventKind::SlaBreached | EventKind::SlaEscalated)
}

/// The level of the calendar that an event tells of: it is not looked up, because the calendar may have been removed.
fn level_of(entry: &JournalEntry) -> Option<CalendarLevel> {
    entry.payload.get("level")?.as_str()?.parse().ok()
}

fn unique<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let set: BTreeSet<T> = ids.collect();
    set.into_iter().collect()
}
