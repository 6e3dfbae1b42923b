//! People: kept whole, found by words, seen only through leads.

use fairfall_domain::access::{Action, Role};
use fairfall_domain::department::Department;
use fairfall_domain::person::{ConsentState, ConsentStatus, ContactChannel, Person, PersonDraft, Purpose};

use super::made::{LeadRow, a_company, a_person, add_leads, add_people, all, at, id, may, person_numbers};
use super::support::databases;
use crate::repo::company;
use crate::repo::person::{self, PersonFilter};
use crate::{Backend, PageArgs, StoreError};

fn whole() -> Person {
    let text = |text: &str| Some(text.to_owned());
    let draft = PersonDraft {
        given_name: text("Zoë"),
        family_name: text("Müller-Lüdenscheidt"),
        email: text("Zoe.Mueller@Example.com"),
        phone: text("+49 89 12345678"),
        language: text("de-AT"),
        country: text("DE"),
        subdivision: text("DE-BY"),
        postal_code: text("80331"),
        city: text("München"),
        job_title: text("Leiterin Einkauf"),
        company: Some(id::<fairfall_domain::id::CompanyId>(50).to_string()),
        buying_role: text("DECIDER"),
    };
    let consent = ConsentState::said(Purpose::SalesContact, ContactChannel::Phone, ConsentStatus::Granted, at(5));
    Person::new(id(1), draft.parse().unwrap(), at(1)).with_consent(consent)
}

#[tokio::test]
async fn every_field_is_kept() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        company::insert(&uow, &a_company(50, "Pumpen AG", Some("DE"))).await.unwrap();
        let bare = a_person(2, "Ada", "Byron", None);
        add_people(&uow, &[whole(), bare.clone()]).await;
        uow.commit().await.unwrap();
        let reader = database.store.reader();
        let see = all(Action::ViewPerson);
        assert_eq!(person::find(&reader, &see, id(1)).await.unwrap(), Some(whole()));
        assert_eq!(person::find(&reader, &see, id(2)).await.unwrap(), Some(bare));
        assert_eq!(person::find(&reader, &see, id(3)).await.unwrap(), None);
        assert_eq!(person_numbers(&person::find_many(&reader, &see, &[id(1), id(2), id(3)]).await.unwrap()), [1, 2]);
    }
}

#[tokio::test]
async fn a_change_needs_the_version_it_was_read_at() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let before = a_person(1, "Ada", "Byron", None);
        add_people(&uow, std::slice::from_ref(&before)).await;
        let mut after = a_person(1, "Ada", "Lovelace", Some("ada@example.com"));
        after.version = 2;
        person::update(&uow, &after, 1).await.unwrap();
        let see = all(Action::ViewPerson);
        assert_eq!(person::find(&uow, &see, id(1)).await.unwrap(), Some(after.clone()));
        assert_eq!(person::update(&uow, &after, 1).await, Err(StoreError::VersionConflict { current: Some(2) }));
        let gone = a_person(9, "No", "Body", None);
        assert_eq!(person::update(&uow, &gone, 1).await, Err(StoreError::VersionConflict { current: None }));
        // found by the new name, no longer by the old one
        let search = |text: &str| PersonFilter { search: Some(text.to_owned()), ..PersonFilter::default() };
        assert_eq!(person::page(&uow, &see, &search("lovel"), &PageArgs::first(5)).await.unwrap().items.len(), 1);
        assert_eq!(person::page(&uow, &see, &search("byron"), &PageArgs::first(5)).await.unwrap().items.len(), 0);
    }
}

#[tokio::test]
async fn words_find_people_and_their_company() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        company::insert(&uow, &a_company(50, "Pumpen AG", Some("DE"))).await.unwrap();
        add_people(&uow, &[whole(), a_person(2, "Müllner", "Ada", None), a_person(3, "Bob", "Moeller", None)]).await;
        let see = all(Action::ViewPerson);
        for (text, found) in [
            ("müll", &[1, 2][..]),
            ("muell", &[1, 2]),
            ("mull", &[1, 2]),
            ("ADA mül", &[2]),
            ("pump zoe", &[1]),
            ("moe", &[3]),
            ("ller", &[]),
            ("%", &[]),
            ("", &[]),
        ] {
            let filter = PersonFilter { search: Some(text.to_owned()), ..PersonFilter::default() };
            let page = person::page(&uow, &see, &filter, &PageArgs::first(10)).await.unwrap();
            let people: Vec<_> = page.items.into_iter().map(|(_, one)| one).collect();
            assert_eq!(person_numbers(&people), found, "{text}");
        }
        let filter = PersonFilter { company: Some(id(50)), country: Some("DE".parse().unwrap()), ..PersonFilter::default() };
        assert_eq!(person::page(&uow, &see, &filter, &PageArgs::first(10)).await.unwrap().items.len(), 1);
    }
}

