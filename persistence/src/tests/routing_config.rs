//! The configuration of routing: territories, pools, what is known of members, the policy, and the ledgers.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use fairfall_domain::access::{Action, Role};
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::department::Department;
use fairfall_domain::id::PoolId;
use fairfall_domain::routing::fairness::{Balance, Contender, draw};
use fairfall_domain::routing::member::{HourRange, LanguageLevel, Skill, Weekday, WorkingHours};
use fairfall_domain::routing::pool::{Caps, LanguageRule, Otherwise, PoolMember, TierRule};
use fairfall_domain::routing::territory::{MatchRules, PostalRange, RoutingStatus, SizeRange};
use fairfall_domain::routing::{Absence, MemberProfile, Pool, PoolState, Reference, RoutingPolicy, Territory};
use fairfall_domain::scoring::Tier;
use fairfall_domain::team::MemberRank;
use fairfall_domain::user::{Seniority, User, UserStatus};

use super::made::{a_team, a_user, add_teams, add_users, all, at, id};
use super::support::databases;
use crate::repo::pool::PoolFilter;
use crate::repo::{member_profile, pool, pool_ledger, routing, routing_policy, setting, territory};
use crate::sql::Sql;
use crate::{PageArgs, StoreError, UnitOfWork};

const FIELD: Role = Role::Member(Department::FieldSales);

async fn fill(uow: &UnitOfWork) {
    let disabled = User { status: UserStatus::Disabled, ..a_user(3, FIELD) };
    add_users(uow, &[a_user(1, FIELD), a_user(2, FIELD), disabled]).await;
    let members = [(1, MemberRank::Manager), (2, MemberRank::Member), (3, MemberRank::Member)];
    add_teams(uow, &[a_team(11, Department::FieldSales, &[], &members), a_team(12, Department::FieldSales, &[], &[])]).await;
}

fn a_territory(number: u128, parent: Option<u128>) -> Territory {
    let germany = "DE".parse().unwrap();
    Territory {
        id: id(number),
        version: 1,
        key: format!("territory-{number}").parse().unwrap(),
        name: format!("Territory {number}").parse().unwrap(),
        parent: parent.map(id),
        rank: 65_535,
        rules: MatchRules {
            countries: vec![germany],
            subdivisions: vec!["DE-BY".parse().unwrap()],
            postal: vec![PostalRange::parse(germany, "80", "85").unwrap()],
            industries: vec!["machinery".parse().unwrap()],
            products: vec!["pumps".parse().unwrap()],
            sizes: vec![SizeRange { from: 500, to: None }],
            languages: vec!["de-AT".parse().unwrap()],
        },
        teams: BTreeMap::from([(Department::FieldSales, id(11))]),
        status: RoutingStatus::Active,
    }
}

fn a_pool(number: u128, tiers: &[Tier]) -> Pool {
    Pool {
        id: id(number),
        version: 1,
        key: format!("pool-{number}").parse().unwrap(),
        name: format!("Pool {number}").parse().unwrap(),
        team: id(11),
        tiers: tiers.iter().map(|tier| TierRule::usual(*tier)).collect(),
        members: vec![
            PoolMember { user: id(1), weight: 20, day_max: Some(5), open_max: None },
            PoolMember { user: id(2), weight: 10, day_max: None, open_max: Some(40) },
        ],
        caps: Caps { member_day_max: Some(10), member_open_max: None, pool_day_max: Some(100) },
        language: Some(LanguageRule {
            level: LanguageLevel::B2,
            fallbacks: vec!["en".parse().unwrap()],
            otherwise: Otherwise::Queue,
        }),
        channels: vec![ContactChannel::Phone],
        balances_worth: true,
        status: RoutingStatus::Active,
    }
}

fn a_profile(user: u128) -> MemberProfile {
    let hours = HourRange { day: Weekday::Monday, from_minute: 540, to_minute: 1_440 };
    MemberProfile {
        user: id(user),
        version: 1,
        skills: vec![Skill { language: "cs".parse().unwrap(), level: LanguageLevel::Native }],
        seniority: Seniority::Junior,
        hours: Some(WorkingHours { time_zone: "Europe/Prague".parse().unwrap(), ranges: vec![hours] }),
        starts_at: Some(at(60)),
        absences: vec![Absence { id: id(7), from: at(10), until: None }],
    }
}

