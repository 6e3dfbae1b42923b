//! Ratings are stored whole, seen with their leads, and what is owed is seen by both sides.

super::support::on_both!(
    a_rating_is_stored_whole,
    ratings_are_seen_with_their_leads,
    both_sides_see_what_is_owed,
    everybody_sees_what_they_owe_themselves,
);

mod run {
    use fairfall_domain::access::{Action, Role, grant};
    use fairfall_domain::department::Department;
    use fairfall_domain::feedback::{Feedback, FeedbackRating, FeedbackReason};
    use fairfall_domain::id::{AnyId, ClockId};
    use fairfall_domain::routing::Placement;
    use fairfall_domain::sla::clock::ClockEnd;
    use fairfall_domain::sla::{CalendarBook, Clock, ClockKind, ClockState};
    use fairfall_domain::waterfall::event::EventKind;

    use crate::audit::{AuditFilter, AuditOutcome, AuditRow};
    use crate::journal::NewEntry;
    use crate::repo::feedback::Owed;
    use crate::repo::{clock, feedback};
    use crate::sql::{Columns, Sql};
    use crate::tests::sla_made::{a_clock, a_rating, store_clocks};
    use crate::tests::support::{actor, all, at, every_state, id, lead_id, new_lead, prepare, store_leads, team, user};
    use crate::{Backend, PageArgs, PageLimits, Store, UnitOfWork};

    const LIMITS: PageLimits = PageLimits { default: 25, max: 100 };

    async fn leads(store: &Store, count: u128) {
        prepare(store).await;
        let leads: Vec<_> = (1..=count).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(store, &leads).await;
    }

    async fn put(uow: &UnitOfWork, rating: &Feedback, met: &[Clock]) -> Result<(), crate::StoreError> {
        let number = u128::from(rating.version) * 100 + (rating.id.uuid().as_u128() & 0xff);
        let event = NewEntry {
            event: id(32, number),
            occurred_at: rating.updated_at,
            kind: EventKind::LeadRated,
            subject: AnyId::Feedback(rating.id),
            subject_version: rating.version,
            lead: Some(rating.lead),
            actor: rating.by,
            payload: serde_json::json!({ "rating": rating.rating }),
        };
        let audit = AuditRow {
            id: id(33, number),
            at: rating.updated_at,
            actor: rating.by,
            action: Action::RateLead,
            subject_kind: "feedback".to_owned(),
            subject: Some(rating.id.uuid()),
            request_id: None,
            outcome: AuditOutcome::Done,
            detail: None,
        };
        feedback::put(uow, rating, met, &[event], &audit).await
    }

    async fn journal_rows(store: &Store) -> i64 {
        let row = Sql::new("SELECT count(*) FROM journal WHERE kind = 'LEAD_RATED'").one(&store.reader()).await.unwrap().unwrap();
        Columns::of(&row).next().unwrap()
    }

