//! Figures about routings are those that counting by hand gives.

super::support::on_both!(
    what_became_of_turns_is_counted_as_by_hand,
    what_stands_beside_the_count_is_told,
    misrouted_leads_are_counted_as_by_hand,
    whereabouts_come_newest_first,
);

mod run {
    use chrono::TimeDelta;
    use fairfall_domain::access::{Action, Grant};
    use fairfall_domain::department::Department;
    use fairfall_domain::id::{PoolId, RoutingDecisionId, TerritoryId, UserId};
    use fairfall_domain::report::fairness::{BesideFigures, CountedBeside, CountedTurns, TurnFigures};
    use fairfall_domain::report::misrouting::{CountedRoutings, MisroutedFigures, Misrouting};
    use fairfall_domain::routing::decision::TerritoryHit;
    use fairfall_domain::routing::place::{QueueReason, Wish};
    use fairfall_domain::routing::pool::{Caps, TierRule};
    use fairfall_domain::routing::territory::RoutingStatus;
    use fairfall_domain::routing::{ChosenBy, Pool, RoutingCause, RoutingDecision, RoutingOutcome};
    use fairfall_domain::scoring::Tier;
    use fairfall_domain::waterfall::act::Act;
    use fairfall_domain::waterfall::lead::Lead;

    use crate::mapper::transition;
    use crate::repo::routing_decision::{insert_many, mark_misrouted, settle};
    use crate::report::Span;
    use crate::report::coverage::newest;
    use crate::report::fairness::{beside, turns};
    use crate::report::misrouting::{MisroutingQuery, routings};
    use crate::sql::Sql;
    use crate::tests::support::{all, at, captured, every_state, id, new_lead, prepare, start, store_leads, team, user};
    use crate::write::{Part, bulk};
    use crate::{Store, UnitOfWork};

    fn pool(number: u128) -> PoolId {
        id(20, number)
    }

    fn territory() -> TerritoryId {
        id(22, 1)
    }

    fn span() -> Span {
        Span { from: start(), until: start() + TimeDelta::days(1) }
    }

    fn got(number: u128, by: ChosenBy) -> RoutingOutcome {
        RoutingOutcome::Assigned { user: user(number), by }
    }

    /// A decision about the lead `lead` after so many minutes. Turns are of the pool 1.
    fn decision(number: u128, lead: u128, minutes: i64, outcome: RoutingOutcome) -> RoutingDecision {
        let is_turn = matches!(outcome, RoutingOutcome::Assigned { by: ChosenBy::Turn, .. } | RoutingOutcome::Queued { .. });
        RoutingDecision {
            id: id(21, number),
            lead: id(5, lead),
            passage: id(8, lead),
            at: at(minutes),
            cause: RoutingCause::HandOver,
            department: Department::InsideSales,
            tier: Tier::Hot,
            wish: Wish::default(),
            territory: None,
            team: Some(team(1)),
            pool: is_turn.then(|| pool(1)),
            language: None,
            language_missed: None,
            worth: Some(1_000),
            candidates: vec![],
            rule: None,
            outcome,
        }
    }

    fn within(mut decision: RoutingDecision) -> RoutingDecision {
        decision.territory = Some(TerritoryHit { territory: territory(), served_by: territory(), equal: vec![] });
        decision
    }

    fn decisions() -> Vec<RoutingDecision> {
        let turn = |user| got(user, ChosenBy::Turn);
        let field = RoutingDecision {
            department: Department::FieldSales,
            pool: Some(pool(2)),
            team: Some(team(2)),
            ..decision(9, 1, 40, turn(8))
        };
        vec![
            within(decision(1, 1, 1, turn(1))),
            within(decision(2, 2, 2, turn(1))),
            within(decision(3, 2, 30, turn(2))),
            decision(4, 3, 3, turn(1)),
            decision(5, 4, 4, turn(2)),
            decision(6, 4, 8, got(3, ChosenBy::Wish)),
            decision(7, 5, 5, turn(3)),
            decision(8, 5, 9, got(9, ChosenBy::Wish)),
            field,
            decision(10, 6, 6, got(1, ChosenBy::Owner)),
            // the day after
            decision(11, 7, 1_500, turn(1)),
            within(decision(12, 8, 8, turn(1))),
            decision(13, 9, 9, RoutingOutcome::Queued { reason: QueueReason::AllAtCap }),
            RoutingDecision {
                team: None,
                pool: None,
                ..decision(14, 9, 10, RoutingOutcome::Queued { reason: QueueReason::NoTeam })
            },
        ]
    }

