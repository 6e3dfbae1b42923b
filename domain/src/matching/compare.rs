//! How far two records agree, field by field.

use std::cmp::Reverse;

use crate::matching::field::{Agreement, MatchField};
use crate::matching::form::Form;
use crate::matching::phonetic::same_sound;
use crate::matching::record::{CompanyRecord, EmailForm, PersonRecord};
use crate::matching::similarity::{Permille, WHOLE, containment, likeness, mistyped};

/// From here on two names are one with a typing error or another spelling; Winkler (1990) puts full agreement of names there.
const SPELLING: Permille = 920;

/// From here on two names may be forms of one, as `katharina` and `katarzyna`.
const FORMS: Permille = 860;

/// How far one field agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The field.
    pub field: MatchField,
    /// How far it agrees.
    pub agreement: Agreement,
    /// How alike the two texts are.
    pub similarity: Permille,
}

/// What a comparison of two texts finds.
type Finding = (Agreement, Permille);

/// Compares every field that both people have.
pub fn people(left: &PersonRecord, right: &PersonRecord) -> Vec<Compared> {
    let mut found = names(left, right);
    let mut add = |field, finding: Option<Finding>| {
        found.extend(finding.map(|(agreement, similarity)| Compared { field, agreement, similarity }));
    };
    add(MatchField::Email, both(left.email.as_ref(), right.email.as_ref(), email));
    add(MatchField::Phone, both(left.phone.as_deref(), right.phone.as_deref(), phone));
    add(MatchField::Company, both(left.company.as_ref(), right.company.as_ref(), town_or_company));
    add(MatchField::Street, both(left.street.as_ref(), right.street.as_ref(), street));
    add(MatchField::HouseNumber, both(left.house_number.as_deref(), right.house_number.as_deref(), house_number));
    add(MatchField::PostalCode, both(left.postal_code.as_deref(), right.postal_code.as_deref(), postal_code));
    add(MatchField::City, both(left.city.as_ref(), right.city.as_ref(), town_or_company));
    add(MatchField::Region, both(left.region.as_deref(), right.region.as_deref(), code));
    add(MatchField::Country, both(left.country.as_deref(), right.country.as_deref(), code));
    found
}

/// Compares every field that both companies have.
pub fn companies(left: &CompanyRecord, right: &CompanyRecord) -> Vec<Compared> {
    let mut found = Vec::new();
    let mut add = |field, finding: Option<Finding>| {
        found.extend(finding.map(|(agreement, similarity)| Compared { field, agreement, similarity }));
    };
    add(MatchField::CompanyName, both(left.name.as_ref(), right.name.as_ref(), town_or_company));
    add(MatchField::Domain, domains(left, right));
    add(MatchField::RegisterNumber, both(left.register_number.as_deref(), right.register_number.as_deref(), register_number));
    add(MatchField::PostalCode, both(left.postal_code.as_deref(), right.postal_code.as_deref(), postal_code));
    add(MatchField::City, both(left.city.as_ref(), right.city.as_ref(), town_or_company));
    add(MatchField::Region, both(left.region.as_deref(), right.region.as_deref(), code));
    add(MatchField::Country, both(left.country.as_deref(), right.country.as_deref(), code));
    found
}

fn both<T>(left: Option<T>, right: Option<T>, compare: fn(T, T) -> Finding) -> Option<Finding> {
    left.zip(right).map(|(left, right)| compare(left, right))
}

/// Given and family name, straight or crosswise, whichever agrees better: forms and exports mix the two up.
fn names(left: &PersonRecord, right: &PersonRecord) -> Vec<Compared> {
    let straight = pair(left.given.as_ref(), right.given.as_ref(), left.family.as_ref(), right.family.as_ref());
    let crosswise = pair(left.given.as_ref(), right.family.as_ref(), left.family.as_ref(), right.given.as_ref());
    let agreeing = |found: &[Compared]| found.iter().filter(|one| one.agreement <= Agreement::Close).count();
    if agreeing(&crosswise) > agreeing(&straight) { swapped(crosswise) } else { straight }
}

