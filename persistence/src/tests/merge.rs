//! Merges: everything moves over, and comes back exactly.

use fairfall_domain::access::Action;
use fairfall_domain::company::Company;
use fairfall_domain::id::{AnyId, CompanyId, LeadId, MergeId, PersonId};
use fairfall_domain::merging::{self, MergeAccount, MergeKind, MergeState, Undone};
use fairfall_domain::person::Person;
use uuid::Uuid;

use super::dump::difference;
use super::made::{LeadRow, add_leads, all, at, company_numbers, id, person_numbers};
use super::merge_made::{Case, dump, held, merge_two, run, take_back, world};
use super::support::databases;
use crate::repo::external_ref::{self, ExternalRef};
use crate::repo::merge::{self, Impact, MergeFilter, MergeSight};
use crate::repo::{company, person};
use crate::sql::Sql;
use crate::{PageArgs, UnitOfWork};

#[tokio::test]
async fn people_merged_and_parted_are_as_before() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        let before = dump(&uow).await;
        let moved = merge_two::<Person>(&uow, 901, 1, 2).await;
        let expected = Impact {
            leads: 2,
            opportunities: 1,
            customers: 1,
            activities: 2,
            consent_records: 1,
            people: 0,
            merged_records: 0,
            names: 1,
            buying_roles: 2,
        };
        assert_eq!(moved, expected);
        assert_eq!(merge::impact::<Person>(&uow, id(2)).await.unwrap(), Impact::default());
        let moved = take_back::<Person>(&uow, 901, 1, 2).await;
        assert_eq!(moved, expected);
        assert_eq!(difference(&before, &dump(&uow).await), Vec::<String>::new());
    }
}

#[tokio::test]
async fn companies_merged_and_parted_are_as_before() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        let before = dump(&uow).await;
        let moved = merge_two::<Company>(&uow, 901, 51, 52).await;
        assert_eq!((moved.leads, moved.opportunities, moved.customers, moved.people), (2, 1, 1, 2));
        assert_eq!((moved.names, moved.buying_roles), (1, 3));
        take_back::<Company>(&uow, 901, 51, 52).await;
        assert_eq!(difference(&before, &dump(&uow).await), Vec::<String>::new());
    }
}

#[tokio::test]
async fn chains_are_taken_back_from_the_end() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        let before = dump(&uow).await;
        merge_two::<Person>(&uow, 901, 2, 3).await;
        let middle = dump(&uow).await;
        merge_two::<Person>(&uow, 902, 1, 2).await;
        merge_two::<Person>(&uow, 903, 1, 4).await;
        // whatever was merged leads to whoever lives, however many merges lie between
        let led = merge::moved_into::<Person>(&uow, &[id(1), id(2), id(3), id(4)]).await.unwrap();
        assert_eq!(led, [2, 3, 4].map(|number| (id(number), id(1))).into());
        assert_eq!(person_numbers(&people_of(&uow, &[1, 2, 3, 4]).await), [1]);
        let block = async |number: u128| {
            let kept = merge::load_for_command(&uow, id(number)).await.unwrap().unwrap();
            merge::blocking(&uow, &kept).await.unwrap()
        };
        assert_eq!(block(901).await, Some(id::<MergeId>(902)));
        assert_eq!(block(902).await, Some(id::<MergeId>(903)));
        take_back::<Person>(&uow, 903, 1, 4).await;
        take_back::<Person>(&uow, 902, 1, 2).await;
        assert_eq!(difference(&middle, &dump(&uow).await), Vec::<String>::new());
        take_back::<Person>(&uow, 901, 2, 3).await;
        assert_eq!(difference(&before, &dump(&uow).await), Vec::<String>::new());
    }
}

async fn people_of(uow: &UnitOfWork, numbers: &[u128]) -> Vec<Person> {
    let ids: Vec<PersonId> = numbers.iter().map(|number| id(*number)).collect();
    person::find_many(uow, &all(Action::ViewPerson), &ids).await.unwrap()
}

