//! Versions of agreements that are written by several at once, and custom attributes.

use super::support::on_both;

on_both!(
    a_draft_is_written_over_at_its_revision,
    versions_are_paged_and_cut_by_what_they_are,
    two_who_sign_at_once_both_sign,
    attributes_are_kept_and_their_use_is_seen,
    leads_are_read_for_a_replay
);

mod run {
    use fairfall_domain::access::{Action, Grant};
    use fairfall_domain::agreement::{Agreement, AgreementState, Signing, shipped};
    use fairfall_domain::attribute::{AttributeKind, AttributeUse, CustomAttribute};
    use fairfall_domain::department::Department;
    use fairfall_domain::id::AgreementId;
    use fairfall_domain::label::Labels;
    use fairfall_domain::value::Code;
    use fairfall_domain::waterfall::catalogue::{Catalogue, Undefined};
    use fairfall_domain::waterfall::gate::{Comparison, Criterion, Required};
    use fairfall_domain::waterfall::measure::Measure;

    use crate::repo::agreement::AgreementFilter;
    use crate::repo::agreement_replay::ReplayLead;
    use crate::repo::{agreement, agreement_replay, attribute};
    use crate::tests::support::{at, every_state, id, new_lead, prepare, store_leads, user};
    use crate::{PageArgs, PageLimits, Store, StoreError};

