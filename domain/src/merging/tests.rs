//! Merging, over random records and choices.

use proptest::prelude::*;
use uuid::Uuid;

use super::consent::{most_restrictive, width};
use super::refusal::foreign_fields;
use super::*;
use crate::company::{Company, CompanyDraft};
use crate::consent::{ConsentState, ConsentStatus, ContactChannel, LegalBasis, Purpose, may_contact};
use crate::id::CompanyId;
use crate::origin::{FieldOrigin, Source};
use crate::person::{Person, PersonDraft};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn some(texts: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(texts).prop_map(str::to_owned))
}

fn companies() -> impl Strategy<Value = Option<String>> {
    prop::option::of((1_u128..4).prop_map(|number| CompanyId::from(Uuid::from_u128(number)).to_string()))
}

fn state(
    purpose: Purpose,
    channel: ContactChannel,
    status: ConsentStatus,
    seconds: i64,
    (basis, end, unconfirmed): (Option<LegalBasis>, Option<i64>, bool),
) -> ConsentState {
    let said = ConsentState::said(purpose, channel, status, at(seconds));
    if status != ConsentStatus::Granted {
        return ConsentState { pending_until: end.map(at), ..said };
    }
    ConsentState { basis, expires_at: end.map(at), unconfirmed, ..said }
}

fn consents() -> impl Strategy<Value = Vec<ConsentState>> {
    let one = (
        prop::sample::select(Purpose::ALL),
        prop::sample::select(ContactChannel::ALL),
        prop::sample::select(ConsentStatus::ALL),
        0_i64..100,
        (prop::option::of(prop::sample::select(LegalBasis::ALL)), prop::option::of(150_i64..400), any::<bool>()),
    );
    prop::collection::vec(one, 0..8).prop_map(|said| {
        let mut states: Vec<ConsentState> = Vec::new();
        for (purpose, channel, status, seconds, limits) in said {
            if !states.iter().any(|known| known.purpose == purpose && known.channel == channel) {
                states.push(state(purpose, channel, status, seconds, limits));
            }
        }
        states
    })
}

fn person(number: u128) -> impl Strategy<Value = Person> {
    let named = (some(&["Anna", "A.", "Bert"]), prop::sample::select(&["Maier", "Mayer", "Müller"][..]));
    let reached = (some(&["a@example.com", "A@example.com", "b@example.org"]), some(&["+498912345678", "+4930123456"]));
    let placed = (some(&["80331", "10115"]), some(&["München", "Berlin"]), some(&["BY", "BE"]), some(&["de", "en"]));
    let works = (companies(), some(&["CEO", "Einkauf"]), some(&["DECIDER", "USER"]));
    (named, reached, placed, works, consents(), 1_u32..9, 0_i64..100).prop_map(
        move |(
            (given_name, family),
            (email, phone),
            (postal_code, city, subdivision, language),
            works,
            consents,
            version,
            changed,
        )| {
            let draft = PersonDraft {
                given_name,
                family_name: Some(family.to_owned()),
                email,
                phone,
                language,
                country: Some("DE".to_owned()),
                subdivision,
                postal_code,
                city,
                job_title: works.1,
                company: works.0,
                buying_role: works.2,
            };
            let source = if version % 2 == 0 { Source::User } else { Source::Import };
            let new = Person::new(Uuid::from_u128(number).into(), draft.parse().unwrap(), at(0));
            let new = new.noting(None, &FieldOrigin::of(source, at(changed)));
            Person { consents, version, updated_at: at(changed), ..new }
        },
    )
}

fn company(number: u128) -> impl Strategy<Value = Company> {
    let known = (some(&["80331", "10115"]), some(&["machines", "food"]), some(&["10", "250"]), some(&["https://a.example/"]));
    let named = prop::sample::select(&["Maier GmbH", "Maier", "Huber AG"][..]);
    (named, known, some(&["HRB 1", "HRB 2"]), 1_u32..9, 0_i64..100).prop_map(
        move |(name, (postal_code, industry, employees, website), register_number, version, changed)| {
            let draft = CompanyDraft {
                name: Some(name.to_owned()),
                country: Some("DE".to_owned()),
                postal_code,
                industry,
                employees,
                website,
                register_number,
                ..CompanyDraft::default()
            };
            let source = if version % 2 == 0 { Source::User } else { Source::Provider };
            let new = Company::new(Uuid::from_u128(number).into(), draft.parse().unwrap(), at(0));
            let new = new.noting(None, &FieldOrigin::of(source, at(changed)));
            Company { version, updated_at: at(changed), ..new }
        },
    )
}

