//! What is different between two versions of an agreement: field by field, so that whoever signs reads what changes and not what stays.

use std::collections::BTreeMap;

use crate::code::codes;
use crate::label::Labels;
use crate::sla::ClockRule;
use crate::sla::ladder::LadderStep;
use crate::waterfall::gate::{Criterion, Gate};

use super::{Agreement, Commitments, words};

/// A clock's rule before and after.
type Pair<'a> = (Option<&'a ClockRule>, Option<&'a ClockRule>);

codes! {
    /// How something is different.
    pub enum DifferenceKind {
        /// Only the later version has it.
        Added = "ADDED",
        /// Only the earlier version has it.
        Removed = "REMOVED",
        /// Both have it and say something else.
        Changed = "CHANGED",
    }
}

/// Something that two versions say differently. When they were signed and from when they hold is none of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: parts joined by dots, criteria by their keys, such as `gates.MQL.all.soon`.
    pub path: String,
    /// How.
    pub kind: DifferenceKind,
    /// What the earlier one says, in words.
    pub before: Option<Labels>,
    /// What the later one says, in words.
    pub after: Option<Labels>,
}

/// What `after` says other than `before`, in the order of the fields.
pub fn diff(before: &Agreement, after: &Agreement) -> Vec<Difference> {
    let mut found = Found(Vec::new());
    found.changed("labels", before.labels.clone(), after.labels.clone());
    let department = |department: crate::department::Department| words::same(department);
    found.changed("giving", department(before.giving), department(after.giving));
    found.changed("taking", department(before.taking), department(after.taking));
    let all = ("alle", "all");
    let (one, other) = (&before.scope, &after.scope);
    found.changed("scope.tracks", words::listed(&one.tracks, all), words::listed(&other.tracks, all));
    found.changed("scope.territories", words::listed(&one.territories, all), words::listed(&other.territories, all));
    found.changed("scope.productAreas", words::listed(&one.product_areas, all), words::listed(&other.product_areas, all));
    found.changed("handOver", words::hand_over(before.hand_over), words::hand_over(after.hand_over));
    found.gates(&before.gates, &after.gates);
    found.criteria("recycleWhen", before.recycle_when.iter(), after.recycle_when.iter());
    found.criteria("reactivateWhen", before.reactivate_when.iter(), after.reactivate_when.iter());
    found.clocks(&before.clocks, &after.clocks);
    let (reasons, other) = (&before.reject_reasons, &after.reject_reasons);
    found.changed("rejectReasons", words::listed(reasons, all), words::listed(other, all));
    found.commitments(before.commitments, after.commitments);
    found.0
}

struct Found(Vec<Difference>);

impl Found {
    fn changed(&mut self, path: &str, before: Labels, after: Labels) {
        if before != after {
            self.note(path.to_owned(), Some(before), Some(after));
        }
    }

    /// Notes what is on one side only, or differs.
    fn note(&mut self, path: String, before: Option<Labels>, after: Option<Labels>) {
        let kind = match (&before, &after) {
            (None, None) => return,
            (Some(before), Some(after)) if before == after => return,
            (Some(_), Some(_)) => DifferenceKind::Changed,
            (None, Some(_)) => DifferenceKind::Added,
            (Some(_), None) => DifferenceKind::Removed,
        };
        self.0.push(Difference { path, kind, before, after });
    }

    /// Notes what differs between things that are known by a key, in the order of the keys.
    fn keyed<K: Ord + ToString, T>(
        &mut self,
        path: &str,
        before: impl Iterator<Item = (K, T)>,
        after: impl Iterator<Item = (K, T)>,
        say: impl Fn(&T) -> Labels,
    ) {
        let mut pairs: BTreeMap<K, (Option<T>, Option<T>)> = BTreeMap::new();
        before.for_each(|(key, one)| pairs.entry(key).or_default().0 = Some(one));
        after.for_each(|(key, one)| pairs.entry(key).or_default().1 = Some(one));
        for (key, (one, other)) in pairs {
            self.note(format!("{path}.{}", key.to_string()), one.as_ref().map(&say), other.as_ref().map(&say));
        }
    }