    async fn accept(uow: &UnitOfWork, leads: &[Lead], (lead, who, minutes): (usize, u128, i64)) {
        let mut made = captured(leads[lead - 1].clone()).transitions.remove(0);
        let number = u128::try_from(minutes).unwrap() + 1_000;
        (made.id, made.act, made.actor, made.at) = (id(9, number), Act::Accept, Some(user(who)), at(minutes));
        made.lead_version = u32::try_from(minutes).unwrap() + 10;
        let rows = vec![transition::values(&made).unwrap()];
        bulk(uow, Part::insert("transition", transition::COLUMNS, rows)).await.unwrap();
    }

    async fn fill(store: &Store) {
        prepare(store).await;
        let leads: Vec<Lead> = (1..10).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(store, &leads).await;
        let uow = store.begin().await.unwrap();
        insert_many(&uow, decisions().iter()).await.unwrap();
        // (lead, by whom, after minutes): lead 3 was taken over by a colleague, lead 8 is accepted by somebody else, which proves nothing
        for accepted in [(1, 1, 11), (2, 1, 22), (2, 2, 31), (3, 2, 5), (4, 3, 14), (8, 7, 20)] {
            accept(&uow, &leads, accepted).await;
        }
        let moved: [(u128, Option<UserId>); 3] = [(4, Some(user(2))), (5, Some(user(3))), (7, None)];
        for (number, counts_for) in moved {
            settle(&uow, id::<RoutingDecisionId>(21, number), counts_for).await.unwrap();
        }
        for number in [7, 13, 14] {
            mark_misrouted(&uow, id::<RoutingDecisionId>(21, number), at(60)).await.unwrap();
        }
        for lead in [1, 2, 4] {
            let mut sql = Sql::new("UPDATE passage SET outcome = 'WON' WHERE lead_id = ");
            sql.bind(leads[lead - 1].id.uuid());
            assert_eq!(sql.run(&uow).await.unwrap(), 1);
        }
        uow.commit().await.unwrap();
    }

    pub(super) async fn what_became_of_turns_is_counted_as_by_hand(store: Store) {
        fill(&store).await;
        let of = |user: Option<UserId>, leads, accepted, response_median_seconds, won| CountedTurns {
            pool: pool(1),
            tier: Tier::Hot,
            user,
            figures: TurnFigures { leads, accepted, response_median_seconds, won },
        };
        let counted = turns(&store.reader(), &[pool(1)], span()).await.unwrap();
        let by_hand = [
            // leads 1, 2 and 8, accepted after 10 and 20 minutes; lead 2 was won by the one who got it later
            of(Some(user(1)), 3, 2, Some(600), 1),
            // lead 2 after a minute, and lead 3 in the place of a colleague after two
            of(Some(user(2)), 2, 2, Some(60), 1),
            // lead 4, given on by hand: for whom was asked, the turn counts as well
            of(Some(user(3)), 1, 1, Some(600), 1),
            of(None, 6, 5, Some(600), 3),
        ];
        assert_eq!(counted, by_hand);
        // what the next department makes of a lead is told there
        let field = turns(&store.reader(), &[pool(2)], span()).await.unwrap();
        assert_eq!(field[0].figures, TurnFigures { leads: 1, accepted: 0, response_median_seconds: None, won: 1 });
        assert_eq!(turns(&store.reader(), &[], span()).await.unwrap(), []);
    }

