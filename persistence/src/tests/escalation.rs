//! Clocks whose time has come: each taken by one, those in trouble put off; who is told.

use chrono::TimeDelta;
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::department::Department;
use fairfall_domain::routing::Placement;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::clock::Start;
use fairfall_domain::sla::{Basis, CalendarBook, Clock, ClockKind, ClockRule, Promise};

use super::support::{id, lead_id, start, team, user};

super::support::on_both!(
    due_clocks_are_taken_once_in_order,
    a_clock_that_cannot_be_read_holds_up_nobody,
    what_was_climbed_is_read_back,
    a_lead_that_somebody_holds_is_passed_over,
    the_next_due_time_is_written_without_a_version,
    staff_is_who_is_active_and_leads,
);

/// A clock of a lead, started at [`start`], due after an hour.
pub(super) fn a_clock(number: u128, lead: u128) -> Clock {
    let rule = ClockRule {
        kind: ClockKind::Accept,
        tiers: vec![],
        promise: Promise::try_new(Basis::Wall, 3_600).unwrap(),
        pause_seconds_max: Some(600),
        ladder: vec![],
    };
    let start_with = Start {
        id: id(30, number),
        lead: lead_id(lead),
        passage: id(8, lead),
        customer: None,
        agreement: AgreementRef { id: id(7, 1), key: "marketing-inside".parse().unwrap(), version: 1 },
        tier: Tier::Hot,
        giving: Department::Marketing,
        department: Department::InsideSales,
        holder: Placement::with(Some(team(2)), user(7)),
    };
    let mut clock = Clock::start(start_with, &rule, &CalendarBook::default(), start());
    // one after the other
    clock.next_at = clock.due_at.map(|due| due + TimeDelta::seconds(i64::try_from(number % 100_000).unwrap()));
    clock
}

mod run {
    use std::collections::BTreeSet;

    use fairfall_domain::access::Role;
    use fairfall_domain::department::Department;
    use fairfall_domain::notification::{NotificationKind, NotificationSettings};
    use fairfall_domain::sla::{CalendarBook, Clock};
    use fairfall_domain::team::MemberRank;
    use fairfall_domain::user::{User, UserStatus};
    use sea_orm::ConnectionTrait;

    use super::a_clock;
    use crate::repo::{clock, escalation, lead, notification};
    use crate::tests::made::{self, a_team, a_user, add_teams, add_users};
    use crate::tests::support::{at, every_state, id, lead_id, new_lead, prepare, store_leads};
    use crate::{Backend, Store, StoreError, UnitOfWork};

    async fn fill(store: &Store, clocks: &[Clock]) {
        prepare(store).await;
        let offered = every_state().remove(2);
        store_leads(store, &[new_lead(1, offered.clone()), new_lead(2, offered)]).await;
        let uow = store.begin().await.unwrap();
        clock::put(&uow, clocks).await.unwrap();
        uow.commit().await.unwrap();
    }

    async fn taken(uow: &UnitOfWork, limit: u32) -> Vec<u128> {
        let found = escalation::take_due(uow, at(120), limit).await.unwrap();
        assert!(found.iter().all(|due| due.lead_version == 1 && due.clock.is_ok()));
        found.iter().map(|due| due.id.uuid().as_u128() & 0xff).collect()
    }

    pub(super) async fn due_clocks_are_taken_once_in_order(store: Store) {
        let later = Clock { next_at: Some(at(200)), ..a_clock(9, 1) };
        let nothing = Clock { next_at: None, ..a_clock(8, 1) };
        fill(&store, &[a_clock(3, 1), a_clock(1, 2), a_clock(2, 1), later, nothing]).await;
        assert_eq!(escalation::next_at(&store.reader()).await.unwrap(), a_clock(1, 2).next_at);
        let first = store.begin().await.unwrap();
        assert_eq!(taken(&first, 2).await, [1, 2]);
        if store.backend() == Backend::Postgres {
            let second = store.begin().await.unwrap();
            assert_eq!(taken(&second, 2).await, [3], "what the first holds is passed over");
            second.commit().await.unwrap();
        }
        first.commit().await.unwrap();
        let ids = escalation::due_ids(&store.reader(), at(120), 10).await.unwrap();
        assert_eq!(ids, [(id(30, 1), lead_id(2)), (id(30, 2), lead_id(1)), (id(30, 3), lead_id(1))]);
        let uow = store.begin().await.unwrap();
        escalation::put_off(&uow, id(30, 1), at(300)).await.unwrap();
        escalation::put_off(&uow, id(30, 8), at(300)).await.unwrap();
        assert_eq!(taken(&uow, 10).await, [2, 3]);
        let ended = clock::find_some(&uow, &[id(30, 8)]).await.unwrap();
        assert_eq!(ended[0].next_at, None, "what nobody must look at stays so");
    }

