//! The shipped settings on a made set: people whose records carry the errors of forms, imports and telephones, among relatives, colleagues and
//! namesakes who must stay apart.

use std::collections::BTreeSet;

use crate::matching::assess::{MatchBand, companies, people};
use crate::matching::find::{Pair, Quality, candidates, duplicates};
use crate::matching::record::{CompanyRecord, CompanyTexts, PersonRecord, PersonTexts};

const GIVEN: &[&str] = &[
    "Anna",
    "Jörg",
    "Katharina",
    "Bernd",
    "Christoph",
    "Sabine",
    "Matthias",
    "Ursula",
    "Dieter",
    "Friederike",
    "Giovanni",
    "Håkon",
    "Ingeborg",
    "Jürgen",
    "Karoline",
    "Léa",
    "Marek",
    "Niklas",
    "Ottilie",
    "Philipp",
];

const FAMILY: &[&str] = &[
    "Müller",
    "Schmidt",
    "Weißenberger",
    "Kowalczyk",
    "Österle",
    "Brandstätter",
    "Fernández",
    "Achterberg",
    "Dvořák",
    "Hohenstein",
    "Lüdenscheidt",
    "Krähenbühl",
    "O'Neill",
    "Papadopoulos",
    "Rothschild",
    "Sörensen",
    "Trautmann",
    "Vogelsang",
    "Wiśniewski",
    "Zimmermann",
];

const TOWNS: &[&str] =
    &["München", "Hamburg", "Köln", "Dresden", "Stuttgart", "Leipzig", "Nürnberg", "Göttingen", "Ulm", "Jena", "Weimar"];

/// A person of the set in the spelling of one source.
#[derive(Clone)]
struct Made {
    given: String,
    family: String,
    email: Option<String>,
    phone: Option<String>,
    company: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
}

impl Made {
    fn record(&self) -> PersonRecord {
        PersonRecord::of(&PersonTexts {
            given: Some(&self.given),
            family: Some(&self.family),
            email: self.email.as_deref(),
            phone: self.phone.as_deref(),
            company: self.company.as_deref(),
            postal_code: self.postal_code.as_deref(),
            city: self.city.as_deref(),
            country: Some("DE"),
            ..PersonTexts::default()
        })
    }
}

fn pick<T: Copy>(list: &[T], number: usize) -> T {
    list[number % list.len()]
}

fn person(number: usize) -> Made {
    Made {
        given: pick(GIVEN, number).to_owned(),
        family: pick(FAMILY, number / 20 + number * 7).to_owned(),
        email: Some(format!("contact{}.{number}@mail{}.example", number * 31, number % 40)),
        phone: Some(format!("+4989{:08}", (number * 7_919 + 10_000_019) % 99_999_989)),
        company: Some(format!("{} Werke GmbH", pick(FAMILY, number / 9))),
        postal_code: Some(format!("{}", 10_007 + number / 3 * 431)),
        city: Some(pick(TOWNS, number / 3).to_owned()),
    }
}

/// Two letters in the middle swapped.
fn mistyped(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = letters.len() / 2;
    letters.swap(at - 1, at);
    letters.into_iter().collect()
}

/// The same person as another source has it.
fn again(original: &Made, number: usize) -> Made {
    let plain = |text: &str| text.replace('ü', "ue").replace('ö', "oe").replace('ä', "ae").replace('ß', "ss").to_uppercase();
    let mut copy = original.clone();
    match number % 6 {
        0 => (copy.family, copy.phone) = (plain(&copy.family), None),
        1 => std::mem::swap(&mut copy.given, &mut copy.family),
        2 => (copy.family, copy.email) = (mistyped(&copy.family), None),
        3 => (copy.given, copy.email) = (copy.given.chars().take(1).collect::<String>() + ".", None),
        4 => (copy.city, copy.phone) = (copy.city.map(|city| mistyped(&city)), Some(format!("+43155{:06}", number * 7_919))),
        _ => (copy.company, copy.email) = (None, Some(format!("{}@elsewhere.example", number * 17))),
    }
    copy
}

/// 600 people, every third one twice; each fifth has a relative with the same family name, telephone left out, in the same place and company.
fn made_set() -> (Vec<PersonRecord>, BTreeSet<Pair>) {
    let (mut records, mut known) = (Vec::new(), BTreeSet::new());
    for number in 0..600 {
        let original = person(number);
        let place = records.len();
        records.push(original.record());
        if number % 3 == 0 {
            known.insert((place, records.len()));
            records.push(again(&original, number / 3).record());
        }
        if number % 5 == 0 {
            let other = pick(GIVEN, number + 9).to_owned();
            records.push(Made { given: other, email: None, phone: None, ..original }.record());
        }
    }
    (records, known)
}

