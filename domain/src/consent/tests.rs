//! The rules of consent.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::id::{CompanyId, ConsentRecordId, OptInId, PersonId, UserId};
use crate::person::{Person, PersonDraft};
use crate::violation::{ViolationCode, Violations};

use ContactChannel::{Email, Phone, Post, Sms};
use Purpose::{Marketing, SalesContact, Service};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn person() -> Person {
    let draft = PersonDraft {
        family_name: Some("Muster".to_owned()),
        email: Some("m.muster@example.com".to_owned()),
        language: Some("de".to_owned()),
        ..PersonDraft::default()
    };
    Person::new(PersonId::from(Uuid::from_u128(1)), draft.parse().unwrap(), at(0))
}

fn on(basis: LegalBasis, purpose: Purpose, channel: ContactChannel) -> ConsentDraft {
    let proof = ProofDraft { grounds: Some("asked for a quote in May".to_owned()), ..ProofDraft::default() };
    ConsentDraft { basis: Some(basis), proof, ..ConsentDraft::bare(purpose, channel, ConsentStatus::Granted) }
}

fn fields(faults: &Violations) -> Vec<(&str, ViolationCode)> {
    faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect()
}

fn reason(permission: Permission) -> Option<DenyReason> {
    match permission {
        Permission::Allowed { .. } => None,
        Permission::Denied { reason } => Some(reason),
    }
}

#[test]
fn each_basis_has_its_row() {
    for basis in LegalBasis::ALL {
        assert_eq!(basis.rule().basis, *basis);
    }
    assert_eq!(LegalBasis::ALL.len(), BASIS_TABLE.len());
}

