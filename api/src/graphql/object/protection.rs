//! Protection of people's data: exports, holds, rules of retention and their runs.

use async_graphql::{Enum, ID, SimpleObject};
use fairfall_domain::id::PersonId;
use fairfall_domain::protection::{RetentionCase, RetentionPolicy};
use fairfall_persistence::repo::protection::{LegalHold, RetentionRun};

use crate::app::protection::export::{Export, PageLanguage};
use crate::app::protection::retention::Ran;
use crate::graphql::code::Coded;
use crate::graphql::scalar::{Timestamp, id, int};

/// The language of a page for people.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum ExportLanguage {
    /// German.
    De,
    /// English.
    En,
}

impl From<ExportLanguage> for PageLanguage {
    fn from(typed: ExportLanguage) -> Self {
        match typed {
            ExportLanguage::De => Self::De,
            ExportLanguage::En => Self::En,
        }
    }
}

/// All that is known of a person.
#[derive(Debug, SimpleObject)]
#[graphql(name = "PersonExport")]
pub struct PersonExportObject {
    /// Whose.
    person: ID,
    /// When it was put together.
    at: Timestamp,
    /// For machines: a JSON object with a list for each kind of data.
    json: String,
    /// For people: a page of HTML that stands alone.
    page: String,
}

impl From<Export> for PersonExportObject {
    fn from(export: Export) -> Self {
        Self { person: id(export.person), at: Timestamp(export.at), json: export.json, page: export.page }
    }
}

/// A legal reason that keeps a person's data.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "LegalHold")]
pub struct LegalHoldObject {
    /// Whose data.
    person: ID,
    /// Why.
    reason: String,
    /// Who said so.
    by: Option<ID>,
    /// Since when.
    since: Timestamp,
}

impl From<LegalHold> for LegalHoldObject {
    fn from(hold: LegalHold) -> Self {
        Self { person: id(hold.person), reason: hold.reason.to_string(), by: hold.by.map(id), since: Timestamp(hold.since) }
    }
}

/// How long one case is kept after its last change.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RetentionRule")]
pub struct RetentionRuleObject {
    /// The case.
    case: Coded<RetentionCase>,
    /// Days after the last change of the lead, or of the person without one.
    after_days: i32,
}

/// For how long people are kept who bring no business any more.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RetentionPolicy")]
pub struct RetentionPolicyObject {
    /// Counts the changes of the rules from 1; send it as `expectedVersion`.
    version: i32,
    /// The rules. A person is erased when all of their leads are of these cases and the time of each is over.
    rules: Vec<RetentionRuleObject>,
    /// When exactly these rules were rehearsed; absent when not yet, and then they cannot act.
    rehearsed_at: Option<Timestamp>,
    /// Whether they act by themselves.
    armed: bool,
}

impl From<RetentionPolicy> for RetentionPolicyObject {
    fn from(policy: RetentionPolicy) -> Self {
        let rule = |rule: fairfall_domain::protection::RetentionRule| RetentionRuleObject {
            case: Coded(rule.case),
            after_days: int(rule.after_days),
        };
        Self {
            version: int(policy.version()),
            rules: policy.rules().map(rule).collect(),
            rehearsed_at: policy.rehearsed_at().map(Timestamp),
            armed: policy.is_armed(),
        }
    }
}

/// One run of the rules.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RetentionRun")]
pub struct RetentionRunObject {
    /// The version of the rules.
    policy_version: i32,
    /// Whether it only counted.
    rehearsal: bool,
    /// How many people's time was over.
    due: i32,
    /// How many of them were erased.
    erased: i32,
    /// How many are held for a legal reason.
    held: i32,
    /// Who started it; absent when it started by itself.
    by: Option<ID>,
    /// When it started.
    started_at: Timestamp,
    /// When it ended.
    finished_at: Option<Timestamp>,
    /// Some of those whose time is over and who are not held, at most 100; told by the run itself, not kept.
    sample: Vec<ID>,
}

impl RetentionRunObject {
    fn new(run: &RetentionRun, sample: &[PersonId]) -> Self {
        Self {
            policy_version: int(run.policy_version),
            rehearsal: run.is_rehearsal,
            due: int(run.due),
            erased: int(run.erased),
            held: int(run.held),
            by: run.by.map(id),
            started_at: Timestamp(run.started_at),
            finished_at: run.finished_at.map(Timestamp),
            sample: sample.iter().copied().map(id).collect(),
        }
    }
}

impl From<Ran> for RetentionRunObject {
    fn from(ran: Ran) -> Self {
        Self::new(&ran.run, &ran.sample)
    }
}

impl From<RetentionRun> for RetentionRunObject {
    fn from(run: RetentionRun) -> Self {
        Self::new(&run, &[])
    }
}
