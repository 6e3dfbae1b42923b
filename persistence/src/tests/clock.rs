//! Clocks: read back as they were written, stored with their act or not at all, listed by when they are due.

super::support::on_both!(
    a_clock_is_read_back_in_every_state,
    clocks_are_stored_with_their_act_or_not_at_all,
    a_lead_whose_end_may_be_taken_back_is_loaded_with_what_it_ended,
    lists_show_what_is_due_first_to_whom_it_concerns,
    who_owes_a_rating_finds_it_wherever_the_lead_is,
    when_a_lead_is_due_is_worked_out_anew,
);

mod run {
    use chrono::{DateTime, TimeDelta, Utc};
    use fairfall_domain::access::{Action, Actor, PartnerScope, Role, grant};
    use fairfall_domain::agreement::AgreementRef;
    use fairfall_domain::department::Department;
    use fairfall_domain::routing::{Placement, QueueReason};
    use fairfall_domain::scoring::Tier;
    use fairfall_domain::sla::clock::{ClockEnd, Start};
    use fairfall_domain::sla::pause::PauseReason;
    use fairfall_domain::sla::{CalendarBook, Clock, ClockKind, ClockRule, ClockState};
    use fairfall_domain::waterfall::lead::Lead;
    use fairfall_domain::waterfall::stage::OpenStage;
    use fairfall_domain::waterfall::state::LeadState;

    use crate::error::StoreError;
    use crate::repo::clock::{self, ClockFilter, ContactClock, Lapsed};
    use crate::repo::lead as leads;
    use crate::repo::lead::QueueScope;
    use crate::tests::support::{
        actor, all, at, captured, every_state, id, lead_id, new_lead, offered, person_id, place, prepare, stamp, store_leads,
        team, user,
    };
    use crate::{PageArgs, Store};

    fn rule(kind: ClockKind) -> ClockRule {
        let promise = "wall 4h".parse().unwrap();
        ClockRule { kind, tiers: Vec::new(), promise, pause_seconds_max: Some(3_600), ladder: Vec::new() }
    }

    fn started(number: u128, lead: u128, kind: ClockKind, minutes: i64) -> Clock {
        let start = Start {
            id: id(70, number),
            lead: lead_id(lead),
            passage: id(8, lead),
            customer: (kind == ClockKind::ServiceAccept).then(|| id(6, 1)),
            agreement: AgreementRef { id: id(7, 1), key: "marketing-inside".parse().unwrap(), version: 3 },
            tier: Tier::Hot,
            giving: Department::Marketing,
            department: Department::InsideSales,
            holder: Placement::queued(Some(team(2)), QueueReason::AwaitingPickUp),
        };
        Clock::start(start, &rule(kind), &CalendarBook::default(), at(minutes))
    }

    /// A lead of marketing that is offered to inside sales.
    fn lead(number: u128) -> Lead {
        let mine = place(OpenStage::Mql, Department::Marketing, Placement::with(Some(team(1)), user(1)));
        new_lead(number, offered(mine, Placement::queued(Some(team(2)), QueueReason::AwaitingPickUp)))
    }

    async fn put(store: &Store, clocks: &[Clock]) {
        let uow = store.begin().await.unwrap();
        clock::put(&uow, clocks).await.unwrap();
        uow.commit().await.unwrap();
    }

