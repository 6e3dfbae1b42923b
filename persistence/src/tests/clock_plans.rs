//! Lists of promises are read from indexes, in their order and without sorting, also when many run.

super::support::on_both!(lists_of_promises_are_read_in_the_order_of_their_indexes);

mod run {
    use fairfall_domain::access::{Action, Grant, Role, grant};
    use fairfall_domain::department::Department;
    use fairfall_domain::routing::Placement;
    use fairfall_domain::sla::{Clock, ClockKind};
    use sea_orm::ConnectionTrait;

    use crate::mapper::clock::{COLUMNS, values};
    use crate::repo::clock::{self, ClockFilter, Lapsed};
    use crate::tests::plans::run::{fill, plan};
    use crate::tests::sla_made::a_clock;
    use crate::tests::support::{actor, all, at, team, user};
    use crate::write::{Part, bulk};
    use crate::{Backend, PageArgs, PageLimits, Store};

    const CLOCKS: u32 = 10_000;

    /// Running promises of as many leads, due a minute apart, one of forty lapsed, kept by ten people of a hundred teams.
    async fn fill_clocks(store: &Store) {
        fill(store).await;
        let made = |number: u32| {
            let (one, due) = (u128::from(number), Some(at(i64::from(number))));
            let clock = Clock {
                holder: Placement::with(Some(team(one % 100)), user(one % 10)),
                due_at: due,
                next_at: due,
                breached_at: due.filter(|_| number.is_multiple_of(40)),
                ..a_clock(one, one, ClockKind::FirstContact)
            };
            values(&clock).unwrap()
        };
        let uow = store.begin().await.unwrap();
        bulk(&uow, Part::insert("clock", COLUMNS, (1..=CLOCKS).map(made).collect())).await.unwrap();
        uow.commit().await.unwrap();
        store.writer().execute_unprepared("ANALYZE").await.unwrap();
    }

    async fn assert_in_order(store: &Store, (grant, filter): (&Grant, &ClockFilter), index: &str, args: &PageArgs) {
        let found = plan(store, clock::page_statement(grant, filter, args).unwrap()).await;
        assert!(found.contains(index), "{filter:?} does not use {index}:\n{found}");
        for slow in ["Seq Scan on clock", "Sort", "TEMP B-TREE"] {
            assert!(!found.contains(slow), "{filter:?} has `{slow}`:\n{found}");
        }
        assert!(found.lines().all(|line| line != "SCAN clock"), "{filter:?} looks through all clocks:\n{found}");
    }

    pub(super) async fn lists_of_promises_are_read_in_the_order_of_their_indexes(store: Store) {
        fill_clocks(&store).await;
        let reach = |role| grant(&actor(role), Action::ViewLead).unwrap();
        let department = reach(Role::Manager(Department::Marketing));
        let mine = ClockFilter { user: Some(user(1)), ..ClockFilter::default() };
        let lapsed = ClockFilter { lapsed: Some(Lapsed), ..ClockFilter::default() };
        let in_team = ClockFilter { team: Some(team(1)), ..ClockFilter::default() };
        let mut lists = vec![
            (all(), ClockFilter::default(), "i_clock__due"),
            (department.clone(), ClockFilter::default(), "i_clock__due"),
            (all(), lapsed.clone(), "i_clock__lapsed"),
            (department.clone(), lapsed, "i_clock__lapsed"),
            (department.clone(), mine, "i_clock__user"),
            (department, in_team, "i_clock__team"),
        ];
        // PostgreSQL may start from a team's leads where they are few, and sort what it finds
        if store.backend() == Backend::Sqlite {
            lists.push((reach(Role::Member(Department::FieldSales)), ClockFilter::default(), "i_clock__due"));
        }
        let limits = PageLimits { default: 25, max: 100 };
        for (grant, filter, index) in &lists {
            assert_in_order(&store, (grant, filter), index, &PageArgs::first(25)).await;
            let page = clock::page(&store.reader(), grant, filter, &PageArgs::first(5)).await.unwrap();
            assert_eq!(page.items.len(), 5, "{filter:?}");
            assert!(page.items.windows(2).all(|pair| pair[0].1.due_at < pair[1].1.due_at), "{filter:?}");
            let after = page.items.last().map(|(cursor, _)| cursor.clone());
            let next = PageArgs::try_new(Some(25), after, None, None, limits).unwrap();
            assert_in_order(&store, (grant, filter), index, &next).await;
            let before = PageArgs::try_new(None, None, Some(25), None, limits).unwrap();
            assert_in_order(&store, (grant, filter), index, &before).await;
        }
    }
}