    pub(super) async fn a_clock_that_cannot_be_read_holds_up_nobody(store: Store) {
        fill(&store, &[a_clock(1, 1), a_clock(2, 1)]).await;
        let broken = "UPDATE clock SET kind = 'DREAMT' WHERE lap = 1 AND next_at = (SELECT min(next_at) FROM clock)";
        store.writer().execute_unprepared(broken).await.unwrap();
        let uow = store.begin().await.unwrap();
        let found = escalation::take_due(&uow, at(120), 10).await.unwrap();
        assert_eq!(found.len(), 2);
        assert!(matches!(&found[0].clock, Err(StoreError::Corrupt { column: "kind", .. })));
        assert_eq!(found[1].clock, Ok(a_clock(2, 1)));
        escalation::put_off(&uow, found[0].id, at(500)).await.unwrap();
        assert_eq!(escalation::take_due(&uow, at(120), 10).await.unwrap().len(), 1);
    }

    pub(super) async fn what_was_climbed_is_read_back(store: Store) {
        fill(&store, &[a_clock(1, 1), a_clock(2, 1)]).await;
        let mut climbed = a_clock(1, 1);
        climbed.climb(100, at(90));
        climbed.derive(&[], &CalendarBook::default());
        let uow = store.begin().await.unwrap();
        escalation::put_climbed(&uow, std::slice::from_ref(&climbed)).await.unwrap();
        escalation::put_climbed(&uow, &[]).await.unwrap();
        uow.commit().await.unwrap();
        let kept = clock::open_of_lead(&store.reader(), lead_id(1)).await.unwrap();
        assert_eq!(kept, [climbed, a_clock(2, 1)]);
        assert_eq!(clock::find_some(&store.reader(), &[]).await.unwrap(), []);
    }

    pub(super) async fn a_lead_that_somebody_holds_is_passed_over(store: Store) {
        fill(&store, &[a_clock(1, 1)]).await;
        let first = store.begin().await.unwrap();
        assert!(escalation::take_lead(&first, lead_id(1)).await.unwrap());
        assert!(!escalation::take_lead(&first, lead_id(77)).await.unwrap(), "there is no such lead");
        if store.backend() == Backend::Postgres {
            let second = store.begin().await.unwrap();
            assert!(!escalation::take_lead(&second, lead_id(1)).await.unwrap());
            second.commit().await.unwrap();
            // whoever loads a lead to change it holds its clocks as well
            let dossier = lead::load_for_command(&first, lead_id(1)).await.unwrap().unwrap();
            assert_eq!(dossier.clocks, [a_clock(1, 1)]);
            let second = store.begin().await.unwrap();
            assert!(escalation::take_due(&second, at(120), 10).await.unwrap().is_empty());
        }
    }

    pub(super) async fn the_next_due_time_is_written_without_a_version(store: Store) {
        fill(&store, &[]).await;
        for due in [Some(at(77)), None] {
            let uow = store.begin().await.unwrap();
            escalation::put_next_due(&uow, lead_id(1), due).await.unwrap();
            uow.commit().await.unwrap();
            let uow = store.begin().await.unwrap();
            let kept = lead::load_for_command(&uow, lead_id(1)).await.unwrap().unwrap().lead;
            assert_eq!((kept.next_due, kept.version), (due, 1));
        }
    }

    pub(super) async fn staff_is_who_is_active_and_leads(store: Store) {
        let uow = store.begin().await.unwrap();
        let (member, manager) = (Role::Member(Department::InsideSales), Role::Manager(Department::InsideSales));
        let disabled = User { status: UserStatus::Disabled, ..a_user(3, manager) };
        let users = [a_user(1, member), a_user(2, member), disabled, a_user(4, manager), a_user(5, member)];
        add_users(&uow, &users).await;
        let ranks = [(1, MemberRank::Member), (2, MemberRank::Manager), (3, MemberRank::Manager)];
        add_teams(
            &uow,
            &[
                a_team(11, Department::InsideSales, &[], &ranks),
                a_team(12, Department::InsideSales, &[], &[(5, MemberRank::Manager)]),
            ],
        )
        .await;
        let quiet = NotificationSettings {
            version: 1,
            no_mail: BTreeSet::from([NotificationKind::LeadTaken]),
            ..NotificationSettings::unsaid(made::id(1))
        };
        notification::put_settings(&uow, &quiet, 0, at(1)).await.unwrap();
        let asked = (
            BTreeSet::from([made::id(1), made::id(3)]),
            BTreeSet::from([made::id(11)]),
            BTreeSet::from([Department::InsideSales, Department::Marketing]),
        );
        let staff = escalation::staff(&uow, &asked.0, &asked.1, &asked.2).await.unwrap();
        assert_eq!(
            staff.people.keys().copied().collect::<Vec<_>>(),
            [made::id(1), made::id(2), made::id(4)],
            "user 3 is disabled, nobody asked for 5"
        );
        assert_eq!(staff.team_managers.get(&made::id(11)), Some(&BTreeSet::from([made::id(2)])));
        assert_eq!(staff.department_managers.get(&Department::InsideSales), Some(&BTreeSet::from([made::id(4)])));
        assert_eq!(staff.department_managers.get(&Department::Marketing), None);
        assert_eq!(staff.people[&made::id(1)].settings, quiet);
        assert!(staff.people[&made::id(2)].settings.mails(NotificationKind::LeadTaken), "unsaid means a mail");
        let nobody = escalation::staff(&uow, &BTreeSet::new(), &BTreeSet::new(), &BTreeSet::new()).await.unwrap();
        assert!(nobody.people.is_empty());
    }
}