    pub(super) async fn a_clock_is_read_back_in_every_state(store: Store) {
        prepare(&store).await;
        store_leads(&store, &[lead(1)]).await;
        let calendars = CalendarBook::default();
        let mut clocks: Vec<Clock> = ClockKind::ALL.iter().zip(1..).map(|(kind, number)| started(number, 1, *kind, 0)).collect();
        clocks[0].pause(PauseReason::ContactAway, None, &rule(ClockKind::Accept), &calendars, at(10)).unwrap();
        clocks[1].climb(100, at(300));
        clocks[1].begin_lap(Placement::with(Some(team(2)), user(2)), &[], &calendars, at(300));
        clocks[1].begin_lap(Placement::with(Some(team(2)), user(3)), &[], &calendars, at(301));
        clocks[2].end(ClockEnd::Met, &calendars, at(20), at(20));
        clocks[3].end(ClockEnd::Met, &calendars, at(600), at(600));
        clocks[4].end(ClockEnd::Cancelled, &calendars, at(20), at(20));
        let states: Vec<ClockState> = clocks.iter().map(Clock::state).collect();
        let expected = [ClockState::Paused, ClockState::Breached, ClockState::Met, ClockState::MetLate, ClockState::Cancelled];
        assert_eq!(states, expected);
        put(&store, &clocks).await;
        let found = clock::of_leads(&store.reader(), &all(), &[lead_id(1)]).await.unwrap();
        assert_eq!(found, clocks);
        let open = clock::open_of_lead(&store.reader(), lead_id(1)).await.unwrap();
        assert_eq!(open, clocks[..2]);
        clocks[0].resume(&[], &calendars, at(30));
        put(&store, &clocks[..1]).await;
        assert_eq!(clock::open_of_lead(&store.reader(), lead_id(1)).await.unwrap(), clocks[..2]);
        assert_eq!(clock::find(&store.reader(), &all(), clocks[0].id).await.unwrap().as_ref(), clocks.first());
    }

    pub(super) async fn clocks_are_stored_with_their_act_or_not_at_all(store: Store) {
        prepare(&store).await;
        store_leads(&store, &[lead(1)]).await;
        let uow = store.begin().await.unwrap();
        let dossier = leads::load_for_command(&uow, lead_id(1)).await.unwrap().unwrap();
        assert_eq!(dossier.clocks, []);
        let began = started(1, 1, ClockKind::Accept, 5);
        let next = Lead { version: 2, next_due: began.due_at, ..dossier.lead.clone() };
        let mut change = captured(next);
        change.transitions[0].id = id(9, 900);
        change.clocks.push(began.clone());
        let stale = leads::record(&uow, &change, 7, &stamp(50)).await;
        assert!(matches!(stale, Err(StoreError::VersionConflict { current: Some(1) })), "{stale:?}");
        assert_eq!(clock::open_of_lead(&uow, lead_id(1)).await.unwrap(), []);
        leads::record(&uow, &change, 1, &stamp(51)).await.unwrap();
        let dossier = leads::load_for_command(&uow, lead_id(1)).await.unwrap().unwrap();
        assert_eq!((dossier.clocks, dossier.lead.next_due), (vec![began.clone()], began.due_at));
        uow.commit().await.unwrap();
    }

    pub(super) async fn a_lead_whose_end_may_be_taken_back_is_loaded_with_what_it_ended(store: Store) {
        prepare(&store).await;
        let lost = every_state().into_iter().find(|state| matches!(state, LeadState::Lost { .. })).unwrap();
        let at_end = lost.revocable_since().unwrap();
        store_leads(&store, &[new_lead(1, lost), new_lead(2, every_state().remove(0))]).await;
        let calendars = CalendarBook::default();
        let (mut with_it, mut before) = (started(1, 1, ClockKind::Qualify, 0), started(2, 1, ClockKind::Accept, 0));
        let (owed, mut other) = (started(3, 1, ClockKind::Feedback, 0), started(4, 2, ClockKind::Qualify, 0));
        with_it.end(ClockEnd::Met, &calendars, at_end, at_end);
        other.end(ClockEnd::Met, &calendars, at_end, at_end);
        before.end(ClockEnd::Met, &calendars, at_end - TimeDelta::seconds(1), at_end);
        put(&store, &[with_it.clone(), before, owed.clone(), other]).await;
        let uow = store.begin().await.unwrap();
        assert_eq!(leads::load_for_command(&uow, lead_id(1)).await.unwrap().unwrap().clocks, [with_it, owed.clone()]);
        assert_eq!(leads::load_for_command(&uow, lead_id(2)).await.unwrap().unwrap().clocks, []);
        uow.rollback().await.unwrap();
        assert_eq!(clock::open_of_lead(&store.reader(), lead_id(1)).await.unwrap(), [owed]);
    }

    fn ids(page: &crate::Page<Clock>) -> Vec<u128> {
        page.items.iter().map(|(_, clock)| clock.id.uuid().as_u128() & 0xff).collect()
    }

