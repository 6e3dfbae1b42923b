//! Gates: each unmet criterion is told with the value found.

use crate::attribute::{AttributeBook, AttributeKind, CustomAttribute};
use crate::company::CompanyDraft;
use crate::label::Labels;
use crate::person::{ConsentState, ConsentStatus, ContactChannel, Purpose};
use crate::value::Code;
use crate::violation::Violations;
use crate::waterfall::bant::{Authority, Bant};
use crate::waterfall::catalogue::{Catalogue, Undefined};
use crate::waterfall::command::Command;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::gate::{Comparison, Criterion, Required};
use crate::waterfall::measure::{Evidence, Found, Measure};
use crate::waterfall::refusal::Refusal;
use crate::waterfall::stage::OpenStage;

use super::support::{World, member, start, track};

fn criterion(measure: Measure, comparison: Comparison, required: Required) -> Criterion {
    Criterion { key: Code::parse("c").unwrap(), labels: Labels::new("c", "c"), measure, comparison, required }
}

const fn catalogue(attributes: &AttributeBook) -> Catalogue<'_> {
    Catalogue { attributes, undefined: Undefined::Refused }
}

/// The fault of a criterion, if it has one.
fn fault(measure: Measure, comparison: Comparison, required: Required) -> Option<String> {
    let kind = AttributeKind::Number { min: 1, max: 5 };
    let key = Code::parse("stars").unwrap();
    let stars = CustomAttribute::define(super::support::id(1), key, Labels::new("Sterne", "Stars"), kind, start()).unwrap();
    let book = AttributeBook::new([stars]);
    let mut faults = Violations::new();
    criterion(measure, comparison, required).check("gates.0.all.1", catalogue(&book), &mut faults);
    assert!(faults.len() <= 1, "{faults}");
    faults.into_iter().next().map(|fault| fault.to_string())
}

#[test]
fn what_does_not_fit_is_told_with_what_would() {
    let code = |text: &str| Required::Code(text.to_owned());
    let attribute = |key: &str| Measure::Attribute { key: Code::parse(key).unwrap() };
    let told = [
        fault(Measure::TimelineMonths, Comparison::AtMost, Required::Number(121)),
        fault(Measure::TimelineMonths, Comparison::AtMost, code("soon")),
        fault(Measure::Grade, Comparison::AtLeast, code("A4")),
        fault(Measure::Country, Comparison::Equals, code("Germany")),
        fault(Measure::Country, Comparison::AtLeast, code("DE")),
        fault(Measure::Tier, Comparison::OneOf, Required::Codes(vec!["HOT".to_owned(), "TEPID".to_owned()])),
        fault(Measure::Tier, Comparison::OneOf, Required::Codes(vec![])),
        fault(Measure::CompanyKnown, Comparison::Equals, code("yes")),
        fault(Measure::Country, Comparison::Known, code("DE")),
        fault(Measure::CompanyKnown, Comparison::Known, Required::Nothing),
        fault(Measure::FitPoints, Comparison::Known, Required::Nothing),
        fault(attribute("stars"), Comparison::AtLeast, Required::Number(6)),
        fault(attribute("moons"), Comparison::AtLeast, Required::Number(6)),
    ];
    insta::assert_snapshot!(told.map(|told| told.unwrap()).join("\n"));
    assert_eq!(fault(attribute("stars"), Comparison::AtLeast, Required::Number(5)), None);
    assert_eq!(fault(Measure::Tier, Comparison::OneOf, Required::Codes(vec!["HOT".to_owned()])), None);
}

