//! The life of a version: drafted, proposed, signed by both sides, in force from a date, followed by the next.
//!
//! INVARIANT: what holds was signed by two people, a manager of each side, and says what both read when they signed: from the proposal on only
//! signatures are added.

use chrono::{DateTime, Utc};

use crate::change::Change;
use crate::department::Department;
use crate::id::{AgreementId, UserId};
use crate::label::Labels;
use crate::sla::ClockRule;
use crate::value::Code;
use crate::waterfall::catalogue::{Catalogue, Undefined};
use crate::waterfall::gate::{AnyOf, Criterion, Gate};
use crate::waterfall::reason::RejectReason;

use super::{Agreement, AgreementFault, AgreementRefusal, AgreementScope, AgreementState, Commitments, HandOverMode, Signature};

/// What of a draft changes; what is absent stays, and what is there takes the place of all that was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementPatch {
    /// Its name.
    pub labels: Option<Labels>,
    /// For which leads it holds.
    pub scope: Option<AgreementScope>,
    /// The date from which it should hold.
    pub in_force_from: Change<DateTime<Utc>>,
    /// Who starts a hand-over.
    pub hand_over: Option<HandOverMode>,
    /// The gates.
    pub gates: Option<Vec<Gate>>,
    /// When leads are sent to rest.
    pub recycle_when: Option<Vec<Criterion>>,
    /// When they come back.
    pub reactivate_when: Option<Vec<Criterion>>,
    /// How fast the taker acts.
    pub clocks: Option<Vec<ClockRule>>,
    /// The reasons for which the taker may return an offer.
    pub reject_reasons: Option<Vec<RejectReason>>,
    /// What both sides promise for each month.
    pub commitments: Option<Commitments>,
}

/// What came of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signing {
    /// This side has signed before.
    AlreadyDone,
    /// The version with the signature; in force when it was the second one.
    Signed(Box<Agreement>),
}

impl Agreement {
    /// The first version of a key, with nothing in it yet.
    pub fn first(id: AgreementId, key: Code, labels: Labels, giving: Department, taking: Department) -> Self {
        Self {
            id,
            key,
            version: 1,
            labels,
            giving,
            taking,
            scope: AgreementScope::default(),
            revision: 1,
            state: AgreementState::Draft,
            in_force_from: None,
            signed_giving: None,
            signed_taking: None,
            hand_over: HandOverMode::Manual,
            gates: Vec::new(),
            recycle_when: Vec::new(),
            reactivate_when: Vec::new(),
            clocks: Vec::new(),
            reject_reasons: Vec::new(),
            commitments: Commitments::default(),
        }
    }

    /// A draft of the next version with all that the newest of `versions` says; nothing when there is none.
    ///
    /// # Errors
    /// [`AgreementRefusal::OpenVersion`]: two people who write the next version do not see each other's changes.
    pub fn following(versions: &[Self], id: AgreementId) -> Result<Option<Self>, AgreementRefusal> {
        let open = versions.iter().find(|version| version.is_open());
        if let Some(open) = open {
            return Err(AgreementRefusal::OpenVersion { id: open.id, version: open.version });
        }
        let newest = versions.iter().max_by_key(|version| version.version);
        Ok(newest.map(|newest| Self {
            id,
            version: newest.version.saturating_add(1),
            revision: 1,
            state: AgreementState::Draft,
            in_force_from: None,
            signed_giving: None,
            signed_taking: None,
            ..newest.clone()
        }))
    }

