//! People, companies and all that hangs on them, merged and parted as the use cases do it.

use fairfall_domain::company::Company;
use fairfall_domain::consent::{ConsentState, ConsentStatus, ContactChannel, Purpose};
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::merging::{self, Choices, Merge, MergeAccount, MergePair, MergeRecord, Proven, Undone};
use fairfall_domain::person::Person;
use uuid::Uuid;

use super::dump::{Dump, whole};
use super::made::{LeadRow, a_company, a_person, add_leads, add_people, at, id};
use crate::UnitOfWork;
use crate::repo::company;
use crate::repo::external_ref::{self, ExternalRef};
use crate::repo::merge::{self, Impact, MergeSubject};
use crate::sql::Sql;

/// What keeps the account of merges itself.
const OWN: &[&str] = &["merge", "merge_moved", "merge_moved_name", "merge_moved_role", "seaql_migrations"];

/// The tables of the merged records, whose versions count on.
const COUNTED: &[&str] = &["person", "company"];

pub(super) async fn dump(uow: &UnitOfWork) -> Dump {
    whole(uow, OWN, COUNTED).await
}

pub(super) async fn run(uow: &UnitOfWork, sql: &str, binds: &[u128]) {
    let mut statement = Sql::new("");
    for (index, part) in sql.split('?').enumerate() {
        if index > 0 {
            statement.bind(Uuid::from_u128(binds[index - 1]));
        }
        statement.push(part);
    }
    statement.run(uow).await.unwrap();
}

fn said(purpose: Purpose, status: ConsentStatus, seconds: i64) -> ConsentState {
    ConsentState::said(purpose, ContactChannel::Email, status, at(seconds))
}

fn someone(number: u128, given: &str, email: &str, company: u128, consents: &[ConsentState]) -> Person {
    let known = a_person(number, given, "Maier", Some(email));
    Person { company: Some(id(company)), consents: consents.to_vec(), ..known }
}

/// Four people of three companies, each with all that can hang on one.
pub(super) async fn world(uow: &UnitOfWork) {
    let companies =
        [a_company(51, "Maier GmbH", Some("DE")), a_company(52, "Mayer", None), a_company(53, "Huber AG", Some("AT"))];
    company::insert_many(uow, &companies).await.unwrap();
    let (granted, withdrawn) = (ConsentStatus::Granted, ConsentStatus::Withdrawn);
    let people = [
        someone(1, "Anna", "anna@example.com", 51, &[said(Purpose::Marketing, granted, 1), said(Purpose::Service, granted, 1)]),
        someone(2, "Anne", "anne@example.com", 52, &[said(Purpose::Marketing, withdrawn, 2), said(Purpose::Service, granted, 2)]),
        someone(3, "A.", "a@example.com", 52, &[]),
        someone(4, "Bert", "bert@example.com", 53, &[said(Purpose::Service, granted, 4)]),
    ];
    add_people(uow, &people).await;
    for number in 1..=4 {
        let (lead, second) = (100 + number, 200 + number);
        let company = Some(50 + number.min(3));
        let rows = [lead, second].map(|lead| LeadRow { lead, person: number, company, ..LeadRow::default() });
        add_leads(uow, &rows).await.unwrap();
        hang_on(uow, number, lead).await;
        let name = ExternalRef { source: "crm".to_owned(), external_id: format!("p{number}") };
        external_ref::put::<PersonId>(uow, &name, id(number)).await.unwrap();
    }
    for number in 51..=53 {
        let name = ExternalRef { source: "crm".to_owned(), external_id: format!("c{number}") };
        external_ref::put::<CompanyId>(uow, &name, id(number)).await.unwrap();
    }
    // both have one role in common, and one of their own
    for (company, person, role) in [(51, 1, "DECIDER"), (51, 2, "DECIDER"), (52, 2, "USER"), (52, 1, "DECIDER"), (52, 3, "BUYER")]
    {
        let sql =
            format!("INSERT INTO buying_role (company_id, person_id, product_area, role, noted_at) VALUES (?, ?, '', '{role}', ");
        let mut statement = Sql::new("");
        for (index, part) in sql.split('?').enumerate() {
            if index > 0 {
                statement.bind(Uuid::from_u128([company, person][index - 1]));
            }
            statement.push(part);
        }
        statement.bind(at(5)).push(")");
        statement.run(uow).await.unwrap();
    }
}

/// What hangs on a person and one of their leads.
async fn hang_on(uow: &UnitOfWork, person: u128, lead: u128) {
    let company = 50 + person.min(3);
    let moment = "'2026-01-01T00:00:00.000000+00:00'";
    let sql = format!(
        "INSERT INTO opportunity (id, version, lead_id, passage_id, person_id, company_id, opened_at, state) VALUES (?, 1, ?, ?, ?, ?, {moment}, 'OPEN')"
    );
    run(uow, &sql, &[300 + person, lead, lead, person, company]).await;
    let sql = format!(
        "INSERT INTO customer (id, version, lead_id, person_id, company_id, state, handed_over_at) VALUES (?, 1, ?, ?, ?, 'HANDED_OVER', {moment})"
    );
    run(uow, &sql, &[400 + person, lead, person, company]).await;
    for number in [500, 600] {
        let sql = format!(
            "INSERT INTO activity (id, person_id, channel, kind, occurred_at, recorded_at) VALUES (?, ?, 'EVENT', 'EVENT_ATTEND', {moment}, {moment})"
        );
        run(uow, &sql, &[number + person, person]).await;
    }
    let sql = format!(
        "INSERT INTO consent_record (id, person_id, purpose, channel, status, at) VALUES (?, ?, 'SERVICE', 'EMAIL', 'GRANTED', {moment})"
    );
    run(uow, &sql, &[700 + person, person]).await;
    let sql = format!("INSERT INTO lead_score (lead_id, tally, scored_at) VALUES (?, '{{}}', {moment})");
    run(uow, &sql, &[lead]).await;
}

