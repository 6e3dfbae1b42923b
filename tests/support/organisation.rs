//! An organisation with two teams in each department and somebody in every role.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use chrono::{DateTime, Utc};
use fairfall::auth::api_key::ApiKey as Secret;
use fairfall::auth::password::PasswordHasherPool;
use fairfall::clock::new_id;
use fairfall_domain::access::{PartnerScope, Role};
use fairfall_domain::department::Department;
use fairfall_domain::id::{ApiKeyId, TeamId, UserId};
use fairfall_domain::team::{MemberRank, Membership, Team};
use fairfall_domain::user::{Seniority, User, UserStatus};
use fairfall_persistence::repo::{self, api_key::ApiKey};
use fairfall_persistence::{Store, UnitOfWork};

/// The password of everybody.
pub const PASSWORD: &str = "tulips before breakfast";

/// Users with their role and the team that they are in.
const PEOPLE: &[(&str, Role, Option<&str>)] = &[
    ("admin", Role::Admin, None),
    ("marketing", Role::Member(Department::Marketing), Some("marketing-dach")),
    ("marketing.manager", Role::Manager(Department::Marketing), Some("marketing-dach")),
    ("marketing.fr", Role::Member(Department::Marketing), Some("marketing-fr")),
    ("inside", Role::Member(Department::InsideSales), Some("inside-dach")),
    ("inside.colleague", Role::Member(Department::InsideSales), Some("inside-dach")),
    ("inside.manager", Role::Manager(Department::InsideSales), Some("inside-dach")),
    ("inside.fr", Role::Member(Department::InsideSales), Some("inside-fr")),
    ("field", Role::Member(Department::FieldSales), Some("field-dach")),
    ("field.manager", Role::Manager(Department::FieldSales), Some("field-dach")),
    ("field.fr", Role::Member(Department::FieldSales), Some("field-fr")),
    ("service", Role::Member(Department::CustomerService), Some("service-dach")),
    ("service.colleague", Role::Member(Department::CustomerService), Some("service-dach")),
    ("service.manager", Role::Manager(Department::CustomerService), Some("service-dach")),
    ("service.fr", Role::Member(Department::CustomerService), Some("service-fr")),
    ("analyst", Role::Analyst, None),
    ("partner", Role::Partner, None),
];

/// Teams with their department and countries.
const TEAMS: &[(&str, Department, &[&str], &str)] = &[
    ("marketing-dach", Department::Marketing, &["DE", "AT", "CH"], "Europe/Berlin"),
    ("marketing-fr", Department::Marketing, &["FR"], "Europe/Paris"),
    ("inside-dach", Department::InsideSales, &["DE", "AT", "CH"], "Europe/Berlin"),
    ("inside-fr", Department::InsideSales, &["FR"], "Europe/Paris"),
    ("field-dach", Department::FieldSales, &["DE", "AT", "CH"], "Europe/Vienna"),
    ("field-fr", Department::FieldSales, &["FR"], "Europe/Paris"),
    ("service-dach", Department::CustomerService, &["DE", "AT", "CH"], "Europe/Zurich"),
    ("service-fr", Department::CustomerService, &["FR"], "Europe/Paris"),
];

/// Who and what there is.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    users: BTreeMap<String, UserId>,
    teams: BTreeMap<String, TeamId>,
    partner_key: String,
}

/// The address that a user signs in with.
pub fn email(who: &str) -> String {
    format!("{who}@fairfall.example")
}

impl Organisation {
    /// Stores it.
    pub async fn seed(store: &Store, now: DateTime<Utc>) -> Self {
        let pool = PasswordHasherPool::new(NonZeroUsize::MIN).expect("the parameters are valid");
        let hash = pool.hash(&PASSWORD.into()).await.expect("a password can be hashed");
        let uow = store.begin().await.expect("the database can be written");
        let mut seeded = Self::default();
        for (key, department, countries, time_zone) in TEAMS {
            let team = team(key, *department, countries, time_zone);
            seeded.teams.insert((*key).to_owned(), team.id);
            repo::team::insert(&uow, &team, now).await.expect("a team can be stored");
        }
        for (who, role, team) in PEOPLE {
            let user = user(who, *role, now);
            repo::user::insert(&uow, &user, Some(&hash)).await.expect("a user can be stored");
            seeded.users.insert((*who).to_owned(), user.id);
            if let Some(team) = team {
                let rank = if matches!(role, Role::Manager(_)) { MemberRank::Manager } else { MemberRank::Member };
                let stored = repo::team::put_member(&uow, seeded.teams[*team], Membership { user: user.id, rank }, now).await;
                assert!(stored.expect("a member can be stored"), "{who}");
            }
        }
        seeded.partner_key = partner_key(&uow, seeded.users["partner"], now).await;
        uow.commit().await.expect("the organisation can be stored");
        seeded
    }

    /// The id of a user.
    pub fn user(&self, who: &str) -> String {
        self.users.get(who).unwrap_or_else(|| panic!("nobody is called {who}")).to_string()
    }

    /// The id of a team.
    pub fn team(&self, key: &str) -> String {
        self.teams.get(key).unwrap_or_else(|| panic!("no team is called {key}")).to_string()
    }

    /// What the partner's machine sends as bearer token.
    pub fn partner_key(&self) -> &str {
        &self.partner_key
    }

    /// Everybody who can sign in.
    pub fn everybody(&self) -> impl Iterator<Item = &str> {
        self.users.keys().map(String::as_str).filter(|who| *who != "partner")
    }

    /// Each id with a name that is the same in every run, for snapshots.
    pub fn names(&self) -> impl Iterator<Item = (String, String)> {
        let users = self.users.iter().map(|(who, id)| (id.to_string(), format!("[{who}]")));
        users.chain(self.teams.iter().map(|(key, id)| (id.to_string(), format!("[{key}]"))))
    }
}

fn user(who: &str, role: Role, now: DateTime<Utc>) -> User {
    User {
        id: new_id(),
        version: 1,
        email: email(who).parse().expect("an address"),
        name: who.parse().expect("a name"),
        role,
        language: "de".parse().expect("a language"),
        more_languages: vec!["en".parse().expect("a language")],
        country: Some("DE".parse().expect("a country")),
        seniority: Seniority::Senior,
        status: UserStatus::Active,
        created_at: now,
        updated_at: now,
    }
}

fn team(key: &str, department: Department, countries: &[&str], time_zone: &str) -> Team {
    Team {
        id: new_id(),
        version: 1,
        key: key.parse().expect("a key"),
        name: key.parse().expect("a name"),
        department,
        countries: countries.iter().map(|country| country.parse().expect("a country")).collect(),
        time_zone: time_zone.parse().expect("a time zone"),
        members: Vec::new(),
    }
}

async fn partner_key(uow: &UnitOfWork, user: UserId, now: DateTime<Utc>) -> String {
    let id: ApiKeyId = new_id();
    let secret = Secret::generate(id);
    let key = ApiKey {
        id,
        user,
        name: "machine".parse().expect("a name"),
        scopes: vec![PartnerScope::Capture, PartnerScope::Events, PartnerScope::Reports],
        created_at: now,
        revoked_at: None,
        last_used_at: None,
    };
    repo::api_key::insert(uow, &key, &secret.hash().to_hex()).await.expect("a key can be stored");
    secret.expose().to_owned()
}
