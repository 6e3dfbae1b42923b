//! Figures of hand-overs are those that counting by hand gives.

super::support::on_both!(hand_overs_are_counted_as_by_hand, months_are_counted_apart, leads_are_counted_once);

mod run {
    use std::collections::BTreeMap;

    use chrono::TimeDelta;
    use fairfall_domain::agreement::AgreementRef;
    use fairfall_domain::department::Department;
    use fairfall_domain::feedback::FeedbackRating;
    use fairfall_domain::report::hand_over::{HandOverFate, HandOverFigures, HandOverKey, by_version};
    use fairfall_domain::report::sla::SlaCounts;
    use fairfall_domain::sla::clock::ClockEnd;
    use fairfall_domain::sla::{Clock, ClockKind};
    use fairfall_domain::waterfall::act::Act;
    use fairfall_domain::waterfall::reason::RejectReason;
    use fairfall_domain::waterfall::stage::Stage;
    use fairfall_domain::waterfall::transition::Transition;

    use crate::Store;
    use crate::mapper::{feedback, transition};
    use crate::report::Span;
    use crate::report::hand_over::{HandOverQuery, hand_overs, in_time};
    use crate::sql::Sql;
    use crate::tests::sla_made::{a_clock, a_rating, agreement, store_clocks};
    use crate::tests::support::{at, captured, every_state, id, lead_id, new_lead, prepare, store_leads};
    use crate::write::{Part, bulk};

    const MARKETING: Department = Department::Marketing;
    const INSIDE: Department = Department::InsideSales;

    fn step(lead: u128, version: u32, minutes: i64, act: Act, [from, to]: [Stage; 2]) -> Transition {
        let made = captured(new_lead(lead, every_state().remove(0))).transitions.remove(0);
        Transition {
            id: id(9, 100_000 + lead * 100 + u128::from(version)),
            lead_version: version,
            at: at(minutes),
            act,
            from_stage: Some(from),
            to_stage: to,
            from_department: Some(MARKETING),
            to_department: INSIDE,
            agreement: (act == Act::HandOver).then(|| agreement(1)),
            ..made
        }
    }

    fn offer(lead: u128, version: u32, minutes: i64) -> Transition {
        step(lead, version, minutes, Act::HandOver, [Stage::Mql, Stage::Mql])
    }

    fn accept(lead: u128, version: u32, minutes: i64) -> Transition {
        step(lead, version, minutes, Act::Accept, [Stage::Mql, Stage::Tal])
    }

    fn reject(lead: u128, version: u32, minutes: i64, reason: RejectReason) -> Transition {
        Transition { reason: Some(reason.to_string()), ..step(lead, version, minutes, Act::Reject, [Stage::Mql, Stage::Mql]) }
    }

    async fn fill(store: &Store, transitions: &[Transition]) {
        prepare(store).await;
        let leads: Vec<_> = (1..=9).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(store, &leads).await;
        let uow = store.begin().await.unwrap();
        let rows = transitions.iter().map(|one| transition::values(one).unwrap()).collect();
        bulk(&uow, Part::insert("transition", transition::COLUMNS, rows)).await.unwrap();
        uow.commit().await.unwrap();
    }

    async fn rate(store: &Store, ratings: &[(u128, FeedbackRating)]) {
        let uow = store.begin().await.unwrap();
        let rows = ratings.iter().map(|(lead, rating)| feedback::values(&a_rating(*lead, *lead, *rating)).unwrap()).collect();
        bulk(&uow, Part::insert("lead_feedback", feedback::COLUMNS, rows)).await.unwrap();
        uow.commit().await.unwrap();
    }

    fn query(periods: Vec<Span>) -> HandOverQuery {
        HandOverQuery { periods, giving: None, taking: None, now: at(100) }
    }

    fn minutes(from: i64, until: i64) -> Span {
        Span { from: at(from), until: at(until) }
    }