    fn criteria<'a>(
        &mut self,
        path: &str,
        before: impl Iterator<Item = &'a Criterion>,
        after: impl Iterator<Item = &'a Criterion>,
    ) {
        let by_key = |criterion: &'a Criterion| (criterion.key.clone(), criterion);
        self.keyed(path, before.map(by_key), after.map(by_key), |criterion| words::criterion(criterion));
    }

    fn gates(&mut self, before: &[Gate], after: &[Gate]) {
        let of = |gates: &[Gate], stage| gates.iter().find(|gate| gate.stage == stage).cloned();
        for stage in crate::waterfall::stage::OpenStage::ALL {
            let path = format!("gates.{stage}");
            match (of(before, *stage), of(after, *stage)) {
                (Some(one), Some(other)) => {
                    self.criteria(&format!("{path}.all"), one.all.iter(), other.all.iter());
                    let groups = one.any.len().max(other.any.len());
                    let group =
                        |gate: &Gate, place: usize| gate.any.get(place).map(|any| any.criteria.clone()).unwrap_or_default();
                    for place in 0..groups {
                        let (one, other) = (group(&one, place), group(&other, place));
                        self.criteria(&format!("{path}.any.{place}"), one.iter(), other.iter());
                    }
                }
                (one, other) => self.note(path, one.as_ref().map(words::gate), other.as_ref().map(words::gate)),
            }
        }
    }

    fn clocks(&mut self, before: &[ClockRule], after: &[ClockRule]) {
        let key = |rule: &ClockRule| {
            let tiers: Vec<&str> = rule.tiers.iter().map(|tier| tier.as_str()).collect();
            if tiers.is_empty() { rule.kind.to_string() } else { format!("{}.{}", rule.kind, tiers.join("+")) }
        };
        let mut pairs: BTreeMap<_, Pair<'_>> = BTreeMap::new();
        for rule in before {
            pairs.entry((rule.kind, key(rule))).or_default().0 = Some(rule);
        }
        for rule in after {
            pairs.entry((rule.kind, key(rule))).or_default().1 = Some(rule);
        }
        for ((_, key), pair) in pairs {
            let path = format!("clocks.{key}");
            match pair {
                (Some(one), Some(other)) => {
                    self.changed(&format!("{path}.promise"), words::promise(one.promise), words::promise(other.promise));
                    let (pause, other_pause) = (one.pause_seconds_max, other.pause_seconds_max);
                    self.changed(&format!("{path}.pauseMax"), words::pause(pause), words::pause(other_pause));
                    self.steps(&format!("{path}.ladder"), &one.ladder, &other.ladder);
                }
                (one, other) => self.note(path, one.map(words::clock), other.map(words::clock)),
            }
        }
    }

    /// Steps have no key: each is there or not.
    fn steps(&mut self, path: &str, before: &[LadderStep], after: &[LadderStep]) {
        for step in before.iter().filter(|step| !after.contains(step)) {
            self.note(path.to_owned(), Some(words::step(*step)), None);
        }
        for step in after.iter().filter(|step| !before.contains(step)) {
            self.note(path.to_owned(), None, Some(words::step(*step)));
        }
    }

    fn commitments(&mut self, before: Commitments, after: Commitments) {
        let leads = |volume: Option<u32>| {
            volume
                .map(|volume| Labels { de: format!("{volume} Übergaben im Monat"), en: format!("{volume} hand-overs a month") })
        };
        let percent = |share: Option<u8>| share.map(|share| words::same(format!("{share} %")));
        self.note("commitments.volumePerMonth".to_owned(), leads(before.volume_per_month), leads(after.volume_per_month));
        let shares = [
            ("acceptedPercent", before.accepted_percent, after.accepted_percent),
            ("inTimePercent", before.in_time_percent, after.in_time_percent),
            ("feedbackPercent", before.feedback_percent, after.feedback_percent),
        ];
        for (field, one, other) in shares {
            self.note(format!("commitments.{field}"), percent(one), percent(other));
        }
    }
}
