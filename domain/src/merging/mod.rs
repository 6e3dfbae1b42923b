//! Two records of the same person or company made into one, and taken apart again.
//!
//! One record survives, the other is merged away: it is found no more, and its id leads to the survivor. For each field one side wins
//! ([`rule`]); what the other side had is kept in the merge's record and shown. Consent is the most restrictive of both sides ([`consent`]).
//!
//! INVARIANT G1: a merge that is taken back restores both records, but for their version and time of change.
//! INVARIANT G2: what changed after the merge stays on the survivor when the merge is taken back; a withdrawal of consent reaches both.
//! INVARIANT G3: consent after a merge is never wider than that of either side.

pub mod account;
pub mod company;
pub mod consent;
pub mod person;
pub mod refusal;
pub mod rule;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
pub use account::{Merge, MergeAccount, MergePair, Undone};
pub use refusal::MergeRefusal;
pub use rule::{MergeRule, Provenance};

codes! {
    /// One of the two records of a merge.
    pub enum MergeSide {
        /// The record that goes on.
        Survivor = "SURVIVOR",
        /// The record that is merged away.
        Loser = "LOSER",
    }
}

impl MergeSide {
    /// The other record.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Survivor => Self::Loser,
            Self::Loser => Self::Survivor,
        }
    }
}

codes! {
    /// What kind of records were merged.
    pub enum MergeKind {
        /// Two persons.
        Person = "PERSON",
        /// Two companies.
        Company = "COMPANY",
    }
}

impl MergeField {
    /// The names in the API of the fields that it stands for, by which their origins are kept.
    pub(crate) const fn parts(self, kind: MergeKind) -> &'static [&'static str] {
        match self {
            Self::Name => match kind {
                MergeKind::Person => &["givenName", "familyName"],
                MergeKind::Company => &["name"],
            },
            Self::Email => &["email"],
            Self::Phone => &["phone"],
            Self::Language => &["language"],
            Self::Address => &["country", "subdivision", "postalCode", "city"],
            Self::Company => &["company"],
            Self::JobTitle => &["jobTitle"],
            Self::BuyingRole => &["buyingRole"],
            Self::Industry => &["industry"],
            Self::Employees => &["employees"],
            Self::Website => &["website"],
            Self::RegisterNumber => &["registerNumber"],
            Self::Owner => &["owner"],
        }
    }
}

codes! {
    /// Whether a merge stands.
    pub enum MergeState {
        /// Both records are one.
        Merged = "MERGED",
        /// It was taken back.
        Undone = "UNDONE",
    }
}

codes! {
    /// What one side wins as a whole. What hangs together (the parts of a name, of an address) is never mixed of two sides.
    pub enum MergeField {
        /// The name; of a person both parts.
        Name = "NAME",
        /// The e-mail address.
        Email = "EMAIL",
        /// The telephone number.
        Phone = "PHONE",
        /// The language to speak and write in.
        Language = "LANGUAGE",
        /// Country, region, postal code and town.
        Address = "ADDRESS",
        /// The company that the person works for.
        Company = "COMPANY",
        /// The job title.
        JobTitle = "JOB_TITLE",
        /// The part in the company's decision to buy.
        BuyingRole = "BUYING_ROLE",
        /// The industry.
        Industry = "INDUSTRY",
        /// How many people work there.
        Employees = "EMPLOYEES",
        /// The address in the web.
        Website = "WEBSITE",
        /// The number in the register of companies.
        RegisterNumber = "REGISTER_NUMBER",
        /// The colleague whose customer it is.
        Owner = "OWNER",
    }
}

/// Which side wins which fields, as the caller chose; the others go by the rules.
pub type Choices = BTreeMap<MergeField, MergeSide>;

/// The fields of each side whose value was proven, such as an e-mail address that was confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// Of the survivor.
    pub survivor: BTreeSet<MergeField>,
    /// Of the loser.
    pub loser: BTreeSet<MergeField>,
}

impl Proven {
    fn of(&self, side: MergeSide, field: MergeField) -> bool {
        match side {
            MergeSide::Survivor => self.survivor.contains(&field),
            MergeSide::Loser => self.loser.contains(&field),
        }
    }
}

/// A record that can be merged with another one of its kind.
pub trait Mergeable: Clone + PartialEq {
    /// The kind of record.
    const KIND: MergeKind;

