//! What the made-up departments have promised each other: the shipped agreements with clocks and commitments, signed by the heads, and one with clocks
//! of seconds, by which a whole lapse can be watched.

use chrono::{DateTime, Utc};
use fairfall_domain::agreement::{Agreement, AgreementScope, AgreementState, Commitments, Signature};
use fairfall_domain::department::Department;
use fairfall_domain::feedback::{Feedback, FeedbackRating, FeedbackReason};
use fairfall_domain::id::{LeadId, UserId};
use fairfall_domain::label::Labels;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::clock::ClockEnd;
use fairfall_domain::sla::escalate::ClockStep;
use fairfall_domain::sla::happened::happened;
use fairfall_domain::sla::{CalendarBook, Clock, ClockKind, ClockRule, EscalationAct, LadderStep};
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ValueError, Violations};
use fairfall_domain::waterfall::lead::Lead;

use super::dice::Dice;
use super::organisation::Organisation;
use crate::clock::new_id;

/// The product area whose leads have clocks of seconds.
pub(super) const QUICK: &str = "quickstart";

/// The key of the agreement with clocks of seconds.
const QUICK_KEY: &str = "lapse-to-watch";

/// A promise: what, for which tiers, how long.
type Row = (ClockKind, &'static [Tier], &'static str);

const PROMISES: [Row; 7] = [
    (ClockKind::Accept, &[Tier::Hot], "business 1h"),
    (ClockKind::Accept, &[], "business 8h"),
    (ClockKind::FirstContact, &[Tier::Hot], "business 1h"),
    (ClockKind::FirstContact, &[], "business 16h"),
    (ClockKind::Qualify, &[], "business 80h"),
    (ClockKind::Feedback, &[], "wall 30d"),
    (ClockKind::ServiceAccept, &[], "business 16h"),
];

/// What was signed when the made-up past began: the next version of each shipped agreement, and the one that lapses in seconds.
pub(super) fn agreements(
    shipped: &[Agreement],
    organisation: &Organisation,
    start: DateTime<Utc>,
) -> Result<Vec<Agreement>, Violations> {
    let mut signed = Vec::with_capacity(shipped.len().saturating_add(1));
    for before in shipped {
        let mut faults = Violations::new();
        let clocks: Vec<ClockRule> = PROMISES.iter().filter_map(|row| faults.check("clocks", rule(row))).collect();
        faults.into_result()?;
        let commitments = Commitments {
            volume_per_month: (before.giving == Department::Marketing).then_some(10),
            accepted_percent: Some(80),
            in_time_percent: Some(75),
            feedback_percent: Some(60),
        };
        let next = Agreement {
            id: new_id(),
            version: before.version.saturating_add(1),
            state: AgreementState::InForce,
            in_force_from: Some(start),
            signed_giving: Some(Signature { by: head(organisation, before.giving), at: start }),
            signed_taking: Some(Signature { by: head(organisation, before.taking), at: start }),
            clocks,
            commitments,
            ..before.clone()
        };
        if next.giving == Department::Marketing && next.taking == Department::InsideSales {
            signed.push(quick(&next)?);
        }
        signed.push(next);
    }
    Ok(signed)
}

/// The manager of the first team of a department signs for it.
fn head(organisation: &Organisation, department: Department) -> Option<UserId> {
    let mut teams = organisation.teams.iter().filter(|team| team.department == department);
    teams.find_map(|team| organisation.manager(team.id))
}

/// Nobody but the people is told: what happened before the demo began is not undone by its first minute.
fn rule((kind, tiers, promise): &Row) -> Result<ClockRule, ValueError> {
    let step = |at_percent, act| LadderStep { lap: None, at_percent, act };
    Ok(ClockRule {
        kind: *kind,
        tiers: tiers.to_vec(),
        promise: promise.parse()?,
        pause_seconds_max: Some(14 * 86_400),
        ladder: vec![
            step(50, EscalationAct::NotifyAssignee),
            step(80, EscalationAct::NotifyAssignee),
            step(100, EscalationAct::NotifyManager),
        ],
    })
}