#[test]
fn bant_that_is_missing_is_named_with_what_was_found() {
    let mut world = World::on(track("field")).walk_to(OpenStage::Tal);
    world.lead.demand.bant = Bant { authority: Some(Authority::None), timeline_months: Some(24), ..Bant::default() };
    let inside = crate::department::Department::InsideSales;
    let actor = ActingParty { user: Some(member(inside)), department: Some(inside) };
    let refusal = world.by(actor, Command::Qualify { to: OpenStage::Tql }).unwrap_err();
    let Refusal::GateUnmet { stage, criteria, agreement, .. } = refusal else { panic!("{refusal}") };
    assert_eq!((stage, agreement.key.as_str()), (OpenStage::Tql, "inside-sales-to-field-sales"));
    let told: Vec<String> = criteria.iter().map(|unmet| format!("{}: {}", unmet.criterion.key, unmet.found)).collect();
    assert_eq!(
        told,
        ["need-recognised: unknown", "budget-planned: unknown", "authority-influencer: NONE", "timeline-12-months: 24"]
    );
}

#[test]
fn one_criterion_of_an_any_of_group_suffices_and_none_names_all() {
    let mut world = World::on(track("field"));
    world.person.email = None;
    let marketing = crate::department::Department::Marketing;
    let actor = ActingParty { user: Some(member(marketing)), department: Some(marketing) };
    let refusal = world.by(actor, Command::Qualify { to: OpenStage::Mql }).unwrap_err();
    let Refusal::GateUnmet { criteria, .. } = refusal else { panic!("{refusal}") };
    let told: Vec<String> = criteria.iter().map(|unmet| format!("{} or {:?}", unmet.criterion.key, unmet.alternatives)).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("email-known") && told[0].contains("phone-known"), "{told:?}");
    world.person.phone = Some(crate::value::PhoneNumber::parse("+49 30 1234567", None).unwrap());
    world.by(actor, Command::Qualify { to: OpenStage::Mql }).unwrap();
}

#[test]
fn comparisons_are_checked_against_the_type_of_the_measure() {
    let checks = [
        (criterion(Measure::FitPoints, Comparison::AtLeast, Required::Number(50)), true),
        (criterion(Measure::FitPoints, Comparison::AtLeast, Required::Code("50".to_owned())), false),
        (criterion(Measure::Budget, Comparison::AtLeast, Required::Code("PLANNED".to_owned())), true),
        (criterion(Measure::Budget, Comparison::AtLeast, Required::Code("SOME".to_owned())), false),
        (criterion(Measure::Country, Comparison::OneOf, Required::Codes(vec!["DE".to_owned()])), true),
        (criterion(Measure::Country, Comparison::OneOf, Required::Codes(Vec::new())), false),
        (criterion(Measure::Country, Comparison::AtLeast, Required::Code("DE".to_owned())), false),
        (criterion(Measure::PersonEmailKnown, Comparison::Equals, Required::Flag(true)), true),
        (criterion(Measure::ValueMinor, Comparison::Known, Required::Nothing), true),
        (criterion(Measure::ValueMinor, Comparison::Known, Required::Number(1)), false),
    ];
    let attributes = AttributeBook::default();
    for (criterion, fits) in checks {
        let mut faults = Violations::new();
        criterion.check("c", catalogue(&attributes), &mut faults);
        assert_eq!(faults.is_empty(), fits, "{criterion:?}");
        assert_eq!(criterion.is_shaped(), fits, "{criterion:?}");
    }
}

#[test]
fn what_was_signed_before_may_ask_whether_something_is_known_that_always_is() {
    let mut first = crate::agreement::shipped::agreements(start()).unwrap().remove(0);
    first.recycle_when = vec![criterion(Measure::Grade, Comparison::Known, Required::Nothing)];
    first.check().unwrap();
    let attributes = AttributeBook::default();
    let faults: Vec<String> =
        first.check_written(catalogue(&attributes)).unwrap_err().into_iter().map(|fault| fault.to_string()).collect();
    assert_eq!(
        faults,
        ["`recycleWhen.0.comparison`: measure GRADE is compared by one of AT_LEAST, AT_MOST, EQUALS, ONE_OF, NONE_OF"]
    );
}

