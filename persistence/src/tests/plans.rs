//! Lists are read from indexes, in their order and without sorting, also when there are many leads.

super::support::on_both!(
    lists_and_queues_use_indexes,
    due_clocks_are_found_by_their_index,
    what_one_is_told_is_found_by_its_index,
    records_that_share_keys_are_found_by_the_keys
);

pub(super) mod run {
    use fairfall_domain::access::{Action, Grant, Role, grant};
    use fairfall_domain::department::Department;
    use fairfall_domain::routing::{Placement, QueueReason};
    use fairfall_domain::waterfall::lead::Lead;
    use fairfall_domain::waterfall::stage::{OpenStage, Stage};
    use fairfall_domain::waterfall::state::LeadState;
    use sea_orm::ConnectionTrait;

    use crate::mapper::{clock, lead, passage};
    use crate::repo::lead::{LeadFilter, LeadSort, QueueScope, queue_statement, statement};
    use crate::repo::notification::Which;
    use crate::repo::{escalation, match_key, notification};
    use crate::sql::{Columns, Sql};
    use crate::tests::escalation::a_clock;
    use crate::tests::made::{self, a_user, add_users};
    use crate::tests::notification::told;
    use crate::tests::support::{actor, all, at, captured, new_lead, place, prepare, team, user};
    use crate::write::{Part, bulk};
    use crate::{Backend, PageArgs, Store};

    const LEADS: u128 = 20_000;

    fn many() -> Vec<Lead> {
        (0..LEADS)
            .map(|number| {
                let owned = Placement::with(Some(team(number % 40)), user(number % 200));
                let placement = if number % 10 == 0 {
                    Placement::queued(Some(team(number % 40)), QueueReason::AwaitingPickUp)
                } else {
                    owned
                };
                let stage = OpenStage::ALL[usize::try_from(number % 7).unwrap()];
                let mut lead = new_lead(number, LeadState::Working { place: place(stage, Department::Marketing, placement) });
                let minutes = i64::try_from(number).unwrap();
                (lead.captured_at, lead.updated_at, lead.stage_since) = (at(minutes), at(minutes + 7), at(minutes));
                lead
            })
            .collect()
    }

    pub(in crate::tests) async fn fill(store: &Store) {
        prepare(store).await;
        let leads = many();
        let uow = store.begin().await.unwrap();
        let rows = leads.iter().map(|one| lead::values(one).unwrap()).collect();
        bulk(&uow, Part::insert("lead", lead::COLUMNS, rows)).await.unwrap();
        let rows = leads.iter().map(|one| passage::values(&captured(one.clone()).passage).unwrap()).collect();
        bulk(&uow, Part::insert("passage", passage::COLUMNS, rows)).await.unwrap();
        uow.commit().await.unwrap();
        store.writer().execute_unprepared("ANALYZE").await.unwrap();
    }