/// Marks what agrees crosswise. Which of two crossed names is the given one depends on the side one looks from: the better one is said to be.
fn swapped(mut crosswise: Vec<Compared>) -> Vec<Compared> {
    crosswise.sort_by_key(|one| (one.agreement, Reverse(one.similarity)));
    let fields: &[MatchField] =
        if crosswise.len() == 1 { &[MatchField::FamilyName] } else { &[MatchField::GivenName, MatchField::FamilyName] };
    let mark = |(one, field): (Compared, &MatchField)| {
        let agreement = if one.agreement <= Agreement::Close { Agreement::Swapped } else { one.agreement };
        Compared { field: *field, agreement, similarity: one.similarity }
    };
    crosswise.into_iter().zip(fields).map(mark).collect()
}

fn pair(given: Option<&Form>, with: Option<&Form>, family: Option<&Form>, and: Option<&Form>) -> Vec<Compared> {
    let compared = |field, left: Option<&Form>, right: Option<&Form>| {
        both(left, right, name).map(|(agreement, similarity)| Compared { field, agreement, similarity })
    };
    [compared(MatchField::GivenName, given, with), compared(MatchField::FamilyName, family, and)].into_iter().flatten().collect()
}

fn name(left: &Form, right: &Form) -> Finding {
    if left.compact == right.compact {
        return (Agreement::Same, WHOLE);
    }
    let similarity = likeness(&left.compact, &right.compact);
    let agreement = if !same_numbers(&left.compact, &right.compact) {
        Agreement::Different
    } else if similarity >= SPELLING || mistyped(&left.compact, &right.compact) || same_sound(&left.compact, &right.compact) {
        Agreement::Close
    } else if similarity >= FORMS || initial(left, right) || shares_word(left, right) {
        Agreement::Related
    } else {
        Agreement::Different
    };
    (agreement, similarity)
}

/// Whether both have the same digits: a number is never a typing error, it tells things of one name apart (`Werk 1`, `Werk 2`).
fn same_numbers(left: &str, right: &str) -> bool {
    let digits = |text: &str| -> Vec<char> { text.chars().filter(char::is_ascii_digit).collect() };
    digits(left) == digits(right)
}

/// Whether one side is only the first letter of the other.
fn initial(left: &Form, right: &Form) -> bool {
    let of = |one: &Form, other: &Form| one.compact.chars().count() == 1 && other.compact.starts_with(&one.compact);
    of(left, right) || of(right, left)
}

/// Whether a word of several stands alone on the other side: `anna maria` and `anna`, `mueller luedenscheidt` and `mueller`.
fn shares_word(left: &Form, right: &Form) -> bool {
    left.words.iter().any(|word| word.chars().count() > 1 && right.words.contains(word))
}

fn email(left: &EmailForm, right: &EmailForm) -> Finding {
    if left.key == right.key {
        return (Agreement::Same, WHOLE);
    }
    let similarity = likeness(&left.key, &right.key);
    // `max1@` and `max2@` are two people
    let mistyped = mistyped_once(&left.key, &right.key) && same_numbers(&left.key, &right.key);
    let agreement = if mistyped && left.mailbox.is_some() && right.mailbox.is_some() {
        Agreement::Close
    } else if left.mailbox.is_some() && left.mailbox == right.mailbox {
        Agreement::Related
    } else {
        Agreement::Different
    };
    (agreement, similarity)
}

fn phone(left: &str, right: &str) -> Finding {
    if left == right {
        return (Agreement::Same, WHOLE);
    }
    let similarity = likeness(left, right);
    let agreement = if mistyped_once(left, right) {
        Agreement::Close
    } else if front(left, right, left.len().min(right.len()).saturating_sub(3)) {
        // another extension of the same board
        Agreement::Related
    } else {
        Agreement::Different
    };
    (agreement, similarity)
}