fn choices(fields: &'static [MergeField]) -> impl Strategy<Value = Choices> {
    prop::collection::btree_map(prop::sample::select(fields), prop::sample::select(MergeSide::ALL), 0..fields.len())
}

fn proven() -> impl Strategy<Value = Proven> {
    (any::<bool>(), any::<bool>()).prop_map(|(own, other)| {
        let fields = |is: bool| is.then_some(MergeField::Email).into_iter().collect();
        Proven { survivor: fields(own), loser: fields(other) }
    })
}

fn record<T: Mergeable>(survivor: &T, loser: &T, merged: &Merged<T>) -> MergeRecord<T> {
    MergeRecord { before: survivor.clone(), loser: loser.clone(), after: merged.survivor.clone(), fields: merged.fields.clone() }
}

/// The person but for what a merge and its being taken back count.
fn plain(person: &Person) -> Person {
    Person { version: 0, updated_at: at(0), ..person.clone() }
}

fn plain_company(company: &Company) -> Company {
    Company { version: 0, updated_at: at(0), ..company.clone() }
}

proptest! {
    /// INVARIANT G1.
    #[test]
    fn a_merge_taken_back_restores_both_persons(
        one in person(1), other in person(2), chosen in choices(person::FIELDS), proven in proven(),
    ) {
        let merged = merge(&one, &other, &chosen, &proven, at(200));
        prop_assert_eq!(plain(&merged.loser), plain(&other));
        let parted = unmerge(&record(&one, &other, &merged), &merged.survivor, &merged.loser, at(300));
        prop_assert_eq!(plain(&parted.survivor), plain(&one));
        prop_assert_eq!(plain(&parted.loser), plain(&other));
        prop_assert_eq!((parted.survivor.version, parted.loser.version), (one.version + 2, other.version + 2));
        prop_assert_eq!((parted.survivor.updated_at, parted.loser.updated_at), (at(300), at(300)));
    }

    /// INVARIANT G1, of companies.
    #[test]
    fn a_merge_taken_back_restores_both_companies(
        one in company(1), other in company(2), chosen in choices(company::FIELDS),
    ) {
        let merged = merge(&one, &other, &chosen, &Proven::default(), at(200));
        let parted = unmerge(&record(&one, &other, &merged), &merged.survivor, &merged.loser, at(300));
        prop_assert_eq!(plain_company(&parted.survivor), plain_company(&one));
        prop_assert_eq!(plain_company(&parted.loser), plain_company(&other));
    }

    /// INVARIANT G1, of a record that took two others in.
    #[test]
    fn merges_are_taken_back_one_after_the_other(one in person(1), second in person(2), third in person(3)) {
        let (free, none) = (Choices::new(), Proven::default());
        let first = merge(&one, &second, &free, &none, at(200));
        let later = merge(&first.survivor, &third, &free, &none, at(210));
        let back = unmerge(&record(&first.survivor, &third, &later), &later.survivor, &later.loser, at(300));
        prop_assert_eq!(plain(&back.loser), plain(&third));
        let back = unmerge(&record(&one, &second, &first), &back.survivor, &first.loser, at(310));
        prop_assert_eq!(plain(&back.survivor), plain(&one));
        prop_assert_eq!(plain(&back.loser), plain(&second));
    }

    /// INVARIANT G2.
    #[test]
    fn what_changed_since_stays_on_the_survivor(
        one in person(1), other in person(2), later in person(1), field in prop::sample::select(person::FIELDS),
    ) {
        let merged = merge(&one, &other, &Choices::new(), &Proven::default(), at(200));
        let mut current = merged.survivor.clone();
        current.take(field, &later);
        let parted = unmerge(&record(&one, &other, &merged), &current, &merged.loser, at(300));
        prop_assert_eq!(plain(&parted.loser), plain(&other));
        for kept in person::FIELDS {
            let from = if *kept == field && !later.equals(&merged.survivor, field) { &later } else { &one };
            prop_assert!(parted.survivor.equals(from, *kept), "{}", kept);
        }
    }

    /// INVARIANT G2, of consent.
    #[test]
    fn a_withdrawal_since_reaches_both(
        one in person(1), other in person(2),
        purpose in prop::sample::select(Purpose::ALL), channel in prop::sample::select(ContactChannel::ALL),
    ) {
        let merged = merge(&one, &other, &Choices::new(), &Proven::default(), at(200));
        let said = |status| ConsentState::said(purpose, channel, status, at(250));
        let withdrawn = merged.survivor.with_consent(said(ConsentStatus::Withdrawn));
        let parted = unmerge(&record(&one, &other, &merged), &withdrawn, &merged.loser, at(300));
        prop_assert_eq!(parted.survivor.consent(purpose, channel), ConsentStatus::Withdrawn);
        prop_assert_eq!(parted.loser.consent(purpose, channel), ConsentStatus::Withdrawn);
        let granted = merged.survivor.with_consent(said(ConsentStatus::Granted));
        let parted = unmerge(&record(&one, &other, &merged), &granted, &merged.loser, at(300));
        prop_assert_eq!(parted.survivor.consent(purpose, channel), ConsentStatus::Granted);
        prop_assert_eq!(plain(&parted.loser), plain(&other));
    }

    /// INVARIANT G3.
    #[test]
    fn consent_is_never_wider_than_either_side(one in person(1), other in person(2)) {
        let merged = merge(&one, &other, &Choices::new(), &Proven::default(), at(200)).survivor;
        for purpose in Purpose::ALL {
            for channel in ContactChannel::ALL {
                let (own, theirs) = (one.consent(*purpose, *channel), other.consent(*purpose, *channel));
                prop_assert_eq!(merged.consent(*purpose, *channel), most_restrictive(own, theirs));
                // and at no moment may more be done than with each of the two
                for seconds in [200, 250, 350, 450] {
                    let may = |who: &Person| may_contact(&who.consents, *purpose, *channel, at(seconds)).is_allowed();
                    prop_assert_eq!(may(&merged), may(&one) && may(&other));
                }
            }
        }
        let mut keys: Vec<_> = merged.consents.iter().map(|state| (state.purpose, state.channel)).collect();
        keys.sort_unstable();
        keys.dedup();
        prop_assert_eq!(keys.len(), merged.consents.len());
    }

    #[test]
    fn each_field_is_one_sides_and_nothing_is_lost(
        one in person(1), other in person(2), chosen in choices(person::FIELDS), proven in proven(),
    ) {
        let merged = merge(&one, &other, &chosen, &proven, at(200));
        prop_assert_eq!((merged.survivor.id, merged.survivor.created_at), (one.id, one.created_at));
        for field in person::FIELDS.iter().copied() {
            let account = merged.fields.iter().find(|decided| decided.field == field);
            let Some(account) = account else {
                prop_assert_eq!((one.fullness(field), other.fullness(field)), (0, 0));
                continue;
            };
            let (winner, loser) = if account.from == MergeSide::Survivor { (&one, &other) } else { (&other, &one) };
            prop_assert!(merged.survivor.equals(winner, field));
            prop_assert_eq!(&account.kept, &winner.shown(field));
            let given_up = if winner.equals(loser, field) { None } else { loser.shown(field) };
            prop_assert_eq!(&account.given_up, &given_up);
            if let Some(side) = chosen.get(&field) {
                prop_assert_eq!((account.from, account.rule), (*side, MergeRule::Chosen));
            }
        }
    }

    #[test]
    fn the_order_of_two_restrictions_does_not_matter(
        one in prop::sample::select(ConsentStatus::ALL), other in prop::sample::select(ConsentStatus::ALL),
    ) {
        let both = most_restrictive(one, other);
        prop_assert_eq!(both, most_restrictive(other, one));
        prop_assert!(width(both) <= width(one) && width(both) <= width(other));
        let granted = |status: ConsentStatus| status == ConsentStatus::Granted;
        prop_assert_eq!(granted(both), granted(one) && granted(other));
    }

    #[test]
    fn a_record_is_kept_whole(one in person(1), other in person(2)) {
        let merged = merge(&one, &other, &Choices::new(), &Proven::default(), at(200));
        let kept = record(&one, &other, &merged);
        let json = serde_json::to_string(&kept).unwrap();
        prop_assert_eq!(serde_json::from_str::<MergeRecord<Person>>(&json).unwrap(), kept);
    }
}