async fn spoil(uow: &UnitOfWork, table: &str, column: &str, value: &str) {
    let mut sql = Sql::new(format!("UPDATE {table} SET {column} = "));
    sql.bind(value);
    assert_eq!(sql.run(uow).await.unwrap(), 1);
}

#[tokio::test]
async fn territories_are_read_back_changed_and_paged() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let see = all(Action::ViewRouting);
        let (world, south) = (a_territory(21, None), a_territory(22, Some(21)));
        territory::insert(&uow, &world, at(0)).await.unwrap();
        territory::insert(&uow, &south, at(0)).await.unwrap();
        assert_eq!(territory::find(&uow, &see, id(22)).await.unwrap(), Some(south.clone()));
        assert_eq!(territory::find_many(&uow, &see, &[id(22), id(29)]).await.unwrap(), std::slice::from_ref(&south));
        let page = territory::page(&uow, &see, &PageArgs::first(1)).await.unwrap();
        assert_eq!((page.items[0].1.clone(), page.has_next), (world.clone(), true));
        let gone = Territory { version: 2, parent: None, status: RoutingStatus::Archived, ..south };
        territory::update(&uow, &gone, 1, at(5)).await.unwrap();
        assert_eq!(territory::all_for_command(&uow).await.unwrap(), [world.clone(), gone.clone()]);
        assert_eq!(territory::update(&uow, &gone, 1, at(5)).await, Err(StoreError::VersionConflict { current: Some(2) }));
        let error = territory::insert(&uow, &Territory { id: id(23), ..world }, at(5)).await.unwrap_err();
        assert!(error.is_unique("territory", &["key"]), "{error:?}");
    }
}

#[tokio::test]
async fn pools_are_read_back_changed_and_paged() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let see = all(Action::ViewRouting);
        let (hot, rest) = (a_pool(31, &[Tier::Hot]), a_pool(32, &[Tier::Warm, Tier::Standard]));
        let other = Pool { team: id(12), members: vec![], language: None, ..a_pool(33, &[Tier::Hot]) };
        for one in [&hot, &rest, &other] {
            pool::insert(&uow, one, at(0)).await.unwrap();
        }
        assert_eq!(pool::find(&uow, &see, id(31)).await.unwrap(), Some(hot.clone()));
        assert_eq!(pool::find_many(&uow, &see, &[id(33)]).await.unwrap(), std::slice::from_ref(&other));
        assert_eq!(pool::of_teams(&uow, &see, &[id(11)]).await.unwrap(), [hot.clone(), rest.clone()]);
        let page = pool::page(&uow, &see, PoolFilter { team: Some(id(12)) }, &PageArgs::first(2)).await.unwrap();
        assert_eq!((page.items[0].1.clone(), page.items.len(), page.has_next), (other.clone(), 1, false));
        let gone = Pool { version: 2, status: RoutingStatus::Archived, ..hot };
        pool::update(&uow, &gone, 1, at(5)).await.unwrap();
        assert_eq!(pool::of_team_for_command(&uow, id(11)).await.unwrap(), [gone.clone(), rest]);
        assert_eq!(pool::update(&uow, &gone, 1, at(5)).await, Err(StoreError::VersionConflict { current: Some(2) }));
        let error = pool::insert(&uow, &Pool { id: id(34), ..other }, at(5)).await.unwrap_err();
        assert!(error.is_unique("pool", &["key"]), "{error:?}");
    }
}