/// Half a minute to answer: warned at 50 and 80 %, then the manager is told and a colleague gets the lead; half a minute later it goes back.
fn quick(model: &Agreement) -> Result<Agreement, Violations> {
    let mut faults = Violations::new();
    let key = faults.check("key", Code::parse(QUICK_KEY));
    let area = faults.check("scope", Code::parse(QUICK));
    let promise = faults.check("clocks", "wall 30s".parse());
    let (Some(key), Some(area), Some(promise)) = (key, area, promise) else { return Err(faults) };
    let step = |lap, at_percent, act| LadderStep { lap, at_percent, act };
    let ladder = vec![
        step(None, 50, EscalationAct::NotifyAssignee),
        step(None, 80, EscalationAct::NotifyAssignee),
        step(None, 100, EscalationAct::NotifyManager),
        step(Some(1), 100, EscalationAct::Reassign),
        step(Some(2), 100, EscalationAct::ReturnToGiver),
    ];
    Ok(Agreement {
        id: new_id(),
        key,
        version: 1,
        labels: Labels { de: "Zum Zusehen: ein Versprechen läuft ab".to_owned(), en: "To watch: a promise lapses".to_owned() },
        scope: AgreementScope { product_areas: vec![area], ..AgreementScope::default() },
        clocks: vec![ClockRule { kind: ClockKind::Accept, tiers: Vec::new(), promise, pause_seconds_max: None, ladder }],
        commitments: Commitments::default(),
        ..model.clone()
    })
}

/// Promises that were kept.
#[derive(Debug)]
pub(super) struct Kept {
    /// The lead at its version.
    pub(super) lead: (LeadId, u32),
    /// The clocks after it.
    pub(super) clocks: Vec<Clock>,
    /// What the journal keeps of them.
    pub(super) steps: Vec<ClockStep>,
}

impl Kept {
    /// Those of a lead's open clocks of which this holds, ended.
    pub(super) fn of(
        clocks: &[Clock],
        is_kept: impl Fn(&Clock) -> bool,
        (lead, calendars): (&Lead, &CalendarBook),
        at: DateTime<Utc>,
    ) -> Self {
        let mut kept = Self { lead: (lead.id, lead.version), clocks: Vec::new(), steps: Vec::new() };
        for before in clocks.iter().filter(|clock| clock.is_open() && is_kept(clock)) {
            let mut clock = before.clone();
            clock.end(ClockEnd::Met, calendars, at, at);
            kept.steps.extend(happened(before, &clock, at));
            kept.clocks.push(clock);
        }
        kept
    }
}

/// What whoever has a lead says of it, and who that is; nothing while nobody has it.
pub(super) fn opinion(dice: &mut Dice, clock: &Clock, at: DateTime<Utc>) -> Option<(Box<Feedback>, UserId)> {
    use FeedbackReason::{
        ContactDataWrong, GoodRecord, NeedConfirmed, NoBudget, RecordIncomplete, RightPerson, RightTiming, WellPrepared,
        WrongTiming,
    };
    let rows: [(u32, (FeedbackRating, [FeedbackReason; 2])); 5] = [
        (5, (FeedbackRating::Unusable, [ContactDataWrong, NoBudget])),
        (12, (FeedbackRating::Poor, [RecordIncomplete, WrongTiming])),
        (38, (FeedbackRating::Fair, [NeedConfirmed, RecordIncomplete])),
        (33, (FeedbackRating::Good, [NeedConfirmed, RightPerson])),
        (12, (FeedbackRating::Excellent, [WellPrepared, RightTiming])),
    ];
    let (rating, reasons) = dice.weighted(&rows).copied()?;
    let more = dice.chance(20).then_some(GoodRecord).filter(|_| rating.points() > 3);
    let by = clock.holder.person?;
    let said = Feedback {
        id: new_id(),
        version: 1,
        lead: clock.lead,
        passage: clock.passage,
        department: clock.department,
        giving: clock.giving,
        agreement: clock.agreement.clone(),
        rating,
        reasons: reasons.into_iter().chain(more).collect(),
        note: None,
        by: Some(by),
        at,
        updated_at: at,
    };
    Some((Box::new(said), by))
}

/// What lapsed before the demo began is not told of any more: the ladder counts as climbed as far as it was due.
pub(super) fn caught_up(
    clock: &mut Clock,
    agreements: &fairfall_domain::agreement::AgreementBook,
    calendars: &CalendarBook,
    now: DateTime<Utc>,
) {
    let Some(rule) = agreements.clock_rule(clock) else { return };
    if let Some(percent) = clock.due_percents(&rule.ladder, calendars, now).into_iter().max() {
        clock.climb(percent, now);
        clock.derive(&rule.ladder, calendars);
    }
}