fn draft(given: Option<&str>, email: Option<&str>, job_title: Option<&str>, company: Option<u128>) -> PersonDraft {
    let text = |text: Option<&str>| text.map(str::to_owned);
    PersonDraft {
        given_name: text(given),
        family_name: Some("Maier".to_owned()),
        email: text(email),
        job_title: text(job_title),
        company: company.map(|number| CompanyId::from(Uuid::from_u128(number)).to_string()),
        ..PersonDraft::default()
    }
}

fn made(number: u128, draft: &PersonDraft, changed: i64) -> Person {
    Person::new(Uuid::from_u128(number).into(), draft.parse().unwrap(), at(changed))
}

fn rules(one: &Person, other: &Person, proven: &Proven) -> Vec<(MergeField, MergeSide, MergeRule)> {
    let merged = merge(one, other, &Choices::new(), proven, at(200));
    merged.fields.into_iter().map(|decided| (decided.field, decided.from, decided.rule)).collect()
}

#[test]
fn the_fuller_then_the_newer_value_wins() {
    let old = made(1, &draft(None, Some("a@example.com"), None, None), 1);
    let new = made(2, &draft(Some("Anna"), Some("b@example.com"), Some("CEO"), None), 2);
    assert_eq!(
        rules(&old, &new, &Proven::default()),
        [
            (MergeField::Name, MergeSide::Loser, MergeRule::Fuller),
            (MergeField::Email, MergeSide::Loser, MergeRule::Newer),
            (MergeField::JobTitle, MergeSide::Loser, MergeRule::Fuller),
        ]
    );
    let proven = Proven { survivor: [MergeField::Email].into(), loser: [].into() };
    assert_eq!(rules(&old, &new, &proven)[1], (MergeField::Email, MergeSide::Survivor, MergeRule::Proven));
    let spelled = made(2, &draft(Some("Anna"), Some("A@Example.com"), None, None), 2);
    assert_eq!(rules(&old, &spelled, &Proven::default())[1], (MergeField::Email, MergeSide::Survivor, MergeRule::Same));
    let same_time = made(2, &draft(None, Some("b@example.com"), None, None), 1);
    assert_eq!(rules(&old, &same_time, &Proven::default())[1], (MergeField::Email, MergeSide::Survivor, MergeRule::Kept));
}

