//! The accounts of routings: stored with their change, found by who sees the lead, corrected afterwards.

super::support::on_both!(a_decision_is_stored_with_its_change_and_corrected, open_leads_and_companies_are_counted);

mod run {
    use fairfall_domain::access::{Action, Actor, Role, grant};
    use fairfall_domain::department::Department;
    use fairfall_domain::id::UserId;
    use fairfall_domain::routing::decision::TerritoryHit;
    use fairfall_domain::routing::fairness::FairRule;
    use fairfall_domain::routing::place::Wish;
    use fairfall_domain::routing::{
        Candidate, CandidateRule, ChosenBy, Leads, Placement, RoutingCause, RoutingDecision, RoutingOutcome,
    };
    use fairfall_domain::scoring::Tier;
    use fairfall_domain::user::Seniority;
    use fairfall_domain::waterfall::lead::Lead;
    use fairfall_domain::waterfall::stage::OpenStage;
    use fairfall_domain::waterfall::state::LeadState;

    use crate::Store;
    use crate::repo::routing_decision::Settled;
    use crate::repo::{lead, routing_decision};
    use crate::tests::support::{
        actor, all, at, captured, company_id, id, lead_id, new_lead, offered, place, prepare, stamp, team, user,
    };

    fn candidate(number: u128, rule: CandidateRule) -> Candidate {
        Candidate {
            user: user(number),
            rule,
            weight: 10,
            seniority: Some(Seniority::Senior),
            level: None,
            is_at_work: true,
            today: 2,
            open: Some(4),
            deviation: Leads::ONE,
            shortfall: -12,
            share: Leads::ZERO,
            worth: 0,
        }
    }

    fn decision(number: u128, lead: &Lead, minutes: i64, outcome: RoutingOutcome) -> RoutingDecision {
        RoutingDecision {
            id: id(50, number),
            lead: lead.id,
            passage: lead.passage,
            at: at(minutes),
            cause: RoutingCause::HandOver,
            department: Department::InsideSales,
            tier: Tier::Warm,
            wish: Wish::default(),
            territory: Some(TerritoryHit { territory: id(51, 1), served_by: id(51, 2), equal: vec![id(51, 3)] }),
            team: Some(team(2)),
            pool: Some(id(52, 1)),
            language: None,
            language_missed: None,
            worth: Some(123_456),
            candidates: vec![candidate(1, CandidateRule::Chosen), candidate(2, CandidateRule::Absent)],
            rule: Some(FairRule::DueFirst),
            outcome,
        }
    }

    fn turn(number: u128) -> RoutingOutcome {
        RoutingOutcome::Assigned { user: user(number), by: ChosenBy::Turn }
    }

    fn working(owner: Option<UserId>) -> LeadState {
        let placement = Placement { team: Some(team(1)), person: owner, queue_reason: None };
        LeadState::Working { place: place(OpenStage::Mql, Department::Marketing, placement) }
    }

    pub(super) async fn a_decision_is_stored_with_its_change_and_corrected(store: Store) {
        prepare(&store).await;
        let known = new_lead(1, working(Some(user(1))));
        let first = decision(1, &known, 1, turn(1));
        let mut change = captured(known.clone());
        change.routing = Some(Box::new(first.clone()));
        let uow = store.begin().await.unwrap();
        lead::insert(&uow, &change, &stamp(1)).await.unwrap();
        let second = decision(2, &known, 2, RoutingOutcome::Assigned { user: user(2), by: ChosenBy::Wish });
        routing_decision::insert_many(&uow, std::iter::once(&second)).await.unwrap();
        uow.commit().await.unwrap();

        let on = store.reader();
        let found = routing_decision::of_leads(&on, &all(), &[known.id, lead_id(9)]).await.unwrap();
        assert_eq!(found.iter().map(|stored| &stored.decision).collect::<Vec<_>>(), [&second, &first]);
        assert_eq!(found.iter().map(|stored| stored.counts_for).collect::<Vec<_>>(), [None, Some(user(1))]);
        assert_eq!(routing_decision::find_many(&on, &all(), &[first.id, id(50, 9)]).await.unwrap(), [found[1].clone()]);
        let nobody =
            Actor { user: user(77), teams: Vec::new(), managed: Vec::new(), ..actor(Role::Member(Department::FieldSales)) };
        let stranger = grant(&nobody, Action::ViewLead).unwrap();
        assert_eq!(routing_decision::of_leads(&on, &stranger, &[known.id]).await.unwrap(), []);
        assert_eq!(routing_decision::find_many(&on, &stranger, &[first.id]).await.unwrap(), []);

        let uow = store.begin().await.unwrap();
        routing_decision::settle(&uow, first.id, Some(user(2))).await.unwrap();
        routing_decision::mark_misrouted(&uow, first.id, at(5)).await.unwrap();
        routing_decision::mark_misrouted(&uow, first.id, at(6)).await.unwrap();
        let moved = routing_decision::of_passage(&uow, known.id, known.passage).await.unwrap().remove(1);
        assert_eq!((moved.counts_for, moved.settled, moved.misrouted_at), (Some(user(2)), Some(Settled::Moved), Some(at(5))));
        routing_decision::settle(&uow, first.id, None).await.unwrap();
        let undone = routing_decision::of_passage(&uow, known.id, known.passage).await.unwrap().remove(1);
        assert_eq!((undone.counts_for, undone.settled), (None, Some(Settled::Undone)));
    }

    pub(super) async fn open_leads_and_companies_are_counted(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        let giver = place(OpenStage::Mql, Department::Marketing, Placement::with(Some(team(1)), user(1)));
        let states = [
            working(Some(user(1))),
            working(Some(user(1))),
            working(None),
            offered(giver, Placement::with(Some(team(2)), user(2))),
        ];
        for (number, state) in (1..).zip(states) {
            lead::insert(&uow, &captured(new_lead(number, state)), &stamp(number)).await.unwrap();
        }
        let open = routing_decision::open_leads(&uow, &[user(1), user(2), user(3)]).await.unwrap();
        // an offer is its giver's no more
        assert_eq!(open.into_iter().collect::<Vec<_>>(), [(user(1), 2), (user(2), 1)]);
        let company = company_id(1);
        let seen = routing_decision::companies_seen(&uow, &[company, company_id(7)], &[lead_id(4)]).await.unwrap();
        let updated = new_lead(3, working(None)).updated_at;
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [(company, updated)]);
    }
}