    /// What the figures are counted of by hand.
    fn made() -> Vec<Transition> {
        let transferred = step(6, 2, 6, Act::HandOver, [Stage::Mql, Stage::Sql]);
        let other = Transition { from_department: Some(INSIDE), to_department: Department::FieldSales, ..offer(8, 2, 8) };
        vec![
            offer(1, 2, 1),
            accept(1, 3, 2),
            // returned, offered again and accepted
            offer(2, 2, 1),
            reject(2, 3, 3, RejectReason::IncompleteRecord),
            offer(2, 4, 4),
            accept(2, 5, 5),
            offer(3, 2, 1),
            reject(3, 3, 3, RejectReason::Lapsed),
            offer(4, 2, 1),
            step(4, 3, 2, Act::Withdraw, [Stage::Mql, Stage::Mql]),
            offer(5, 2, 1),
            transferred,
            // accepted, but not at MQL
            Transition { from_stage: Some(Stage::Srl), to_stage: Stage::Srl, ..offer(7, 2, 7) },
            accept(7, 3, 8),
            Transition { agreement: Some(agreement(2)), ..other },
            // before and after the period, and without an agreement
            offer(9, 2, -1),
            offer(9, 3, 500),
            Transition { agreement: None, ..offer(9, 4, 20) },
        ]
    }

    pub(super) async fn hand_overs_are_counted_as_by_hand(store: Store) {
        fill(&store, &made()).await;
        rate(&store, &[(1, FeedbackRating::Good), (3, FeedbackRating::Unusable), (6, FeedbackRating::Poor)]).await;
        let owed = |lead: u128, clock: Clock| Clock { id: id(30, lead), ..clock };
        let clock = |lead: u128| a_clock(lead, lead, ClockKind::Feedback);
        store_clocks(
            &store,
            &[
                // kept; over and not noticed yet; lapsed and rated; time left
                owed(1, Clock { end: Some((ClockEnd::Met, at(9))), due_at: None, ..clock(1) }),
                owed(2, Clock { due_at: Some(at(99)), ..clock(2) }),
                owed(6, Clock { breached_at: Some(at(60)), ..clock(6) }),
                owed(7, Clock { due_at: Some(at(101)), ..clock(7) }),
            ],
        )
        .await;
        let uow = store.begin().await.unwrap();
        for (lead, change) in [(1, "reached = 64"), (2, "reached = 3, outcome = 'LOST'"), (7, "reached = 3, outcome = 'WON'")] {
            let mut sql = Sql::new(format!("UPDATE passage SET {change} WHERE lead_id = "));
            sql.bind(lead_id(lead).uuid());
            assert_eq!(sql.run(&uow).await.unwrap(), 1);
        }
        uow.commit().await.unwrap();
        let counted = hand_overs(&store.reader(), &query(vec![minutes(0, 100)])).await.unwrap();
        assert!(counted.iter().all(|one| one.period == 0));
        let rows = by_version(&counted);
        let by_hand = HandOverFigures {
            leads: 6,
            offered: 7,
            transferred: 1,
            accepted: 3,
            rejected: 1,
            reasons: BTreeMap::from([(RejectReason::IncompleteRecord, 1)]),
            lapsed: 1,
            withdrawn: 1,
            open: 1,
            mql_accepted: 2,
            mql_proven: 1,
            mql_undecided: 0,
            ratings: BTreeMap::from([(FeedbackRating::Good, 1), (FeedbackRating::Poor, 1)]),
            feedback_due: 3,
            feedback_given: 2,
        };
        assert_eq!(rows[&HandOverKey::of(MARKETING, INSIDE, &agreement(1))], by_hand);
        let other = &rows[&HandOverKey::of(INSIDE, Department::FieldSales, &agreement(2))];
        assert_eq!((rows.len(), other.offered, other.open), (2, 1, 1));
        let cut = async |giving, taking| {
            let cut = HandOverQuery { giving, taking, ..query(vec![minutes(0, 100)]) };
            by_version(&hand_overs(&store.reader(), &cut).await.unwrap()).len()
        };
        assert_eq!((cut(Some(MARKETING), None).await, cut(None, Some(Department::FieldSales)).await), (1, 1));
        assert_eq!(cut(Some(MARKETING), Some(Department::FieldSales)).await, 0);
        assert_eq!(hand_overs(&store.reader(), &query(vec![])).await.unwrap(), []);
    }

