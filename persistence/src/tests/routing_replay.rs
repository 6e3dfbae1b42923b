//! Drafts of another routing, and the routings of a period that they are tried on.

super::support::on_both!(
    drafts_are_kept_changed_and_paged,
    routings_are_read_in_order_with_what_they_stood_on,
    a_department_replays_what_came_to_it
);

mod run {
    use std::collections::BTreeMap;

    use chrono::TimeDelta;
    use fairfall_domain::access::{Action, Actor, Grant, Role, grant};
    use fairfall_domain::change::Change as Patch;
    use fairfall_domain::department::{Department, DepartmentSet};
    use fairfall_domain::id::RoutingDraftId;
    use fairfall_domain::routing::draft::{PoolChange, TerritoryChange, WeightChange};
    use fairfall_domain::routing::place::Wish;
    use fairfall_domain::routing::replay::Occasion;
    use fairfall_domain::routing::territory::MatchRules;
    use fairfall_domain::routing::{
        ChosenBy, DraftContent, DraftState, QueueReason, RoutingCause, RoutingDecision, RoutingDraft, RoutingOutcome,
    };
    use fairfall_domain::scoring::Tier;
    use fairfall_domain::waterfall::passage::{Closed, PassageOutcome};

    use crate::repo::routing_draft::RoutingDraftFilter;
    use crate::repo::routing_replay::{CompaniesSeen, ReplayPeriod, chunk};
    use crate::repo::{lead, routing_draft};
    use crate::tests::support::{actor, at, captured, every_state, id, new_lead, prepare, stamp, team, user};
    use crate::{PageArgs, Store, StoreError};

    fn content() -> DraftContent {
        DraftContent {
            pools: vec![PoolChange {
                pool: id(21, 1),
                version: 2,
                name: None,
                members: None,
                weights: vec![WeightChange { user: user(1), weight: 40 }],
                tiers: None,
                caps: None,
                language: Patch::Clear,
                channels: Some(vec![]),
                balances_worth: Some(true),
                status: None,
            }],
            territories: vec![TerritoryChange {
                territory: id(22, 1),
                version: 1,
                name: None,
                parent: Patch::Set(id(22, 2)),
                rank: Some(3),
                rules: Some(MatchRules { countries: vec!["DE".parse().unwrap()], ..MatchRules::default() }),
                teams: Some(BTreeMap::from([(Department::FieldSales, team(1))])),
                status: None,
            }],
            ..DraftContent::default()
        }
    }

    fn draft(number: u128) -> RoutingDraft {
        let made = at(i64::try_from(number).unwrap());
        RoutingDraft::new(id(20, number), "other weights".parse().unwrap(), content(), Some(user(1)), made)
    }

    fn simulates() -> Grant {
        Grant::system(Action::SimulateRouting)
    }

    fn of(role: Role) -> Grant {
        grant(&Actor { managed: vec![team(1)], ..actor(role) }, Action::SimulateRouting).unwrap()
    }

    pub(super) async fn drafts_are_kept_changed_and_paged(store: Store) {
        let uow = store.begin().await.unwrap();
        let drafts: Vec<_> = (1..=3).map(draft).collect();
        for draft in &drafts {
            routing_draft::insert(&uow, draft).await.unwrap();
        }
        let see = of(Role::Manager(Department::FieldSales));
        assert_eq!(routing_draft::find(&uow, &see, drafts[0].id).await.unwrap().as_ref(), Some(&drafts[0]));
        let ids: Vec<RoutingDraftId> = vec![drafts[1].id, id(20, 9)];
        assert_eq!(routing_draft::find_many(&uow, &see, &ids).await.unwrap(), [drafts[1].clone()]);
        let published = drafts[0].publish(at(9)).unwrap();
        routing_draft::update(&uow, &published, 1).await.unwrap();
        let late = routing_draft::update(&uow, &published, 1).await;
        assert_eq!(late, Err(StoreError::VersionConflict { current: Some(2) }));
        let page = routing_draft::page(&uow, &see, RoutingDraftFilter::default(), &PageArgs::first(2)).await.unwrap();
        assert!(page.has_next && page.items[0].1 == drafts[2] && page.items[1].1 == drafts[1]);
        let done = RoutingDraftFilter { state: Some(DraftState::Published) };
        let page = routing_draft::page(&uow, &see, done, &PageArgs::first(9)).await.unwrap();
        assert_eq!(page.items.into_iter().map(|(_, draft)| draft).collect::<Vec<_>>(), [published]);
        uow.commit().await.unwrap();
    }

