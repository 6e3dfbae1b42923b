//! How fast persons were reached: from which moment on, and each passage once.

super::support::on_both!(speed_is_told_from_the_chosen_moment, a_passage_counts_once);

mod run {
    use chrono::TimeDelta;
    use fairfall_domain::department::Department;
    use fairfall_domain::report::speed::{SpeedBand, SpeedFigures, SpeedStart};
    use fairfall_domain::sla::clock::ClockEnd;
    use fairfall_domain::sla::{Clock, ClockKind};
    use fairfall_domain::waterfall::act::Act;
    use fairfall_domain::waterfall::transition::Transition;

    use crate::Store;
    use crate::mapper::transition;
    use crate::report::Span;
    use crate::report::sla::ClockCut;
    use crate::report::speed::{SpeedQuery, bands};
    use crate::sql::Sql;
    use crate::tests::sla_made::{a_clock, store_clocks};
    use crate::tests::support::{at, captured, every_state, id, lead_id, new_lead, prepare, store_leads};
    use crate::write::{Part, bulk};

    const INSIDE: Department = Department::InsideSales;
    const FIELD: Department = Department::FieldSales;

    async fn fill(store: &Store, transitions: &[Transition], clocks: &[Clock]) {
        prepare(store).await;
        let leads: Vec<_> = (1..=5).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(store, &leads).await;
        let uow = store.begin().await.unwrap();
        let rows = transitions.iter().map(|one| transition::values(one).unwrap()).collect();
        bulk(&uow, Part::insert("transition", transition::COLUMNS, rows)).await.unwrap();
        uow.commit().await.unwrap();
        store_clocks(store, clocks).await;
    }

    fn query(since: SpeedStart, filter: ClockCut) -> SpeedQuery {
        SpeedQuery { span: Span { from: at(0), until: at(1_440) }, filter, channel: None, since }
    }

    fn step(lead: u128, version: u32, minutes: i64, act: Act, [from, to]: [Department; 2]) -> Transition {
        let made = captured(new_lead(lead, every_state().remove(0))).transitions.remove(0);
        Transition {
            id: id(9, 70_000 + lead * 100 + u128::from(version)),
            lead_version: version,
            at: at(minutes),
            act,
            from_department: Some(from),
            to_department: to,
            ..made
        }
    }

    /// A promise of a department to reach the person of a lead.
    fn contact(number: u128, lead: u128, department: Department, minutes: i64) -> Clock {
        Clock { department, started_at: at(minutes), ..a_clock(number, lead, ClockKind::FirstContact) }
    }

    fn ended(clock: Clock, how: ClockEnd, minutes: i64) -> Clock {
        Clock { end: Some((how, at(minutes))), ..clock }
    }

    pub(super) async fn speed_is_told_from_the_chosen_moment(store: Store) {
        let offer = |version, minutes, to| step(1, version, minutes, Act::HandOver, [Department::Marketing, to]);
        // offered again; to another department; and once more, after it was accepted
        let offers = [offer(2, 10, INSIDE), offer(3, 90, INSIDE), offer(4, 95, FIELD), offer(5, 103, INSIDE)];
        let began = contact(3, 3, INSIDE, 100);
        // 300 whole seconds, whose fractions are almost a second apart
        let almost = began.started_at + TimeDelta::microseconds(300_876_200);
        let clocks = [
            ended(contact(1, 1, INSIDE, 100), ClockEnd::Met, 104),
            ended(contact(2, 2, INSIDE, 100), ClockEnd::Met, 104),
            Clock { end: Some((ClockEnd::Met, almost)), ..began },
        ];
        fill(&store, &offers, &clocks).await;
        let found = async |since| {
            let found = bands(&store.reader(), &query(since, ClockCut::default())).await.unwrap();
            found.into_iter().map(|(band, figures)| (band, figures.leads)).collect::<Vec<_>>()
        };
        assert_eq!(found(SpeedStart::Acceptance).await, [(SpeedBand::FiveMinutes, 3)]);
        // a quarter of an hour since the last offer to it; the others were offered to nobody
        assert_eq!(found(SpeedStart::Offer).await, [(SpeedBand::FiveMinutes, 2), (SpeedBand::Hour, 1)]);
        assert_eq!(found(SpeedStart::Inquiry).await, [(SpeedBand::Day, 3)]);
        assert_eq!(SpeedStart::default(), SpeedStart::Offer);
    }

    pub(super) async fn a_passage_counts_once(store: Store) {
        let clocks = [
            // reached by both
            ended(contact(1, 1, INSIDE, 0), ClockEnd::Met, 10),
            ended(contact(2, 1, FIELD, 60), ClockEnd::Met, 62),
            // the second department reached the person
            ended(contact(3, 2, INSIDE, 0), ClockEnd::Cancelled, 50),
            ended(contact(4, 2, FIELD, 60), ClockEnd::Met, 61),
            // nobody did yet
            ended(contact(5, 3, INSIDE, 0), ClockEnd::Cancelled, 50),
            contact(6, 3, FIELD, 60),
            // what was promised before the period is not looked at
            ended(contact(7, 4, INSIDE, -5), ClockEnd::Met, 1),
            contact(8, 4, FIELD, 10),
            // the later promise was kept first
            ended(contact(9, 5, INSIDE, 0), ClockEnd::Met, 100),
            ended(contact(10, 5, FIELD, 50), ClockEnd::Met, 52),
        ];
        fill(&store, &[step(1, 2, 20, Act::Qualify, [INSIDE, INSIDE])], &clocks).await;
        let uow = store.begin().await.unwrap();
        let mut sql = Sql::new("UPDATE passage SET outcome = 'WON' WHERE lead_id = ");
        sql.bind(lead_id(1).uuid());
        assert_eq!(sql.run(&uow).await.unwrap(), 1);
        uow.commit().await.unwrap();
        let figures = |leads, contacted, qualified, won| SpeedFigures { leads, contacted, qualified, won };
        let of = async |filter| bands(&store.reader(), &query(SpeedStart::Acceptance, filter)).await.unwrap();
        assert_eq!(
            of(ClockCut::default()).await,
            [
                (SpeedBand::FiveMinutes, figures(2, 2, 0, 0)),
                (SpeedBand::Hour, figures(1, 1, 1, 1)),
                (SpeedBand::NotYet, figures(2, 0, 0, 0)),
            ]
        );
        // of one department alone: what it reached itself
        assert_eq!(
            of(ClockCut { taking: Some(FIELD), ..ClockCut::default() }).await,
            [(SpeedBand::FiveMinutes, figures(3, 3, 0, 1)), (SpeedBand::NotYet, figures(2, 0, 0, 0))]
        );
    }
}
