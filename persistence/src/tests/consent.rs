//! Words about consent are kept for good; requests are open once; mails are taken by one.

super::support::on_both!(
    words_are_kept_and_paged,
    nobody_changes_or_deletes_a_word,
    an_erasure_leaves_what_leads_to_nobody,
    a_purpose_has_one_open_request,
    links_are_found_by_their_hash,
    a_mail_is_taken_by_one_and_emptied,
    a_mail_comes_again_until_it_is_given_up,
    mails_end_with_what_they_tell_of,
);

mod run {
    use chrono::TimeDelta;
    use fairfall_domain::access::{Action, Grant, Role, grant};
    use fairfall_domain::consent::{
        ConsentDraft, ConsentRecord, ConsentStatus, ContactChannel, How, LegalBasis, OptIn, OptInDraft, OptInRequest, OptInState,
        ProofDraft, Purpose,
    };
    use fairfall_domain::department::Department;
    use fairfall_domain::mail::{MailFault, MailKind};
    use sea_orm::ConnectionTrait;

    use crate::repo::mail::{HeldMail, NewMail, Outbox, Tried};
    use crate::repo::{consent, mail, opt_in};
    use crate::tests::support::{actor, at, id, new_person, person_id, prepare, user};
    use crate::{PageArgs, Store};

    fn record(number: u128, minute: i64) -> ConsentRecord {
        let proof = ProofDraft {
            how: Some(How::WebForm),
            text: Some("Ja, gern.".to_owned()),
            text_version: Some("2026-11".to_owned()),
            language: Some("de".to_owned()),
            given_at: Some(at(minute)),
            address: Some("203.0.113.7".to_owned()),
            user_agent: Some("Mozilla/5.0".to_owned()),
            confirmed_at: Some(at(minute)),
            grounds: Some("asked on the fair".to_owned()),
        };
        let draft = ConsentDraft {
            basis: Some(LegalBasis::PresumedConsent),
            proof,
            ..ConsentDraft::bare(Purpose::SalesContact, ContactChannel::Phone, ConsentStatus::Granted)
        };
        let word = draft.parse(at(minute)).unwrap();
        word.record((id(20, number), person_id(1)), Some(user(1)), Some(id(21, 1)), at(minute))
    }

    async fn keep(store: &Store, records: &[ConsentRecord]) {
        let uow = store.begin().await.unwrap();
        consent::append(&uow, records).await.unwrap();
        uow.commit().await.unwrap();
    }

    fn view() -> Grant {
        Grant::system(Action::ViewPerson)
    }

    async fn all_of(store: &Store) -> Vec<ConsentRecord> {
        let page = consent::page(&store.reader(), &view(), person_id(1), &PageArgs::first(25)).await.unwrap();
        page.items.into_iter().map(|(_, record)| record).collect()
    }

    pub(super) async fn words_are_kept_and_paged(store: Store) {
        prepare(&store).await;
        let records: Vec<ConsentRecord> = (1..=5).map(|number| record(number, i64::try_from(number).unwrap() / 2)).collect();
        keep(&store, &records).await;
        let newest: Vec<ConsentRecord> = records.iter().rev().cloned().collect();
        assert_eq!(all_of(&store).await, newest);
        let first = consent::page(&store.reader(), &view(), person_id(1), &PageArgs::first(2)).await.unwrap();
        assert!(first.has_next);
        let after = Some(first.items[1].0.clone());
        let limits = crate::PageLimits { default: 2, max: 2 };
        let args = PageArgs::try_new(Some(2), after, None, None, limits).unwrap();
        let second = consent::page(&store.reader(), &view(), person_id(1), &args).await.unwrap();
        let second: Vec<ConsentRecord> = second.items.into_iter().map(|(_, record)| record).collect();
        assert_eq!(second, newest[2..4]);
        // nobody who may not see the person sees what it said
        let customer_service = grant(&actor(Role::Member(Department::CustomerService)), Action::ViewPerson).unwrap();
        let other = consent::page(&store.reader(), &customer_service, person_id(2), &PageArgs::first(25)).await.unwrap();
        assert!(other.items.is_empty());
    }

