//! Opportunities and customers: seen through their leads, and by customer service for itself.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant, Role};
use fairfall_domain::customer::{Customer, CustomerDecision, CustomerState, CustomerStatus};
use fairfall_domain::department::{Department, DepartmentSet};
use fairfall_domain::id::{AnyId, CustomerId, OpportunityId};
use fairfall_domain::opportunity::{Opportunity, OpportunityDecision, OpportunityOpening, OpportunityStatus};
use fairfall_domain::value::Money;
use fairfall_domain::waterfall::event::EventKind;
use uuid::Uuid;

use super::made::{LeadRow, a_person, add_leads, add_people, all, at, id, lead_ids, may, numbers};
use super::support::databases;
use crate::audit::{AuditOutcome, AuditRow};
use crate::journal::NewEntry;
use crate::repo::customer::{self, CustomerFilter};
use crate::repo::opportunity::{self, OpportunityFilter};
use crate::sql::{Columns, Sql};
use crate::{PageArgs, Readable, StoreError, UnitOfWork};

const SERVICE: Role = Role::Member(Department::CustomerService);

/// Leads 101 to 104 of person 1, the first owned by user 7 and once in field sales.
async fn add_some_leads(uow: &UnitOfWork) {
    add_people(uow, &[a_person(1, "Ada", "Byron", None)]).await;
    let field = DepartmentSet::only(Department::FieldSales);
    let row = |lead, owner| LeadRow { lead, person: 1, owner, departments: field, ..LeadRow::default() };
    add_leads(uow, &[row(101, Some(7)), row(102, None), row(103, None), row(104, None)]).await.unwrap();
}

fn a_customer(number: u128, lead: u128, team: Option<u128>) -> Customer {
    Customer {
        id: id(number),
        version: 1,
        lead: id(lead),
        opportunity: None,
        person: id(1),
        company: None,
        team: team.map(id),
        state: CustomerState::HandedOver { at: at(i64::try_from(number).unwrap()) },
    }
}

fn told(subject: AnyId, now: DateTime<Utc>) -> (NewEntry, AuditRow) {
    let event = NewEntry {
        event: id(900),
        occurred_at: now,
        kind: EventKind::CustomerTakenOver,
        subject,
        subject_version: 2,
        lead: None,
        actor: Some(id(21)),
        payload: serde_json::json!({}),
    };
    let audit = AuditRow {
        id: Uuid::from_u128(901),
        at: now,
        actor: Some(id(21)),
        action: Action::AcceptCustomer,
        subject_kind: subject.prefix().to_owned(),
        subject: Some(subject.uuid()),
        request_id: None,
        outcome: AuditOutcome::Done,
        detail: None,
    };
    (event, audit)
}

async fn count(on: &impl Readable, table: &str) -> i64 {
    let row = Sql::new(format!("SELECT count(*) FROM {table}")).one(on).await.unwrap().unwrap();
    Columns::of(&row).next().unwrap()
}

async fn seen(uow: &UnitOfWork, permission: &Grant) -> Vec<u128> {
    let ids: Vec<CustomerId> = (201..=204).map(id).collect();
    let found = customer::find_many(uow, permission, &ids).await.unwrap();
    numbers(&found.iter().map(|one| one.id).collect::<Vec<_>>(), CustomerId::uuid)
}

#[tokio::test]
async fn customers_are_seen_by_service_and_through_their_leads() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        add_some_leads(&uow).await;
        let taken = Customer { state: CustomerState::TakenOver { at: at(300), by: id(21) }, ..a_customer(202, 102, Some(31)) };
        let imported = Customer { state: CustomerState::Imported { at: at(1) }, ..a_customer(204, 104, None) };
        for one in [&a_customer(201, 101, Some(31)), &taken, &a_customer(203, 103, Some(32)), &imported] {
            customer::insert(&uow, one).await.unwrap();
        }
        let field = Role::Member(Department::FieldSales);
        for (permission, reached) in [
            (may(field, 7, &[], Action::ViewCustomer), &[201][..]),
            (may(Role::Manager(Department::FieldSales), 8, &[], Action::ViewCustomer), &[201, 202, 203, 204]),
            (may(Role::Member(Department::InsideSales), 9, &[], Action::ViewCustomer), &[]),
            (may(SERVICE, 21, &[31], Action::ViewCustomer), &[201, 202]),
            (may(SERVICE, 22, &[31], Action::AcceptCustomer), &[201]),
            (may(SERVICE, 21, &[31], Action::AcceptCustomer), &[201, 202]),
            (may(Role::Manager(Department::CustomerService), 23, &[], Action::AcceptCustomer), &[201, 202, 203, 204]),
            (all(Action::ViewCustomer), &[201, 202, 203, 204]),
        ] {
            assert_eq!(seen(&uow, &permission).await, reached, "{permission:?}");
        }
        let accept = may(SERVICE, 22, &[31, 32], Action::AcceptCustomer);
        let waiting = customer::waiting(&uow, &accept, &PageArgs::first(5)).await.unwrap();
        assert_eq!(waiting.items.iter().map(|(_, one)| one.id).collect::<Vec<_>>(), [id(201), id(203)]);
        let see = all(Action::ViewCustomer);
        let page = |filter| customer::page(&uow, &see, filter, &TEN);
        let newest = page(CustomerFilter::default()).await.unwrap();
        assert_eq!(newest.items.first().map(|(_, one)| one.clone()), Some(taken.clone()));
        let filter = CustomerFilter { status: Some(CustomerStatus::TakenOver), team: Some(id(31)) };
        assert_eq!(page(filter).await.unwrap().items.len(), 1);
        let of_leads = customer::find_many_of_leads(&uow, &see, &lead_ids(&[104, 105])).await.unwrap();
        assert_eq!(of_leads, [imported]);
    }
}