    pub(super) async fn what_stands_beside_the_count_is_told(store: Store) {
        fill(&store).await;
        let pool = Pool {
            id: pool(1),
            version: 1,
            key: "hot".parse().unwrap(),
            name: "Hot".parse().unwrap(),
            team: team(1),
            tiers: vec![TierRule::usual(Tier::Hot)],
            members: vec![],
            caps: Caps::default(),
            language: None,
            channels: vec![],
            balances_worth: false,
            status: RoutingStatus::Active,
        };
        let of = |number, wished, owned, taken_back| CountedBeside {
            pool: pool.id,
            tier: Tier::Hot,
            user: user(number),
            figures: BesideFigures { wished, owned, taken_back },
        };
        let counted = beside(&store.reader(), std::slice::from_ref(&pool), span()).await.unwrap();
        assert_eq!(counted, [of(1, 0, 1, 0), of(3, 0, 0, 1), of(9, 1, 0, 0)]);
        // nobody is told of a tier that no pool of the team takes
        let warm = Pool { id: id(20, 3), tiers: vec![TierRule::usual(Tier::Warm)], ..pool };
        assert_eq!(beside(&store.reader(), &[warm], span()).await.unwrap(), []);
    }

    pub(super) async fn misrouted_leads_are_counted_as_by_hand(store: Store) {
        fill(&store).await;
        let query = MisroutingQuery { span: span(), team: None, department: None };
        let all = Misrouting::of(&routings(&store.reader(), &query).await.unwrap());
        let figures = |routed, misrouted| MisroutedFigures { routed, misrouted };
        // 14 decisions, less the one of the day after and the one that found no team
        assert_eq!(all.total, figures(12, 2));
        assert_eq!((all.by_territory[&Some(territory())], all.by_territory[&None]), (figures(4, 0), figures(8, 2)));
        let by = |choice: Option<ChosenBy>| all.by_choice[&choice];
        assert_eq!(by(Some(ChosenBy::Turn)), figures(8, 1));
        assert_eq!(
            (by(Some(ChosenBy::Wish)), by(Some(ChosenBy::Owner)), by(None)),
            (figures(2, 0), figures(1, 0), figures(1, 1))
        );
        let field = MisroutingQuery { department: Some(Department::FieldSales), ..query };
        let counted = routings(&store.reader(), &field).await.unwrap();
        let only = CountedRoutings {
            territory: None,
            chosen_by: Some(ChosenBy::Turn),
            department: Department::FieldSales,
            figures: figures(1, 0),
        };
        assert_eq!(counted, [only]);
        let elsewhere = MisroutingQuery { team: Some(team(3)), ..query };
        assert_eq!(routings(&store.reader(), &elsewhere).await.unwrap(), []);
    }

    pub(super) async fn whereabouts_come_newest_first(store: Store) {
        prepare(&store).await;
        let aged = |number: u128| {
            let mut lead = new_lead(number, every_state().remove(0));
            lead.captured_at = at(i64::try_from(number).unwrap());
            lead.demand.postal_code = "80331".parse().ok();
            lead
        };
        let leads: Vec<Lead> = (1..6).map(aged).collect();
        store_leads(&store, &leads).await;
        let (reader, grant) = (store.reader(), Grant::system(Action::ManageTerritory));
        let first = newest(&reader, &grant, at(2), None, 3).await.unwrap();
        let found = |leads: &[crate::report::coverage::PlacedLead]| leads.iter().map(|one| one.lead).collect::<Vec<_>>();
        assert_eq!(found(&first), [leads[4].id, leads[3].id, leads[2].id]);
        let rest = newest(&reader, &grant, at(2), first.last(), 3).await.unwrap();
        assert_eq!(found(&rest), [leads[1].id]);
        let lead = &first[0].whereabouts;
        assert_eq!(
            (lead.postal_code.clone(), lead.subdivision),
            (leads[4].demand.postal_code.clone(), leads[4].demand.subdivision)
        );
        assert_eq!((&lead.product_area, lead.industry.clone(), lead.employees), (&leads[4].demand.product_area, None, None));
        assert!(newest(&reader, &all(), at(2), None, 3).await.is_err());
    }
}