    async fn refused(store: &Store, statement: &str) {
        let error = store.writer().execute_unprepared(statement).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{statement}: {error}");
    }

    pub(super) async fn nobody_changes_or_deletes_a_word(store: Store) {
        prepare(&store).await;
        keep(&store, &[record(1, 1)]).await;
        for change in [
            "status = 'WITHDRAWN'",
            "purpose = 'SERVICE'",
            "channel = 'POST'",
            "basis = NULL",
            "expires_at = NULL",
            "how = NULL",
            "text = 'something else'",
            "text = NULL",
            "text_version = NULL",
            "language = 'en'",
            "given_at = NULL",
            "address = NULL",
            "user_agent = NULL",
            "confirmed_at = NULL",
            "confirmed_from = '::1'",
            "grounds = 'better ones'",
            "actor_id = NULL",
            "optin_id = NULL",
            "text = 'something else', erased_at = at",
        ] {
            refused(&store, &format!("UPDATE consent_record SET {change}")).await;
        }
        refused(&store, "DELETE FROM consent_record").await;
        if store.backend() == crate::Backend::Postgres {
            refused(&store, "TRUNCATE consent_record").await;
        }
        assert_eq!(all_of(&store).await, [record(1, 1)]);
    }

    pub(super) async fn an_erasure_leaves_what_leads_to_nobody(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        crate::repo::person::insert(&uow, &new_person(2, "Ben", "Klein")).await.unwrap();
        let other = ConsentRecord { id: id(20, 2), person: person_id(2), ..record(1, 1) };
        consent::append(&uow, &[record(1, 1), other.clone()]).await.unwrap();
        opt_in::insert(&uow, &asked(1), "hash").await.unwrap();
        opt_in::insert_link(&uow, "link", person_id(1), Purpose::Marketing, at(0)).await.unwrap();
        mail::insert(&uow, &new_mail(1), at(0)).await.unwrap();
        consent::erase(&uow, person_id(1), at(9)).await.unwrap();
        consent::erase(&uow, person_id(1), at(10)).await.unwrap();
        uow.commit().await.unwrap();
        let kept = record(1, 1);
        let proof = kept.proof.without_personal_data();
        assert_eq!(all_of(&store).await, [ConsentRecord { proof, erased_at: Some(at(9)), ..kept }]);
        let reader = store.reader();
        let untouched = consent::page(&reader, &view(), person_id(2), &PageArgs::first(5)).await.unwrap();
        assert_eq!(untouched.items[0].1, other);
        assert_eq!(opt_in::open_of(&reader, person_id(1)).await.unwrap(), []);
        let request = opt_in::find_by_token(&reader, "hash").await.unwrap().unwrap();
        assert_eq!((request.proof, request.mailed_to.as_str()), (fairfall_domain::consent::Proof::default(), ""));
        assert_eq!(opt_in::find_link(&reader, "link").await.unwrap(), None);
        assert_eq!(take(&store, 60).await, []);
        // only what was erased can be deleted
        store.writer().execute_unprepared("DELETE FROM consent_record WHERE erased_at IS NOT NULL").await.unwrap();
        // and a word moves with its person
        store
            .writer()
            .execute_unprepared("UPDATE consent_record SET person_id = (SELECT id FROM person ORDER BY id LIMIT 1)")
            .await
            .unwrap();
        assert_eq!(all_of(&store).await, [ConsentRecord { person: person_id(1), ..other }]);
    }

