use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::change::Change;
use crate::company::CompanyDraft;
use crate::id::PersonId;
use crate::person::{Person, PersonDraft, PersonPatch};
use crate::violation::ViolationCode;

#[derive(Clone, Copy)]
struct Typed(&'static str, &'static str, &'static str);

#[expect(clippy::unnecessary_wraps, reason = "drafts hold optional texts")]
fn text(typed: &str) -> Option<String> {
    Some(typed.to_owned())
}

fn draft() -> PersonDraft {
    PersonDraft {
        given_name: text("Anna"),
        family_name: text("Müller"),
        email: text("anna.mueller@muellerbau.example"),
        country: text("DE"),
        ..PersonDraft::default()
    }
}

fn person(typed: &PersonDraft) -> Person {
    Person::new(PersonId::from(Uuid::from_u128(1)), typed.parse().unwrap(), DateTime::UNIX_EPOCH)
}

fn policy(changes: &[(QualityCheck, Severity)]) -> QualityPolicy {
    QualityPolicy::shipped().revise(changes).unwrap()
}

/// The checks that found something, with field and better value.
fn told(findings: &[Finding]) -> Vec<(QualityCheck, &str, Option<&str>)> {
    findings.iter().map(|finding| (finding.check, finding.field.as_str(), finding.now.as_deref())).collect()
}

#[test]
fn a_good_record_stays_as_it_is() {
    let reviewed = review_person(draft(), &QualityPolicy::shipped());
    assert_eq!((reviewed.draft.clone(), reviewed.findings.len()), (draft(), 0));
    assert!(reviewed.read().is_ok());
}

#[test]
fn what_is_wrong_is_put_right_and_nothing_is_lost() {
    let typed = PersonDraft { given_name: text("ANNA-LENA"), family_name: text("von der  LEYEN"), ..draft() };
    let typed = PersonDraft { job_title: text("Head\u{200b} of IT"), ..typed };
    let reviewed = review_person(typed, &QualityPolicy::shipped());
    assert_eq!(
        told(&reviewed.findings),
        [
            (QualityCheck::NameCase, "givenName", Some("Anna-Lena")),
            (QualityCheck::Whitespace, "familyName", Some("von der LEYEN")),
            (QualityCheck::Whitespace, "jobTitle", Some("Head of IT")),
        ]
    );
    assert_eq!(reviewed.findings[0].was.as_deref(), Some("ANNA-LENA"));
    let (fields, _) = reviewed.read().unwrap();
    assert_eq!((fields.name.full().as_str(), fields.job_title.unwrap().as_str()), ("Anna-Lena von der LEYEN", "Head of IT"));
}

#[test]
fn names_get_their_letters() {
    for Typed(given, family, expected) in [
        Typed("MARIA", "O'NEILL", "Maria O'Neill"),
        Typed("john", "mcdonald", "John McDonald"),
        Typed("LUDWIG", "VAN BEETHOVEN", "Ludwig van Beethoven"),
        Typed("anna maria", "müller-lüdenscheidt", "Anna Maria Müller-Lüdenscheidt"),
        Typed("Li", "Wu", "Li Wu"),
        Typed("J.R.", "Tolkien", "J.R. Tolkien"),
        Typed("DeShawn", "McKay", "DeShawn McKay"),
        Typed("明", "李", "明 李"),
    ] {
        let typed = PersonDraft { given_name: text(given), family_name: text(family), ..draft() };
        let (fields, _) = review_person(typed, &QualityPolicy::shipped()).read().unwrap();
        assert_eq!(fields.name.full(), expected);
    }
}

#[test]
fn addresses_are_flagged_and_kept() {
    for (address, expected) in [
        ("info@muellerbau.example", vec![(QualityCheck::EmailRole, "email", None)]),
        ("Vertrieb+messe@muellerbau.example", vec![(QualityCheck::EmailRole, "email", None)]),
        ("anna@gmx.de", vec![(QualityCheck::EmailFree, "email", None)]),
        ("anna@mailinator.com", vec![(QualityCheck::EmailThrowaway, "email", None)]),
        ("anna@gmial.com", vec![(QualityCheck::EmailTypo, "email", Some("anna@gmail.com"))]),
    ] {
        let reviewed = review_person(PersonDraft { email: text(address), ..draft() }, &QualityPolicy::shipped());
        assert_eq!(told(&reviewed.findings), expected, "{address}");
        assert_eq!(reviewed.read().unwrap().0.email.unwrap().as_str(), address);
    }
}

#[test]
fn a_policy_refuses_and_puts_right() {
    let strict = policy(&[
        (QualityCheck::EmailThrowaway, Severity::Reject),
        (QualityCheck::PhoneInvalid, Severity::Fix),
        (QualityCheck::EmailTypo, Severity::Fix),
        (QualityCheck::EmailFree, Severity::Off),
    ]);
    let typed = PersonDraft { email: text("anna@mailinator.com"), language: text("?"), ..draft() };
    let faults = review_person(typed, &strict).read().unwrap_err();
    let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    assert_eq!(found, [("language", ViolationCode::Malformed), ("email", ViolationCode::NotAccepted)]);

    let typed = PersonDraft { email: text("anna@gmail.con"), phone: text("call me"), ..draft() };
    let reviewed = review_person(typed, &strict);
    assert_eq!(
        told(&reviewed.findings),
        [(QualityCheck::EmailTypo, "email", Some("anna@gmail.com")), (QualityCheck::PhoneInvalid, "phone", None)]
    );
    assert_eq!(reviewed.findings[1].was.as_deref(), Some("call me"));
    let (fields, _) = reviewed.read().unwrap();
    assert_eq!((fields.email.unwrap().as_str(), fields.phone), ("anna@gmail.com", None));
}

#[test]
fn a_fault_is_told_once() {
    let typed = PersonDraft { email: text("anna"), phone: text("x"), postal_code: text("1"), ..draft() };
    let faults = review_person(typed, &QualityPolicy::shipped()).read().unwrap_err();
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["email", "phone", "postalCode"]);
}