#[tokio::test]
async fn a_restored_person_finds_the_company_that_took_theirs_in() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        let before = dump(&uow).await;
        merge_two::<Person>(&uow, 901, 2, 4).await;
        merge_two::<Company>(&uow, 902, 51, 52).await;
        // what the person gets back was merged away meanwhile: taking that back as well brings them home
        let made = merge::load_for_command(&uow, id(901)).await.unwrap().unwrap();
        let kept = Person::kept(&made);
        assert_eq!(kept.before.company, Some(id(52)));
        let (current, gone) = held::<Person>(&uow, 2, 4).await;
        let fresh = Person::fresh(&uow, kept).await;
        let parted = merging::unmerge(&fresh, &current, &gone, at(2_000));
        assert_eq!(parted.survivor.company, Some(id(51)));
        Person::settle(&uow, &made, &current, &fresh).await;
        merge::move_back::<Person>(&uow, id(901), id(2), id(4)).await.unwrap();
        merge::revive(&uow, (&parted.survivor, current.version), (&parted.loser, gone.version)).await.unwrap();
        merge::undo(&uow, id(901), &Undone { at: at(2_000), by: None }).await.unwrap();
        take_back::<Company>(&uow, 902, 51, 52).await;
        assert_eq!(difference(&before, &dump(&uow).await), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_came_since_stays_with_the_survivor() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        merge_two::<Person>(&uow, 901, 1, 2).await;
        add_leads(&uow, &[LeadRow { lead: 199, person: 1, ..LeadRow::default() }]).await.unwrap();
        let (current, _) = held::<Person>(&uow, 1, 2).await;
        let changed = Person { city: Some("Wien".parse().unwrap()), version: current.version + 1, ..current.clone() };
        person::update(&uow, &changed, current.version).await.unwrap();
        take_back::<Person>(&uow, 901, 1, 2).await;
        let leads = |person: u128| {
            let uow = &uow;
            async move {
                let mut sql = Sql::new("SELECT id FROM lead WHERE person_id = ");
                sql.bind(Uuid::from_u128(person)).push(" ORDER BY id");
                let rows = sql.all(uow).await.unwrap();
                rows.iter().map(|row| crate::sql::Columns::of(row).next::<Uuid>().unwrap().as_u128()).collect::<Vec<u128>>()
            }
        };
        assert_eq!(leads(1).await, [101, 199, 201]);
        assert_eq!(leads(2).await, [102, 202]);
        let (one, other) = held::<Person>(&uow, 1, 2).await;
        assert_eq!((one.city.map(|city| city.to_string()), other.city), (Some("Wien".to_owned()), None));
    }
}