    fn decision(number: u128, minutes: i64, department: Department) -> RoutingDecision {
        RoutingDecision {
            id: id(23, number),
            lead: id(5, number),
            passage: id(8, number),
            at: at(minutes),
            cause: RoutingCause::HandOver,
            department,
            tier: Tier::Hot,
            wish: Wish::default(),
            territory: None,
            team: Some(team(2)),
            pool: Some(id(21, 1)),
            language: None,
            language_missed: None,
            worth: Some(500),
            candidates: vec![],
            rule: None,
            outcome: RoutingOutcome::Assigned { user: user(1), by: ChosenBy::Turn },
        }
    }

    /// Three leads of one company: the first is closed after ten minutes, the second came to another department, the third waits.
    async fn fill(store: &Store) -> [RoutingDecision; 3] {
        prepare(store).await;
        let mut decisions = [(1, 3, Department::InsideSales), (2, 4, Department::FieldSales), (3, 4, Department::InsideSales)]
            .map(|(number, minutes, department)| decision(number, minutes, department));
        decisions[2].outcome = RoutingOutcome::Queued { reason: QueueReason::AllAtCap };
        let uow = store.begin().await.unwrap();
        for (number, decision) in (1..).zip(&decisions) {
            let mut lead = new_lead(number, every_state().remove(0));
            lead.touched = DepartmentSet::only(decision.department);
            let mut change = captured(lead);
            if number == 1 {
                change.passage.closed = Some(Closed { at: at(13), outcome: PassageOutcome::Lost });
            }
            change.routing = Some(Box::new(decision.clone()));
            lead::insert(&uow, &change, &stamp(number)).await.unwrap();
        }
        uow.commit().await.unwrap();
        decisions
    }

    fn period(from: i64, to: i64, seen: CompaniesSeen) -> ReplayPeriod {
        ReplayPeriod { from: at(from), to: at(to), seen }
    }

    fn decided(found: &[Occasion]) -> Vec<RoutingDecision> {
        found.iter().map(|one| one.decided.clone()).collect()
    }

    pub(super) async fn routings_are_read_in_order_with_what_they_stood_on(store: Store) {
        let decisions = fill(&store).await;
        let reader = store.reader();
        let whole = period(0, 60, CompaniesSeen::NotAsked);
        let first = chunk(&reader, &simulates(), &whole, None, 2).await.unwrap();
        assert_eq!(decided(&first), decisions[..2]);
        assert_eq!((first[0].closed_at, first[1].closed_at, first[0].company_seen_at), (Some(at(13)), None, None));
        assert_eq!((first[0].person.id, first[0].company.as_ref().unwrap().id), (id(3, 1), id(4, 1)));
        let behind = Some((first[1].decided.at, first[1].decided.id));
        let rest = chunk(&reader, &simulates(), &whole, behind, 9).await.unwrap();
        assert_eq!(decided(&rest), decisions[2..]);
        // the end does not belong to it
        let part = chunk(&reader, &simulates(), &period(3, 4, CompaniesSeen::Asked), None, 9).await.unwrap();
        assert_eq!(decided(&part), decisions[..1]);
        // the others were changed two minutes after the start
        assert_eq!(part[0].company_seen_at, Some(at(2)));
        assert!(part[0].company_seen_at.unwrap() < part[0].decided.at - TimeDelta::seconds(1));
        assert!(chunk(&reader, &Grant::system(Action::ViewLead), &whole, None, 9).await.is_err());
    }

    pub(super) async fn a_department_replays_what_came_to_it(store: Store) {
        let decisions = fill(&store).await;
        let whole = period(0, 60, CompaniesSeen::NotAsked);
        for (department, expected) in [
            (Department::InsideSales, vec![decisions[0].clone(), decisions[2].clone()]),
            (Department::FieldSales, vec![decisions[1].clone()]),
            (Department::Marketing, vec![]),
        ] {
            let found = chunk(&store.reader(), &of(Role::Manager(department)), &whole, None, 9).await.unwrap();
            assert_eq!(decided(&found), expected, "{department}");
        }
    }
}
