//! What colleagues are told: once of an event, read by themselves alone, forgotten in time.

use fairfall_domain::notification::{Notification, NotificationContent, NotificationKind};
use fairfall_domain::sla::ClockKind;

use super::made::{at, id};

super::support::on_both!(
    nobody_is_told_twice_of_one_event,
    what_was_read_is_noted_and_pages_go_on,
    notifications_are_forgotten_in_time,
    settings_are_written_over_the_version_that_was_read,
    mails_to_colleagues_wait_in_the_outbox,
    mails_to_colleagues_are_forgotten_once_they_are_done_with,
);

/// Something that a user was told.
pub(super) fn told(number: u128, user: u128, minute: i64) -> Notification {
    Notification {
        id: id(0x4000 + number),
        user: id(user),
        event: id(0x5000 + number),
        kind: NotificationKind::PromiseWarned,
        lead: Some(id(0x6000)),
        clock: Some(id(0x7000)),
        content: NotificationContent { clock: ClockKind::Accept, lap: 2, percent: Some(50), due: Some(at(9)) },
        at: at(minute),
        read_at: None,
    }
}

mod run {
    use std::collections::BTreeSet;

    use chrono::TimeDelta;
    use fairfall_domain::access::Role;
    use fairfall_domain::department::Department;
    use fairfall_domain::mail::{MailFault, MailKind};
    use fairfall_domain::notification::{Notification, NotificationKind, NotificationSettings};

    use super::told;
    use crate::repo::mail::{NewMail, Tried};
    use crate::repo::notification::{ReadWhat, Which, find_many, insert, mark_read, of_events, page, prune, told_of, unread};
    use crate::repo::{mail, notification};
    use crate::tests::made::{a_user, add_users, at, id};
    use crate::{PageArgs, PageLimits, Store, StoreError};

    async fn fill(store: &Store, all: &[Notification]) {
        let uow = store.begin().await.unwrap();
        let role = Role::Member(Department::InsideSales);
        add_users(&uow, &[a_user(1, role), a_user(2, role)]).await;
        insert(&uow, all).await.unwrap();
        uow.commit().await.unwrap();
    }

    async fn ids(store: &Store, user: u128, which: Which, args: &PageArgs) -> Vec<u128> {
        let page = page(&store.reader(), id(user), which, args).await.unwrap();
        page.items.iter().map(|(_, told)| told.id.uuid().as_u128() & 0xff).collect()
    }

    pub(super) async fn nobody_is_told_twice_of_one_event(store: Store) {
        fill(&store, &[told(1, 1, 0), told(2, 2, 0)]).await;
        let uow = store.begin().await.unwrap();
        let again = Notification { id: id(0x40ff), ..told(1, 1, 5) };
        let same_event = Notification { id: id(0x40fe), user: id(2), ..told(1, 1, 5) };
        insert(&uow, &[again, same_event.clone()]).await.unwrap();
        insert(&uow, &[]).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(of_events(&store.reader(), id(1), &[told(1, 1, 0).event]).await.unwrap(), [told(1, 1, 0)]);
        assert_eq!(of_events(&store.reader(), id(2), &[told(1, 1, 0).event]).await.unwrap(), [same_event]);
        assert_eq!(of_events(&store.reader(), id(1), &[told(2, 2, 0).event]).await.unwrap(), []);
        assert_eq!(of_events(&store.reader(), id(1), &[]).await.unwrap(), []);
        let (event, other) = (told(1, 1, 0).event, told(2, 2, 0).event);
        let by_event = told_of(&store.reader(), &[event, other]).await.unwrap();
        assert_eq!(by_event.get(&event), Some(&[id(1), id(2)].into()));
        assert_eq!(by_event.get(&other), Some(&[id(2)].into()));
    }

    pub(super) async fn what_was_read_is_noted_and_pages_go_on(store: Store) {
        let all: Vec<Notification> =
            (1..=5).map(|number| told(number, 1, i64::try_from(number).unwrap() / 2)).chain([told(6, 2, 0)]).collect();
        fill(&store, &all).await;
        assert_eq!(ids(&store, 1, Which::All, &PageArgs::first(25)).await, [5, 4, 3, 2, 1]);
        let first = page(&store.reader(), id(1), Which::All, &PageArgs::first(2)).await.unwrap();
        let after = first.items.last().map(|(cursor, _)| cursor.clone());
        let args = PageArgs::try_new(Some(2), after, None, None, PageLimits { default: 2, max: 2 }).unwrap();
        assert_eq!(ids(&store, 1, Which::All, &args).await, [3, 2]);
        let uow = store.begin().await.unwrap();
        let these = ReadWhat::These(vec![told(4, 1, 0).id, told(6, 2, 0).id]);
        assert_eq!(mark_read(&uow, id(1), &these, at(7)).await.unwrap(), 1, "not what another one was told");
        assert_eq!(mark_read(&uow, id(1), &these, at(8)).await.unwrap(), 0);
        assert_eq!(mark_read(&uow, id(1), &ReadWhat::These(vec![]), at(8)).await.unwrap(), 0);
        assert_eq!(mark_read(&uow, id(1), &ReadWhat::UpTo(told(6, 2, 0).id), at(8)).await.unwrap(), 0);
        assert_eq!(mark_read(&uow, id(1), &ReadWhat::UpTo(told(2, 1, 0).id), at(9)).await.unwrap(), 2);
        uow.commit().await.unwrap();
        assert_eq!(ids(&store, 1, Which::Unread, &PageArgs::first(25)).await, [5, 3]);
        assert_eq!(unread(&store.reader(), id(1)).await.unwrap(), 2);
        assert_eq!(unread(&store.reader(), id(2)).await.unwrap(), 1);
        let read = find_many(&store.reader(), id(1), &[told(4, 1, 0).id]).await.unwrap();
        assert_eq!(read[0].read_at, Some(at(7)), "the first time counts");
        assert_eq!(find_many(&store.reader(), id(2), &[told(4, 1, 0).id]).await.unwrap(), []);
    }

