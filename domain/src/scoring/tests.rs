//! The rules together: points, maxima, decay and the moment at which a grade falls.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use crate::campaign::{Channel, Targeting};
use crate::company::{Company, CompanyDraft};
use crate::department::Department;
use crate::id::{CompanyId, PersonId};
use crate::person::{Person, PersonDraft};
use crate::value::Code;
use crate::violation::ViolationCode;
use crate::waterfall::bant::Bant;
use crate::waterfall::lead::{Demand, Direction, Origin};
use crate::waterfall::measure::{Evidence, Measure};

use super::activity::ActivityKind;
use super::evaluate::{Hit, PARTS, Scored};
use super::grade::{Grade, Tier};
use super::rule::{Axis, ScoreRules};
use super::score::Score;
use super::shipped;
use super::tally::Tally;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

struct World {
    demand: Demand,
    origin: Origin,
    person: Person,
    company: Option<Company>,
}

impl World {
    fn new(channel: Channel) -> Self {
        let draft =
            PersonDraft { email: Some("a@example.com".to_owned()), family_name: Some("M".to_owned()), ..PersonDraft::default() };
        let person = Person::new(PersonId::from(Uuid::from_u128(1)), draft.parse().unwrap(), at(0));
        let demand = Demand {
            product_area: Code::parse("crm").unwrap(),
            title: None,
            value: None,
            bant: Bant::default(),
            score: Score::default(),
            country: "DE".parse().ok(),
            subdivision: None,
            postal_code: None,
            language: None,
            attributes: std::collections::BTreeMap::new(),
        };
        let origin = Origin {
            department: Department::Marketing,
            direction: Direction::Inbound,
            channel,
            campaign: None,
            captured_by: None,
        };
        Self { demand, origin, person, company: None }
    }

    fn evidence(&self) -> Evidence<'_> {
        let Self { demand, origin, person, company } = self;
        Evidence { demand, origin, person, company: company.as_ref(), campaign: None, captured_at: at(0), now: at(0) }
    }

    fn score(&self, tally: &Tally, second: i64) -> Scored {
        rules().score(&self.evidence(), tally, at(second))
    }
}

fn rules() -> ScoreRules {
    shipped::model().unwrap().rules
}

fn hit<'a>(hits: &'a [Hit], key: &str) -> &'a Hit {
    hits.iter().find(|hit| hit.rule.as_str() == key).unwrap_or_else(|| panic!("no hit of {key}"))
}

#[test]
fn the_shipped_model_holds_every_check_and_reads_back() {
    let model = shipped::model().unwrap();
    model.rules.check().unwrap();
    let json = serde_json::to_string(&model.rules).unwrap();
    assert_eq!(serde_json::from_str::<ScoreRules>(&json).unwrap(), model.rules);
}

#[test]
fn fit_tells_what_was_found_and_keeps_group_maxima() {
    let mut world = World::new(Channel::Direct);
    let draft = CompanyDraft { name: Some("M".to_owned()), employees: Some("60".to_owned()), ..CompanyDraft::default() };
    world.company = Some(Company::new(CompanyId::from(Uuid::from_u128(2)), draft.parse().unwrap(), at(0)));
    let scored = world.score(&Tally::new(), 0);
    // core market 20 of at most 20 for the country, company 10, size 10 + 8, e-mail 10
    assert_eq!((scored.score.fit(), scored.score.engagement(), scored.grade()), (58, 0, Grade::B3));
    let known = hit(&scored.fit, "country-known");
    assert_eq!((known.earned, known.points), (5 * PARTS, 0));
    assert_eq!(hit(&scored.fit, "size-50").found.as_ref().unwrap().to_string(), "60");
    assert_eq!(scored.next_change_at, None);
    world.demand.attributes.insert(Code::parse("competitor").unwrap(), crate::waterfall::lead::AttributeValue::Flag(true));
    let scored = world.score(&Tally::new(), 0);
    assert_eq!((scored.score.fit(), scored.tier()), (0, Tier::Weak));
    assert_eq!(hit(&scored.fit, "competitor").points, -100 * PARTS);
}

#[test]
fn a_cell_of_the_channel_comes_before_the_one_of_all_channels() {
    let mut tally = Tally::new();
    tally.add_many(Channel::Email, ActivityKind::Click, at(10), 2);
    tally.add(Channel::Social, ActivityKind::Click, at(20));
    let scored = World::new(Channel::Direct).score(&tally, 30);
    let (mail, other) = (hit(&scored.engagement, "email-click"), hit(&scored.engagement, "click"));
    assert_eq!((mail.points, mail.count, mail.last_at), (10 * PARTS, 2, Some(at(10))));
    assert_eq!((other.points, other.count, other.axis), (2 * PARTS, 1, Axis::Engagement));
    assert_eq!(scored.score.engagement(), 12);
}

#[test]
fn a_hundred_page_views_are_no_better_than_twenty() {
    let mut tally = Tally::new();
    tally.add_many(Channel::Direct, ActivityKind::PageView, at(0), 100);
    let scored = World::new(Channel::Direct).score(&tally, 0);
    let views = hit(&scored.engagement, "page-view");
    assert_eq!((scored.score.engagement(), views.earned, views.points), (20, 100 * PARTS, 20 * PARTS));
}

