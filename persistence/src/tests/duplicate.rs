//! Blocking keys and the pairs that were found: kept, found again, seen only by those who may see both sides.

use fairfall_domain::access::{Action, Role};
use fairfall_domain::department::Department;
use fairfall_domain::id::{AnyId, PersonId};
use fairfall_domain::matching::duplicate::Settled;
use fairfall_domain::matching::{BLOCK_MAX, Duplicate, DuplicateKind, DuplicatePair, DuplicateState, MatchBand, PersonRecord};
use fairfall_domain::person::{Person, PersonDraft};

use super::made::{LeadRow, a_company, a_person, a_user, add_leads, add_people, add_users, all, at, id, may};
use super::support::databases;
use crate::repo::duplicate::{self, DuplicateFilter, DuplicateSight};
use crate::repo::match_key::{self, ChunkPlace, WantedCompany};
use crate::repo::{company, person};
use crate::sql::Sql;
use crate::{PageArgs, UnitOfWork};

fn sight() -> DuplicateSight {
    DuplicateSight { person: vec![all(Action::ViewPerson)], company: vec![all(Action::ViewCompany)] }
}

fn called(number: u128, given: &str, family: &str, phone: &str) -> Person {
    let draft = PersonDraft {
        given_name: Some(given.to_owned()),
        family_name: Some(family.to_owned()),
        phone: Some(phone.to_owned()),
        ..PersonDraft::default()
    };
    Person::new(id(number), draft.parse().unwrap(), at(1))
}

fn pair(number: u128, left: &Person, right: &Person) -> Duplicate {
    let record = |one: &Person| PersonRecord::of_person(one, None);
    let account = fairfall_domain::matching::assess::people(&record(left), &record(right));
    Duplicate::found(id(number), DuplicatePair::persons(left.id, right.id).unwrap(), &account, at(2)).unwrap()
}

async fn like(uow: &UnitOfWork, person: &Person) -> Vec<PersonId> {
    let found = match_key::like_people(uow, std::slice::from_ref(person)).await.unwrap();
    found.get(&person.id).map(|near| near.iter().map(|one| one.person.id).collect()).unwrap_or_default()
}

#[tokio::test]
async fn a_person_is_found_by_its_keys_until_they_change() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let stored = called(1, "Jörg", "Meyer", "+498912345678");
        add_people(&uow, &[stored.clone(), called(2, "Ada", "Byron", "+43155512345")]).await;
        let asked = called(9, "Joerg", "Maier", "+498912345678");
        assert_eq!(like(&uow, &asked).await, [stored.id]);
        assert_eq!(like(&uow, &stored).await, [], "nobody is like oneself");
        let moved = Person { version: 2, ..called(1, "Otto", "Vogel", "+41446681800") };
        person::update(&uow, &moved, 1).await.unwrap();
        assert_eq!(like(&uow, &asked).await, []);
        uow.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_company_is_found_by_the_mail_of_its_people() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let stored = a_company(50, "Pumpen AG", Some("DE"));
        company::insert(&uow, &stored).await.unwrap();
        let reader = Person { company: Some(stored.id), ..a_person(1, "Ada", "Byron", Some("ada@pumpen.example")) };
        let at_home = Person { company: Some(stored.id), ..a_person(2, "Eva", "Berg", Some("eva@gmx.de")) };
        add_people(&uow, &[reader, at_home]).await;
        let asked = a_company(51, "Pumpenwerk Nord GmbH", Some("DE"));
        for (domains, expected) in [(&["pumpen.example"][..], 1), (&["gmx.de"][..], 0), (&[][..], 0)] {
            let one = WantedCompany { company: &asked, mail_domains: domains };
            let found = match_key::like_companies(&uow, &[one]).await.unwrap().remove(&asked.id).unwrap_or_default();
            assert_eq!(found.len(), expected, "{domains:?}");
            assert!(found.iter().all(|(company, shared)| company.id == stored.id && shared == &["pumpen.example"]));
        }
        uow.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_block_of_too_many_leads_to_nobody() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let crowd: Vec<Person> =
            (1..=u128::try_from(BLOCK_MAX).unwrap()).map(|number| a_person(number, "Anna", "Müller", None)).collect();
        add_people(&uow, &crowd).await;
        let asked = a_person(9_000, "Anna", "Mueller", None);
        assert_eq!(like(&uow, &asked).await.len(), match_key::CANDIDATES_MAX);
        add_people(&uow, &[a_person(8_000, "Anna", "Müller", None)]).await;
        assert_eq!(like(&uow, &asked).await.len(), 0);
        uow.commit().await.unwrap();
    }
}

