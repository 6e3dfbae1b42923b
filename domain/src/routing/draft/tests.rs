use uuid::Uuid;

use super::*;
use crate::routing::pool::Otherwise;
use crate::scoring::Tier;

fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_764_000_000 + seconds, 0).unwrap()
}

fn pool(number: u128, tier: Tier) -> Pool {
    let member = |user| PoolMember { user: id(user), weight: 10, day_max: None, open_max: None };
    Pool {
        id: id(number),
        version: 3,
        key: format!("pool-{number}").parse().unwrap(),
        name: "P".parse().unwrap(),
        team: id(1),
        tiers: vec![TierRule { tier, prefer: None, otherwise: Otherwise::Anybody }],
        members: vec![member(1), member(2)],
        caps: Caps::default(),
        language: None,
        channels: vec![],
        balances_worth: false,
        status: RoutingStatus::Active,
    }
}

fn territory(number: u128, parent: Option<u128>) -> Territory {
    Territory {
        id: id(number),
        version: 5,
        key: format!("t-{number}").parse().unwrap(),
        name: "T".parse().unwrap(),
        parent: parent.map(id),
        rank: 0,
        rules: MatchRules::default(),
        teams: BTreeMap::new(),
        status: RoutingStatus::Active,
    }
}

fn change(number: u128) -> PoolChange {
    PoolChange {
        pool: id(number),
        version: 3,
        name: None,
        members: None,
        weights: vec![],
        tiers: None,
        caps: None,
        language: Change::Keep,
        channels: None,
        balances_worth: None,
        status: None,
    }
}

fn territory_change(number: u128) -> TerritoryChange {
    TerritoryChange {
        territory: id(number),
        version: 5,
        name: None,
        parent: Change::Keep,
        rank: None,
        rules: None,
        teams: None,
        status: None,
    }
}

fn of_pools(pools: Vec<PoolChange>) -> DraftContent {
    DraftContent { pools, ..DraftContent::default() }
}

fn faults(content: &DraftContent, territories: &[Territory], pools: &[Pool]) -> Vec<(String, ViolationCode)> {
    let faults = apply(content, territories, pools).unwrap_err();
    faults.into_iter().map(|fault| (fault.field, fault.code)).collect()
}

#[test]
fn a_weight_is_changed_and_nothing_else() {
    let pools = [pool(1, Tier::Warm), pool(2, Tier::Hot)];
    let content = of_pools(vec![PoolChange { weights: vec![WeightChange { user: id(2), weight: 40 }], ..change(1) }]);
    let (territories, after) = apply(&content, &[territory(9, None)], &pools).unwrap();
    assert_eq!(territories, [territory(9, None)]);
    let mut expected = pools.clone();
    expected[0].version = 4;
    expected[0].members[1].weight = 40;
    assert_eq!(after, expected);
}

#[test]
fn a_draft_is_applied_whole() {
    let caps = Caps { member_day_max: Some(5), ..Caps::default() };
    let content = DraftContent {
        pools: vec![
            PoolChange { status: Some(RoutingStatus::Archived), ..change(1) },
            PoolChange { caps: Some(caps), balances_worth: Some(true), ..change(2) },
        ],
        new_pools: vec![Pool { id: id(3), version: 1, ..pool(3, Tier::Warm) }],
        territories: vec![TerritoryChange { parent: Change::Set(id(8)), rank: Some(7), ..territory_change(9) }],
        new_territories: vec![territory(8, None)],
    };
    let (territories, pools) = apply(&content, &[territory(9, None)], &[pool(1, Tier::Warm), pool(2, Tier::Hot)]).unwrap();
    assert_eq!(
        pools.iter().map(|pool| (pool.version, pool.status)).collect::<Vec<_>>(),
        [(4, RoutingStatus::Archived), (4, RoutingStatus::Active), (1, RoutingStatus::Active),]
    );
    assert_eq!((pools[1].caps, pools[1].balances_worth), (caps, true));
    assert_eq!((territories[0].parent, territories[0].rank, territories[0].version), (Some(id(8)), 7, 6));
    let stored = serde_json::to_string(&content).unwrap();
    assert_eq!(serde_json::from_str::<DraftContent>(&stored).unwrap(), content);
}

