//! Codes of merged records.

use fairfall_domain::merging::refusal::MergeRefusalKind;
use fairfall_domain::merging::{MergeField, MergeKind, MergeRule, MergeSide, MergeState};

use super::enum_codes;

enum_codes! {
    /// One of the two records of a merge.
    MergeSide as "MergeSide" {
        Survivor: "The record that goes on.",
        Loser: "The record that is merged away.",
    }

    /// What kind of records were merged.
    MergeKind as "MergeKind" {
        Person: "Two persons.",
        Company: "Two companies.",
    }

    /// Whether a merge stands.
    MergeState as "MergeState" {
        Merged: "Both records are one.",
        Undone: "It was taken back.",
    }

    /// What one side wins as a whole. What hangs together, such as the parts of an address, is never mixed of two sides.
    MergeField as "MergeField" {
        Name: "The name; of a person both parts.",
        Email: "The e-mail address; of persons.",
        Phone: "The telephone number; of persons.",
        Language: "The language to speak and write in; of persons.",
        Address: "Country, region, postal code and town.",
        Company: "The company that the person works for; of persons.",
        JobTitle: "The job title; of persons. Goes with the company when both sides name another one.",
        BuyingRole: "The part in the company's decision to buy; of persons. Goes with the company when both sides name another one.",
        Industry: "The industry; of companies.",
        Employees: "How many people work there; of companies.",
        Website: "The address in the web; of companies.",
        RegisterNumber: "The number in the register of companies; of companies.",
        Owner: "The colleague whose customer it is; of companies.",
    }

    /// Why a side won a field. The rules are asked in this order.
    MergeRule as "MergeRule" {
        Chosen: "The caller chose it.",
        Same: "Both mean the same.",
        WithCompany: "It goes with the company that won, at which it was held.",
        Proven: "Its value was proven, such as an address that was confirmed; the other's was not.",
        Fuller: "It says more.",
        Newer: "Its record changed last.",
        Kept: "Nothing speaks for the other side, so that the survivor keeps its own.",
    }

    /// Why two records are not merged, or a merge is not taken back.
    MergeRefusalKind as "MergeRefusal" {
        SameRecord: "Both ids name the same record.",
        MergedAway: "One of the two was merged into a third record before: `into` names that.",
        Stale: "One of the two was changed since the caller read it: `side` names which, `current` its version.",
        Blocked: "A later merge of the same record must be taken back first: `merge` names it.",
        Erased: "The data of one of the two was erased since; nothing is left to restore.",
    }
}