/// What the two kinds do alike.
pub(super) trait Case: MergeSubject {
    fn pair(survivor: Self::Id, loser: Self::Id) -> MergePair;
    fn account(record: MergeRecord<Self>) -> MergeAccount;
    fn kept(merge: &Merge) -> MergeRecord<Self>;
    async fn fresh(uow: &UnitOfWork, kept: MergeRecord<Self>) -> MergeRecord<Self>;
    async fn settle(uow: &UnitOfWork, merge: &Merge, current: &Self, fresh: &MergeRecord<Self>);
}

impl Case for Person {
    fn pair(survivor: PersonId, loser: PersonId) -> MergePair {
        MergePair::Persons { survivor, loser }
    }

    fn account(record: MergeRecord<Self>) -> MergeAccount {
        MergeAccount::Persons(Box::new(record))
    }

    fn kept(merge: &Merge) -> MergeRecord<Self> {
        let MergeAccount::Persons(record) = &merge.account else { panic!("no persons") };
        (**record).clone()
    }

    async fn fresh(uow: &UnitOfWork, mut kept: MergeRecord<Self>) -> MergeRecord<Self> {
        for side in [&mut kept.before, &mut kept.after] {
            if let Some(company) = side.company {
                side.company = Some(merge::living::<Company>(uow, company).await.unwrap());
            }
        }
        kept
    }

    async fn settle(uow: &UnitOfWork, merge: &Merge, current: &Self, fresh: &MergeRecord<Self>) {
        if current.company == fresh.after.company {
            merge::note_restored(uow, merge, Self::kept(merge).before.company).await.unwrap();
        }
    }
}

impl Case for Company {
    fn pair(survivor: CompanyId, loser: CompanyId) -> MergePair {
        MergePair::Companies { survivor, loser }
    }

    fn account(record: MergeRecord<Self>) -> MergeAccount {
        MergeAccount::Companies(Box::new(record))
    }

    fn kept(merge: &Merge) -> MergeRecord<Self> {
        let MergeAccount::Companies(record) = &merge.account else { panic!("no companies") };
        (**record).clone()
    }

    async fn fresh(_uow: &UnitOfWork, kept: MergeRecord<Self>) -> MergeRecord<Self> {
        kept
    }

    async fn settle(_uow: &UnitOfWork, _merge: &Merge, _current: &Self, _fresh: &MergeRecord<Self>) {}
}

pub(super) async fn held<T: Case>(uow: &UnitOfWork, survivor: u128, loser: u128) -> (T, T) {
    let (survivor, loser): (T::Id, T::Id) = (id(survivor), id(loser));
    let held = merge::hold::<T>(uow, [survivor, loser]).await.unwrap();
    let of = |id| held.iter().find(|held| held.record.id() == id).unwrap().record.clone();
    (of(survivor), of(loser))
}

pub(super) async fn merge_two<T: Case>(uow: &UnitOfWork, number: u128, survivor: u128, loser: u128) -> Impact {
    merge_with::<T>(uow, number, survivor, loser, &Choices::new()).await
}

pub(super) async fn merge_with<T: Case>(
    uow: &UnitOfWork,
    number: u128,
    survivor: u128,
    loser: u128,
    choices: &Choices,
) -> Impact {
    let (one, other) = held::<T>(uow, survivor, loser).await;
    let done = merging::merge(&one, &other, choices, &Proven::default(), at(1_000));
    let (survivor, loser): (T::Id, T::Id) = (id(survivor), id(loser));
    let kept = Merge {
        id: id(number),
        pair: T::pair(survivor, loser),
        survivor_version: done.survivor.version(),
        merged_at: at(1_000) + chrono::TimeDelta::seconds(i64::try_from(number % 100).unwrap()),
        actor: Some(id(9)),
        undone: None,
        account: T::account(MergeRecord {
            before: one.clone(),
            loser: other.clone(),
            after: done.survivor.clone(),
            fields: done.fields,
        }),
    };
    merge::insert(uow, &kept).await.unwrap();
    let foreseen = merge::impact::<T>(uow, loser).await.unwrap();
    let moved = merge::move_over::<T>(uow, kept.id, loser, survivor).await.unwrap();
    assert_eq!(moved, foreseen);
    merge::write_merged(uow, (&done.survivor, one.version()), (&done.loser, other.version())).await.unwrap();
    assert_eq!(merge::load_for_command(uow, kept.id).await.unwrap(), Some(kept));
    moved
}

pub(super) async fn take_back<T: Case>(uow: &UnitOfWork, number: u128, survivor: u128, loser: u128) -> Impact {
    let kept = merge::load_for_command(uow, id(number)).await.unwrap().unwrap();
    assert_eq!(merge::blocking(uow, &kept).await.unwrap(), None);
    let (current, gone) = held::<T>(uow, survivor, loser).await;
    let parted = merging::unmerge(&T::kept(&kept), &current, &gone, at(2_000));
    let (survivor, loser): (T::Id, T::Id) = (id(survivor), id(loser));
    let moved = merge::move_back::<T>(uow, kept.id, survivor, loser).await.unwrap();
    merge::revive(uow, (&parted.survivor, current.version()), (&parted.loser, gone.version())).await.unwrap();
    merge::undo(uow, kept.id, &Undone { at: at(2_000), by: None }).await.unwrap();
    moved
}