#[tokio::test]
async fn a_profile_is_what_the_account_tells_until_something_is_said() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let known = member_profile::find_many(&uow, &[id(2), id(1), id(9)]).await.unwrap();
        assert_eq!(known, [MemberProfile::of(&a_user(1, FIELD)), MemberProfile::of(&a_user(2, FIELD))]);
        member_profile::put(&uow, &a_profile(1), 0, at(5)).await.unwrap();
        // how experienced somebody is, the account says
        let told = MemberProfile { seniority: Seniority::Senior, ..a_profile(1) };
        assert_eq!(member_profile::load_for_command(&uow, &a_user(1, FIELD)).await.unwrap(), told);
        let conflict = Err(StoreError::VersionConflict { current: Some(1) });
        assert_eq!(member_profile::put(&uow, &a_profile(1), 0, at(6)).await, conflict);
        let back = MemberProfile { version: 2, absences: vec![], ..a_profile(1) };
        member_profile::put(&uow, &back, 1, at(7)).await.unwrap();
        let conflict = Err(StoreError::VersionConflict { current: Some(2) });
        assert_eq!(member_profile::put(&uow, &back, 1, at(8)).await, conflict);
        let known = member_profile::of_users(&uow, &[a_user(1, FIELD)]).await.unwrap();
        assert_eq!((known[0].version, known[0].absences.len(), known.len()), (2, 0, 1));
    }
}

#[tokio::test]
async fn the_policy_is_the_shipped_one_until_it_is_changed() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        assert_eq!(routing_policy::load_for_command(&uow).await.unwrap(), RoutingPolicy::default());
        let changed = RoutingPolicy { version: 2, owner_days_max: Some(0) };
        routing_policy::put(&uow, &changed).await.unwrap();
        assert_eq!(routing_policy::get(&uow).await.unwrap(), changed);
        setting::put(&uow, "routing.policy", &RoutingPolicy { owner_days_max: Some(4_000), ..changed }).await.unwrap();
        assert!(matches!(routing_policy::get(&uow).await, Err(StoreError::Corrupt { table: "setting", .. })));
    }
}

#[tokio::test]
async fn deciding_reads_what_is_in_use() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        territory::insert(&uow, &a_territory(21, None), at(0)).await.unwrap();
        pool::insert(&uow, &a_pool(31, &[Tier::Hot]), at(0)).await.unwrap();
        let archived = Pool { status: RoutingStatus::Archived, ..a_pool(32, &[Tier::Warm]) };
        pool::insert(&uow, &archived, at(0)).await.unwrap();
        member_profile::put(&uow, &a_profile(1), 0, at(5)).await.unwrap();
        member_profile::put(&uow, &a_profile(3), 0, at(5)).await.unwrap();
        let directory = routing::directory(&uow, Arc::<Reference>::default()).await.unwrap();
        assert_eq!(directory.policy, RoutingPolicy::default());
        assert!(directory.territories.serves(Department::FieldSales));
        assert_eq!(directory.pools().map(|one| one.id).collect::<Vec<PoolId>>(), [id(31)]);
        assert_eq!(directory.member(id(1)).map(|one| (one.version, one.seniority)), Some((1, Seniority::Senior)));
        assert_eq!(directory.member(id(2)), Some(&MemberProfile::of(&a_user(2, FIELD))));
        // who is disabled gets nothing, whatever was said
        assert_eq!(directory.member(id(3)), None);
        assert_eq!(directory.zone(id(11)).to_string(), "Europe/Vienna");
    }
}

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2_026, 1, number).unwrap()
}

fn played(state: &PoolState, on: u32) -> PoolState {
    let mut state = PoolState { day: Some(day(on)), today: BTreeMap::from([(id(1), on)]), ..state.clone() };
    let contenders = [Contender { user: id(1), weight: 20 }, Contender { user: id(2), weight: 10 }];
    draw(state.tiers.entry(Tier::Hot).or_default(), &contenders, Some(700), Balance::Number).unwrap();
    state
}