    pub(in crate::tests) async fn plan(store: &Store, sql: Sql) -> String {
        let (prefix, column) = match store.backend() {
            Backend::Postgres => ("EXPLAIN ", 0),
            Backend::Sqlite => ("EXPLAIN QUERY PLAN ", 3),
        };
        let rows = sql.before(prefix).all(&store.reader()).await.unwrap();
        let lines = rows.iter().map(|row| {
            let mut columns = Columns::of(row);
            columns.skip(column);
            columns.next::<String>().unwrap()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn assert_indexed(plan: &str, what: &str) {
        for slow in ["Seq Scan on lead", "Sort", "TEMP B-TREE"] {
            assert!(!plan.contains(slow), "{what} has `{slow}`:\n{plan}");
        }
        assert!(plan.lines().all(|line| line != "SCAN lead"), "{what} looks through all leads:\n{plan}");
    }

    pub(super) async fn lists_and_queues_use_indexes(store: Store) {
        fill(&store).await;
        let stage = LeadFilter { stages: vec![Stage::Mql], ..LeadFilter::default() };
        let owner = LeadFilter { owners: vec![Some(user(7))], ..LeadFilter::default() };
        let in_team = LeadFilter { teams: vec![team(7)], ..LeadFilter::default() };
        let department = grant(&actor(Role::Manager(Department::Marketing)), Action::ViewLead).unwrap();
        let lists: [(&str, Grant, LeadFilter, LeadSort); 9] = [
            ("by score", all(), LeadFilter::default(), LeadSort::ScoreDesc),
            ("by capture", all(), LeadFilter::default(), LeadSort::CreatedDesc),
            ("by change", all(), LeadFilter::default(), LeadSort::UpdatedAsc),
            ("stage by score", all(), stage.clone(), LeadSort::ScoreDesc),
            ("stage by capture", all(), stage.clone(), LeadSort::CreatedAsc),
            ("stage by change", all(), stage, LeadSort::UpdatedDesc),
            ("owner by change", all(), owner, LeadSort::UpdatedDesc),
            ("team by capture", all(), in_team, LeadSort::CreatedDesc),
            ("my department's by change", department, LeadFilter::default(), LeadSort::UpdatedDesc),
        ];
        for (what, grant, filter, sort) in lists {
            let sql = statement(&grant, &filter, sort, &PageArgs::first(50)).unwrap();
            assert_indexed(&plan(&store, sql).await, what);
            let page = crate::repo::lead::page(&store.reader(), &all(), &filter, sort, &PageArgs::first(5)).await.unwrap();
            let after = page.items.last().map(|(cursor, _)| cursor.clone());
            let limits = crate::PageLimits { default: 25, max: 100 };
            let args = PageArgs::try_new(Some(50), after, None, None, limits).unwrap();
            assert_indexed(&plan(&store, statement(&grant, &filter, sort, &args).unwrap()).await, what);
        }
        let member = grant(&actor(Role::Member(Department::Marketing)), Action::ViewLead).unwrap();
        for queue in [QueueScope::Mine, QueueScope::Team] {
            let found = plan(&store, queue_statement(&member, queue, &PageArgs::first(50)).unwrap()).await;
            // what waits for several teams is few, and sorted after it was found
            assert!(found.contains("i_lead__waits_"), "{queue:?}:\n{found}");
            // at worst all that waits for anybody is looked through, never all leads
            assert!(!found.contains("Seq Scan") && found.lines().all(|line| line != "SCAN lead"), "{queue:?}:\n{found}");
        }
        let due = Sql::new(
            "SELECT id FROM lead WHERE state = 'NURTURING' AND resume_at <= '2030-01-01' ORDER BY resume_at, id LIMIT 10",
        );
        assert_indexed(&plan(&store, due).await, "due leads");
    }

    pub(super) async fn due_clocks_are_found_by_their_index(store: Store) {
        fill(&store).await;
        let uow = store.begin().await.unwrap();
        let clock = |number: u128| {
            let mut clock = a_clock(number, number);
            // far from now, as most are at any time
            clock.next_at = Some(at(1_000_000 + i64::try_from(number).unwrap()));
            clock::values(&clock).unwrap()
        };
        bulk(&uow, Part::insert("clock", clock::COLUMNS, (0..LEADS).map(clock).collect())).await.unwrap();
        uow.commit().await.unwrap();
        store.writer().execute_unprepared("ANALYZE").await.unwrap();
        let found = plan(&store, escalation::due_statement(at(1_000_010), 100)).await;
        assert!(found.contains("i_clock__next"), "{found}");
        for slow in ["Seq Scan on clock", "Sort", "TEMP B-TREE"] {
            assert!(!found.contains(slow), "`{slow}`:\n{found}");
        }
        assert!(found.lines().all(|line| line != "SCAN clock"), "looks through all clocks:\n{found}");
        let next = Sql::new("SELECT next_at FROM clock WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1");
        let found = plan(&store, next).await;
        assert!(found.contains("i_clock__next") && !found.contains("Sort"), "{found}");
        assert_eq!(escalation::next_at(&store.reader()).await.unwrap(), Some(at(1_000_000)));
    }

    pub(super) async fn what_one_is_told_is_found_by_its_index(store: Store) {
        let uow = store.begin().await.unwrap();
        let users: Vec<_> = (1..=40).map(|number| a_user(number, Role::Member(Department::InsideSales))).collect();
        add_users(&uow, &users).await;
        let all: Vec<_> = (0..8_000).map(|number| told(number, number % 40 + 1, i64::try_from(number).unwrap())).collect();
        for some in all.chunks(1_000) {
            notification::insert(&uow, some).await.unwrap();
        }
        uow.commit().await.unwrap();
        store.writer().execute_unprepared("ANALYZE").await.unwrap();
        for which in [Which::All, Which::Unread] {
            let page = notification::page_statement(made::id(7), which, &PageArgs::first(25)).unwrap();
            let found = plan(&store, page).await;
            // of few rows PostgreSQL may read the one by time instead: what counts is that nothing is looked through or sorted whole
            assert!(found.contains("i_notification__") && !found.contains("TEMP B-TREE"), "{found}");
            assert!(!found.contains("Seq Scan on notification"), "{found}");
        }
    }

    /// Without statistics, as while a fresh database is filled.
    pub(super) async fn records_that_share_keys_are_found_by_the_keys(store: Store) {
        let keys = (1..=1_000).collect();
        let found = plan(&store, match_key::blocks_of(&store.reader(), &[match_key::Kind::Person], &keys)).await;
        match store.backend() {
            Backend::Postgres => assert!(!found.contains("Seq Scan") && !found.contains("Join Filter"), "{found}"),
            Backend::Sqlite => {
                let searches = found.lines().filter(|line| line.starts_with("SEARCH"));
                assert!(found.starts_with("SCAN json_each"), "{found}");
                assert!(searches.into_iter().all(|line| line.ends_with("(kind=? AND key=?)")), "{found}");
            }
        }
    }
}