#[tokio::test]
async fn whoever_was_merged_away_is_found_as_the_survivor() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        merge_two::<Person>(&uow, 901, 1, 2).await;
        merge_two::<Company>(&uow, 902, 51, 52).await;
        let (see, capture) = (all(Action::ViewPerson), all(Action::CaptureLead));
        let search = |text: &str| person::PersonFilter { search: Some(text.to_owned()), ..person::PersonFilter::default() };
        let page = person::page(&uow, &see, &search("anne"), &PageArgs::first(5)).await.unwrap();
        // the newer name won, and is found once
        assert_eq!(page.items.iter().map(|(_, person)| person.id).collect::<Vec<_>>(), [id(1)]);
        assert!(person::find_by_email_key(&uow, &see, "anna@example.com").await.unwrap().len() <= 1);
        for email in ["anna@example.com", "anne@example.com"] {
            let found = person::find_for_capture(&uow, &capture, email).await.unwrap().unwrap();
            assert_eq!(found.id, id(1), "{email}");
        }
        assert_eq!(person::load_for_command(&uow, &see, id(2)).await.unwrap(), None);
        let key = |name: &str| fairfall_domain::value::CompanyName::parse(name).unwrap().key();
        for name in ["Maier GmbH", "Mayer"] {
            let found = company::find_by_name_key_and_country(&uow, &capture, &key(name), None).await.unwrap().unwrap();
            assert_eq!(found.id, id(51), "{name}");
            let found = company::find_many_for_capture(&uow, &capture, &[&key(name)]).await.unwrap();
            assert_eq!(found.iter().map(|(asked, one)| (asked.clone(), one.id)).collect::<Vec<_>>(), [(key(name), id(51))]);
        }
        let (sees, any, args) = (all(Action::ViewCompany), company::CompanyFilter::default(), PageArgs::first(9));
        let page = company::page(&uow, &sees, &any, &args).await.unwrap();
        let companies: Vec<Company> = page.items.into_iter().map(|(_, company)| company).collect();
        assert_eq!(company_numbers(&companies), [51, 53]);
        let name = |external_id: &str| ExternalRef { source: "crm".to_owned(), external_id: external_id.to_owned() };
        assert_eq!(external_ref::find::<PersonId>(&uow, &name("p2")).await.unwrap(), Some(id(1)));
        assert_eq!(external_ref::find::<CompanyId>(&uow, &name("c52")).await.unwrap(), Some(id(51)));
    }
}

#[tokio::test]
async fn open_leads_of_one_area_are_told() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        let pairs = merge::open_pairs::<Person>(&uow, id(1), id(2)).await.unwrap();
        let found: Vec<(LeadId, LeadId)> = pairs.iter().map(|pair| (pair.survivor, pair.loser)).collect();
        assert_eq!(found, [(101, 102), (101, 202), (201, 102), (201, 202)].map(|(one, other)| (id(one), id(other))));
        assert!(merge::open_pairs::<Company>(&uow, id(51), id(52)).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn merges_are_listed_for_those_who_see_what_lives() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        world(&uow).await;
        merge_two::<Person>(&uow, 901, 2, 3).await;
        merge_two::<Person>(&uow, 902, 1, 2).await;
        merge_two::<Company>(&uow, 903, 51, 52).await;
        take_back::<Company>(&uow, 903, 51, 52).await;
        let (person, company) = (all(Action::ViewPerson), all(Action::ViewCompany));
        let sight = MergeSight { person: Some(&person), company: Some(&company) };
        let listed = async |filter: MergeFilter, sight: MergeSight<'_>| {
            let page = merge::page(&uow, sight, &filter, &PageArgs::first(9)).await.unwrap();
            page.items.into_iter().map(|(_, merge)| merge.id.uuid().as_u128()).collect::<Vec<_>>()
        };
        let any = MergeFilter::default();
        assert_eq!(listed(any, sight).await, [903, 902, 901]);
        assert_eq!(listed(MergeFilter { kind: Some(MergeKind::Person), ..any }, sight).await, [902, 901]);
        assert_eq!(listed(MergeFilter { record: Some(AnyId::Person(id(3))), ..any }, sight).await, [901]);
        assert_eq!(listed(MergeFilter { state: Some(MergeState::Undone), ..any }, sight).await, [903]);
        assert_eq!(listed(MergeFilter { state: Some(MergeState::Merged), ..any }, sight).await, [902, 901]);
        assert_eq!(listed(any, MergeSight { person: None, company: Some(&company) }).await, [903]);
        assert!(merge::find(&uow, sight, id(901)).await.unwrap().is_some());
        assert!(merge::find(&uow, MergeSight { person: None, company: None }, id(901)).await.unwrap().is_none());
        // an erasure leaves nothing to restore
        run(&uow, "UPDATE merge SET snapshot = NULL WHERE id = ?", &[901]).await;
        let kept = merge::find(&uow, sight, id(901)).await.unwrap().unwrap();
        assert_eq!((kept.account.clone(), kept.fields()), (MergeAccount::Erased, &[][..]));
    }
}