#[test]
fn half_of_the_points_are_left_after_a_half_life() {
    let mut tally = Tally::new();
    tally.add(Channel::Direct, ActivityKind::DemoRequest, at(0));
    let world = World::new(Channel::Direct);
    let half_life = 720 * 3_600;
    assert_eq!(world.score(&tally, 3_599).score.engagement(), 45);
    assert_eq!(hit(&world.score(&tally, 3_600 + half_life).engagement, "demo-request").points, 2_250);
    // 22.5 is rounded up
    assert_eq!(world.score(&tally, 3_600 + half_life).score.engagement(), 23);
    assert_eq!(world.score(&tally, 3_600 + half_life * 70).score.engagement(), 0);
}

#[test]
fn contact_form_and_account_based_campaigns_add_their_own_points() {
    let mut world = World::new(Channel::ContactForm);
    assert_eq!(world.score(&Tally::new(), 0).score.engagement(), 45);
    world.origin.channel = Channel::Direct;
    let draft = crate::campaign::CampaignDraft {
        key: Some("abm".to_owned()),
        name: Some("abm".to_owned()),
        targeting: Some(Targeting::AccountBased.to_string()),
        ..Default::default()
    };
    let campaign = crate::campaign::Campaign::new(crate::id::CampaignId::from(Uuid::from_u128(3)), draft.parse().unwrap(), at(0));
    let evidence = Evidence { campaign: Some(&campaign), ..world.evidence() };
    let scored = rules().score(&evidence, &Tally::new(), at(0));
    assert_eq!((hit(&scored.fit, "account-based").points, hit(&scored.engagement, "account-based").points), (1_500, 1_000));
    assert_eq!(hit(&scored.engagement, "account-based").last_at, Some(at(0)));
}

#[test]
fn faults_of_rules_name_the_rule() {
    let mut rules = rules();
    rules.fit[1].criterion.key = rules.fit[0].criterion.key.clone();
    rules.fit[2].criterion.measure = Measure::Grade;
    rules.fit[3].points = 0;
    rules.fit[4].group = Some(Code::parse("mail").unwrap());
    rules.matrix[0].points = 101;
    rules.matrix[1].half_life_hours = 8_761;
    rules.matrix[2].channel = Some(Channel::Email);
    rules.matrix[3].group = Some(Code::parse("none").unwrap());
    rules.hot[0].engagement_points = 0;
    rules.groups[0].points_max = 0;
    rules.groups[1].labels.en = " ".to_owned();
    let faults = rules.check().unwrap_err();
    let found: Vec<(&str, ViolationCode)> = faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
    for expected in [
        ("fit.country-core.key", ViolationCode::Duplicate),
        ("fit.company-known.measure", ViolationCode::Conflict),
        ("fit.industry-known.points", ViolationCode::OutOfRange),
        ("fit.size-10.group", ViolationCode::Conflict),
        ("matrix.page-view.points", ViolationCode::OutOfRange),
        ("matrix.pricing-view.halfLifeHours", ViolationCode::OutOfRange),
        ("matrix.email-click", ViolationCode::Duplicate),
        ("matrix.email-open.group", ViolationCode::NotFound),
        ("hot.contact-form", ViolationCode::Required),
        ("groups.country.pointsMax", ViolationCode::OutOfRange),
        ("groups.size.labels.en", ViolationCode::Required),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
}

#[test]
fn what_is_always_known_is_not_asked_of_in_rules_that_are_written() {
    let mut rules = rules();
    rules.check_written().unwrap();
    rules.fit[1].criterion.measure = Measure::CompanyKnown;
    rules.check().unwrap();
    let faults: Vec<String> = rules.check_written().unwrap_err().into_iter().map(|fault| fault.to_string()).collect();
    assert_eq!(faults, ["`fit.country-known.comparison`: measure COMPANY_KNOWN is compared by EQUALS alone"]);
}

fn some_tally() -> impl Strategy<Value = Tally> {
    prop::collection::vec((0..14_usize, 0..17_usize, 0..5_000_000_i64, 1..5_u32), 0..25).prop_map(|done| {
        let mut tally = Tally::new();
        for (channel, kind, second, count) in &done {
            tally.add_many(Channel::ALL[*channel], ActivityKind::ALL[*kind], at(*second), *count);
        }
        tally
    })
}

proptest! {
    #[test]
    fn the_grade_falls_at_the_told_second_and_not_before(tally in some_tally(), second in 5_000_000..9_000_000_i64) {
        let world = World::new(Channel::ContactForm);
        let now = world.score(&tally, second);
        match now.next_change_at {
            None => prop_assert_eq!(now.score.engagement() >= 40, false),
            Some(moment) => {
                let before = rules().score(&world.evidence(), &tally, moment - TimeDelta::seconds(1));
                let after = rules().score(&world.evidence(), &tally, moment);
                prop_assert!(moment > at(second));
                prop_assert_eq!(before.grade(), now.grade());
                prop_assert!(after.grade().engagement() < now.grade().engagement());
            }
        }
    }

    #[test]
    fn engagement_only_sinks_and_hits_add_up(tally in some_tally(), second in 5_000_000..9_000_000_i64, later in 0..5_000_000_i64) {
        let world = World::new(Channel::Direct);
        let (now, then) = (world.score(&tally, second), world.score(&tally, second + later));
        prop_assert!(then.score.engagement() <= now.score.engagement());
        let sum: i64 = now.engagement.iter().map(|hit| hit.points).sum();
        let points = i64::from(now.score.engagement()) * PARTS;
        // each hit is rounded to a hundredth, the sum to a whole point, and all of it ends at 100
        prop_assert!((sum.min(100 * PARTS) - points).abs() <= PARTS / 2 + 20, "{sum} {points}");
    }
}