/// Towns and companies are written with and without additions (`Frankfurt`, `Frankfurt am Main`).
fn town_or_company(left: &Form, right: &Form) -> Finding {
    if left.compact == right.compact {
        return (Agreement::Same, WHOLE);
    }
    let similarity = likeness(&left.compact, &right.compact);
    let spelt_otherwise = similarity >= SPELLING || mistyped(&left.compact, &right.compact);
    let agreement = if spelt_otherwise && same_numbers(&left.compact, &right.compact) {
        Agreement::Close
    } else if similarity >= FORMS || shares_word(left, right) {
        Agreement::Related
    } else {
        Agreement::Different
    };
    (agreement, similarity)
}

fn street(left: &Form, right: &Form) -> Finding {
    let similarity = containment(&left.compact, &right.compact);
    let agreement = match similarity {
        950.. => Agreement::Same,
        750.. => Agreement::Close,
        450.. => Agreement::Related,
        _ => Agreement::Different,
    };
    (agreement, similarity)
}

fn house_number(left: &str, right: &str) -> Finding {
    if left == right {
        return (Agreement::Same, WHOLE);
    }
    let near = mistyped_once(left, right);
    (if near { Agreement::Close } else { Agreement::Different }, likeness(left, right))
}

fn postal_code(left: &str, right: &str) -> Finding {
    if left == right {
        return (Agreement::Same, WHOLE);
    }
    let agreement = if mistyped_once(left, right) {
        Agreement::Close
    } else if front(left, right, 2) {
        Agreement::Related
    } else {
        Agreement::Different
    };
    (agreement, likeness(left, right))
}

/// Companies have several domains: one in common is enough.
fn domains(left: &CompanyRecord, right: &CompanyRecord) -> Option<Finding> {
    if left.domains.is_empty() || right.domains.is_empty() {
        return None;
    }
    if left.domains.intersection(&right.domains).next().is_some() {
        return Some((Agreement::Same, WHOLE));
    }
    let pairs = left.domains.iter().flat_map(|one| right.domains.iter().map(move |other| (one, other)));
    let nearest = pairs.clone().map(|(one, other)| likeness(one, other)).max().unwrap_or(0);
    // `example.de` and `example.com` are mostly one house
    let stem = |domain: &str| domain.split_once('.').map_or_else(|| domain.to_owned(), |(stem, _)| stem.to_owned());
    let related = pairs.into_iter().any(|(one, other)| stem(one) == stem(other));
    Some((if related { Agreement::Related } else { Agreement::Different }, nearest))
}

/// The court may be missing on one side: `HRB 12345` and `Amtsgericht München HRB 12345`.
fn register_number(left: &str, right: &str) -> Finding {
    if left == right {
        return (Agreement::Same, WHOLE);
    }
    let similarity = likeness(left, right);
    let related = mistyped_once(left, right) || left.ends_with(right) || right.ends_with(left);
    (if related { Agreement::Related } else { Agreement::Different }, similarity)
}

fn code(left: &str, right: &str) -> Finding {
    if left == right {
        return (Agreement::Same, WHOLE);
    }
    (Agreement::Different, likeness(left, right))
}

/// One typing error in a number of two digits or more.
fn mistyped_once(left: &str, right: &str) -> bool {
    left.len().min(right.len()) >= 2 && strsim::osa_distance(left, right) <= 1
}