    fn key(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    fn draft() -> Agreement {
        let labels = Labels::new("Entwurf", "Draft");
        Agreement::first(id(40, 1), key("draft"), labels, Department::Marketing, Department::InsideSales)
    }

    async fn read(store: &Store, id: AgreementId) -> Option<Agreement> {
        agreement::find_many(&store.reader(), &[id]).await.unwrap().pop()
    }

    pub(super) async fn a_draft_is_written_over_at_its_revision(store: Store) {
        let uow = store.begin().await.unwrap();
        let first = draft();
        agreement::insert(&uow, &first, at(0)).await.unwrap();
        let second = Agreement { revision: 2, in_force_from: Some(at(60)), ..first.clone() };
        agreement::update(&uow, &second, 1, at(1)).await.unwrap();
        let stale = agreement::update(&uow, &second, 1, at(2)).await;
        assert_eq!(stale, Err(StoreError::VersionConflict { current: Some(2) }));
        let gone = Agreement { id: id(40, 9), ..second.clone() };
        assert_eq!(agreement::update(&uow, &gone, 1, at(2)).await, Err(StoreError::VersionConflict { current: None }));
        assert_eq!(agreement::of_key(&uow, &first.key).await.unwrap(), std::slice::from_ref(&second));
        assert!(agreement::delete(&uow, &first).await.is_err(), "another revision is not deleted");
        let proposed = Agreement { revision: 3, state: AgreementState::Proposed, ..second.clone() };
        agreement::update(&uow, &proposed, 2, at(2)).await.unwrap();
        assert!(agreement::delete(&uow, &proposed).await.is_err(), "only drafts are deleted");
        let again = Agreement { revision: 4, state: AgreementState::Draft, ..second };
        agreement::update(&uow, &again, 3, at(3)).await.unwrap();
        agreement::delete(&uow, &again).await.unwrap();
        assert_eq!(agreement::of_key(&uow, &first.key).await.unwrap(), []);
        for one in shipped::agreements(at(0)).unwrap() {
            agreement::insert(&uow, &one, at(0)).await.unwrap();
        }
        assert_eq!(agreement::with_successors(&uow).await.unwrap(), []);
        let running = shipped::agreements(at(0)).unwrap().remove(0);
        let next = Agreement { id: id(40, 2), version: 2, ..running.clone() };
        agreement::insert(&uow, &next, at(0)).await.unwrap();
        assert_eq!(agreement::with_successors(&uow).await.unwrap(), [running.key]);
        uow.commit().await.unwrap();
    }

    /// Three versions of a key, of which the second holds an hour later, and a draft of another key.
    async fn store_versions(store: &Store) -> Vec<Agreement> {
        let first = shipped::agreements(at(0)).unwrap().remove(0);
        let next = |version: u32, state, in_force_from| {
            let id = id(42, u128::from(version));
            Agreement { id, version, state, in_force_from, ..first.clone() }
        };
        let versions = vec![first.clone(), next(2, AgreementState::InForce, Some(at(60))), next(3, AgreementState::Draft, None)];
        let uow = store.begin().await.unwrap();
        for one in versions.iter().chain([&draft()]) {
            agreement::insert(&uow, one, at(0)).await.unwrap();
        }
        uow.commit().await.unwrap();
        versions
    }

    async fn listed(store: &Store, filter: &AgreementFilter, minutes: i64) -> Vec<(String, u32)> {
        let page = agreement::page(&store.reader(), filter, at(minutes), &PageArgs::first(25)).await.unwrap();
        page.items.iter().map(|(_, one)| (one.key.to_string(), one.version)).collect()
    }

    pub(super) async fn versions_are_paged_and_cut_by_what_they_are(store: Store) {
        let versions = store_versions(&store).await;
        let own = versions[0].key.clone();
        let whole = listed(&store, &AgreementFilter::default(), 0).await;
        assert_eq!(whole.len(), 4);
        for minutes in [0, 30, 60, 90] {
            for state in AgreementState::ALL {
                let filter = AgreementFilter { key: Some(own.clone()), states: vec![*state], ..AgreementFilter::default() };
                let expected = versions.iter().filter(|one| one.state_at(&versions, at(minutes)) == *state);
                let expected: Vec<_> = expected.map(|one| (own.to_string(), one.version)).collect();
                assert_eq!(listed(&store, &filter, minutes).await, expected, "{state} after {minutes} minutes");
            }
        }
        let several = vec![AgreementState::Draft, AgreementState::Superseded];
        let several = AgreementFilter { key: Some(own.clone()), states: several, ..AgreementFilter::default() };
        assert_eq!(listed(&store, &several, 60).await, [(own.to_string(), 1), (own.to_string(), 3)]);
        let giving = AgreementFilter { giving: Some(Department::Marketing), ..AgreementFilter::default() };
        assert_eq!(listed(&store, &giving, 0).await, whole);
        let taking = AgreementFilter { taking: Some(Department::FieldSales), ..AgreementFilter::default() };
        assert_eq!(listed(&store, &taking, 0).await, []);

        let limits = PageLimits { default: 1, max: 10 };
        let (mut forward, mut after) = (Vec::new(), None);
        loop {
            let args = PageArgs::try_new(None, after.clone(), None, None, limits).unwrap();
            let page = agreement::page(&store.reader(), &AgreementFilter::default(), at(0), &args).await.unwrap();
            assert_eq!(page.has_previous, after.is_some());
            forward.extend(page.items.iter().map(|(_, one)| (one.key.to_string(), one.version)));
            if !page.has_next {
                break;
            }
            after = page.items.last().map(|(cursor, _)| cursor.clone());
        }
        assert_eq!(forward, whole);
        let last = PageArgs::try_new(None, None, Some(2), None, limits).unwrap();
        let last = agreement::page(&store.reader(), &AgreementFilter::default(), at(0), &last).await.unwrap();
        let told: Vec<_> = last.items.iter().map(|(_, one)| (one.key.to_string(), one.version)).collect();
        assert_eq!((told.as_slice(), last.has_next, last.has_previous), (&whole[2..], false, true));
    }

    /// Signs as the use case does: what is held is what is signed.
    async fn sign(store: Store, by: u128, department: Department) {
        let signed = store.transact(move |uow| {
            Box::pin(async move {
                let version = agreement::of_key(uow, &key("draft")).await?.pop().unwrap();
                let Ok(Signing::Signed(signed)) = version.sign(user(by), Some(department), at(5)) else {
                    panic!("it can be signed")
                };
                agreement::update(uow, &signed, version.revision, at(5)).await
            })
        });
        signed.await.unwrap();
    }

    pub(super) async fn two_who_sign_at_once_both_sign(store: Store) {
        let uow = store.begin().await.unwrap();
        let attributes = fairfall_domain::attribute::AttributeBook::default();
        let proposed = draft().propose(Catalogue { attributes: &attributes, undefined: Undefined::Refused }).unwrap();
        agreement::insert(&uow, &proposed, at(0)).await.unwrap();
        uow.commit().await.unwrap();
        let both = [(1, Department::Marketing), (2, Department::InsideSales)];
        let tasks = both.map(|(by, department)| tokio::spawn(sign(store.clone(), by, department)));
        for task in tasks {
            task.await.unwrap();
        }
        let signed = read(&store, proposed.id).await.unwrap();
        assert_eq!((signed.state, signed.in_force_from), (AgreementState::InForce, Some(at(5))));
        let by = [signed.signed_giving, signed.signed_taking].map(|signature| signature.unwrap().by.unwrap());
        assert_eq!((by, signed.revision), ([user(1), user(2)], proposed.revision + 2));
    }

    pub(super) async fn attributes_are_kept_and_their_use_is_seen(store: Store) {
        let uow = store.begin().await.unwrap();
        let define = |number, text: &str, kind| {
            CustomAttribute::define(id(41, number), key(text), Labels::new("M", "A"), kind, at(0)).unwrap()
        };
        let (stars, plan) =
            (define(1, "stars_1", AttributeKind::Number { min: 0, max: 5 }), define(2, "plan", AttributeKind::Text));
        for one in [&stars, &plan] {
            attribute::insert(&uow, one).await.unwrap();
        }
        assert_eq!(attribute::all(&uow).await.unwrap(), [plan.clone(), stars.clone()]);
        let taken = attribute::insert(&uow, &CustomAttribute { id: id(41, 3), ..plan.clone() }).await.unwrap_err();
        assert!(taken.is_unique("custom_attribute", &["key"]), "{taken:?}");
        uow.rollback().await.unwrap();
        let uow = store.begin().await.unwrap();
        attribute::insert(&uow, &stars).await.unwrap();
        let wider = CustomAttribute { version: 2, kind: AttributeKind::Number { min: 0, max: 9 }, ..stars.clone() };
        attribute::update(&uow, &wider, 1).await.unwrap();
        assert_eq!(attribute::update(&uow, &wider, 1).await, Err(StoreError::VersionConflict { current: Some(2) }));
        assert_eq!(attribute::find(&uow, stars.id).await.unwrap(), Some(wider));

        assert_eq!(attribute::use_of(&uow, &stars.key).await.unwrap(), AttributeUse::Unused);
        let asks = Criterion {
            key: key("many"),
            labels: Labels::new("Viele", "Many"),
            measure: Measure::Attribute { key: stars.key.clone() },
            comparison: Comparison::AtLeast,
            required: Required::Number(3),
        };
        agreement::insert(&uow, &Agreement { recycle_when: vec![asks], ..draft() }, at(0)).await.unwrap();
        assert_eq!(attribute::use_of(&uow, &stars.key).await.unwrap(), AttributeUse::Used);
        assert_eq!(attribute::use_of(&uow, &key("starsX1")).await.unwrap(), AttributeUse::Unused, "`_` is no pattern");
        uow.commit().await.unwrap();
    }

    pub(super) async fn leads_are_read_for_a_replay(store: Store) {
        prepare(&store).await;
        let leads: Vec<_> = (1..=3).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(&store, &leads).await;
        let all = Grant::system(Action::ManageAgreement);
        let reader = store.reader();
        let mut found: Vec<ReplayLead> = agreement_replay::chunk(&reader, &all, at(-9_999), None, 2).await.unwrap();
        assert_eq!(found.len(), 2);
        let rest = agreement_replay::chunk(&reader, &all, at(-9_999), found.last().map(|one| &one.lead), 2).await.unwrap();
        assert_eq!(rest.len(), 1);
        found.extend(rest);
        assert!(
            found
                .windows(2)
                .all(|pair| (pair[0].lead.captured_at, pair[0].lead.id) > (pair[1].lead.captured_at, pair[1].lead.id))
        );
        for one in &found {
            assert!(leads.contains(&one.lead) && one.person.id == one.lead.person);
            assert!(one.reached.contains(one.lead.state.stage().open().unwrap()));
            assert_eq!(one.company.as_ref().map(|company| company.id), one.lead.company);
        }
        let later = found[0].lead.captured_at + chrono::TimeDelta::microseconds(1);
        assert_eq!(agreement_replay::chunk(&reader, &all, later, None, 2).await.unwrap(), []);
        let other = Grant::system(Action::ViewLead);
        assert!(agreement_replay::chunk(&reader, &other, at(-9_999), None, 2).await.is_err());
    }
}
