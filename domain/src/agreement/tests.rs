//! The life of agreements, and which of them governs.

mod diff;
mod lifecycle;
mod properties;
mod replay;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::attribute::AttributeBook;
use crate::department::Department;
use crate::id::UserId;
use crate::label::Labels;
use crate::value::Code;
use crate::waterfall::catalogue::{Catalogue, Undefined};
use crate::waterfall::gate::{Comparison, Criterion, Gate, Required};
use crate::waterfall::measure::Measure;
use crate::waterfall::stage::OpenStage;

use super::{Agreement, AgreementPatch, Signing};

pub(super) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

pub(super) fn user(number: u128) -> UserId {
    Uuid::from_u128(number).into()
}

pub(super) fn key(text: &str) -> Code {
    Code::parse(text).unwrap()
}

pub(super) const GIVER: Option<Department> = Some(Department::Marketing);
pub(super) const TAKER: Option<Department> = Some(Department::InsideSales);

pub(super) fn catalogue(attributes: &AttributeBook) -> Catalogue<'_> {
    Catalogue { attributes, undefined: Undefined::Allowed }
}

pub(super) fn first(number: u128, text: &str) -> Agreement {
    let labels = Labels::new("Marketing an Innendienst", "Marketing to inside sales");
    Agreement::first(Uuid::from_u128(number).into(), key(text), labels, Department::Marketing, Department::InsideSales)
}

pub(super) fn months(most: i64) -> Criterion {
    Criterion {
        key: key("soon"),
        labels: Labels::new("Bald", "Soon"),
        measure: Measure::TimelineMonths,
        comparison: Comparison::AtMost,
        required: Required::Number(most),
    }
}

/// A change of the gate before MQL.
pub(super) fn gate(most: i64) -> AgreementPatch {
    let gate = Gate { stage: OpenStage::Mql, all: vec![months(most)], any: Vec::new() };
    AgreementPatch { gates: Some(vec![gate]), ..AgreementPatch::default() }
}

pub(super) fn signed(agreement: &Agreement, by: u128, department: Option<Department>, minutes: i64) -> Agreement {
    match agreement.sign(user(by), department, at(minutes)) {
        Ok(Signing::Signed(signed)) => *signed,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_key_stands_for_one_criterion() {
    let attributes = AttributeBook::default();
    let twice = Agreement { recycle_when: vec![months(6), months(9)], reactivate_when: vec![months(6)], ..first(1, "key") };
    let faults = twice.check_written(catalogue(&attributes)).unwrap_err();
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["recycleWhen.1.key"]);
}