    pub(super) async fn lists_show_what_is_due_first_to_whom_it_concerns(store: Store) {
        prepare(&store).await;
        store_leads(&store, &[lead(1), lead(2)]).await;
        let calendars = CalendarBook::default();
        let mut clocks = vec![
            started(1, 1, ClockKind::Accept, 30),
            started(2, 2, ClockKind::Accept, 10),
            started(3, 2, ClockKind::Qualify, 20),
            started(4, 2, ClockKind::FirstContact, 0),
            started(5, 1, ClockKind::FirstContact, 0),
        ];
        clocks[2].pass_on(Placement::with(Some(team(3)), user(3)), &[], &calendars, at(20));
        clocks[2].climb(100, at(300));
        clocks[3].end(ClockEnd::Met, &calendars, at(1), at(1));
        clocks[4].pause(PauseReason::SystemFault, None, &rule(ClockKind::FirstContact), &calendars, at(1)).unwrap();
        put(&store, &clocks).await;
        let reader = store.reader();
        let list = async |filter: ClockFilter, args: &PageArgs| clock::page(&reader, &all(), &filter, args).await.unwrap();
        let many = PageArgs::first(25);
        assert_eq!(ids(&list(ClockFilter::default(), &many).await), [2, 3, 1], "what stands still or has ended is not due");
        assert_eq!(ids(&list(ClockFilter { user: Some(user(3)), ..ClockFilter::default() }, &many).await), [3]);
        assert_eq!(ids(&list(ClockFilter { team: Some(team(2)), ..ClockFilter::default() }, &many).await), [2, 1]);
        let kinds = vec![ClockKind::Qualify, ClockKind::Feedback];
        assert_eq!(ids(&list(ClockFilter { kinds, ..ClockFilter::default() }, &many).await), [3]);
        assert_eq!(ids(&list(ClockFilter { lapsed: Some(Lapsed), ..ClockFilter::default() }, &many).await), [3]);
        let limits = crate::PageLimits { default: 25, max: 100 };
        let first = list(ClockFilter::default(), &PageArgs::first(2)).await;
        assert_eq!((ids(&first), first.has_next), (vec![2, 3], true));
        let after = first.items[1].0.clone();
        let rest = list(ClockFilter::default(), &PageArgs::try_new(Some(2), Some(after), None, None, limits).unwrap()).await;
        assert_eq!((ids(&rest), rest.has_next), (vec![1], false));
        let nowhere =
            Actor { user: user(9), teams: vec![team(9)], managed: Vec::new(), ..actor(Role::Member(Department::FieldSales)) };
        let stranger = grant(&nowhere, Action::ViewLead).unwrap();
        let unseen = clock::page(&reader, &stranger, &ClockFilter::default(), &many).await.unwrap();
        assert_eq!(ids(&unseen), [0; 0]);
        for (who, expected) in [(1, vec![2, 3, 1]), (9, Vec::<u128>::new())] {
            let scopes = vec![PartnerScope::Capture];
            let partner =
                Actor { user: user(who), teams: vec![], managed: vec![], partner_scopes: scopes, ..actor(Role::Partner) };
            let partner = grant(&partner, Action::ViewLead).unwrap();
            let seen = clock::page(&reader, &partner, &ClockFilter::default(), &many).await.unwrap();
            assert_eq!(ids(&seen), expected, "those of the leads that the partner captured");
        }
        assert_eq!(clock::find(&reader, &stranger, clocks[0].id).await.unwrap(), None);
        assert_eq!(clock::of_leads(&reader, &stranger, &[lead_id(1)]).await.unwrap(), []);
    }