    fn asked(number: u128) -> OptIn {
        let draft = OptInDraft {
            purpose: Purpose::Marketing,
            channels: vec![ContactChannel::Email, ContactChannel::Sms],
            text: "Ja, gern.".to_owned(),
            text_version: None,
            language: None,
            given_at: None,
            address: Some("2001:db8::7".to_owned()),
            user_agent: None,
        };
        let wish = draft.parse(&new_person(1, "Änne", "Groß"), at(0)).unwrap();
        let request =
            OptInRequest { id: id(21, number), person: person_id(1), mailed_to: "digest".to_owned(), actor: Some(user(1)) };
        OptIn::new(request, wish, at(i64::try_from(number).unwrap()))
    }

    pub(super) async fn a_purpose_has_one_open_request(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        opt_in::insert(&uow, &asked(1), "hash 1").await.unwrap();
        uow.commit().await.unwrap();
        let reader = store.reader();
        assert_eq!(opt_in::find_by_token(&reader, "hash 1").await.unwrap(), Some(asked(1)));
        assert_eq!(opt_in::find_by_token(&reader, "hash 2").await.unwrap(), None);
        let uow = store.begin().await.unwrap();
        let error = opt_in::insert(&uow, &asked(2), "hash 2").await.unwrap_err();
        assert!(error.is_unique("consent_optin", &["person_id", "purpose"]), "{error:?}");
        uow.rollback().await.unwrap();
        let uow = store.begin().await.unwrap();
        let closed = asked(1).closed(OptInState::Superseded, at(2));
        assert!(opt_in::close(&uow, &closed).await.unwrap());
        assert!(!opt_in::close(&uow, &closed).await.unwrap());
        opt_in::insert(&uow, &asked(2), "hash 2").await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(opt_in::open_of(&reader, person_id(1)).await.unwrap(), [asked(2)]);
        assert_eq!(opt_in::find_by_token(&reader, "hash 1").await.unwrap(), Some(closed));
        let since = |minute| opt_in::asked_since(&reader, person_id(1), at(minute));
        assert_eq!(since(0).await.unwrap(), [at(2), at(1)]);
        assert_eq!(since(1).await.unwrap(), [at(2)]);
    }