#[test]
fn every_fault_has_its_field() {
    let pools = [pool(1, Tier::Warm), pool(2, Tier::Hot)];
    let wrong = PoolChange {
        weights: vec![WeightChange { user: id(1), weight: 0 }, WeightChange { user: id(7), weight: 1 }],
        tiers: Some(pool(1, Tier::Hot).tiers),
        ..change(1)
    };
    let content = DraftContent {
        pools: vec![wrong, change(9), change(2), change(2)],
        new_pools: vec![Pool { id: id(5), key: "pool-2".parse().unwrap(), ..pool(5, Tier::Standard) }],
        territories: vec![TerritoryChange { parent: Change::Set(id(9)), ..territory_change(9) }],
        new_territories: vec![],
    };
    let found = faults(&content, &[territory(9, None)], &pools);
    let found: Vec<_> = found.iter().map(|(field, code)| (field.as_str(), *code)).collect();
    for expected in [
        ("territories.0.parent", ViolationCode::Conflict),
        ("pools.0.weights.1.user", ViolationCode::NotFound),
        ("pools.0.members.weight", ViolationCode::OutOfRange),
        ("pools.0.tiers", ViolationCode::Conflict),
        ("pools.1.pool", ViolationCode::NotFound),
        ("pools.3.pool", ViolationCode::Duplicate),
        ("newPools.0.key", ViolationCode::Duplicate),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    let gone = Pool { status: RoutingStatus::Archived, ..pool(1, Tier::Warm) };
    let over_gone = of_pools(vec![change(1)]);
    assert_eq!(faults(&over_gone, &[], &[gone]), [("pools.0.pool".to_owned(), ViolationCode::Conflict)]);
    let close = TerritoryChange { status: Some(RoutingStatus::Archived), ..territory_change(9) };
    let content = DraftContent { territories: vec![close], ..DraftContent::default() };
    let both = [territory(9, None), territory(10, Some(9))];
    assert_eq!(faults(&content, &both, &pools), [("territories.0.status".to_owned(), ViolationCode::Conflict)]);
    let many = of_pools(vec![change(1); CHANGES_MAX + 1]);
    assert_eq!(faults(&many, &[], &pools), [("pools".to_owned(), ViolationCode::TooLong)]);
}

#[test]
fn what_was_changed_meanwhile_is_told() {
    let content =
        DraftContent { pools: vec![change(1), change(2)], territories: vec![territory_change(9)], ..DraftContent::default() };
    let (mut pools, mut territories) = (vec![pool(1, Tier::Warm), pool(2, Tier::Hot)], vec![territory(9, None)]);
    assert_eq!(content.changed_since(&territories, &pools), []);
    pools[1].version = 4;
    territories[0].version = 6;
    let expected = [Changed::Pool { pool: id(2), current: 4 }, Changed::Territory { territory: id(9), current: 6 }];
    assert_eq!(content.changed_since(&territories, &pools), expected);
    assert_eq!(expected.map(Changed::current), [4, 6]);
    apply(&content, &territories, &pools).unwrap();
}

#[test]
fn a_draft_lives_once() {
    let new = DraftContent { new_pools: vec![pool(7, Tier::Weak)], ..DraftContent::default() };
    let draft = RoutingDraft::new(id(1), "D".parse().unwrap(), new.clone(), Some(id(2)), at(0));
    let again = DraftContent { new_pools: vec![Pool { id: id(8), ..pool(7, Tier::Weak) }], ..DraftContent::default() };
    let revised = draft.revise(None, Some(again.keeping_ids(&draft.content)), at(1)).unwrap();
    assert_eq!((revised.version, &revised.content, revised.updated_at), (2, &new, at(1)), "the new pool keeps its id");
    let published = revised.publish(at(2)).unwrap();
    assert_eq!((published.state, published.version, published.published_at), (DraftState::Published, 3, Some(at(2))));
    for done in [published.clone(), draft.discard(at(3)).unwrap()] {
        for refused in [done.revise(None, None, at(4)), done.publish(at(4)), done.discard(at(4))] {
            assert_eq!(refused.unwrap_err().iter().next().unwrap().field, "state");
        }
    }
    let empty = draft.revise(None, Some(DraftContent::default()), at(1)).unwrap();
    assert_eq!(empty.publish(at(2)).unwrap_err().iter().next().unwrap().field, "content");
}
