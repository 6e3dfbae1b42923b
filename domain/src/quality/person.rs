//! The review of people.

use crate::person::{Person, PersonDraft, PersonPatch};
use crate::value::CountryCode;

use super::finding::Finding;
use super::policy::QualityPolicy;
use super::review::{Desk, Reviewed};
use super::{email, name, phone, postal_code, text};

/// Reviews a new person.
pub fn review_person(draft: PersonDraft, policy: &QualityPolicy) -> Reviewed<PersonDraft> {
    review(draft, &PersonDraft::default(), policy)
}

/// Reviews a change of a person: what the change leaves as it was is not looked at.
pub fn review_person_change(current: &Person, patch: &PersonPatch, policy: &QualityPolicy) -> Reviewed<PersonDraft> {
    let before = PersonPatch::default().draft(current);
    review(patch.draft(current), &before, policy)
}

/// What is to be looked at in a stored person.
pub fn person_findings(person: &Person, policy: &QualityPolicy) -> Vec<Finding> {
    review_person(PersonPatch::default().draft(person), policy).findings
}

fn review(mut draft: PersonDraft, before: &PersonDraft, policy: &QualityPolicy) -> Reviewed<PersonDraft> {
    let mut desk = Desk::new(policy);
    let full_name = [draft.given_name.as_deref(), draft.family_name.as_deref()];
    let is_nobody =
        full_name.iter().all(Option::is_some) && name::is_placeholder(&full_name.map(Option::unwrap_or_default).join(" "));
    for (field, value, before) in
        [("givenName", &mut draft.given_name, &before.given_name), ("familyName", &mut draft.family_name, &before.family_name)]
    {
        if value != before {
            desk.check(field, value, text::whitespace);
            desk.check(field, value, |typed| if is_nobody { Some(name::nobody()) } else { name::placeholder(typed) });
            desk.check(field, value, name::case);
        }
    }
    if draft.email != before.email {
        let value = &mut draft.email;
        for find in [email::syntax, email::typo, email::throwaway, email::role, email::free] {
            desk.check("email", value, find);
        }
    }
    let country = draft.country.as_deref().and_then(|typed| CountryCode::parse(typed).ok());
    if draft.phone != before.phone {
        desk.check("phone", &mut draft.phone, |typed| phone::invalid(typed, country));
    }
    if draft.postal_code != before.postal_code {
        desk.check("postalCode", &mut draft.postal_code, |typed| postal_code::malformed(typed, country));
    }
    for (field, value, before) in [("city", &mut draft.city, &before.city), ("jobTitle", &mut draft.job_title, &before.job_title)]
    {
        if value != before {
            desk.check(field, value, text::whitespace);
            desk.check(field, value, name::placeholder);
        }
    }
    desk.finish(draft)
}