#[tokio::test]
async fn pages_go_through_all_the_last_changed_first() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let mut people: Vec<Person> = (1..=7).map(|number| a_person(number, "P", "Q", None)).collect();
        // two of one moment are told apart by their ids
        people[3].updated_at = people[4].updated_at;
        add_people(&uow, &people).await;
        let (see, limits) = (all(Action::ViewPerson), crate::PageLimits { default: 3, max: 3 });
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let args = PageArgs::try_new(Some(3), after.take(), None, None, limits).unwrap();
            let page = person::page(&uow, &see, &PersonFilter::default(), &args).await.unwrap();
            seen.extend(page.items.iter().map(|(_, one)| one.id.uuid().as_u128()));
            after = page.items.last().map(|(cursor, _)| cursor.clone());
            if !page.has_next {
                break;
            }
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
        let args = PageArgs::try_new(None, None, Some(2), after, limits).unwrap();
        let before = person::page(&uow, &see, &PersonFilter::default(), &args).await.unwrap();
        assert_eq!(before.items.iter().map(|(_, one)| one.id.uuid().as_u128()).collect::<Vec<_>>(), [3, 2]);
    }
}

#[tokio::test]
async fn people_are_seen_through_their_leads_only() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let people: Vec<Person> =
            (1..=4).map(|number| a_person(number, "P", "Q", Some(&format!("p{number}@example.com")))).collect();
        add_people(&uow, &people).await;
        let rows = [
            LeadRow { lead: 101, person: 1, owner: Some(7), ..LeadRow::default() },
            LeadRow { lead: 102, person: 2, owner: Some(8), team: Some(11), ..LeadRow::default() },
            LeadRow { lead: 103, person: 3, owner: Some(8), team: Some(12), ..LeadRow::default() },
        ];
        add_leads(&uow, &rows).await.unwrap();
        let mine = may(Role::Member(Department::InsideSales), 7, &[11], Action::ViewPerson);
        let ids = [id(1), id(2), id(3), id(4)];
        // 4 has no lead yet: whoever works with leads may find them
        assert_eq!(person_numbers(&person::find_many(&uow, &mine, &ids).await.unwrap()), [1, 2, 4]);
        assert_eq!(person::find(&uow, &mine, id(3)).await.unwrap(), None);
        assert_eq!(person::find_by_email_key(&uow, &mine, "p2@example.com").await.unwrap().len(), 1);
        assert_eq!(person::find_by_email_key(&uow, &mine, "p3@example.com").await.unwrap().len(), 0);
        let page = person::page(&uow, &mine, &PersonFilter::default(), &PageArgs::first(10)).await.unwrap();
        assert_eq!(page.items.len(), 3);
        // what a pool reaches is gone through in the other form
        let pool = may(Role::Member(Department::InsideSales), 7, &[11], Action::UpdatePerson);
        let page = person::page(&uow, &pool, &PersonFilter::default(), &PageArgs::first(10)).await.unwrap();
        let mut found: Vec<_> = page.items.iter().map(|(_, one)| one.id).collect();
        found.sort_unstable();
        assert_eq!(found, [id(1), id(4)]);
        assert!(person::load_for_command(&uow, &mine, id(1)).await.unwrap().is_some());
        assert!(person::load_for_command(&uow, &mine, id(3)).await.unwrap().is_none());

        assert_eq!(person::find_many(&uow, &all(Action::ViewPerson), &ids).await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn a_capture_attaches_to_the_person_known_first() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let people = [a_person(2, "New", "Er", Some("SAME@example.com")), a_person(1, "Old", "Er", Some("same@example.com"))];
        add_people(&uow, &people).await;
        let partner = fairfall_domain::access::Actor {
            partner_scopes: vec![fairfall_domain::access::PartnerScope::Capture],
            ..super::made::actor(Role::Partner, 7, &[])
        };
        let capture = fairfall_domain::access::grant(&partner, Action::CaptureLead).unwrap();
        let found = person::find_for_capture(&uow, &capture, "same@example.com").await.unwrap();
        assert_eq!(found.map(|one| one.id), Some(id(1)));
        let keys = ["same@example.com", "same@example.com", "other@example.com"];
        assert_eq!(person::find_many_for_capture(&uow, &capture, &keys).await.unwrap().len(), 1);
        // no other permission finds people whom it does not reach
        let other = all(Action::ViewPerson);
        assert_eq!(person::find_for_capture(&uow, &other, "same@example.com").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_capture_waits_for_another_of_the_same_address() {
    for database in databases().await {
        let store = &database.store;
        let capture = all(Action::CaptureLead);
        // on PostgreSQL both run at once; on SQLite the second one begins when the first is over
        let begun = match store.backend() {
            Backend::Postgres => Some(store.begin().await.unwrap()),
            Backend::Sqlite => None,
        };
        let first = store.begin().await.unwrap();
        assert_eq!(person::find_for_capture(&first, &capture, "one@example.com").await.unwrap(), None);
        let finish = async {
            for _ in 0..20 {
                person::find(&first, &capture, id(1)).await.unwrap();
            }
            add_people(&first, &[a_person(1, "O", "N", Some("one@example.com"))]).await;
            first.commit().await.unwrap();
        };
        let second = async {
            let second = match begun {
                Some(second) => second,
                None => store.begin().await.unwrap(),
            };
            person::find_for_capture(&second, &capture, "one@example.com").await.unwrap()
        };
        let ((), found) = tokio::join!(finish, second);
        assert_eq!(found.map(|one| one.id), Some(id(1)));
    }
}