#[test]
fn the_table_of_bases_is_as_reviewed() {
    let mut table = String::new();
    for rule in &BASIS_TABLE {
        let valid = rule.valid_for.map_or("no end".to_owned(), |valid| format!("{} days", valid.num_days()));
        let needs = [("grounds", rule.needs_grounds), ("company", rule.needs_company), ("e-mail", rule.needs_email)];
        let needs: Vec<&str> = needs.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name).collect();
        let needs = if needs.is_empty() { "nothing".to_owned() } else { needs.join(", ") };
        writeln!(table, "{}: {valid}; needs {needs}", rule.basis).unwrap();
        for (purpose, channel) in rule.carries {
            writeln!(table, "  {purpose} {channel}").unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn advertising_by_electronic_mail_and_telephone_needs_consent_but_for_the_two_exceptions() {
    for basis in LegalBasis::ALL.iter().filter(|basis| **basis != LegalBasis::Consent) {
        for channel in [Email, Phone, Sms] {
            let exception = *basis == LegalBasis::ExistingCustomer && channel == Email;
            assert_eq!(basis.carries(Marketing, channel), exception, "{basis} {channel}");
        }
    }
    let calls: Vec<_> = LegalBasis::ALL.iter().filter(|basis| basis.carries(SalesContact, Phone)).collect();
    assert_eq!(calls, [&LegalBasis::Consent, &LegalBasis::Contract, &LegalBasis::PresumedConsent]);
}

#[test]
fn nothing_said_is_a_denial() {
    let person = person();
    for purpose in Purpose::ALL {
        for channel in ContactChannel::ALL {
            assert_eq!(reason(person.may_contact(*purpose, *channel, at(9))), Some(DenyReason::NeverAsked));
        }
    }
}

#[test]
fn a_word_from_before_bases_were_asked_for_is_consent() {
    let json = r#"[{"purpose":"MARKETING","channel":"EMAIL","status":"GRANTED","recorded_at":"2026-01-01T00:00:00Z"}]"#;
    let states: Vec<ConsentState> = serde_json::from_str(json).unwrap();
    let permission = may_contact(&states, Marketing, Email, at(1_800_000_000));
    assert!(matches!(permission, Permission::Allowed { basis: LegalBasis::Consent, until: None, .. }), "{permission:?}");
    assert_eq!(serde_json::to_string(&states).unwrap(), json);
}

#[test]
fn presumed_consent_reaches_people_of_companies_with_reasons_by_telephone_only_and_lapses() {
    let bare = ConsentDraft { proof: ProofDraft::default(), ..on(LegalBasis::PresumedConsent, SalesContact, Phone) };
    assert_eq!(fields(&bare.parse(at(0)).unwrap_err()), [("proof.grounds", ViolationCode::Required)]);
    for (purpose, channel) in [(SalesContact, Email), (Marketing, Phone), (Service, Phone), (SalesContact, Sms)] {
        let refused = on(LegalBasis::PresumedConsent, purpose, channel).parse(at(0)).unwrap_err();
        assert_eq!(fields(&refused), [("basis", ViolationCode::Conflict)], "{purpose} {channel}");
    }
    let word = on(LegalBasis::PresumedConsent, SalesContact, Phone).parse(at(0)).unwrap();
    let mut faults = Violations::new();
    word.check(&person(), &mut faults);
    assert_eq!(fields(&faults), [("basis", ViolationCode::Conflict)], "a consumer is never presumed to consent");
    let buyer = Person { company: Some(CompanyId::from(Uuid::from_u128(2))), ..person() };
    let mut faults = Violations::new();
    word.check(&buyer, &mut faults);
    assert!(faults.is_empty());
    let buyer = buyer.with_consent(word.state());
    let end = at(0) + TimeDelta::days(180);
    let expected = Permission::Allowed { basis: LegalBasis::PresumedConsent, since: at(0), until: Some(end) };
    assert_eq!(buyer.may_contact(SalesContact, Phone, end - TimeDelta::seconds(1)), expected);
    assert_eq!(reason(buyer.may_contact(SalesContact, Phone, end)), Some(DenyReason::Expired));
    let long =
        ConsentDraft { expires_at: Some(end + TimeDelta::days(1)), ..on(LegalBasis::PresumedConsent, SalesContact, Phone) };
    assert_eq!(fields(&long.parse(at(0)).unwrap_err()), [("expiresAt", ViolationCode::OutOfRange)]);
}

#[test]
fn an_existing_customer_is_written_to_by_mail_until_the_first_objection() {
    let word = on(LegalBasis::ExistingCustomer, Marketing, Email).parse(at(0)).unwrap();
    let mut faults = Violations::new();
    word.check(&Person { email: None, ..person() }, &mut faults);
    assert_eq!(fields(&faults), [("basis", ViolationCode::Conflict)]);
    let customer = person().with_consent(word.state());
    assert!(customer.may_contact(Marketing, Email, at(5)).is_allowed());
    let objection = ConsentDraft::bare(Marketing, Email, ConsentStatus::Withdrawn).parse(at(9)).unwrap();
    let customer = customer.with_consent(objection.state());
    assert_eq!(reason(customer.may_contact(Marketing, Email, at(10))), Some(DenyReason::Withdrawn));
    for basis in [LegalBasis::ExistingCustomer, LegalBasis::Consent] {
        let again = on(basis, Marketing, Email).parse(at(20)).unwrap();
        let mut faults = Violations::new();
        again.check(&customer, &mut faults);
        assert_eq!(faults.is_empty(), basis == LegalBasis::Consent, "{basis}");
    }
}

#[test]
fn only_granted_rests_on_a_basis_and_lapses() {
    for status in [ConsentStatus::Unknown, ConsentStatus::Withdrawn] {
        let draft = ConsentDraft { status, expires_at: Some(at(9)), ..on(LegalBasis::Consent, Marketing, Email) };
        let faults = draft.parse(at(0)).unwrap_err();
        assert_eq!(fields(&faults), [("basis", ViolationCode::Conflict), ("expiresAt", ViolationCode::Conflict)]);
    }
}

#[test]
fn every_fault_of_a_proof_is_told() {
    let proof = ProofDraft {
        text: Some("x".repeat(2001)),
        text_version: Some("x".repeat(201)),
        language: Some("german".to_owned()),
        given_at: Some(at(1_000)),
        address: Some("here".to_owned()),
        confirmed_at: Some(at(900)),
        ..ProofDraft::default()
    };
    let draft = ConsentDraft { proof, ..ConsentDraft::bare(Marketing, Email, ConsentStatus::Granted) };
    let found = draft.parse(at(0)).unwrap_err();
    let names: Vec<&str> = found.iter().map(|fault| fault.field.trim_start_matches("proof.")).collect();
    assert_eq!(names, ["text", "textVersion", "language", "address", "givenAt", "confirmedAt", "confirmedAt"]);
}

#[test]
fn a_form_alone_proves_no_address() {
    let form = |channel, confirmed_at| {
        let proof = ProofDraft { how: Some(How::WebForm), given_at: Some(at(1)), confirmed_at, ..ProofDraft::default() };
        let word =
            ConsentDraft { proof, ..ConsentDraft::bare(Marketing, channel, ConsentStatus::Granted) }.parse(at(100)).unwrap();
        person().with_consent(word.state())
    };
    assert_eq!(reason(form(Email, None).may_contact(Marketing, Email, at(100))), Some(DenyReason::Unconfirmed));
    assert!(form(Email, Some(at(50))).may_contact(Marketing, Email, at(100)).is_allowed());
    assert!(form(Post, None).may_contact(Marketing, Post, at(100)).is_allowed());
    let asked = form(Sms, None).with_request(Marketing, &[Sms], at(100), at(200));
    assert_eq!(reason(asked.may_contact(Marketing, Sms, at(199))), Some(DenyReason::ConfirmationPending));
    assert_eq!(reason(asked.may_contact(Marketing, Sms, at(200))), Some(DenyReason::Unconfirmed));
}

#[test]
fn a_tick_that_nobody_confirmed_takes_nothing_from_what_was_confirmed() {
    let said = |at_second, unconfirmed, expires_at| {
        let state = ConsentState::said(Marketing, Email, ConsentStatus::Granted, at(at_second));
        ConsentState { expires_at, unconfirmed, ..state }
    };
    let confirmed = person().with_consent(said(1, false, None));
    assert!(confirmed.with_consent(said(2, true, None)).may_contact(Marketing, Email, at(3)).is_allowed());
    let lapsed = person().with_consent(said(1, false, Some(at(2))));
    assert_eq!(
        reason(lapsed.with_consent(said(2, true, None)).may_contact(Marketing, Email, at(3))),
        Some(DenyReason::Unconfirmed)
    );
    let withdrawn = ConsentState::said(Marketing, Email, ConsentStatus::Withdrawn, at(1));
    for later in [said(2, true, None), ConsentState::said(Marketing, Email, ConsentStatus::Unknown, at(2))] {
        let gone = person().with_consent(withdrawn).with_consent(later);
        assert_eq!(reason(gone.may_contact(Marketing, Email, at(3))), Some(DenyReason::Withdrawn));
        assert!(gone.with_consent(said(4, false, None)).may_contact(Marketing, Email, at(5)).is_allowed());
    }
    let forget = ConsentDraft::bare(Marketing, Email, ConsentStatus::Unknown).parse(at(2)).unwrap();
    let mut faults = Violations::new();
    forget.check(&person().with_consent(withdrawn), &mut faults);
    assert_eq!(fields(&faults), [("status", ViolationCode::Conflict)]);
}

#[test]
fn what_was_said_earlier_but_told_later_does_not_count() {
    let now = at(1_000);
    let withdrawn = ConsentDraft::bare(Marketing, Email, ConsentStatus::Withdrawn).parse(at(500)).unwrap();
    let old = ProofDraft { given_at: Some(at(400)), ..ProofDraft::default() };
    let granted = ConsentDraft { proof: old, ..ConsentDraft::bare(Marketing, Email, ConsentStatus::Granted) }.parse(now).unwrap();
    let person = person().with_consent(withdrawn.state()).with_consent(granted.state());
    assert_eq!(reason(person.may_contact(Marketing, Email, now)), Some(DenyReason::Withdrawn));
}

fn wish() -> OptInDraft {
    OptInDraft {
        purpose: Marketing,
        channels: vec![Email, Phone],
        text: "Ja, ich möchte Neuigkeiten.".to_owned(),
        text_version: Some("2026-11".to_owned()),
        language: None,
        given_at: None,
        address: Some("203.0.113.7".to_owned()),
        user_agent: Some("Mozilla/5.0".to_owned()),
    }
}

fn opt_in(now: DateTime<Utc>) -> OptIn {
    let request = OptInRequest {
        id: OptInId::from(Uuid::from_u128(3)),
        person: person().id,
        mailed_to: "digest".to_owned(),
        actor: Some(UserId::from(Uuid::from_u128(4))),
    };
    OptIn::new(request, wish().parse(&person(), now).unwrap(), now)
}

#[test]
fn a_request_waits_for_its_link_and_confirms_once_in_time_for_its_address() {
    let asked = opt_in(at(0));
    let pending = person().with_request(Marketing, &asked.channels, at(0), asked.expires_at);
    assert_eq!(reason(pending.may_contact(Marketing, Email, at(1))), Some(DenyReason::ConfirmationPending));
    assert_eq!(reason(pending.may_contact(Marketing, Email, asked.expires_at)), Some(DenyReason::ConfirmationExpired));
    let from = Sender::new("198.51.100.9".parse().ok(), Some("Mozilla/5.0"));
    assert_eq!(asked.confirm("digest", &from, asked.expires_at), Err(ConfirmFault::Expired));
    assert_eq!(asked.confirm("another", &from, at(60)), Err(ConfirmFault::OtherAddress));
    let last = asked.expires_at - TimeDelta::seconds(1);
    assert_eq!(asked.expires_at, at(360_000), "100 hours");
    let words = asked.confirm("digest", &from, last).unwrap();
    assert_eq!(words.iter().map(|word| word.channel).collect::<Vec<_>>(), [Email, Phone]);
    let known = words.iter().fold(pending, |person, word| person.with_consent(word.state()));
    assert!(known.may_contact(Marketing, Email, last).is_allowed());
    let used = asked.closed(OptInState::Confirmed, last);
    assert_eq!(used.confirm("digest", &from, last), Err(ConfirmFault::NotOpen));

    let identity = (ConsentRecordId::from(Uuid::from_u128(5)), person().id);
    let record = words[0].clone().record(identity, None, Some(asked.id), last);
    let proof = &record.proof;
    assert_eq!(proof.text.as_ref().unwrap().as_str(), "Ja, ich möchte Neuigkeiten.");
    assert_eq!((proof.how, proof.given_at, proof.confirmed_at), (Some(How::DoubleOptIn), Some(at(0)), Some(last)));
    assert_eq!((proof.address, proof.confirmed_from), ("203.0.113.7".parse().ok(), from.address));
    let kept = proof.without_personal_data();
    assert_eq!((kept.how, kept.given_at, kept.confirmed_at), (proof.how, proof.given_at, proof.confirmed_at));
    assert_eq!((&kept.text, &kept.address, &kept.confirmed_from, &kept.user_agent), (&None, &None, &None, &None));
}

#[test]
fn every_fault_of_a_request_is_told() {
    let draft = OptInDraft { channels: vec![Email, Email], text: " ".to_owned(), address: Some("x".to_owned()), ..wish() };
    let stranger = Person { email: None, language: None, ..person() };
    let found = draft.parse(&stranger, at(0)).unwrap_err();
    let names: Vec<&str> = found.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(names, ["address", "text", "channels", "person", "language"]);
    let none = OptInDraft { channels: Vec::new(), ..wish() };
    assert_eq!(fields(&none.parse(&person(), at(0)).unwrap_err()), [("channels", ViolationCode::Required)]);
}

#[test]
fn who_withdrew_is_only_asked_again_at_their_own_request() {
    let said = ConsentState::said(Marketing, Phone, ConsentStatus::Withdrawn, at(0));
    let gone = person().with_consent(said);
    let ours = OptInDraft { address: None, ..wish() };
    assert_eq!(fields(&ours.parse(&gone, at(9)).unwrap_err()), [("address", ViolationCode::Required)]);
    assert!(wish().parse(&gone, at(9)).is_ok());
    let waiting = gone.with_request(Marketing, &[Phone], at(9), at(99));
    assert_eq!(reason(waiting.may_contact(Marketing, Phone, at(10))), Some(DenyReason::Withdrawn));
}

#[test]
fn nobody_is_asked_more_than_three_times_a_day() {
    let hour = |hours: i64| at(0) + TimeDelta::hours(hours);
    assert_eq!(asked_too_often(&[hour(0), hour(1)], hour(2)), None);
    assert_eq!(asked_too_often(&[hour(2), hour(0), hour(1)], hour(3)), Some(hour(24)));
    assert_eq!(asked_too_often(&[hour(0), hour(1), hour(2)], hour(24)), None);
    assert_eq!(asked_too_often(&[hour(0), hour(1), hour(2), hour(2)], hour(3)), Some(hour(25)));
}

#[test]
fn a_withdrawal_reaches_every_channel_of_its_purpose_and_says_nothing_twice() {
    let person = person().with_consent(ConsentState::said(Marketing, Email, ConsentStatus::Withdrawn, at(0)));
    let words = withdraw(&person.consents, &[Marketing], &Sender::default(), at(9));
    let channels: Vec<_> = words.iter().map(|word| (word.purpose, word.channel)).collect();
    assert_eq!(channels, [(Marketing, Phone), (Marketing, Post), (Marketing, Sms)]);
    let gone = words.iter().fold(person, |person, word| person.with_consent(word.state()));
    assert_eq!(withdraw(&gone.consents, &[Marketing], &Sender::default(), at(10)), []);
    assert_eq!(withdraw(&gone.consents, Purpose::ALL, &Sender::default(), at(10)).len(), 8);
}

fn any_state() -> impl Strategy<Value = ConsentState> {
    let codes = (
        proptest::sample::select(Purpose::ALL),
        proptest::sample::select(ContactChannel::ALL),
        proptest::sample::select(ConsentStatus::ALL),
        proptest::option::of(proptest::sample::select(LegalBasis::ALL)),
    );
    let times = (0..100_i64, proptest::option::of(0..200_i64), proptest::option::of(0..200_i64), any::<bool>());
    (codes, times).prop_map(|((purpose, channel, status, basis), (said, expires, pending, unconfirmed))| ConsentState {
        basis,
        expires_at: expires.map(at),
        pending_until: pending.map(at),
        unconfirmed,
        ..ConsentState::said(purpose, channel, status, at(said))
    })
}

proptest! {
    #[test]
    fn only_a_confirmed_living_grant_on_a_basis_that_carries_it_allows(
        states in proptest::collection::vec(any_state(), 0..6),
        purpose in proptest::sample::select(Purpose::ALL),
        channel in proptest::sample::select(ContactChannel::ALL),
        now in 0..200_i64,
    ) {
        if let Permission::Allowed { basis, until, .. } = may_contact(&states, purpose, channel, at(now)) {
            prop_assert!(basis.carries(purpose, channel));
            prop_assert!(until.is_none_or(|until| until > at(now)));
            let about: Vec<_> = states.iter().filter(|state| state.is_about(purpose, channel)).collect();
            prop_assert!(!about.is_empty());
            prop_assert!(about.iter().all(|state| state.status == ConsentStatus::Granted && !state.unconfirmed));
        }
    }

    #[test]
    fn one_more_state_never_widens_a_denial(
        states in proptest::collection::vec(any_state(), 1..6),
        more in any_state(),
        now in 0..200_i64,
    ) {
        let (purpose, channel) = (states[0].purpose, states[0].channel);
        let before = may_contact(&states, purpose, channel, at(now));
        let wider: Vec<ConsentState> = states.iter().copied().chain([more]).collect();
        let after = may_contact(&wider, purpose, channel, at(now));
        prop_assert!(before.is_allowed() || !after.is_allowed());
    }

    #[test]
    fn after_a_withdrawal_nothing_of_the_purpose_is_allowed(
        states in proptest::collection::vec(any_state(), 0..6),
        purpose in proptest::sample::select(Purpose::ALL),
    ) {
        let now = at(300);
        let known = states.into_iter().fold(person(), |person, state| person.with_consent(state));
        let words = withdraw(&known.consents, &[purpose], &Sender::default(), now);
        let gone = words.iter().fold(known, |person, word| person.with_consent(word.state()));
        for channel in ContactChannel::ALL {
            prop_assert_eq!(reason(gone.may_contact(purpose, *channel, now)), Some(DenyReason::Withdrawn));
        }
    }

    #[test]
    fn a_state_survives_its_json_form(state in any_state()) {
        let json = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<ConsentState>(&json).unwrap(), state);
    }
}