    /// Whether it is still on its way to being in force.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, AgreementState::Draft | AgreementState::Proposed)
    }

    /// The draft with changes.
    ///
    /// # Errors
    /// Not in a draft; all faults of what it says then.
    pub fn revise(&self, patch: AgreementPatch, catalogue: Catalogue<'_>) -> Result<Self, AgreementFault> {
        self.must_be(AgreementState::Draft)?;
        let revised = Self { revision: self.revision.saturating_add(1), ..self.with(patch, catalogue) };
        revised.check_written(catalogue)?;
        Ok(revised)
    }

    /// A version that nobody has seen yet, with what else it should say.
    ///
    /// # Errors
    /// All faults of what it says.
    pub fn drafted(&self, patch: AgreementPatch, catalogue: Catalogue<'_>) -> Result<Self, AgreementFault> {
        self.must_be(AgreementState::Draft)?;
        let drafted = self.with(patch, catalogue);
        drafted.check_written(catalogue)?;
        Ok(drafted)
    }

    fn with(&self, patch: AgreementPatch, catalogue: Catalogue<'_>) -> Self {
        let adapted = |criteria: Vec<Criterion>| -> Vec<Criterion> {
            criteria.into_iter().map(|criterion| criterion.adapted(catalogue.attributes)).collect()
        };
        let gates = patch.gates.map(|gates| {
            let gate = |gate: Gate| Gate {
                stage: gate.stage,
                all: adapted(gate.all),
                any: gate.any.into_iter().map(|group| AnyOf { criteria: adapted(group.criteria) }).collect(),
            };
            gates.into_iter().map(gate).collect()
        });
        let now = self.clone();
        Self {
            labels: patch.labels.unwrap_or(now.labels),
            scope: patch.scope.unwrap_or(now.scope),
            in_force_from: patch.in_force_from.apply(now.in_force_from),
            hand_over: patch.hand_over.unwrap_or(now.hand_over),
            gates: gates.unwrap_or(now.gates),
            recycle_when: patch.recycle_when.map_or(now.recycle_when, adapted),
            reactivate_when: patch.reactivate_when.map_or(now.reactivate_when, adapted),
            clocks: patch.clocks.unwrap_or(now.clocks),
            reject_reasons: patch.reject_reasons.unwrap_or(now.reject_reasons),
            commitments: patch.commitments.unwrap_or(now.commitments),
            ..self.clone()
        }
    }

    /// The proposal that both sides sign or take back. Its content is frozen.
    ///
    /// # Errors
    /// No draft; all faults of what it says, among them attributes that nobody defined.
    pub fn propose(&self, catalogue: Catalogue<'_>) -> Result<Self, AgreementFault> {
        self.must_be(AgreementState::Draft)?;
        self.check_written(Catalogue { undefined: Undefined::Refused, ..catalogue })?;
        Ok(Self { state: AgreementState::Proposed, ..self.changed() })
    }

    /// The draft that a proposal was; a signature that it had is gone, because what comes next was not read by whoever signed.
    ///
    /// # Errors
    /// No proposal.
    pub fn withdraw(&self) -> Result<Self, AgreementRefusal> {
        self.must_be(AgreementState::Proposed)?;
        Ok(Self { state: AgreementState::Draft, signed_giving: None, signed_taking: None, ..self.changed() })
    }

    /// Whether it may be deleted: nobody ever relied on a draft.
    ///
    /// # Errors
    /// No draft.
    pub fn must_be_deletable(&self) -> Result<(), AgreementRefusal> {
        self.must_be(AgreementState::Draft)
    }

    /// A signature of a manager of `department`; with the second one it is in force from the later of the date asked for and now.
    ///
    /// # Errors
    /// No proposal; not a manager of one of the two sides; the same person for both.
    pub fn sign(&self, by: UserId, department: Option<Department>, now: DateTime<Utc>) -> Result<Signing, AgreementRefusal> {
        let own = match department {
            Some(department) if department == self.giving => Some(self.signed_giving),
            Some(department) if department == self.taking => Some(self.signed_taking),
            Some(_) | None => None,
        };
        let is_mine = |signature: Option<Signature>| signature.is_some_and(|signature| signature.by == Some(by));
        if own.is_some_and(is_mine) {
            return Ok(Signing::AlreadyDone);
        }
        self.must_be(AgreementState::Proposed)?;
        let Some(own) = own else { return Err(AgreementRefusal::NotASigner { missing: self.unsigned() }) };
        if own.is_some() {
            return Ok(Signing::AlreadyDone);
        }
        if is_mine(self.signed_giving) || is_mine(self.signed_taking) {
            return Err(AgreementRefusal::SignedTheOtherSide { missing: self.unsigned() });
        }
        let mut signed = self.changed();
        let signature = Some(Signature { by: Some(by), at: now });
        if department == Some(self.giving) {
            signed.signed_giving = signature;
        } else {
            signed.signed_taking = signature;
        }
        if signed.unsigned().is_empty() {
            signed.state = AgreementState::InForce;
            signed.in_force_from = Some(self.in_force_from.map_or(now, |asked| asked.max(now)));
        }
        Ok(Signing::Signed(Box::new(signed)))
    }

    /// The departments that have not signed.
    pub fn unsigned(&self) -> Vec<Department> {
        let sides = [(self.giving, self.signed_giving), (self.taking, self.signed_taking)];
        sides.into_iter().filter_map(|(side, signature)| signature.is_none().then_some(side)).collect()
    }

    /// Whether somebody who read `revision` read what stands there now: signatures change nothing of it.
    pub fn says_what_was_read_at(&self, revision: u32) -> bool {
        let signatures = u32::try_from([self.signed_giving, self.signed_taking].iter().flatten().count()).unwrap_or(0);
        let written = if self.is_open() { self.revision.saturating_sub(signatures) } else { self.revision };
        (written..=self.revision).contains(&revision)
    }

    /// Its life at a time: a version whose successor has come is superseded, whether or not somebody has noted that yet, and one whose own day has not
    /// come is signed and not in force.
    pub fn state_at<'a>(&self, versions: impl IntoIterator<Item = &'a Self>, now: DateTime<Utc>) -> AgreementState {
        let follows = |other: &Self| other.key == self.key && other.version > self.version && other.holds_at(now);
        match self.state {
            AgreementState::InForce if versions.into_iter().any(follows) => AgreementState::Superseded,
            AgreementState::InForce if self.in_force_from.is_some_and(|from| from > now) => AgreementState::Signed,
            state @ (AgreementState::Draft
            | AgreementState::Proposed
            | AgreementState::Signed
            | AgreementState::InForce
            | AgreementState::Superseded) => state,
        }
    }

    fn must_be(&self, needed: AgreementState) -> Result<(), AgreementRefusal> {
        if self.state == needed { Ok(()) } else { Err(AgreementRefusal::WrongState { state: self.state, needed }) }
    }

    /// The same, one change later.
    fn changed(&self) -> Self {
        Self { revision: self.revision.saturating_add(1), ..self.clone() }
    }
}

/// The versions whose successor has come, as they are to be stored.
pub fn superseded(versions: &[Agreement], now: DateTime<Utc>) -> Vec<Agreement> {
    let over = |version: &&Agreement| {
        version.state == AgreementState::InForce && version.state_at(versions, now) == AgreementState::Superseded
    };
    let ended = versions.iter().filter(over).map(|version| Agreement { state: AgreementState::Superseded, ..version.changed() });
    ended.collect()
}