#[tokio::test]
async fn ledgers_are_kept_with_the_last_state_of_each_day() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        pool::insert(&uow, &a_pool(31, &[Tier::Hot]), at(0)).await.unwrap();
        pool::insert(&uow, &a_pool(32, &[Tier::Warm]), at(0)).await.unwrap();
        let both: [PoolId; 2] = [id(32), id(31)];
        assert_eq!(pool_ledger::find(&uow, &both).await.unwrap(), BTreeMap::new());
        let empty = pool_ledger::lock(&uow, &both, at(1)).await.unwrap();
        assert_eq!(empty, BTreeMap::from(both.map(|one| (one, PoolState::default()))));
        // nothing happened on a day that is not named
        pool_ledger::store(&uow, &empty, at(1)).await.unwrap();
        let first = played(&PoolState::default(), 1);
        let again = played(&first, 1);
        let next = played(&again, 2);
        for state in [&first, &again, &next] {
            pool_ledger::store(&uow, &BTreeMap::from([(id(31), state.clone())]), at(2)).await.unwrap();
        }
        let kept = BTreeMap::from([(id(31), next.clone()), (id(32), PoolState::default())]);
        assert_eq!(pool_ledger::lock(&uow, &both, at(3)).await.unwrap(), kept);
        assert_eq!(pool_ledger::find(&uow, &both).await.unwrap(), kept);
        let days = pool_ledger::history(&uow, &both, day(1), day(2)).await.unwrap();
        assert_eq!(days, [(id(31), day(1), again), (id(31), day(2), next)]);
        assert_eq!(pool_ledger::history(&uow, &both, day(2), day(9)).await.unwrap().len(), 1);
        assert!(pool_ledger::lock(&uow, &[id(39)], at(3)).await.is_err());
    }
}

#[tokio::test]
async fn those_who_lock_a_ledger_follow_one_another() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        for number in 31..34 {
            pool::insert(&uow, &Pool { tiers: vec![TierRule::usual(Tier::Hot)], ..a_pool(number, &[]) }, at(0)).await.unwrap();
        }
        uow.commit().await.unwrap();
        let tasks = (0..12_u128).map(|turn| {
            let store = database.store.clone();
            tokio::spawn(async move {
                let pools: Vec<PoolId> = (0..2).map(|place| id(31 + (turn + place) % 3)).collect();
                let done = store.transact(move |uow| {
                    let pools = pools.clone();
                    Box::pin(async move {
                        let mut states = pool_ledger::lock(uow, &pools, at(1)).await?;
                        for state in states.values_mut() {
                            *state.today.entry(id(1)).or_default() += 1;
                        }
                        pool_ledger::store(uow, &states, at(1)).await
                    })
                });
                done.await.unwrap();
            })
        });
        futures_util::future::try_join_all(tasks).await.unwrap();
        let states = pool_ledger::find(&database.store.reader(), &[id(31), id(32), id(33)]).await.unwrap();
        assert_eq!(states.values().map(|state| state.today[&id(1)]).collect::<Vec<u32>>(), [8, 8, 8]);
    }
}

#[tokio::test]
async fn what_other_hands_wrote_is_named() {
    for database in databases().await {
        let cases = [
            ("territory", "rules", r#"{"countries":["ZZ"]}"#),
            ("territory", "rules", r#"{"sizes":[{"from":5,"to":4}]}"#),
            ("territory", "teams", r#"{"SALES":"x"}"#),
            ("territory", "status", "GONE"),
            ("pool", "config", "{}"),
            ("pool", "status", "GONE"),
            ("member_profile", "profile", r#"{"skills":[{"language":"de","level":"D1"}],"absences":[]}"#),
            ("pool_ledger", "state", r#"{"tiers":{"HOTTER":{}}}"#),
        ];
        for (table, column, value) in cases {
            let uow = database.store.begin().await.unwrap();
            fill(&uow).await;
            territory::insert(&uow, &a_territory(21, None), at(0)).await.unwrap();
            pool::insert(&uow, &a_pool(31, &[Tier::Hot]), at(0)).await.unwrap();
            member_profile::put(&uow, &a_profile(1), 0, at(5)).await.unwrap();
            pool_ledger::lock(&uow, &[id(31)], at(0)).await.unwrap();
            spoil(&uow, table, column, value).await;
            let error = match pool_ledger::find(&uow, &[id(31)]).await {
                Err(error) => error,
                Ok(_) => routing::directory(&uow, Arc::default()).await.unwrap_err(),
            };
            assert!(
                matches!(&error, StoreError::Corrupt { table: t, column: c, .. } if (*t, *c) == (table, column)),
                "{error:?}"
            );
            uow.rollback().await.unwrap();
        }
    }
}