#[tokio::test]
async fn keys_are_rebuilt_in_chunks() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let people: Vec<Person> =
            (1..=5).map(|number| called(number, "Ada", "Byron", &format!("+4989123456{number:02}"))).collect();
        add_people(&uow, &people).await;
        company::insert(&uow, &a_company(50, "Pumpen AG", Some("DE"))).await.unwrap();
        let count = || Sql::new("SELECT kind, key, subject_id FROM match_key").all(&uow);
        let before = count().await.unwrap().len();
        Sql::new("DELETE FROM match_key").run(&uow).await.unwrap();
        let (mut place, mut rounds) = (ChunkPlace::default(), 0);
        loop {
            let chunk = match_key::chunk(&uow, place, 2).await.unwrap();
            if chunk.is_empty() {
                break;
            }
            match_key::write(&uow, &chunk).await.unwrap();
            (place, rounds) = (chunk.end(place), rounds + 1);
        }
        assert_eq!((count().await.unwrap().len(), rounds), (before, 3));
        uow.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_pair_is_kept_once_and_stays_settled() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        add_users(&uow, &[a_user(7, Role::Admin)]).await;
        let (left, right) = (called(1, "Jörg", "Meyer", "+498912345678"), called(2, "Jörg", "Maier", "+498912345678"));
        add_people(&uow, &[left.clone(), right.clone()]).await;
        let found = pair(30, &left, &right);
        assert_eq!(found.band, MatchBand::Likely);
        assert_eq!(duplicate::put(&uow, std::slice::from_ref(&found)).await.unwrap(), [found.id]);
        let again = pair(31, &right, &left);
        assert_eq!(duplicate::put(&uow, &[again.clone(), again]).await.unwrap(), []);
        let args = PageArgs::first(10);
        let listed = duplicate::page(&uow, &sight(), &DuplicateFilter::default(), &args).await.unwrap();
        assert_eq!(listed.items.into_iter().map(|(_, one)| one).collect::<Vec<_>>(), std::slice::from_ref(&found));
        let loaded = duplicate::load_for_command(&uow, &sight(), found.id).await.unwrap().unwrap();
        let dismissed = loaded.dismiss(id(7), at(3));
        duplicate::settle(&uow, &dismissed).await.unwrap();
        duplicate::put(&uow, &[pair(32, &left, &right)]).await.unwrap();
        duplicate::keep_open(&uow, AnyId::Person(left.id), &[]).await.unwrap();
        assert_eq!(duplicate::find(&uow, &sight(), found.id).await.unwrap(), Some(dismissed));
        duplicate::merged(&uow, found.pair, Settled { at: at(4), by: None }).await.unwrap();
        assert_eq!(duplicate::find(&uow, &sight(), found.id).await.unwrap().unwrap().state, DuplicateState::Merged);
        duplicate::unmerged(&uow, found.pair, Settled { at: at(5), by: None }).await.unwrap();
        assert_eq!(duplicate::find(&uow, &sight(), found.id).await.unwrap().unwrap().state, DuplicateState::Dismissed);
        uow.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_not_found_any_more_is_taken_away() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let people: Vec<Person> = (1..=3).map(|number| called(number, "Jörg", "Meyer", "+498912345678")).collect();
        add_people(&uow, &people).await;
        let [one, two, three] = &people[..] else { panic!("three people") };
        let (kept, gone) = (pair(30, one, two), pair(31, one, three));
        let (other, filter) =
            (pair(32, two, three), DuplicateFilter { kind: Some(DuplicateKind::Person), ..DuplicateFilter::default() });
        duplicate::put(&uow, &[kept.clone(), gone, other.clone()]).await.unwrap();
        duplicate::keep_open(&uow, AnyId::Person(one.id), &[kept.pair]).await.unwrap();
        let listed = duplicate::page(&uow, &sight(), &filter, &PageArgs::first(10)).await.unwrap();
        let mut ids: Vec<_> = listed.items.into_iter().map(|(_, pair)| pair.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, [kept.id, other.id]);
        uow.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_pair_is_seen_by_those_who_see_both_sides() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        add_users(&uow, &[a_user(7, Role::Admin), a_user(8, Role::Admin)]).await;
        let people: Vec<Person> = (1..=2).map(|number| called(number, "Jörg", "Meyer", "+498912345678")).collect();
        add_people(&uow, &people).await;
        let found = pair(30, &people[0], &people[1]);
        duplicate::put(&uow, std::slice::from_ref(&found)).await.unwrap();
        let role = Role::Member(Department::FieldSales);
        let grants = |user| vec![may(role, user, &[], Action::ViewDuplicate), may(role, user, &[], Action::ViewPerson)];
        let sees = |user| DuplicateSight { person: grants(user), company: vec![] };
        add_leads(&uow, &[LeadRow { lead: 20, person: 1, owner: Some(7), ..LeadRow::default() }]).await.unwrap();
        assert!(duplicate::find(&uow, &sees(7), found.id).await.unwrap().is_some(), "the other one has no lead yet");
        add_leads(&uow, &[LeadRow { lead: 21, person: 2, owner: Some(8), ..LeadRow::default() }]).await.unwrap();
        assert_eq!(duplicate::find(&uow, &sees(7), found.id).await.unwrap(), None);
        assert_eq!(duplicate::find(&uow, &DuplicateSight::default(), found.id).await.unwrap(), None);
        let strong = DuplicateFilter { weight_min: Some(found.weight + 1), ..DuplicateFilter::default() };
        let listed = duplicate::page(&uow, &sight(), &strong, &PageArgs::first(10)).await.unwrap();
        assert_eq!(listed.items.len(), usize::from(found.band == MatchBand::Exact));
        uow.commit().await.unwrap();
    }
}