#[test]
fn the_made_set_is_found_and_relatives_stay_apart() {
    let (records, known) = made_set();
    let paired = candidates(&records);
    assert_eq!(known.difference(&paired).count(), 0, "blocking loses nobody");
    assert!(paired.len() < records.len() * 20, "{} comparisons", paired.len());
    let found: BTreeSet<Pair> = duplicates(&records).into_iter().map(|(pair, _)| pair).collect();
    let quality = Quality::of(&found, &known);
    assert!(quality.f1 >= 950, "{quality:?}");
}

fn known<'a>(given: &'a str, family: &'a str) -> PersonTexts<'a> {
    PersonTexts { given: Some(given), family: Some(family), country: Some("DE"), ..PersonTexts::default() }
}

fn band(left: PersonTexts<'_>, right: PersonTexts<'_>) -> Option<MatchBand> {
    let (left, right) = (PersonRecord::of(&left), PersonRecord::of(&right));
    let assessed = people(&left, &right);
    assert_eq!(assessed, people(&right, &left));
    assessed.band
}

#[test]
fn one_address_is_one_person_unless_many_read_it() {
    let reached = |given, family, email| PersonTexts { email: Some(email), ..known(given, family) };
    let anna = reached("Anna", "Berg", "Anna.Berg@example.com");
    assert_eq!(band(anna, reached("A.", "Müller", "anna.berg@EXAMPLE.com")), Some(MatchBand::Exact));
    let desk = reached("Anna", "Berg", "info@example.com");
    assert_eq!(band(desk, reached("Otto", "Vogel", "info@example.com")), None);
    assert_eq!(band(desk, reached("Anna", "Berg", "info@example.com")), Some(MatchBand::Exact));
}

#[test]
fn one_telephone_is_one_person_with_the_same_name_only() {
    let called = |given, family| PersonTexts { phone: Some("+498912345678"), ..known(given, family) };
    assert_eq!(band(called("Jörg", "Groß"), called("JOERG", "Gross")), Some(MatchBand::Exact));
    assert_eq!(band(called("Jörg", "Groß"), called("Jörg", "Grosz")), Some(MatchBand::Likely));
    assert_eq!(band(called("Jörg", "Groß"), called("Anna", "Groß")), Some(MatchBand::Possible));
    assert_eq!(band(called("Jörg", "Groß"), called("Anna", "Berg")), None);
}

#[test]
fn namesakes_colleagues_and_relatives_stay_apart() {
    let at_work = |given, family| PersonTexts {
        company: Some("Siemens AG"),
        city: Some("München"),
        postal_code: Some("80331"),
        ..known(given, family)
    };
    assert_eq!(band(known("Anna", "Müller"), known("Anna", "Müller")), None, "a name alone");
    assert_eq!(band(at_work("Anna", "Müller"), at_work("Peter", "Müller")), None);
    assert_eq!(band(at_work("Anna", "Müller"), at_work("Anna", "Vogel")), None);
    assert_eq!(band(at_work("Anna", "Müller"), at_work("Otto", "Berg")), None);
    assert_eq!(band(at_work("Anna", "Müller"), at_work("Anna", "Mueller")), Some(MatchBand::Likely));
}

#[test]
fn companies_are_the_same_by_register_or_by_name_and_domain() {
    let of = |name, domain, register_number, city| {
        CompanyRecord::of(&CompanyTexts {
            name,
            domains: &[domain],
            register_number,
            city: Some(city),
            country: Some("DE"),
            ..CompanyTexts::default()
        })
    };
    let house = of("Müller & Söhne GmbH", "www.mueller.example", Some("HRB 12345"), "Köln");
    let band = |other: &CompanyRecord| {
        assert_eq!(companies(&house, other), companies(other, &house));
        companies(&house, other).band
    };
    assert_eq!(band(&of("Mueller Soehne KG", "mueller.example", None, "Bonn")), Some(MatchBand::Exact));
    assert_eq!(band(&of("Müller + Söhne", "other.example", Some("HRB 12345"), "Bonn")), Some(MatchBand::Exact));
    assert_eq!(band(&of("Müller und Söhne", "mueller.test", None, "Köln")), Some(MatchBand::Likely));
    assert_eq!(band(&of("Vogel Logistik", "mueller.example", None, "Köln")), None);
    assert_eq!(band(&of("Müller & Söhne", "gmx.de", None, "Köln")), Some(MatchBand::Likely));
}
