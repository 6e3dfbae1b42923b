//! Things to test with. Ids are numbers, times are seconds after a fixed one.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Actor, Grant, Role, grant};
use fairfall_domain::company::{Company, CompanyDraft};
use fairfall_domain::department::{Department, DepartmentSet};
use fairfall_domain::id::{CompanyId, LeadId, PersonId, TeamId, UserId};
use fairfall_domain::person::{Person, PersonDraft};
use fairfall_domain::team::{MemberRank, Membership, Team};
use fairfall_domain::user::{Seniority, User, UserStatus};
use fairfall_domain::waterfall::shipped;
use uuid::Uuid;

use crate::repo::{person, team, track, user};
use crate::sql::Sql;
use crate::{StoreError, UnitOfWork};

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 123_456_000).unwrap() + TimeDelta::seconds(seconds)
}

pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub(crate) fn all(action: Action) -> Grant {
    Grant::system(action)
}

pub(crate) fn actor(role: Role, user: u128, teams: &[u128]) -> Actor {
    let teams = teams.iter().map(|team| id(*team)).collect();
    Actor { user: id(user), role, teams, managed: vec![], partner_scopes: vec![] }
}

pub(crate) fn may(role: Role, user: u128, teams: &[u128], action: Action) -> Grant {
    grant(&actor(role, user, teams), action).unwrap()
}

pub(crate) fn a_person(number: u128, given: &str, family: &str, email: Option<&str>) -> Person {
    let draft = PersonDraft {
        given_name: Some(given.to_owned()),
        family_name: Some(family.to_owned()),
        email: email.map(str::to_owned),
        ..PersonDraft::default()
    };
    Person::new(id(number), draft.parse().unwrap(), at(i64::try_from(number).unwrap()))
}

pub(crate) fn a_company(number: u128, name: &str, country: Option<&str>) -> Company {
    let draft = CompanyDraft { name: Some(name.to_owned()), country: country.map(str::to_owned), ..CompanyDraft::default() };
    Company::new(id(number), draft.parse().unwrap(), at(i64::try_from(number).unwrap()))
}

pub(crate) fn a_user(number: u128, role: Role) -> User {
    User {
        id: id(number),
        version: 1,
        email: format!("User{number}@Example.com").parse().unwrap(),
        name: format!("User {number}").parse().unwrap(),
        role,
        language: "de".parse().unwrap(),
        more_languages: vec!["en-GB".parse().unwrap(), "fr".parse().unwrap()],
        country: Some("AT".parse().unwrap()),
        seniority: Seniority::Senior,
        status: UserStatus::Active,
        created_at: at(i64::try_from(number).unwrap()),
        updated_at: at(i64::try_from(number).unwrap()),
    }
}

pub(crate) fn a_team(number: u128, department: Department, countries: &[&str], members: &[(u128, MemberRank)]) -> Team {
    Team {
        id: id(number),
        version: 1,
        key: format!("team-{number}").parse().unwrap(),
        name: format!("Team {number}").parse().unwrap(),
        department,
        countries: countries.iter().map(|country| country.parse().unwrap()).collect(),
        time_zone: "Europe/Vienna".parse().unwrap(),
        members: members.iter().map(|(user, rank)| Membership { user: id(*user), rank: *rank }).collect(),
    }
}

pub(crate) async fn add_users(uow: &UnitOfWork, users: &[User]) {
    for one in users {
        user::insert(uow, one, None).await.unwrap();
    }
}

pub(crate) async fn add_people(uow: &UnitOfWork, people: &[Person]) {
    person::insert_many(uow, people).await.unwrap();
}

pub(crate) async fn add_teams(uow: &UnitOfWork, teams: &[Team]) {
    for one in teams {
        team::insert(uow, one, at(0)).await.unwrap();
    }
}

/// A lead as far as access to it goes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LeadRow {
    pub(crate) lead: u128,
    pub(crate) person: u128,
    pub(crate) company: Option<u128>,
    pub(crate) owner: Option<u128>,
    pub(crate) assignee: Option<u128>,
    pub(crate) captured_by: Option<u128>,
    pub(crate) team: Option<u128>,
    pub(crate) offered_team: Option<u128>,
    pub(crate) departments: DepartmentSet,
}

/// Stores leads with little but what access to them needs; the shipped tracks come with the first.
pub(crate) async fn add_leads(uow: &UnitOfWork, leads: &[LeadRow]) -> Result<(), StoreError> {
    let shipped = shipped::tracks().unwrap();
    if track::all(uow).await?.is_empty() {
        for one in &shipped {
            track::insert_version(uow, one, at(0)).await?;
        }
    }
    for row in leads {
        let uuid = |number: Option<u128>| number.map(Uuid::from_u128);
        let mut sql = Sql::new(
            "INSERT INTO lead (version, channel, origin_department, direction, product_area, fit, engagement, score_rank, attributes, track_key, \
             track_version, passage_number, state, stage, department, state_detail, id, person_id, company_id, track_id, passage_id, owner_id, \
             assignee_id, captured_by, team_id, offered_team_id, touched, captured_at, stage_since, updated_at) VALUES (1, 'OTHER', 'MARKETING', \
             'INBOUND', 'pumps', 0, 0, 0, '{}', 'field', 1, 1, 'WORKING', 'LEAD', 'MARKETING', '{}', ",
        );
        sql.bind(Uuid::from_u128(row.lead))
            .push(", ")
            .bind(Uuid::from_u128(row.person))
            .push(", ")
            .bind(uuid(row.company))
            .push(", ");
        sql.bind(shipped[0].id().uuid()).push(", ").bind(Uuid::from_u128(row.lead)).push(", ");
        for reference in [row.owner, row.assignee, row.captured_by, row.team, row.offered_team] {
            sql.bind(uuid(reference)).push(", ");
        }
        sql.bind(i16::from(row.departments.bits())).push(", ");
        sql.bind(at(0)).push(", ").bind(at(0)).push(", ").bind(at(0)).push(")");
        sql.run(uow).await?;
    }
    Ok(())
}

pub(crate) fn numbers<T: Copy>(ids: &[T], uuid: impl Fn(T) -> Uuid) -> Vec<u128> {
    let mut numbers: Vec<u128> = ids.iter().map(|one| uuid(*one).as_u128()).collect();
    numbers.sort_unstable();
    numbers
}

pub(crate) fn person_numbers(people: &[Person]) -> Vec<u128> {
    numbers(&people.iter().map(|one| one.id).collect::<Vec<_>>(), PersonId::uuid)
}

pub(crate) fn company_numbers(companies: &[Company]) -> Vec<u128> {
    numbers(&companies.iter().map(|one| one.id).collect::<Vec<_>>(), CompanyId::uuid)
}

pub(crate) fn user_ids(users: &[u128]) -> Vec<UserId> {
    users.iter().map(|number| id(*number)).collect()
}

pub(crate) fn team_ids(teams: &[u128]) -> Vec<TeamId> {
    teams.iter().map(|number| id(*number)).collect()
}

pub(crate) fn lead_ids(leads: &[u128]) -> Vec<LeadId> {
    leads.iter().map(|number| id(*number)).collect()
}
