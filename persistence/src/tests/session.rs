//! Sessions, their refresh tokens, and what slows guessing down.

use chrono::TimeDelta;
use fairfall_domain::access::{PartnerScope, Role};
use fairfall_domain::department::Department;
use fairfall_domain::team::MemberRank;
use fairfall_domain::user::{User, UserStatus};

use super::made::{a_team, a_user, add_teams, add_users, all, at, id, may, team_ids};
use super::support::databases;
use crate::repo::api_key::{self, ApiKey};
use crate::repo::refresh_token::{self, Exchange, Rotation};
use crate::repo::session::{self, EndReason, Session};
use crate::repo::{login_throttle, user};
use crate::{Store, UnitOfWork};

const FIELD: Role = Role::Member(Department::FieldSales);
const DAY_S: i64 = 86_400;

fn a_session(number: u128) -> Session {
    Session {
        id: id(number),
        user: id(1),
        created_at: at(0),
        last_used_at: at(0),
        idle_expires_at: at(14 * DAY_S),
        absolute_expires_at: at(60 * DAY_S),
        ended: None,
        client: Some("Firefox".to_owned()),
    }
}

async fn fill(uow: &UnitOfWork) {
    add_users(uow, &[a_user(1, FIELD), a_user(2, Role::Partner)]).await;
    add_teams(uow, &[a_team(11, Department::FieldSales, &[], &[(1, MemberRank::Manager)])]).await;
    session::insert(uow, &a_session(100)).await.unwrap();
    refresh_token::insert(uow, id(100), "first", at(0)).await.unwrap();
}

fn exchange<'a>(presented_hash: &'a str, successor_hash: &'a str, seconds: i64) -> Exchange<'a> {
    Exchange { presented_hash, successor_hash, now: at(seconds), grace: TimeDelta::seconds(10), idle: TimeDelta::days(14) }
}

#[tokio::test]
async fn a_session_tells_who_acts() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let view = session::load_actor(&uow, id(100), at(1)).await.unwrap().unwrap();
        assert_eq!((view.session, view.user), (a_session(100), a_user(1, FIELD)));
        assert_eq!((view.actor.teams, view.actor.managed), (team_ids(&[11]), team_ids(&[11])));
        assert_eq!(session::load_actor(&uow, id(100), at(14 * DAY_S)).await.unwrap(), None);
        assert_eq!(session::load_actor(&uow, id(101), at(1)).await.unwrap(), None);
        let disabled = User { version: 2, status: UserStatus::Disabled, ..a_user(1, FIELD) };
        user::update(&uow, &disabled, 1).await.unwrap();
        assert_eq!(session::load_actor(&uow, id(100), at(1)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let long_name = Session { client: Some("x".repeat(300)), last_used_at: at(5), ..a_session(101) };
        session::insert(&uow, &long_name).await.unwrap();
        session::insert(&uow, &a_session(102)).await.unwrap();
        let listed = session::list(&uow, id(1), at(9)).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [id(101), id(102), id(100)]);
        assert_eq!(listed[0].client.as_ref().map(String::len), Some(200));
        assert!(session::end(&uow, id(101), EndReason::SignedOut, at(9)).await.unwrap());
        assert!(!session::end(&uow, id(101), EndReason::Revoked, at(10)).await.unwrap());
        let ended = session::find(&uow, id(101)).await.unwrap().unwrap();
        assert_eq!(ended.ended, Some((at(9), EndReason::SignedOut)));
        assert_eq!(session::end_all_of_user(&uow, id(1), EndReason::PasswordChanged, at(11)).await.unwrap(), 2);
        assert_eq!(session::list(&uow, id(1), at(12)).await.unwrap(), []);
        assert_eq!(session::load_actor(&uow, id(100), at(12)).await.unwrap(), None);
        // kept for 90 days, so that one can see where one was signed in
        assert_eq!(session::prune(&uow, at(80 * DAY_S), 100).await.unwrap(), 0);
        assert_eq!(session::prune(&uow, at(91 * DAY_S), 2).await.unwrap(), 2);
        assert_eq!(session::prune(&uow, at(91 * DAY_S), 2).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_refresh_token_is_used_once() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        assert_eq!(refresh_token::rotate(&uow, exchange("nothing", "n", 5)).await.unwrap(), Rotation::Unknown);
        let Rotation::Rotated { session: refreshed } =
            refresh_token::rotate(&uow, exchange("first", "second", 100)).await.unwrap()
        else {
            panic!("a fresh token is good");
        };
        assert_eq!((refreshed.last_used_at, refreshed.idle_expires_at), (at(100), at(100 + 14 * DAY_S)));
        assert_eq!(session::find(&uow, id(100)).await.unwrap(), Some(refreshed));
        // the answer was lost, or two tabs asked at once
        let again = refresh_token::rotate(&uow, exchange("first", "third", 110)).await.unwrap();
        assert!(matches!(again, Rotation::Grace { .. }), "{again:?}");
        for successor in ["second", "third"] {
            let next = refresh_token::rotate(&uow, exchange(successor, &format!("{successor}'"), 200)).await.unwrap();
            assert!(matches!(next, Rotation::Rotated { .. }), "{next:?}");
        }
        // somebody else holds it: the whole family ends
        let stolen = refresh_token::rotate(&uow, exchange("first", "x", 211)).await.unwrap();
        assert!(matches!(stolen, Rotation::Reused { .. }), "{stolen:?}");
        let ended = session::find(&uow, id(100)).await.unwrap().unwrap();
        assert_eq!(ended.ended, Some((at(211), EndReason::TokenReused)));
        let after = refresh_token::rotate(&uow, exchange("second'", "y", 212)).await.unwrap();
        assert!(matches!(after, Rotation::Expired { .. }), "{after:?}");
    }
}