static TEN: PageArgs = PageArgs::first(10);

#[tokio::test]
async fn a_take_over_is_kept_with_its_event_and_audit_row_or_not_at_all() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        add_some_leads(&uow).await;
        customer::insert(&uow, &a_customer(201, 101, Some(31))).await.unwrap();
        let accept = may(SERVICE, 21, &[31], Action::AcceptCustomer);
        let loaded = customer::load_for_command(&uow, &accept, id(201)).await.unwrap().unwrap();
        let CustomerDecision::TakenOver(taken) = loaded.take_over(id(21), at(500)).unwrap() else { panic!("it waits") };
        let (event, audit) = told(taken.id.into(), at(500));
        let stale = customer::record(&uow, &taken, 7, &event, &audit).await;
        assert_eq!(stale, Err(StoreError::VersionConflict { current: Some(1) }));
        assert_eq!((count(&uow, "journal").await, count(&uow, "audit").await), (0, 0));
        customer::record(&uow, &taken, 1, &event, &audit).await.unwrap();
        assert_eq!((count(&uow, "journal").await, count(&uow, "audit").await), (1, 1));
        let see = all(Action::ViewCustomer);
        assert_eq!(customer::find(&uow, &see, id(201)).await.unwrap(), Some(taken));
        // when it was handed over is still known
        let row = Sql::new("SELECT handed_over_at FROM customer").one(&uow).await.unwrap().unwrap();
        assert_eq!(Columns::of(&row).next::<DateTime<Utc>>().unwrap(), at(201));
    }
}

#[tokio::test]
async fn opportunities_are_kept_and_seen_through_their_leads() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        add_some_leads(&uow).await;
        let opening = |number: u128, lead: u128| OpportunityOpening {
            id: id(number),
            lead: id(lead),
            passage: id(lead),
            person: id(1),
            company: None,
            amount: Some(Money::parse_decimal("99.90", "EUR").unwrap()),
        };
        let first = Opportunity::open(opening(301, 101), at(1));
        let second = Opportunity::open(opening(302, 102), at(2));
        for one in [&first, &second] {
            opportunity::insert(&uow, one).await.unwrap();
        }
        let OpportunityDecision::Changed(won) = first.win(None, at(9)).unwrap() else { panic!("it is open") };
        opportunity::update(&uow, &won, 1).await.unwrap();
        assert_eq!(opportunity::update(&uow, &won, 1).await, Err(StoreError::VersionConflict { current: Some(2) }));
        assert_eq!(opportunity::find_of_passage(&uow, id(101)).await.unwrap(), Some(won.clone()));
        let mine = may(Role::Member(Department::FieldSales), 7, &[], Action::ViewOpportunity);
        let found = opportunity::find_many(&uow, &mine, &[id(301), id(302)]).await.unwrap();
        assert_eq!(numbers(&found.iter().map(|one| one.id).collect::<Vec<_>>(), OpportunityId::uuid), [301]);
        assert_eq!(opportunity::find(&uow, &mine, id(302)).await.unwrap(), None);
        let see = all(Action::ViewOpportunity);
        let found = opportunity::find_many_of_passages(&uow, &see, &[id(102), id(103)]).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&second));
        let page = opportunity::page(&uow, &see, OpportunityFilter::default(), &TEN).await.unwrap();
        assert_eq!(page.items.iter().map(|(_, one)| one.clone()).collect::<Vec<_>>(), [second, won.clone()]);
        let filter = OpportunityFilter { status: Some(OpportunityStatus::Won) };
        assert_eq!(opportunity::page(&uow, &see, filter, &TEN).await.unwrap().items[0].1, won);
    }
}
