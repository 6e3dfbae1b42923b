//! What an agreement says, in words for people, German and English.

use crate::label::Labels;
use crate::sla::ladder::{EscalationAct, LadderStep};
use crate::sla::promise::{Basis, Promise};
use crate::sla::{ClockKind, ClockRule};
use crate::waterfall::gate::{AnyOf, Comparison, Criterion, Gate, Required};

use super::HandOverMode;

/// The same text in both languages: codes and figures.
#[expect(clippy::needless_pass_by_value, reason = "codes and figures are written where they are used")]
pub(super) fn same(text: impl ToString) -> Labels {
    let text = text.to_string();
    Labels { de: text.clone(), en: text }
}

/// Several texts, one after the other.
pub(super) fn joined(parts: impl IntoIterator<Item = Labels>, between: (&str, &str)) -> Labels {
    let (de, en): (Vec<String>, Vec<String>) = parts.into_iter().map(|part| (part.de, part.en)).unzip();
    Labels { de: de.join(between.0), en: en.join(between.1) }
}

/// A list of codes, or the word for all.
pub(super) fn listed<T: ToString>(codes: &[T], all: (&str, &str)) -> Labels {
    if codes.is_empty() {
        return Labels::new(all.0, all.1);
    }
    same(codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
}

/// A criterion: its name, and what it asks.
pub(super) fn criterion(criterion: &Criterion) -> Labels {
    let (measure, value) = (criterion.measure.labels(), value(&criterion.required));
    let (de, en) = match criterion.comparison {
        Comparison::AtLeast => ("mindestens", "at least"),
        Comparison::AtMost => ("höchstens", "at most"),
        Comparison::Equals => ("ist", "is"),
        Comparison::OneOf => ("ist eines von", "is one of"),
        Comparison::NoneOf => ("ist keines von", "is none of"),
        Comparison::Known => ("ist bekannt", "is known"),
    };
    let asked = |label: &str, measure: &str, comparison: &str, value: &str| {
        format!("{label} ({measure} {comparison} {value}").trim_end().to_owned() + ")"
    };
    Labels {
        de: asked(&criterion.labels.de, &measure.de, de, &value.de),
        en: asked(&criterion.labels.en, &measure.en, en, &value.en),
    }
}

fn value(required: &Required) -> Labels {
    match required {
        Required::Flag(true) => Labels::new("ja", "yes"),
        Required::Flag(false) => Labels::new("nein", "no"),
        Required::Number(number) => same(number),
        Required::Code(code) => same(code),
        Required::Codes(codes) => same(codes.join(", ")),
        Required::Nothing => same(""),
    }
}

/// A gate with all that it asks.
pub(super) fn gate(gate: &Gate) -> Labels {
    let group = |group: &AnyOf| joined(group.criteria.iter().map(criterion), (" oder ", " or "));
    let parts: Vec<Labels> = gate.all.iter().map(criterion).chain(gate.any.iter().map(group)).collect();
    if parts.is_empty() { Labels::new("ohne Kriterien", "without criteria") } else { joined(parts, ("; ", "; ")) }
}

/// Who starts a hand-over.
pub(super) fn hand_over(mode: HandOverMode) -> Labels {
    match mode {
        HandOverMode::Manual => Labels::new("von Hand", "by hand"),
        HandOverMode::Automatic => Labels::new("von selbst", "by itself"),
    }
}

/// A promised time.
pub(super) fn promise(promise: Promise) -> Labels {
    let shown = promise.to_string();
    let length = shown.split_once(' ').map_or("", |(_, length)| length);
    match promise.basis() {
        Basis::Business => Labels { de: format!("{length} Arbeitszeit"), en: format!("{length} of business time") },
        Basis::Wall => Labels { de: format!("{length} nach der Uhr"), en: format!("{length} by the clock") },
    }
}

/// For how long a clock may stand still.
pub(super) fn pause(seconds: Option<u32>) -> Labels {
    match seconds {
        None => Labels::new("keine Pause", "no pause"),
        Some(seconds) => {
            let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
            let parts = [(hours, "h"), (minutes, "m"), (rest, "s")];
            let shown = parts.iter().filter(|(count, _)| *count > 0).map(|(count, sign)| format!("{count}{sign}"));
            let length = shown.collect::<Vec<_>>().join(" ");
            Labels { de: format!("höchstens {length}"), en: format!("at most {length}") }
        }
    }
}

/// What is promised.
pub(super) fn kind(kind: ClockKind) -> Labels {
    match kind {
        ClockKind::Accept => Labels::new("Antwort auf das Angebot", "Answer to the offer"),
        ClockKind::FirstContact => Labels::new("Erster Kontakt", "First contact"),
        ClockKind::Qualify => Labels::new("Entscheidung", "Decision"),
        ClockKind::Feedback => Labels::new("Bewertung", "Feedback"),
        ClockKind::ServiceAccept => Labels::new("Übernahme durch den Kundendienst", "Taking over by customer service"),
    }
}

/// A step of the ladder.
pub(super) fn step(step: LadderStep) -> Labels {
    let (de, en) = match step.act {
        EscalationAct::NotifyAssignee => ("Zuständige benachrichtigen", "notify the assignee"),
        EscalationAct::NotifyManager => ("Leitung benachrichtigen", "notify the manager"),
        EscalationAct::Reassign => ("neu zuteilen", "reassign"),
        EscalationAct::ReturnToGiver => ("an die gebende Abteilung zurückgeben", "return to the giver"),
    };
    let percent = step.at_percent;
    match step.lap {
        None => Labels { de: format!("bei {percent} %: {de}"), en: format!("at {percent} %: {en}") },
        Some(lap) => {
            Labels { de: format!("in Runde {lap} bei {percent} %: {de}"), en: format!("in lap {lap} at {percent} %: {en}") }
        }
    }
}

/// A promise with all that belongs to it.
pub(super) fn clock(rule: &ClockRule) -> Labels {
    let mut parts = vec![joined([kind(rule.kind), promise(rule.promise)], (": ", ": "))];
    if rule.pause_seconds_max.is_some() {
        parts.push(joined([Labels::new("Pause", "pause"), pause(rule.pause_seconds_max)], (" ", " ")));
    }
    parts.extend(rule.ladder.iter().copied().map(step));
    joined(parts, ("; ", "; "))
}