    pub(super) async fn a_rating_is_stored_whole(store: Store) {
        leads(&store, 1).await;
        let mut owed = a_clock(1, 1, ClockKind::Feedback);
        store_clocks(&store, &[owed.clone(), a_clock(2, 1, ClockKind::Qualify)]).await;
        let mut rating = a_rating(1, 1, FeedbackRating::Good);
        rating.reasons = [FeedbackReason::WellPrepared, FeedbackReason::RightPerson].into();
        rating.note = Some("rang twice".parse().unwrap());
        owed.end(ClockEnd::Met, &CalendarBook::default(), at(90), at(90));
        assert_eq!(owed.state(), ClockState::MetLate);
        let uow = store.begin().await.unwrap();
        put(&uow, &rating, std::slice::from_ref(&owed)).await.unwrap();
        uow.commit().await.unwrap();
        let reader = store.reader();
        assert_eq!(feedback::find(&reader, rating.id).await.unwrap().as_ref(), Some(&rating));
        assert_eq!(feedback::of_passage(&reader, id(8, 1), Department::InsideSales).await.unwrap().as_ref(), Some(&rating));
        assert_eq!(feedback::of_passage(&reader, id(8, 1), Department::FieldSales).await.unwrap(), None);
        let open = clock::open_of_lead(&reader, lead_id(1)).await.unwrap();
        assert_eq!(open.iter().map(|clock| clock.kind).collect::<Vec<_>>(), [ClockKind::Qualify], "the promise to rate is kept");
        let changed = Feedback { version: 2, rating: FeedbackRating::Poor, note: None, updated_at: at(95), ..rating.clone() };
        let uow = store.begin().await.unwrap();
        put(&uow, &changed, &[]).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(feedback::of_leads(&reader, &all(), &[lead_id(1)]).await.unwrap(), [changed]);
        let trail = fairfall_domain::access::Grant::system(Action::ViewAudit);
        let filter = AuditFilter { subject: Some(rating.id.uuid()), actor: Some(user(1)) };
        let args = PageArgs::try_new(None, None, None, None, LIMITS).unwrap();
        let audit = crate::audit::page(&reader, &trail, &filter, &args).await.unwrap();
        assert_eq!((audit.items.len(), journal_rows(&store).await), (2, 2));
        // two of one passage and department cannot be
        let uow = store.begin().await.unwrap();
        let twin = put(&uow, &a_rating(2, 1, FeedbackRating::Fair), &[]).await.unwrap_err();
        assert!(twin.is_unique("lead_feedback", &["passage_id", "department"]), "{twin:?}");
        uow.rollback().await.unwrap();
        assert_eq!(journal_rows(&store).await, 2, "all or nothing");
    }

    pub(super) async fn ratings_are_seen_with_their_leads(store: Store) {
        leads(&store, 2).await;
        let uow = store.begin().await.unwrap();
        for number in 1..=2 {
            put(&uow, &a_rating(number, number, FeedbackRating::Fair), &[]).await.unwrap();
        }
        uow.commit().await.unwrap();
        let seen = async |role| {
            let view = grant(&actor(role), Action::ViewLead).unwrap();
            feedback::of_leads(&store.reader(), &view, &[lead_id(1), lead_id(2)]).await.unwrap().len()
        };
        assert_eq!(seen(Role::Admin).await, 2);
        assert_eq!(seen(Role::Manager(Department::Marketing)).await, 2);
        // the leads are with the team 1, of which this actor is, though not of the department
        assert_eq!(seen(Role::Member(Department::InsideSales)).await, 2);
        let stranger = fairfall_domain::access::Actor {
            user: user(9),
            teams: vec![],
            managed: vec![],
            ..actor(Role::Member(Department::FieldSales))
        };
        let view = grant(&stranger, Action::ViewLead).unwrap();
        assert_eq!(feedback::of_leads(&store.reader(), &view, &[lead_id(1)]).await.unwrap(), []);
        assert_eq!(feedback::of_leads(&store.reader(), &all(), &[]).await.unwrap(), []);
    }

    fn lapsed(number: u128, minutes: i64, (giving, department): (Department, Department)) -> Clock {
        let breached_at = Some(at(minutes));
        Clock { breached_at, climbed_percent: 100, giving, department, ..a_clock(number, 1, ClockKind::Feedback) }
    }