#[test]
fn a_title_goes_with_the_company_it_was_held_at() {
    let old = made(1, &draft(None, None, Some("CEO"), Some(1)), 1);
    let moved = made(2, &draft(None, None, None, Some(2)), 2);
    let merged = merge(&old, &moved, &Choices::new(), &Proven::default(), at(200));
    assert_eq!((merged.survivor.company, merged.survivor.job_title), (moved.company, None));
    let title = merged.fields.iter().find(|decided| decided.field == MergeField::JobTitle).unwrap();
    assert_eq!((title.rule, title.given_up.as_deref()), (MergeRule::WithCompany, Some("CEO")));
    // where only one side knows a company, nothing speaks against the other's title
    let unknown = made(2, &draft(None, None, None, None), 2);
    let merged = merge(&unknown, &old, &Choices::new(), &Proven::default(), at(200));
    assert_eq!((merged.survivor.company, merged.survivor.job_title), (old.company, old.job_title));
}

#[test]
fn a_grant_that_is_not_shared_ends() {
    let said = |status, seconds| ConsentState::said(Purpose::Marketing, ContactChannel::Email, status, at(seconds));
    let (granted, withdrawn) = (said(ConsentStatus::Granted, 5), said(ConsentStatus::Withdrawn, 3));
    assert_eq!(consent::merged(&[granted], &[], at(9)), [said(ConsentStatus::Unknown, 9)]);
    assert_eq!(consent::merged(&[], &[granted], at(9)), []);
    assert_eq!(consent::merged(&[granted], &[withdrawn], at(9)), [withdrawn]);
    assert_eq!(consent::merged(&[granted], &[said(ConsentStatus::Granted, 7)], at(9)), [said(ConsentStatus::Granted, 7)]);
}

#[test]
fn a_choice_is_for_a_field_that_the_record_has() {
    let chosen = [MergeField::Name, MergeField::Owner];
    assert_eq!(foreign_fields(MergeKind::Person, chosen), [MergeField::Owner]);
    assert_eq!(foreign_fields(MergeKind::Company, chosen), []);
}