#[test]
fn numbers_codes_and_addresses_are_repaired() {
    let mending = policy(&[(QualityCheck::PhoneInvalid, Severity::Fix), (QualityCheck::PostalCodeFormat, Severity::Fix)]);
    for Typed(phone, postal_code, expected) in [
        Typed("49 89 12345678", "1067", "+498912345678 01067"),
        Typed("O89 12345678 ; 0171 1234567", "8O331", "+498912345678 80331"),
        Typed("089 12345678", "D-80331", "+498912345678 80331"),
    ] {
        let typed = PersonDraft { phone: text(phone), postal_code: text(postal_code), ..draft() };
        let (fields, _) = review_person(typed, &mending).read().unwrap();
        assert_eq!(format!("{} {}", fields.phone.unwrap(), fields.postal_code.unwrap()), expected, "{phone}");
    }
}

#[test]
fn a_change_is_reviewed_only_in_what_it_changes() {
    let typed = PersonDraft { family_name: text("TEST"), email: text("info@gmx.de"), ..draft() };
    let person = person(&typed);
    let patch = PersonPatch { city: Change::Set("n/a".to_owned()), ..PersonPatch::default() };
    let strict = policy(&[(QualityCheck::EmailFree, Severity::Reject)]);
    let reviewed = review_person_change(&person, &patch, &strict);
    assert_eq!(told(&reviewed.findings), [(QualityCheck::Placeholder, "city", None)]);
    assert!(reviewed.read().is_ok());
    let stored = person_findings(&person, &strict);
    assert_eq!(
        told(&stored),
        [
            (QualityCheck::Placeholder, "familyName", None),
            (QualityCheck::NameCase, "familyName", Some("Test")),
            (QualityCheck::EmailRole, "email", None),
            (QualityCheck::EmailFree, "email", None),
        ]
    );
    assert_eq!(stored[3].severity, Severity::Reject);
}

#[test]
fn companies_are_reviewed_too() {
    let company =
        |name: &str, website: &str| CompanyDraft { name: text(name), website: text(website), ..CompanyDraft::default() };
    let reviewed = review_company(company("Müller  GmbH", "www.müller.example/a b"), &QualityPolicy::shipped());
    assert_eq!(
        told(&reviewed.findings),
        [
            (QualityCheck::Whitespace, "name", Some("Müller GmbH")),
            (QualityCheck::Url, "website", Some("https://www.xn--mller-kva.example/ab")),
        ]
    );
    assert_eq!(reviewed.read().unwrap().0.name.legal_form(), Some("GmbH"));
    for name in ["GmbH & Co. KG", "n/a", "Privat", "---"] {
        let reviewed = review_company(company(name, ""), &QualityPolicy::shipped());
        assert_eq!(told(&reviewed.findings), [(QualityCheck::CompanyName, "name", None)], "{name}");
    }
    let strict = policy(&[(QualityCheck::Url, Severity::Reject)]);
    assert_eq!(review_company(company("Müller", "example"), &strict).read().unwrap_err().as_slice()[0].field, "website");
}

proptest! {
    /// What a review puts right is right: a second review finds nothing more to put right.
    #[test]
    fn a_review_is_done_once(
        given in "\\PC{0,12}", family in "[A-Za-zäöü'\u{200b} -]{1,16}", email in "[a-z.@ <>]{0,12}@(gmial\\.con|gmx\\.de|example\\.con)",
        phone in "[+0-9 oO/;-]{0,16}", postal in "[0-9OIl]{0,6}", city in "\\PC{0,10}",
    ) {
        let every = [QualityCheck::EmailSyntax, QualityCheck::PhoneInvalid, QualityCheck::PostalCodeFormat, QualityCheck::EmailTypo];
        let mending = policy(&every.map(|check| (check, Severity::Fix)));
        let typed = PersonDraft { given_name: Some(given), family_name: Some(family), email: Some(email), phone: Some(phone), postal_code: Some(postal), city: Some(city), ..draft() };
        let once = review_person(typed, &mending);
        let again = review_person(once.draft.clone(), &mending);
        prop_assert!(again.findings.iter().all(|finding| finding.severity != Severity::Fix), "{:?}", again.findings);
        prop_assert_eq!(&again.draft, &once.draft);
    }

    #[test]
    fn any_company_is_reviewed(name in any::<String>(), website in "\\PC{0,30}") {
        let typed = CompanyDraft { name: Some(name), website: Some(website), ..CompanyDraft::default() };
        let _ = review_company(typed, &QualityPolicy::shipped()).read();
    }
}