    pub(super) async fn everybody_sees_what_they_owe_themselves(store: Store) {
        leads(&store, 1).await;
        let inside = (Department::Marketing, Department::InsideSales);
        let of =
            |number, minutes, who| Clock { holder: Placement::with(Some(team(1)), user(who)), ..lapsed(number, minutes, inside) };
        let runs = Clock { holder: Placement::with(Some(team(1)), user(7)), ..a_clock(4, 1, ClockKind::Feedback) };
        store_clocks(&store, &[of(1, 30, 7), of(2, 10, 8), of(3, 20, 7), runs]).await;
        let owed = async |who, args: &PageArgs| {
            let page = feedback::overdue(&store.reader(), Owed::By(user(who)), args).await.unwrap();
            let ids: Vec<ClockId> = page.items.iter().map(|(_, clock)| clock.id).collect();
            (ids, page.has_next, page.items.last().map(|(cursor, _)| cursor.clone()))
        };
        let ids = |numbers: &[u128]| numbers.iter().map(|number| id::<ClockId>(30, *number)).collect::<Vec<_>>();
        let many = PageArgs::first(25);
        assert_eq!((owed(7, &many).await.0, owed(8, &many).await.0, owed(9, &many).await.0), (ids(&[3, 1]), ids(&[2]), ids(&[])));
        let (first, has_next, after) = owed(7, &PageArgs::first(1)).await;
        assert_eq!((first, has_next), (ids(&[3]), true));
        let (rest, has_next, _) = owed(7, &PageArgs::try_new(Some(1), after, None, None, LIMITS).unwrap()).await;
        assert_eq!((rest, has_next), (ids(&[1]), false));
    }

    pub(super) async fn both_sides_see_what_is_owed(store: Store) {
        leads(&store, 1).await;
        let (inside, field) =
            ((Department::Marketing, Department::InsideSales), (Department::InsideSales, Department::FieldSales));
        let mut rated = lapsed(6, 3, inside);
        rated.end(ClockEnd::Met, &CalendarBook::default(), at(5), at(5));
        let clocks = [
            lapsed(1, 30, inside),
            lapsed(2, 10, inside),
            lapsed(3, 20, field),
            a_clock(4, 1, ClockKind::Feedback),
            Clock { kind: ClockKind::Qualify, ..lapsed(5, 1, inside) },
            rated,
        ];
        store_clocks(&store, &clocks).await;
        let owed = async |role, first: Option<u32>| {
            let sign = grant(&actor(role), Action::SignAgreement).unwrap();
            let mut found: Vec<ClockId> = Vec::new();
            let mut after = None;
            loop {
                let args = PageArgs::try_new(first, after, None, None, LIMITS).unwrap();
                let page = feedback::overdue(&store.reader(), Owed::Reached(&sign), &args).await.unwrap();
                after = page.items.last().map(|(cursor, _)| cursor.clone());
                found.extend(page.items.iter().map(|(_, clock)| clock.id));
                if !page.has_next {
                    return found;
                }
            }
        };
        let ids = |numbers: &[u128]| numbers.iter().map(|number| id::<ClockId>(30, *number)).collect::<Vec<_>>();
        assert_eq!(owed(Role::Admin, None).await, ids(&[2, 3, 1]));
        assert_eq!(owed(Role::Admin, Some(1)).await, ids(&[2, 3, 1]));
        assert_eq!(owed(Role::Manager(Department::Marketing), None).await, ids(&[2, 1]), "the giver");
        assert_eq!(owed(Role::Manager(Department::InsideSales), None).await, ids(&[2, 3, 1]), "taker of some, giver of others");
        assert_eq!(owed(Role::Manager(Department::FieldSales), None).await, ids(&[3]));
        assert_eq!(owed(Role::Manager(Department::CustomerService), None).await, []);
        if store.backend() == Backend::Sqlite {
            let args = PageArgs::try_new(None, None, None, None, LIMITS).unwrap();
            let sign = grant(&actor(Role::Manager(Department::Marketing)), Action::SignAgreement).unwrap();
            let plan = feedback::overdue_statement(Owed::Reached(&sign), &args).unwrap().before("EXPLAIN QUERY PLAN ");
            let rows = plan.all(&store.reader()).await.unwrap();
            let told: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            assert!(told.iter().any(|line| line.contains("i_clock__feedback_owed")), "{told:?}");
            assert!(told.iter().all(|line| !line.contains("TEMP B-TREE")), "{told:?}");
        }
    }
}