    pub(super) async fn notifications_are_forgotten_in_time(store: Store) {
        let all: Vec<Notification> = (1..=4).map(|number| told(number, 1, i64::try_from(number).unwrap())).collect();
        fill(&store, &all).await;
        let uow = store.begin().await.unwrap();
        mark_read(&uow, id(1), &ReadWhat::These(vec![told(3, 1, 0).id]), at(10)).await.unwrap();
        assert_eq!(prune(&uow, at(10), at(0), 10).await.unwrap(), 0);
        assert_eq!(prune(&uow, at(11), at(2), 10).await.unwrap(), 2, "one that was read, one that is very old");
        assert_eq!(prune(&uow, at(11), at(9), 1).await.unwrap(), 1, "no more than asked for");
        uow.commit().await.unwrap();
        assert_eq!(ids(&store, 1, Which::All, &PageArgs::first(25)).await, [4]);
    }

    pub(super) async fn settings_are_written_over_the_version_that_was_read(store: Store) {
        fill(&store, &[]).await;
        let uow = store.begin().await.unwrap();
        assert_eq!(notification::settings(&uow, id(1)).await.unwrap(), NotificationSettings::unsaid(id(1)));
        let no_mail = BTreeSet::from([NotificationKind::PromiseWarned, NotificationKind::LeadGiven]);
        let first = NotificationSettings { user: id(1), version: 1, no_mail };
        notification::put_settings(&uow, &first, 0, at(1)).await.unwrap();
        assert_eq!(notification::settings(&uow, id(1)).await.unwrap(), first);
        let stale =
            notification::put_settings(&uow, &NotificationSettings { no_mail: BTreeSet::new(), ..first.clone() }, 0, at(1)).await;
        assert_eq!(stale, Err(StoreError::VersionConflict { current: Some(1) }));
        let second = NotificationSettings { version: 2, no_mail: BTreeSet::new(), ..first };
        notification::put_settings(&uow, &second, 1, at(1)).await.unwrap();
        assert_eq!(notification::settings(&uow, id(1)).await.unwrap(), second);
    }

    fn notice(number: u128) -> NewMail {
        NewMail {
            id: id(number),
            kind: MailKind::SlaNotice,
            person: None,
            user: Some(id(1)),
            opt_in: None,
            recipient: "anna@example.com".parse().unwrap(),
            content: serde_json::json!({ "number": number }),
            digest: "x".repeat(64),
            expires_at: at(0) + TimeDelta::days(7),
        }
    }

    pub(super) async fn mails_to_colleagues_wait_in_the_outbox(store: Store) {
        fill(&store, &[]).await;
        let uow = store.begin().await.unwrap();
        mail::insert_many(&uow, &(1..=70).map(notice).collect::<Vec<_>>(), at(0)).await.unwrap();
        mail::insert_many(&uow, &[], at(0)).await.unwrap();
        let held = mail::take(&uow, at(0), TimeDelta::minutes(1), 100).await.unwrap();
        assert_eq!(held.len(), 70);
        assert!(held.iter().all(|mail| mail.kind == MailKind::SlaNotice));
    }

    pub(super) async fn mails_to_colleagues_are_forgotten_once_they_are_done_with(store: Store) {
        fill(&store, &[]).await;
        let consent = NewMail { kind: MailKind::ConsentRequest, user: None, ..notice(6) };
        let uow = store.begin().await.unwrap();
        mail::insert_many(&uow, &[notice(1), notice(2), notice(3), notice(4), consent], at(0)).await.unwrap();
        let mut held = mail::take(&uow, at(0), TimeDelta::minutes(1), 10).await.unwrap();
        held.sort_by_key(|held| held.id);
        let [sent, dead, waiting, late, asked] = &held[..] else { panic!("{held:?}") };
        let refused = Tried::Dead { fault: MailFault::Refused };
        let again = Tried::Again { fault: MailFault::Unwilling, at: at(100) };
        for (held, outcome, second) in
            [(sent, Tried::Sent, 1), (dead, refused, 2), (waiting, again, 3), (late, Tried::Sent, 9), (asked, Tried::Sent, 1)]
        {
            assert!(mail::tried(&uow, held, outcome, at(second)).await.unwrap());
        }
        assert_eq!(mail::prune(&uow, at(1), 10).await.unwrap(), 0);
        assert_eq!(mail::prune(&uow, at(9), 1).await.unwrap(), 1, "no more than asked for");
        assert_eq!(mail::prune(&uow, at(9), 10).await.unwrap(), 1, "one that was given up; not what waits or ends later");
        assert_eq!(mail::prune(&uow, at(10), 10).await.unwrap(), 1);
        assert_eq!(mail::prune(&uow, at(1_000), 10).await.unwrap(), 0, "what waits stays, and what asked for consent");
        let left = mail::take(&uow, at(100), TimeDelta::minutes(1), 10).await.unwrap();
        let left: Vec<_> = left.iter().map(|held| (held.id, held.fault)).collect();
        assert_eq!(left, [(notice(3).id, Some(MailFault::Unwilling))]);
        uow.commit().await.unwrap();
    }
}