    pub(super) async fn who_owes_a_rating_finds_it_wherever_the_lead_is(store: Store) {
        prepare(&store).await;
        store_leads(&store, &[lead(1), lead(2)]).await;
        let held = |number, kind, minutes, who| Clock {
            holder: Placement::with(Some(team(9)), user(who)),
            ..started(number, 1, kind, minutes)
        };
        let clocks = [
            held(1, ClockKind::Feedback, 30, 9),
            held(2, ClockKind::Qualify, 20, 9),
            held(3, ClockKind::Feedback, 10, 8),
            held(4, ClockKind::Feedback, 5, 9),
        ];
        put(&store, &clocks).await;
        let nowhere =
            Actor { user: user(9), teams: vec![team(9)], managed: Vec::new(), ..actor(Role::Member(Department::FieldSales)) };
        let (reader, stranger) = (store.reader(), grant(&nowhere, Action::ViewLead).unwrap());
        let of = |who| ClockFilter { user: Some(user(who)), ..ClockFilter::default() };
        let list = async |filter: ClockFilter, args: &PageArgs| clock::page(&reader, &stranger, &filter, args).await.unwrap();
        let many = PageArgs::first(25);
        assert_eq!(ids(&list(of(9), &many).await), [4, 1], "their ratings, and nothing else of a lead that is not seen");
        assert_eq!(ids(&list(of(8), &many).await), [0; 0], "what others owe stays hidden");
        assert_eq!(ids(&list(ClockFilter { team: Some(team(9)), ..ClockFilter::default() }, &many).await), [0; 0]);
        let limits = crate::PageLimits { default: 25, max: 100 };
        let first = list(of(9), &PageArgs::first(1)).await;
        assert_eq!((ids(&first), first.has_next), (vec![4], true));
        let after = first.items[0].0.clone();
        let rest = list(of(9), &PageArgs::try_new(Some(1), Some(after), None, None, limits).unwrap()).await;
        assert_eq!((ids(&rest), rest.has_next), (vec![1], false));
    }

    async fn due(store: &Store, number: u128) -> Option<DateTime<Utc>> {
        leads::find(&store.reader(), &all(), lead_id(number)).await.unwrap().unwrap().next_due
    }

    pub(super) async fn when_a_lead_is_due_is_worked_out_anew(store: Store) {
        prepare(&store).await;
        let worked = place(OpenStage::Tal, Department::InsideSales, Placement::with(Some(team(2)), user(2)));
        store_leads(&store, &[lead(1), lead(2), new_lead(3, LeadState::Working { place: worked })]).await;
        let calendars = CalendarBook::default();
        let mut clocks = vec![
            started(1, 1, ClockKind::Accept, 30),
            started(2, 2, ClockKind::Accept, 10),
            started(3, 2, ClockKind::Feedback, 0),
            started(4, 3, ClockKind::FirstContact, 0),
        ];
        put(&store, &clocks).await;
        let every = [lead_id(1), lead_id(2), lead_id(3)];
        let settle = async || {
            let uow = store.begin().await.unwrap();
            clock::settle_due(&uow, &every).await.unwrap();
            uow.commit().await.unwrap();
        };
        settle().await;
        let hours = |minutes| Some(at(minutes) + TimeDelta::hours(4));
        assert_eq!((due(&store, 1).await, due(&store, 2).await, due(&store, 3).await), (hours(30), hours(10), hours(0)));
        let taker = grant(&actor(Role::Manager(Department::InsideSales)), Action::ViewLead).unwrap();
        let queue = async || {
            let page = leads::queue_page(&store.reader(), &taker, QueueScope::Team, &PageArgs::first(25)).await.unwrap();
            page.items.into_iter().map(|(_, lead)| lead.id).collect::<Vec<_>>()
        };
        assert_eq!(queue().await, [lead_id(2), lead_id(1)]);
        let uow = store.begin().await.unwrap();
        let contacts = clock::first_contacts(&uow, &every).await.unwrap();
        assert_eq!(contacts, [ContactClock { clock: clocks[3].clone(), person: person_id(1), lead_version: 1 }]);
        uow.rollback().await.unwrap();
        clocks[1].end(ClockEnd::Met, &calendars, at(11), at(11));
        put(&store, &clocks[1..2]).await;
        settle().await;
        assert_eq!(due(&store, 2).await, None, "what is to be rated is not urgent");
        assert_eq!(queue().await, [lead_id(1), lead_id(2)], "what nobody promised comes after what was promised");
        let uow = store.begin().await.unwrap();
        clock::cancel_of_people(&uow, &[person_id(1).uuid()], at(50)).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!((due(&store, 1).await, due(&store, 3).await), (None, None));
        let found = clock::of_leads(&store.reader(), &all(), &every).await.unwrap();
        assert!(found.iter().all(|clock| !clock.is_open() && clock.next_at.is_none()), "{found:?}");
    }
}