    pub(super) async fn months_are_counted_apart(store: Store) {
        fill(&store, &[offer(1, 2, 1), accept(1, 3, 70), offer(2, 2, 60), offer(3, 2, 119), offer(4, 2, 120)]).await;
        let periods = vec![minutes(0, 60), minutes(60, 120)];
        let counted = hand_overs(&store.reader(), &query(periods.clone())).await.unwrap();
        let told: Vec<_> = counted.iter().map(|one| (one.period, one.fate, one.count)).collect();
        assert_eq!(told, [(0, HandOverFate::Accepted, 1), (1, HandOverFate::Open, 2)]);
        let clock = |number: u128, minutes: i64| Clock { started_at: at(minutes), ..a_clock(number, 1, ClockKind::Accept) };
        let met = |clock: Clock| Clock { end: Some((ClockEnd::Met, at(200))), ..clock };
        let late = |clock: Clock| Clock { breached_at: Some(at(90)), ..clock };
        let other = |clock: Clock| Clock { agreement: AgreementRef { key: "other".parse().unwrap(), ..agreement(1) }, ..clock };
        store_clocks(
            &store,
            &[
                met(clock(1, 0)),
                late(met(clock(2, 59))),
                late(clock(3, 60)),
                clock(4, 61),
                met(other(clock(5, 119))),
                met(clock(6, 120)),
            ],
        )
        .await;
        let found = in_time(&store.reader(), &periods).await.unwrap();
        let counts = |attained, breached| SlaCounts { attained, breached, ..SlaCounts::default() };
        let by_hand = BTreeMap::from([
            ((0, "marketing-inside".to_owned()), counts(1, 1)),
            ((1, "marketing-inside".to_owned()), counts(0, 1)),
            ((1, "other".to_owned()), counts(1, 0)),
        ]);
        assert_eq!(found, by_hand);
        assert_eq!(in_time(&store.reader(), &[]).await.unwrap(), BTreeMap::new());
        // half a second is no month, and none is lost between two
        let split = vec![minutes(0, 60), Span { from: at(60), until: at(60) + TimeDelta::milliseconds(500) }];
        assert_eq!(hand_overs(&store.reader(), &query(split)).await.unwrap().len(), 2);
    }

    /// Leads that are handed over more often than once.
    fn again() -> Vec<Transition> {
        let to_field = Transition {
            from_department: Some(INSIDE),
            to_department: Department::FieldSales,
            agreement: Some(AgreementRef { key: "inside-field".parse().unwrap(), ..agreement(2) }),
            ..offer(4, 4, 8)
        };
        let returned = |lead| reject(lead, 3, 2, RejectReason::IncompleteRecord);
        let withdrawn = |lead| step(lead, 3, 2, Act::Withdraw, [Stage::Mql, Stage::Mql]);
        vec![
            // returned, offered again and accepted
            offer(1, 2, 1),
            returned(1),
            offer(1, 4, 3),
            accept(1, 5, 4),
            // taken back; and offered again after that
            offer(2, 2, 1),
            withdrawn(2),
            offer(3, 2, 1),
            withdrawn(3),
            offer(3, 4, 3),
            // to two departments
            offer(4, 2, 1),
            accept(4, 3, 2),
            to_field,
            // returned, and offered again in the next month
            offer(5, 2, 1),
            returned(5),
            offer(5, 4, 70),
            // returned, and offered again under the next version
            offer(6, 2, 1),
            returned(6),
            Transition { agreement: Some(agreement(2)), ..offer(6, 4, 3) },
        ]
    }

    pub(super) async fn leads_are_counted_once(store: Store) {
        fill(&store, &again()).await;
        let counted = hand_overs(&store.reader(), &query(vec![minutes(0, 60), minutes(60, 120)])).await.unwrap();
        let mut told: BTreeMap<(usize, String), [u64; 2]> = BTreeMap::new();
        for one in &counted {
            let [count, leads] = told.entry((one.period, one.key.agreement.clone())).or_default();
            (*count, *leads) = (*count + one.count, *leads + one.leads);
        }
        let by_hand = BTreeMap::from([
            ((0, "inside-field".to_owned()), [1, 1]),
            ((0, "marketing-inside".to_owned()), [9, 5]),
            ((1, "marketing-inside".to_owned()), [1, 1]),
        ]);
        assert_eq!(told, by_hand);
    }
}