fn front(left: &str, right: &str, letters: usize) -> bool {
    letters > 0 && left.chars().take(letters).eq(right.chars().take(letters)) && left.chars().nth(letters - 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::record::{CompanyTexts, PersonTexts};
    use proptest::prelude::*;

    fn compared(left: PersonTexts<'_>, right: PersonTexts<'_>) -> Vec<(MatchField, Agreement)> {
        let found = people(&PersonRecord::of(&left), &PersonRecord::of(&right));
        found.into_iter().map(|one| (one.field, one.agreement)).collect()
    }

    fn named<'a>(given: &'a str, family: &'a str) -> PersonTexts<'a> {
        PersonTexts { given: Some(given), family: Some(family), ..PersonTexts::default() }
    }

    #[test]
    fn names_agree_by_spelling_sound_initial_and_part() {
        for (left, right, given, family) in [
            (named("Jörg", "Müller"), named("JOERG", "Mueller"), Agreement::Same, Agreement::Same),
            (named("Jorg", "Meyer"), named("Jörg", "Maier"), Agreement::Close, Agreement::Close),
            (named("Christoph", "Schmidt"), named("Cristoph", "Schmitt"), Agreement::Close, Agreement::Close),
            (named("J.", "Weiß"), named("Jonas", "Weiss"), Agreement::Related, Agreement::Same),
            (named("Anna Maria", "Müller-Lüdenscheidt"), named("Anna", "Lüdenscheidt"), Agreement::Related, Agreement::Related),
            (named("Luke", "Purdon"), named("Mia", "Purdon"), Agreement::Different, Agreement::Same),
            (named("Anthony", "Beazley"), named("Beazley", "Antony"), Agreement::Swapped, Agreement::Swapped),
        ] {
            let expected = [(MatchField::GivenName, given), (MatchField::FamilyName, family)];
            assert_eq!(compared(left, right), expected, "{left:?} {right:?}");
        }
    }

    #[test]
    fn what_one_side_does_not_know_is_left_out() {
        let nameless = PersonTexts { email: Some("a@example.com"), ..PersonTexts::default() };
        assert_eq!(compared(named("Anna", "Berg"), nameless), []);
        assert_eq!(compared(PersonTexts::default(), PersonTexts::default()), []);
    }

    #[test]
    fn contacts_agree_in_part() {
        let reached = |email, phone| PersonTexts { email: Some(email), phone: Some(phone), ..PersonTexts::default() };
        for (left, right, email, phone) in [
            (
                ("Anna.Berg@gmx.example", "+498912345678"),
                ("anna.berg@GMX.example", "+498912345678"),
                Agreement::Same,
                Agreement::Same,
            ),
            (
                ("anna.berg@gmx.example", "+498912345678"),
                ("annaberg@mail.example", "+498912345699"),
                Agreement::Related,
                Agreement::Related,
            ),
            (
                ("anna.berg@gmx.example", "+498912345678"),
                ("ana.berg@gmx.example", "+498912345687"),
                Agreement::Close,
                Agreement::Close,
            ),
            (
                ("info@one.example", "+498912345678"),
                ("info@two.example", "+43155512345"),
                Agreement::Different,
                Agreement::Different,
            ),
        ] {
            let found = compared(reached(left.0, left.1), reached(right.0, right.1));
            assert_eq!(found, [(MatchField::Email, email), (MatchField::Phone, phone)], "{left:?} {right:?}");
        }
    }

    #[test]
    fn companies_agree_by_name_domain_and_register() {
        let of = |name, domain, number| {
            CompanyRecord::of(&CompanyTexts {
                name,
                domains: &[domain],
                register_number: Some(number),
                ..CompanyTexts::default()
            })
        };
        let left = of("Müller & Söhne GmbH & Co. KG", "mueller.example", "HRB 12345");
        let found = companies(&left, &of("MUELLER SOEHNE", "mueller.test", "Amtsgericht München HRB 12345"));
        let found: Vec<_> = found.into_iter().map(|one| (one.field, one.agreement)).collect();
        assert_eq!(
            found,
            [
                (MatchField::CompanyName, Agreement::Same),
                (MatchField::Domain, Agreement::Related),
                (MatchField::RegisterNumber, Agreement::Related)
            ]
        );
    }

    proptest! {
        #[test]
        fn a_comparison_has_no_sides(names in prop::array::uniform4("[a-e ]{0,6}"), codes in prop::array::uniform4("[0-9]{0,5}")) {
            let record = |name: usize| {
                let text = |at: usize| Some(names[at].as_str());
                let code = |at: usize| Some(codes[at].as_str());
                PersonRecord::of(&PersonTexts {
                    given: text(name), family: text(name + 1), city: text(name), postal_code: code(name), street: code(name + 1),
                    phone: code(name), ..PersonTexts::default()
                })
            };
            let (left, right) = (record(0), record(2));
            prop_assert_eq!(people(&left, &right), people(&right, &left));
            prop_assert!(people(&left, &left).iter().all(|one| one.agreement == Agreement::Same));
        }
    }
}
