use super::*;
use uuid::Uuid;

fn text(typed: &str) -> String {
    typed.to_owned()
}

fn draft() -> PersonDraft {
    PersonDraft {
        given_name: Some(text("Anna")),
        family_name: Some(text("Müller")),
        email: Some(text("Anna@Example.com")),
        phone: Some(text("089 12345678")),
        language: Some(text("de-de")),
        country: Some(text("de")),
        subdivision: Some(text("by")),
        postal_code: Some(text("D-80331")),
        buying_role: Some(text("DECIDER")),
        ..PersonDraft::default()
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn person() -> Person {
    Person::new(PersonId::from(Uuid::from_u128(1)), draft().parse().unwrap(), at(0))
}

#[test]
fn a_good_record_is_read_in_canonical_form() {
    let person = person();
    assert_eq!(person.phone.as_ref().unwrap().as_str(), "+498912345678");
    assert_eq!(person.subdivision.unwrap().as_str(), "DE-BY");
    assert_eq!(person.postal_code.as_ref().unwrap().as_str(), "80331");
    let json = serde_json::to_string(&person).unwrap();
    assert_eq!(serde_json::from_str::<Person>(&json).unwrap(), person);
}

#[test]
fn every_fault_is_reported() {
    let faults = PersonDraft {
        given_name: None,
        family_name: Some(text(" ")),
        email: Some(text("anna")),
        phone: Some(text("x")),
        subdivision: Some(text("AT-9")),
        postal_code: Some(text("1")),
        company: Some(text("lead_00000000000000000000000000")),
        buying_role: Some(text("KING")),
        ..draft()
    }
    .parse()
    .unwrap_err();
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["familyName", "email", "phone", "subdivision", "postalCode", "company", "buyingRole"]);
}

#[test]
fn a_patch_keeps_clears_and_sets() {
    let person = person();
    let patch = PersonPatch { email: Change::Clear, city: Change::Set("München".to_owned()), ..PersonPatch::default() };
    let revised = person.revise(patch.parse(&person).unwrap(), at(9));
    assert_eq!((revised.version, revised.created_at, revised.updated_at), (2, at(0), at(9)));
    assert_eq!(revised.email, None);
    assert_eq!(revised.city.unwrap().as_str(), "München");
    assert_eq!(revised.phone, person.phone);
    let same = PersonPatch::default().parse(&person).unwrap();
    assert_eq!(same, draft().parse().unwrap());
}

#[test]
fn a_change_of_country_shows_what_no_longer_fits() {
    let patch = PersonPatch { country: Change::Set("AT".to_owned()), ..PersonPatch::default() };
    let faults = patch.parse(&person()).unwrap_err();
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["subdivision", "postalCode"]);
}

#[test]
fn consent_is_denied_until_given_and_the_last_word_counts() {
    let said = |status, seconds| ConsentState::said(Purpose::Marketing, ContactChannel::Email, status, at(seconds));
    let person = person();
    assert_eq!(person.consent(Purpose::Marketing, ContactChannel::Email), ConsentStatus::Unknown);
    let person = person.with_consent(said(ConsentStatus::Withdrawn, 20)).with_consent(said(ConsentStatus::Granted, 10));
    assert_eq!(person.consent(Purpose::Marketing, ContactChannel::Email), ConsentStatus::Withdrawn);
    assert_eq!(person.consent(Purpose::Marketing, ContactChannel::Phone), ConsentStatus::Unknown);
    assert_eq!(person.consents.len(), 1);
}