#[test]
fn every_measure_reads_its_value() {
    let mut world = World::on(track("field"));
    let granted = ConsentState::said(Purpose::ALL[0], ContactChannel::ALL[0], ConsentStatus::Granted, start());
    world.person.consents = vec![granted];
    let draft = CompanyDraft { name: Some("M".to_owned()), employees: Some("250".to_owned()), ..CompanyDraft::default() };
    world.company = Some(crate::company::Company::new(super::support::id(2), draft.parse().unwrap(), start()));
    let evidence = Evidence {
        demand: &world.lead.demand,
        origin: &world.lead.origin,
        person: &world.person,
        company: world.company.as_ref(),
        campaign: None,
        captured_at: start(),
        now: start(),
    };
    let found = |measure: Measure| measure.read(&evidence);
    assert_eq!(found(Measure::Grade), Found::Code("A1".to_owned()));
    assert_eq!(found(Measure::Tier), Found::Code("HOT".to_owned()));
    assert_eq!(found(Measure::CompanyEmployees), Found::Number(250));
    assert_eq!(found(Measure::Country), Found::Code("DE".to_owned()));
    assert_eq!(found(Measure::Language), Found::Unknown);
    assert_eq!(found(Measure::ValueMinor), Found::Number(5_000_000));
    assert_eq!(found(Measure::Consent { purpose: granted.purpose, channel: granted.channel }), Found::Flag(true));
    assert_eq!(found(Measure::Consent { purpose: Purpose::ALL[1], channel: granted.channel }), Found::Flag(false));
    assert_eq!(found(Measure::FromContactForm), Found::Flag(false));
    assert_eq!(found(Measure::Attribute { key: Code::parse("none").unwrap() }), Found::Unknown);
}

#[test]
fn a_criterion_survives_its_json_form() {
    let written = criterion(
        Measure::Consent { purpose: Purpose::ALL[0], channel: ContactChannel::ALL[0] },
        Comparison::Equals,
        Required::Flag(true),
    );
    let json = serde_json::to_string(&written).unwrap();
    assert_eq!(serde_json::from_str::<Criterion>(&json).unwrap(), written);
    let known = criterion(Measure::Country, Comparison::Known, Required::Nothing);
    assert_eq!(serde_json::from_str::<Criterion>(&serde_json::to_string(&known).unwrap()).unwrap(), known);
}

#[test]
fn a_gate_can_ask_what_the_job_title_says() {
    let mut world = World::on(track("field"));
    let leads = criterion(Measure::TitleSeniority, Comparison::AtLeast, Required::Code("MANAGER".to_owned()));
    let buys = criterion(Measure::TitleFunction, Comparison::OneOf, Required::Codes(vec!["PROCUREMENT".to_owned()]));
    for (title, expected) in [
        (Some("Leiterin Einkauf"), (true, true)),
        (Some("Assistentin der Einkaufsleitung"), (false, false)),
        (Some("Strategischer Einkäufer"), (false, true)),
        (Some("CEO"), (true, false)),
        (Some("?"), (false, false)),
        (None, (false, false)),
    ] {
        world.person.job_title = title.map(|title| crate::value::ShortText::parse(title).unwrap());
        let facts = world.facts(ActingParty::ITSELF);
        let evidence = facts.evidence(&world.lead, start());
        let holds = |criterion: &Criterion| criterion.holds(&criterion.measure.read(&evidence));
        assert_eq!((holds(&leads), holds(&buys)), expected, "{title:?}");
    }
    let (mut faults, attributes) = (Violations::new(), AttributeBook::default());
    let unknown = criterion(Measure::TitleSeniority, Comparison::AtLeast, Required::Code("UNKNOWN".to_owned()));
    for criterion in [&leads, &buys, &unknown] {
        criterion.check("c", catalogue(&attributes), &mut faults);
    }
    assert_eq!(faults.len(), 1, "{faults}");
}