#[tokio::test]
async fn a_session_never_outlives_its_absolute_end() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let (mut token, mut day) = ("first".to_owned(), 13);
        while day < 60 {
            let next = format!("day{day}");
            let Rotation::Rotated { session } = refresh_token::rotate(&uow, exchange(&token, &next, day * DAY_S)).await.unwrap()
            else {
                panic!("good on day {day}");
            };
            assert!(session.idle_expires_at <= at(60 * DAY_S));
            (token, day) = (next, day + 13);
        }
        let over = refresh_token::rotate(&uow, exchange(&token, "late", 60 * DAY_S)).await.unwrap();
        assert!(matches!(over, Rotation::Expired { .. }), "{over:?}");
    }
}

async fn rotate_alone(store: Store, successor: String) -> Rotation {
    let uow = store.begin().await.unwrap();
    let rotation = refresh_token::rotate(&uow, exchange("first", &successor, 100)).await.unwrap();
    tokio::task::yield_now().await;
    uow.commit().await.unwrap();
    rotation
}

#[tokio::test]
async fn of_requests_with_one_token_at_once_one_finds_it_unused() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        uow.commit().await.unwrap();
        let tasks: Vec<_> =
            (0..6).map(|number| tokio::spawn(rotate_alone(database.store.clone(), format!("next{number}")))).collect();
        let mut rotated = 0;
        for task in tasks {
            match task.await.unwrap() {
                Rotation::Rotated { .. } => rotated += 1,
                Rotation::Grace { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(rotated, 1);
    }
}

#[tokio::test]
async fn failures_add_up_until_forgotten() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        for seconds in [0, 5] {
            login_throttle::fail(&uow, &["account", "address"], at(seconds)).await.unwrap();
        }
        login_throttle::fail(&uow, &["account"], at(9)).await.unwrap();
        let mut found = login_throttle::get(&uow, &["account", "address", "other"]).await.unwrap();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        let facts: Vec<_> = found.iter().map(|one| (one.key.as_str(), one.count, one.last_at)).collect();
        assert_eq!(facts, [("account", 3, at(9)), ("address", 2, at(5))]);
        login_throttle::clear(&uow, "account").await.unwrap();
        assert_eq!(login_throttle::prune(&uow, at(5 + DAY_S)).await.unwrap(), 0);
        assert_eq!(login_throttle::prune(&uow, at(6 + DAY_S)).await.unwrap(), 1);
        assert_eq!(login_throttle::get(&uow, &["account", "address"]).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_key_acts_until_it_is_revoked() {
    use fairfall_domain::access::Action;
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let key = ApiKey {
            id: id(200),
            user: id(2),
            name: "shop".parse().unwrap(),
            scopes: vec![PartnerScope::Capture, PartnerScope::Events],
            created_at: at(0),
            revoked_at: None,
            last_used_at: None,
        };
        api_key::insert(&uow, &key, "secret's hash").await.unwrap();
        let view = api_key::find_active(&uow, "secret's hash").await.unwrap().unwrap();
        assert_eq!((view.key.clone(), view.actor.user, view.actor.partner_scopes), (key.clone(), id(2), key.scopes.clone()));
        assert_eq!(api_key::find_active(&uow, "another").await.unwrap(), None);
        for (seconds, noted) in [(1, 1), (30, 1), (61, 1), (62, 62)] {
            api_key::touch_last_used(&uow, key.id, at(seconds)).await.unwrap();
            let listed = api_key::list(&uow, &all(Action::ManageApiKey)).await.unwrap();
            assert_eq!(listed[0].last_used_at, Some(at(noted)), "after {seconds} s");
        }
        assert_eq!(api_key::list(&uow, &may(FIELD, 1, &[], Action::ManageSession)).await.unwrap(), []);
        assert!(api_key::revoke(&uow, key.id, at(70)).await.unwrap());
        assert!(!api_key::revoke(&uow, key.id, at(71)).await.unwrap());
        assert_eq!(api_key::find_active(&uow, "secret's hash").await.unwrap(), None);
    }
}