    pub(super) async fn links_are_found_by_their_hash(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        opt_in::insert_link(&uow, "a", person_id(1), Purpose::Marketing, at(0)).await.unwrap();
        opt_in::insert_link(&uow, "b", person_id(1), Purpose::Service, at(0)).await.unwrap();
        uow.commit().await.unwrap();
        let find = |hash: &'static str| {
            let reader = store.reader();
            async move { opt_in::find_link(&reader, hash).await.unwrap() }
        };
        assert_eq!(find("a").await, Some((person_id(1), Purpose::Marketing)));
        assert_eq!(find("b").await, Some((person_id(1), Purpose::Service)));
        assert_eq!(find("c").await, None);
    }

    fn new_mail(number: u128) -> NewMail {
        NewMail {
            id: id(22, number),
            kind: MailKind::ConsentRequest,
            person: Some(person_id(1)),
            user: None,
            opt_in: Some(id(21, number)),
            recipient: "anna@example.com".parse().unwrap(),
            content: serde_json::json!({ "token": "secret" }),
            digest: "digest".to_owned(),
            expires_at: at(6_000),
        }
    }

    async fn write(store: &Store, mails: &[NewMail]) {
        let uow = store.begin().await.unwrap();
        for one in mails {
            mail::insert(&uow, one, at(0)).await.unwrap();
        }
        uow.commit().await.unwrap();
    }

    async fn take(store: &Store, minute: i64) -> Vec<HeldMail> {
        let uow = store.begin().await.unwrap();
        let taken = mail::take(&uow, at(minute), TimeDelta::minutes(5), 10).await.unwrap();
        uow.commit().await.unwrap();
        taken
    }

    async fn tried(store: &Store, held: &HeldMail, outcome: Tried, minute: i64) -> bool {
        let uow = store.begin().await.unwrap();
        let ours = mail::tried(&uow, held, outcome, at(minute)).await.unwrap();
        uow.commit().await.unwrap();
        ours
    }

    async fn personal(store: &Store) -> usize {
        let statement = "SELECT 1 FROM mail_outbox WHERE recipient IS NOT NULL OR content IS NOT NULL";
        let backend = store.writer().get_database_backend();
        let rows = store.writer().query_all_raw(sea_orm::Statement::from_string(backend, statement)).await;
        rows.unwrap().len()
    }

    pub(super) async fn a_mail_is_taken_by_one_and_emptied(store: Store) {
        prepare(&store).await;
        write(&store, &[new_mail(1), new_mail(2)]).await;
        let nodes = futures_util::future::join_all((0..4).map(|_| take(&store, 0))).await;
        let mut taken: Vec<HeldMail> = nodes.into_iter().flatten().collect();
        taken.sort_by_key(|held| held.id);
        let ids: Vec<_> = taken.iter().map(|held| (held.id, held.tries)).collect();
        assert_eq!(ids, [(new_mail(1).id, 1), (new_mail(2).id, 1)]);
        assert_eq!((&taken[0].recipient, &taken[0].content), (&new_mail(1).recipient, &new_mail(1).content));
        assert!(tried(&store, &taken[0], Tried::Sent, 1).await);
        assert!(!tried(&store, &taken[0], Tried::Sent, 1).await);
        assert_eq!(personal(&store).await, 1);
        // a node that died leaves its mail to the others, and its own word does not count any more
        assert_eq!(take(&store, 4).await, []);
        let again = take(&store, 5).await;
        assert_eq!(again.iter().map(|held| (held.id, held.tries)).collect::<Vec<_>>(), [(new_mail(2).id, 2)]);
        assert!(!tried(&store, &taken[1], Tried::Sent, 6).await);
        assert!(tried(&store, &again[0], Tried::Sent, 6).await);
        assert_eq!(personal(&store).await, 0);
        assert_eq!(mail::outbox(&store.reader(), at(7)).await.unwrap(), Outbox::default());
    }

    pub(super) async fn a_mail_comes_again_until_it_is_given_up(store: Store) {
        prepare(&store).await;
        write(&store, &[new_mail(1)]).await;
        let held = take(&store, 0).await.remove(0);
        assert!(tried(&store, &held, Tried::Again { fault: MailFault::Deferred, at: at(9) }, 1).await);
        assert_eq!(take(&store, 8).await, []);
        let outbox = mail::outbox(&store.reader(), at(8)).await.unwrap();
        assert_eq!(outbox, Outbox { waiting: 1, oldest: Some(at(0)), dead: 0 });
        let held = take(&store, 9).await.remove(0);
        assert_eq!((held.tries, held.fault), (2, Some(MailFault::Deferred)));
        assert!(tried(&store, &held, Tried::Dead { fault: MailFault::Refused }, 10).await);
        assert_eq!(personal(&store).await, 0);
        let outbox = mail::outbox(&store.reader(), at(11)).await.unwrap();
        assert_eq!(outbox, Outbox { waiting: 0, oldest: None, dead: 1 });
        let later = mail::outbox(&store.reader(), at(0) + TimeDelta::days(8)).await.unwrap();
        assert_eq!(later.dead, 0);
        // what asked for consent is kept as proof, however old it is
        let uow = store.begin().await.unwrap();
        assert_eq!(mail::prune(&uow, at(100), 10).await.unwrap(), 0);
        uow.commit().await.unwrap();
    }

    pub(super) async fn mails_end_with_what_they_tell_of(store: Store) {
        prepare(&store).await;
        write(&store, &[new_mail(1), NewMail { expires_at: at(30), ..new_mail(2) }, new_mail(3)]).await;
        let uow = store.begin().await.unwrap();
        mail::cancel(&uow, id(21, 3), at(1)).await.unwrap();
        assert_eq!(mail::expire(&uow, at(30)).await.unwrap(), 1);
        uow.commit().await.unwrap();
        let left: Vec<_> = take(&store, 31).await.into_iter().map(|held| held.id).collect();
        assert_eq!(left, [new_mail(1).id]);
        assert_eq!(personal(&store).await, 1);
    }
}
