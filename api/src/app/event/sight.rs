//! Who may see an event: whoever may see its lead or customer at this moment.

use std::collections::BTreeMap;

use fairfall_domain::access::{Action, DepartmentSet, Grant, Subject};
use fairfall_domain::department::Department;
use fairfall_domain::id::{AnyId, CustomerId, LeadId};
use fairfall_persistence::journal::JournalEntry;
use fairfall_persistence::repo;

use crate::app::{App, AppError, Caller};

/// An event with what the access table needs to know of its subject now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The event.
    pub entry: JournalEntry,
    sight: Sight,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sight {
    Lead(Subject),
    Customer {
        customer: Subject,
        lead: Subject,
    },
    /// The subject is gone, so nobody may see it.
    Nobody,
}

impl Seen {
    /// Whether a caller may see the event.
    pub fn is_visible_to(&self, caller: &Caller) -> bool {
        let covers = |action, subject: &Subject| caller.may(action).is_some_and(|grant| grant.covers(subject));
        match &self.sight {
            Sight::Lead(subject) => covers(Action::FollowEvents, subject) && covers(Action::ViewLead, subject),
            Sight::Customer { customer, lead } => {
                let sees = covers(Action::ViewCustomer, customer) || covers(Action::ViewLead, lead);
                sees && caller.may(Action::FollowEvents).is_some()
            }
            Sight::Nobody => false,
        }
    }
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
    let sight = |entry: &JournalEntry| {
        let customer = || if let AnyId::Customer(id) = entry.subject { customers.get(&id).copied() } else { None };
        let lead = || entry.lead.and_then(|id| leads.get(&id).copied());
        let of_customer = || Some(Sight::Customer { customer: customer()?, lead: lead().unwrap_or_default() });
        of_customer().or_else(|| lead().map(Sight::Lead)).unwrap_or(Sight::Nobody)
    };
    Ok(entries.into_iter().map(|entry| Seen { sight: sight(&entry), entry }).collect())
}

fn unique<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    let set: std::collections::BTreeSet<T> = ids.collect();
    set.into_iter().collect()
}
