//! What a file tells of the past: stages reached, hand-overs, and the end.

use std::collections::BTreeMap;

use fairfall_domain::department::Department;
use fairfall_domain::value::TimeZoneName;
use fairfall_domain::waterfall::stage::OpenStage;

use super::fault::MapFaults;
use super::field::{Condition, Field, Header, field_section};
use super::section::Section;
use super::time::TimeField;
use super::users::{UserField, UserGroup};

/// When something happened, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct Occurrence {
    /// Whether it happened; by the presence of the time when absent.
    pub(in crate::app::import) when: Option<Condition>,
    /// When.
    pub(in crate::app::import) at: TimeField,
    /// By whom.
    pub(in crate::app::import) by: Option<UserField>,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app::import) enum StepTarget {
    /// To a stage.
    Stage(OpenStage),
    /// To the first stage of a department on the row's track.
    Department(Department),
}

/// A step of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct StepMap {
    /// Where it led.
    pub(in crate::app::import) target: StepTarget,
    /// When, and by whom.
    pub(in crate::app::import) occurrence: Occurrence,
}

/// An end of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct EndMap {
    /// Which.
    pub(in crate::app::import) kind: EndKind,
    /// When, and by whom.
    pub(in crate::app::import) occurrence: Occurrence,
}

/// The ends that a history can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) enum EndKind {
    /// Won, perhaps with an amount that replaces the expected value.
    Won {
        /// The amount.
        amount: Option<Field>,
    },
    /// Lost.
    Lost {
        /// Why.
        reason: Option<Field>,
    },
    /// Was no lead.
    Disqualified {
        /// Why.
        reason: Option<Field>,
    },
}

/// What reading the past needs to know of the rest of the mapping.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) header: Header<'a>,
    pub(super) zone: TimeZoneName,
    pub(super) groups: &'a BTreeMap<String, UserGroup>,
}

/// Reads `[[history]]` and `[[handed_over]]`.
pub(super) fn steps(root: &mut Section, around: Around<'_>, faults: &mut MapFaults) -> Vec<StepMap> {
    let mut steps = Vec::new();
    for mut section in root.sections("history", faults) {
        let stage =
            target::<OpenStage>(&mut section, "stage", "the code of a stage such as `MQL`", faults).map(StepTarget::Stage);
        steps.extend(step(section, stage, around, faults));
    }
    for mut section in root.sections("handed_over", faults) {
        let to = target::<Department>(&mut section, "to", "the code of a department such as `INSIDE_SALES`", faults);
        steps.extend(step(section, to.map(StepTarget::Department), around, faults));
    }
    steps
}

fn target<T: std::str::FromStr<Err: std::fmt::Display>>(
    section: &mut Section,
    key: &'static str,
    expected: &str,
    faults: &mut MapFaults,
) -> Option<T> {
    let text = section.text(key, faults);
    let Some(text) = text else {
        faults.add(section.path_of(key), format!("expected {expected}"));
        return None;
    };
    text.parse().map_err(|error: T::Err| faults.add(section.path_of(key), format!("{error}, expected {expected}"))).ok()
}

fn step(mut section: Section, target: Option<StepTarget>, around: Around<'_>, faults: &mut MapFaults) -> Option<StepMap> {
    let occurrence = occurrence(&mut section, around, faults);
    section.close(faults);
    Some(StepMap { target: target?, occurrence: occurrence? })
}

/// Reads `[won]`, `[lost]` and `[disqualified]`.
pub(super) fn ends(root: &mut Section, around: Around<'_>, faults: &mut MapFaults) -> Vec<EndMap> {
    let mut ends = Vec::new();
    for (key, detail) in [("won", "amount"), ("lost", "reason"), ("disqualified", "reason")] {
        let Some(mut section) = root.section(key, faults) else { continue };
        let occurrence = occurrence(&mut section, around, faults);
        let path = section.path_of(detail);
        let detail = section.take(detail).and_then(|value| Field::plain(path, value, around.header, faults));
        section.close(faults);
        let kind = match key {
            "won" => EndKind::Won { amount: detail },
            "lost" => EndKind::Lost { reason: detail },
            _ => EndKind::Disqualified { reason: detail },
        };
        ends.extend(occurrence.map(|occurrence| EndMap { kind, occurrence }));
    }
    ends
}

fn occurrence(section: &mut Section, around: Around<'_>, faults: &mut MapFaults) -> Option<Occurrence> {
    let when = section.section("when", faults).map(|when| Condition::read(when, around.header, faults));
    let at = required_time(section, "at", around.header, around.zone, faults);
    let path = section.path_of("by");
    let by = section.take("by").map(|value| {
        let inner = field_section(path, value, faults)?;
        UserField::read(inner, around.header, around.groups, faults)
    });
    // a part that was given and could not be read is a fault that was noted
    Some(Occurrence {
        when: when.map_or(Some(None), |read| read.map(Some))?,
        at: at?,
        by: by.map_or(Some(None), |read| read.map(Some))?,
    })
}

/// Reads a time that must be mapped.
pub(super) fn required_time(
    section: &mut Section,
    key: &'static str,
    header: Header<'_>,
    zone: TimeZoneName,
    faults: &mut MapFaults,
) -> Option<TimeField> {
    let path = section.path_of(key);
    let Some(value) = section.take(key) else {
        faults.add(path, "must be mapped, for example `{ column = \"created\", format = \"date\" }`");
        return None;
    };
    TimeField::read(field_section(path, value, faults)?, header, zone, faults)
}
