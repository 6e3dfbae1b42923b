//! Reports on promises are read from indexes, also when there are many leads.

super::support::on_both!(reports_on_promises_use_indexes);

mod run {
    use fairfall_domain::report::sla::SlaGroup;
    use fairfall_domain::report::speed::SpeedStart;
    use fairfall_domain::sla::{Clock, ClockKind};
    use fairfall_domain::waterfall::act::Act;
    use sea_orm::ConnectionTrait;

    use crate::Store;
    use crate::mapper::transition;
    use crate::report::hand_over::HandOverQuery;
    use crate::report::sla::{ClockCut, SlaQuery};
    use crate::report::speed::SpeedQuery;
    use crate::report::{self, Span};
    use crate::tests::plans::run::{fill, plan};
    use crate::tests::sla_made::{a_clock, agreement};
    use crate::tests::support::{at, captured, id, new_lead};
    use crate::write::{Part, bulk};

    /// Clocks and hand-overs of many leads, a minute apart.
    async fn fill_promises(store: &Store) {
        fill(store).await;
        let (mut clocks, mut hand_overs) = (Vec::new(), Vec::new());
        for number in 1..=10_000_u32 {
            let minutes = i64::from(number);
            let clock =
                Clock { started_at: at(minutes), ..a_clock(u128::from(number), u128::from(number), ClockKind::FirstContact) };
            clocks.push(crate::mapper::clock::values(&clock).unwrap());
            let lead = new_lead(number.into(), crate::tests::support::every_state().remove(0));
            let mut made = captured(lead).transitions.remove(0);
            (made.id, made.at, made.lead_version) = (id(9, 1_000 + u128::from(number)), at(minutes), number + 1);
            (made.act, made.agreement) = (Act::HandOver, Some(agreement(1)));
            hand_overs.push(transition::values(&made).unwrap());
        }
        let uow = store.begin().await.unwrap();
        bulk(&uow, Part::insert("clock", crate::mapper::clock::COLUMNS, clocks)).await.unwrap();
        bulk(&uow, Part::insert("transition", transition::COLUMNS, hand_overs)).await.unwrap();
        uow.commit().await.unwrap();
        store.writer().execute_unprepared("ANALYZE").await.unwrap();
    }

    pub(super) async fn reports_on_promises_use_indexes(store: Store) {
        fill_promises(&store).await;
        let span = Span { from: at(5_000), until: at(5_060) };
        let backend = store.backend();
        let sla = SlaQuery { span, by: SlaGroup::ALL.to_vec(), filter: ClockCut::default() };
        let found = plan(&store, report::sla::statement(&sla, backend, 10)).await;
        assert!(found.contains("i_clock__started"), "{found}");
        for since in SpeedStart::ALL {
            let speed = SpeedQuery { span, filter: ClockCut::default(), channel: None, since: *since };
            let found = plan(&store, report::speed::statement(&speed, backend)).await;
            assert!(found.contains("i_clock__started"), "{since}:\n{found}");
            // what the department did with the lead, and when it was offered it
            let looked_up = if *since == SpeedStart::Offer { 2 } else { 1 };
            assert!(found.matches("i_transition__passage").count() >= looked_up, "{since}:\n{found}");
            assert!(!found.contains("Seq Scan on transition"), "{since}:\n{found}");
        }
        let made = HandOverQuery { periods: vec![span], giving: None, taking: None, now: at(0) };
        let found = plan(&store, report::hand_over::statement(&made, span, backend)).await;
        assert!(found.contains("i_transition__handed_over"), "{found}");
    }
}