    /// Its fields in the order in which they are decided and shown.
    const FIELDS: &'static [MergeField];

    /// How many parts of a field are known; 0 when nothing is.
    fn fullness(&self, field: MergeField) -> usize;

    /// Whether both have exactly the same value.
    fn equals(&self, other: &Self, field: MergeField) -> bool;

    /// Whether both mean the same, however it is spelled.
    fn agrees(&self, other: &Self, field: MergeField) -> bool {
        self.equals(other, field)
    }

    /// Takes the value of a field from another record.
    fn take(&mut self, field: MergeField, from: &Self);

    /// The value of a field for people; nothing when nothing is known.
    fn shown(&self, field: MergeField) -> Option<String>;

    /// The field whose winner also decides this one when both sides know another value of it: a title or a role belongs to the company it was
    /// held at.
    fn goes_with(_field: MergeField) -> Option<MergeField> {
        None
    }

    /// When the record last changed.
    fn changed_at(&self) -> DateTime<Utc>;

    /// Counts one change.
    fn touch(&mut self, now: DateTime<Utc>);

    /// Joins what is neither side's alone, such as consent.
    fn join(&mut self, _other: &Self, _now: DateTime<Utc>) {}

    /// Takes the joining apart: `self` is the survivor as it stands, `before` what it was and `after` what the merge made of it.
    fn part(&mut self, _before: &Self, _after: &Self, _loser: &mut Self) {}
}

/// The survivor of a merge with the account of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged<T> {
    /// The survivor, one version on.
    pub survivor: T,
    /// The record that is merged away, one version on; else it stays as it was.
    pub loser: T,
    /// Which side won each field that either side knows, and what the other one had.
    pub fields: Vec<Provenance>,
}

/// What a merge keeps of itself, so that it can be shown and taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeRecord<T> {
    /// The survivor before the merge.
    pub before: T,
    /// The other record before the merge.
    pub loser: T,
    /// The survivor right after the merge.
    pub after: T,
    /// Which side won each field.
    pub fields: Vec<Provenance>,
}

/// Both records after a merge was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmerged<T> {
    /// The record that survived the merge.
    pub survivor: T,
    /// The record that had been merged away.
    pub loser: T,
}

/// Merges two records.
pub fn merge<T: Mergeable>(survivor: &T, loser: &T, choices: &Choices, proven: &Proven, now: DateTime<Utc>) -> Merged<T> {
    let (mut merged, mut gone) = (survivor.clone(), loser.clone());
    let mut fields: Vec<Provenance> = Vec::with_capacity(T::FIELDS.len());
    for field in T::FIELDS.iter().copied() {
        let contested = |leader: &MergeField| {
            survivor.fullness(*leader) > 0 && loser.fullness(*leader) > 0 && !survivor.agrees(loser, *leader)
        };
        let leader = T::goes_with(field).filter(contested);
        let led = leader.and_then(|leader| fields.iter().find(|decided| decided.field == leader)).map(|decided| decided.from);
        let (from, rule) =
            rule::decide(survivor, loser, field, &rule::Hints { choice: choices.get(&field).copied(), led, proven });
        if from == MergeSide::Loser {
            merged.take(field, loser);
        }
        let (winner, other) = if from == MergeSide::Loser { (loser, survivor) } else { (survivor, loser) };
        if winner.fullness(field) > 0 || other.fullness(field) > 0 {
            let given_up = if winner.equals(other, field) { None } else { other.shown(field) };
            fields.push(Provenance { field, from, rule, kept: winner.shown(field), given_up });
        }
    }
    merged.join(loser, now);
    merged.touch(now);
    gone.touch(now);
    Merged { survivor: merged, loser: gone, fields }
}

/// Takes a merge back. `current` is the survivor as it stands now, `gone` the record that was merged away as it was kept.
///
/// Each field that still is what the merge made of it becomes what it was before; each that changed since stays.
pub fn unmerge<T: Mergeable>(record: &MergeRecord<T>, current: &T, gone: &T, now: DateTime<Utc>) -> Unmerged<T> {
    let (mut survivor, mut loser) = (current.clone(), gone.clone());
    for field in T::FIELDS.iter().copied() {
        if current.equals(&record.after, field) {
            survivor.take(field, &record.before);
        }
    }
    survivor.part(&record.before, &record.after, &mut loser);
    survivor.touch(now);
    loser.touch(now);
    Unmerged { survivor, loser }
}
