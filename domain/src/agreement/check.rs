//! What an agreement must be like: the little that is asked of what was stored, and all that is asked of what somebody writes.

use crate::sla::rule::check_rules;
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::catalogue::Catalogue;
use crate::waterfall::gate::{Criterion, Gate, check_criteria};
use crate::waterfall::reason::RejectReason;

use super::{Agreement, AgreementState};
use crate::label::check_labels;

impl Agreement {
    /// Checks what is read from storage. Bounds of the catalogue are not asked: an attribute may have changed since it was signed, and what was signed
    /// stays.
    ///
    /// # Errors
    /// All faults: the same department on both sides, a stage with two gates, criteria that do not fit their measure, in force without both
    /// signatures.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        self.check_sides(&mut faults);
        let of_gates = self.gates.iter().flat_map(Gate::criteria);
        for criterion in of_gates.chain(&self.recycle_when).chain(&self.reactivate_when) {
            criterion.check_shape(&format!("criteria.{}", criterion.key), &mut faults);
        }
        self.check_promises(&mut faults);
        if self.state == AgreementState::InForce && (self.signed_giving.is_none() || self.signed_taking.is_none()) {
            faults.add("state", ViolationCode::Conflict, "in force needs the signatures of both heads");
        }
        faults.into_result()
    }

    /// Checks what somebody writes, by the paths of the API.
    ///
    /// # Errors
    /// All faults at once.
    pub fn check_written(&self, catalogue: Catalogue<'_>) -> Result<(), Violations> {
        let mut faults = Violations::new();
        check_labels("labels", &self.labels, &mut faults);
        self.check_sides(&mut faults);
        for (index, gate) in self.gates.iter().enumerate() {
            gate.check(&format!("gates.{index}"), catalogue, &mut faults);
        }
        check_criteria("recycleWhen", &self.recycle_when, catalogue, &mut faults);
        check_criteria("reactivateWhen", &self.reactivate_when, catalogue, &mut faults);
        check_keys("recycleWhen", &self.recycle_when, &mut faults);
        check_keys("reactivateWhen", &self.reactivate_when, &mut faults);
        self.check_promises(&mut faults);
        self.check_reasons(&mut faults);
        faults.into_result()
    }

    fn check_sides(&self, faults: &mut Violations) {
        if self.giving == self.taking {
            faults.add("taking", ViolationCode::Conflict, "giving and taking department must differ");
        }
        for (index, gate) in self.gates.iter().enumerate() {
            if self.gates.iter().take(index).any(|other| other.stage == gate.stage) {
                let message = format!("stage `{}` has two gates", gate.stage);
                faults.add(format!("gates.{index}.stage"), ViolationCode::Duplicate, message);
            }
        }
    }

    fn check_promises(&self, faults: &mut Violations) {
        check_rules(&self.clocks, faults);
        self.scope.check(faults);
        self.commitments.check(faults);
    }

    fn check_reasons(&self, faults: &mut Violations) {
        for (index, reason) in self.reject_reasons.iter().enumerate() {
            let field = format!("rejectReasons.{index}");
            if *reason == RejectReason::Lapsed {
                faults.add(field, ViolationCode::Conflict, "`LAPSED` happens by itself: nobody can agree on it");
            } else if self.reject_reasons.iter().take(index).any(|other| other == reason) {
                faults.add(field, ViolationCode::Duplicate, "the same reason is there already");
            }
        }
    }
}

/// A key stands for one criterion: what two signers compare, they compare by it.
fn check_keys(field: &str, criteria: &[Criterion], faults: &mut Violations) {
    for (index, criterion) in criteria.iter().enumerate() {
        if criteria.iter().take(index).any(|other| other.key == criterion.key) {
            faults.add(format!("{field}.{index}.key"), ViolationCode::Duplicate, "another criterion has this key");
        }
    }
}
