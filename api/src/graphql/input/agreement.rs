//! Agreements as they are typed.

use async_graphql::{ID, InputObject, MaybeUndefined};
use fairfall_domain::agreement::{AgreementPatch, AgreementScope, Commitments, HandOverMode};
use fairfall_domain::department::Department;
use fairfall_domain::id::AgreementId;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::ladder::{EscalationAct, LadderStep};
use fairfall_domain::sla::promise::Promise;
use fairfall_domain::sla::{ClockKind, ClockRule};
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::gate::{AnyOf, Criterion, Gate};
use fairfall_domain::waterfall::reason::RejectReason;
use fairfall_domain::waterfall::stage::OpenStage;

use super::criterion::{CriterionInput, LabelsInput};
use super::{change, id, ids, whole};
use crate::app::agreement::{AgreementDraft, AgreementUpdate};
use crate::graphql::code::{Coded, plain};
use crate::graphql::scalar::{Period, Timestamp};

/// For which leads an agreement holds; each absent list means all.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementScopeInput {
    /// Keys of tracks; at most 50.
    pub tracks: Option<Vec<String>>,
    /// Territories in use, each with those below it; at most 50.
    pub territories: Option<Vec<ID>>,
    /// Keys of product areas; at most 50.
    pub product_areas: Option<Vec<String>>,
}

/// A group of criteria of which at least one must hold.
#[derive(Clone, Debug, InputObject)]
pub struct CriterionGroupInput {
    /// The criteria, 1 to 50.
    pub criteria: Vec<CriterionInput>,
}

/// What must hold before a stage is entered. Keys of criteria are unique within it.
#[derive(Clone, Debug, InputObject)]
pub struct GateInput {
    /// The stage that is entered; not `LEAD`.
    pub stage: Coded<OpenStage>,
    /// Criteria that must all hold; at most 50.
    pub all: Option<Vec<CriterionInput>>,
    /// Groups of which at least one criterion each must hold; at most 20.
    pub any: Option<Vec<CriterionGroupInput>>,
}

/// A step of the ladder of a promise.
#[derive(Clone, Debug, InputObject)]
pub struct LadderStepInput {
    /// In which lap, 1 to 9: each reassignment by the ladder begins another. In every lap when absent.
    pub lap: Option<i32>,
    /// After how many percent of the promise, 1 to 1000; 100 is when it lapses. Nobody loses a lead before that.
    pub at_percent: i32,
    /// What is done.
    pub act: Coded<EscalationAct>,
}

/// A promise of an agreement.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementClockInput {
    /// What is promised.
    pub kind: Coded<ClockKind>,
    /// For which tiers; for every tier without a promise of its own when absent or empty.
    pub tiers: Option<Vec<Coded<Tier>>>,
    /// How long it may take: `business` or `wall` and a length, such as `business 4h`, `business 1h 30m`, `wall 1d 12h`. At most 366 days of 24 hours.
    pub promise: String,
    /// For how long it may stand still in all; it cannot be paused when absent.
    pub pause_max: Option<Period>,
    /// What happens on the way and after; at most 20 steps.
    pub ladder: Option<Vec<LadderStepInput>>,
}

/// What both sides promise for each month; what is absent is not promised.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementCommitmentsInput {
    /// The giver: at least so many leads are handed over in a month.
    pub volume_per_month: Option<i32>,
    /// The giver: at least so many percent of the answered hand-overs are accepted, 1 to 100.
    pub accepted_percent: Option<i32>,
    /// The taker: at least so many percent of the clocks are met in the promised time, 1 to 100.
    pub in_time_percent: Option<i32>,
    /// The taker: at least so many percent of what was accepted is rated, 1 to 100.
    pub feedback_percent: Option<i32>,
}

/// What an agreement says. What is omitted stays; what is given takes the place of all that was; null empties it.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementContentInput {
    /// Its name for people; needed for the first version of a key.
    pub labels: Option<LabelsInput>,
    /// For which leads it holds; null for all.
    pub scope: MaybeUndefined<AgreementScopeInput>,
    /// The date from which it should hold. It holds from the second signature on when that comes later, or when no date is asked for.
    pub in_force_from: MaybeUndefined<Timestamp>,
    /// Who starts a hand-over.
    pub hand_over: Option<Coded<HandOverMode>>,
    /// The gates, one a stage; all of them.
    pub gates: MaybeUndefined<Vec<GateInput>>,
    /// When all of these hold, a lead that the giver works on is sent to nurturing by itself; never when there are none.
    pub recycle_when: MaybeUndefined<Vec<CriterionInput>>,
    /// When all of these hold after new behaviour, a resting lead comes back by itself; never when there are none.
    pub reactivate_when: MaybeUndefined<Vec<CriterionInput>>,
    /// How fast the taker acts, and what happens when it does not; all promises, at most 25.
    pub clocks: MaybeUndefined<Vec<AgreementClockInput>>,
    /// The reasons for which the taker may return an offer; all when there are none. `LAPSED` happens by itself and is none of them.
    pub reject_reasons: MaybeUndefined<Vec<Coded<RejectReason>>>,
    /// What both sides promise for each month; all of it.
    pub commitments: MaybeUndefined<AgreementCommitmentsInput>,
}

/// Reads each entry of a list under its place.
fn each<T, R>(typed: Vec<T>, field: &str, mut read: impl FnMut(&str, T) -> Option<R>) -> Vec<R> {
    let numbered = (0..).zip(typed);
    numbered.filter_map(|(place, entry): (usize, T)| read(&format!("{field}.{place}"), entry)).collect()
}

/// What a patch says about a list: null empties it.
fn list<T>(typed: MaybeUndefined<Vec<T>>) -> Option<Vec<T>> {
    match typed {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(Vec::new()),
        MaybeUndefined::Value(entries) => Some(entries),
    }
}

/// A number of a small type; what does not fit it is out of range whatever the limits are.
fn small<T: TryFrom<i32>>(faults: &mut Violations, field: String, typed: i32) -> Option<T> {
    let read = T::try_from(typed).ok();
    if read.is_none() {
        faults.add(field, ViolationCode::OutOfRange, "far out of range");
    }
    read
}

fn criteria(typed: Vec<CriterionInput>, field: &str, faults: &mut Violations) -> Vec<Criterion> {
    each(typed, field, |field, one| one.read(field, faults))
}

impl AgreementScopeInput {
    fn read(self, faults: &mut Violations) -> AgreementScope {
        let mut keys = |field: &str, typed: Option<Vec<String>>| {
            each(typed.unwrap_or_default(), field, |field, key| faults.check(field, Code::parse(&key)))
        };
        let (tracks, product_areas) = (keys("scope.tracks", self.tracks), keys("scope.productAreas", self.product_areas));
        let territories = ids(faults, "scope.territories", &self.territories.unwrap_or_default());
        AgreementScope { tracks, territories, product_areas }
    }
}

impl GateInput {
    fn read(self, field: &str, faults: &mut Violations) -> Gate {
        let all = criteria(self.all.unwrap_or_default(), &format!("{field}.all"), faults);
        let any = each(self.any.unwrap_or_default(), &format!("{field}.any"), |field, group| {
            Some(AnyOf { criteria: criteria(group.criteria, &format!("{field}.criteria"), faults) })
        });
        Gate { stage: self.stage.0, all, any }
    }
}

impl AgreementClockInput {
    fn read(self, field: &str, faults: &mut Violations) -> Option<ClockRule> {
        let promise = faults.check(format!("{field}.promise"), self.promise.parse::<Promise>());
        // longer than any pause may be is told as out of range when all is checked
        let pause = self.pause_max.map(|pause| u32::try_from(pause.0.num_seconds()).unwrap_or(u32::MAX));
        let ladder = each(self.ladder.unwrap_or_default(), &format!("{field}.ladder"), |field, step| {
            let lap = step.lap.map(|lap| small::<u8>(faults, format!("{field}.lap"), lap));
            let at_percent = small::<u16>(faults, format!("{field}.atPercent"), step.at_percent);
            Some(LadderStep { lap: lap.flatten(), at_percent: at_percent?, act: step.act.0 })
        });
        let (kind, tiers) = (self.kind.0, plain(self.tiers));
        promise.map(|promise| ClockRule { kind, tiers, promise, pause_seconds_max: pause, ladder })
    }
}

impl AgreementCommitmentsInput {
    fn read(&self, faults: &mut Violations) -> Commitments {
        let mut share = |field: &str, typed: Option<i32>| {
            typed.and_then(|percent| small::<u8>(faults, format!("commitments.{field}"), percent))
        };
        let accepted_percent = share("acceptedPercent", self.accepted_percent);
        let in_time_percent = share("inTimePercent", self.in_time_percent);
        let feedback_percent = share("feedbackPercent", self.feedback_percent);
        let volume = |typed| small::<u32>(faults, "commitments.volumePerMonth".to_owned(), typed);
        let volume_per_month = self.volume_per_month.and_then(volume);
        Commitments { volume_per_month, accepted_percent, in_time_percent, feedback_percent }
    }
}

impl AgreementContentInput {
    /// What changes.
    fn read(self, faults: &mut Violations) -> AgreementPatch {
        let scope = match self.scope {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(AgreementScope::default()),
            MaybeUndefined::Value(scope) => Some(scope.read(faults)),
        };
        let gates = list(self.gates).map(|gates| each(gates, "gates", |field, gate| Some(gate.read(field, faults))));
        let recycle_when = list(self.recycle_when).map(|typed| criteria(typed, "recycleWhen", faults));
        let reactivate_when = list(self.reactivate_when).map(|typed| criteria(typed, "reactivateWhen", faults));
        let clocks = list(self.clocks).map(|clocks| each(clocks, "clocks", |field, clock| clock.read(field, faults)));
        let commitments = match self.commitments {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(Commitments::default()),
            MaybeUndefined::Value(commitments) => Some(commitments.read(faults)),
        };
        AgreementPatch {
            labels: self.labels.map(Into::into),
            scope,
            in_force_from: change(self.in_force_from).map(|at| at.0),
            hand_over: self.hand_over.map(|mode| mode.0),
            gates,
            recycle_when,
            reactivate_when,
            clocks,
            reject_reasons: list(self.reject_reasons).map(|reasons| plain(Some(reasons))),
            commitments,
        }
    }
}

/// A draft of an agreement: the first version of a new key, or the next version of one that there is, with all that the newest version says but for
/// what is given here.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementDraftInput {
    /// The key shared by all versions: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// The department that gives; needed for the first version, the same in all.
    pub giving: Option<Coded<Department>>,
    /// The department that takes; needed for the first version, the same in all.
    pub taking: Option<Coded<Department>>,
    /// What it says.
    #[graphql(flatten)]
    pub content: AgreementContentInput,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl AgreementDraftInput {
    /// The draft for the use case.
    ///
    /// # Errors
    /// All faults that show before anything is looked up.
    pub fn read(self) -> Result<AgreementDraft, Violations> {
        let mut faults = Violations::new();
        let patch = self.content.read(&mut faults);
        let (giving, taking) = (self.giving.map(|side| side.0), self.taking.map(|side| side.0));
        let draft = AgreementDraft { key: self.key, giving, taking, patch, idempotency_key: self.idempotency_key };
        whole(faults, Some(draft))
    }
}

/// A change of a draft. What is omitted stays.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementUpdateInput {
    /// The draft.
    pub agreement: ID,
    /// What changes.
    #[graphql(flatten)]
    pub content: AgreementContentInput,
    /// The `revision` that the change was made on; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

impl AgreementUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// All faults that show before anything is looked up.
    pub fn read(self) -> Result<AgreementUpdate, Violations> {
        let mut faults = Violations::new();
        let agreement = id(&mut faults, "agreement", &self.agreement);
        let (patch, expected_version) = (self.content.read(&mut faults), self.expected_version);
        whole(faults, agreement.map(|agreement| AgreementUpdate { agreement, expected_version, patch }))
    }
}

/// Declares inputs that name a version and what was read of it.
macro_rules! of_version {
    ($( $(#[$doc:meta])* $name:ident; )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// The version.
            pub agreement: ID,
            /// The `revision` that was looked at; when what it says has changed since, nothing is done.
            pub expected_version: Option<u32>,
        }

        impl $name {
            /// The version, and the revision that the caller read.
            ///
            /// # Errors
            /// A malformed id.
            pub fn read(&self) -> Result<(AgreementId, Option<u32>), Violations> {
                let mut faults = Violations::new();
                let agreement = id(&mut faults, "agreement", &self.agreement);
                whole(faults, agreement.map(|agreement| (agreement, self.expected_version)))
            }
        }
    )+ };
}

of_version! {
    /// A draft that is proposed for signing.
    AgreementProposeInput;
    /// A proposal that is taken back.
    AgreementWithdrawInput;
    /// A draft that is given up.
    AgreementDeleteInput;
}

/// A proposal that is signed.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementSignInput {
    /// The version.
    pub agreement: ID,
    /// The `revision` that was read: nothing is signed that was not read.
    pub expected_version: u32,
}

impl AgreementSignInput {
    /// The version, and the revision that the caller read.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<(AgreementId, u32), Violations> {
        let mut faults = Violations::new();
        let agreement = id(&mut faults, "agreement", &self.agreement);
        whole(faults, agreement.map(|agreement| (agreement, self.expected_version)))
    }
}

/// Which version is tried on which leads.
#[derive(Clone, Debug, InputObject)]
pub struct AgreementReplayInput {
    /// The version; usually a draft.
    pub agreement: ID,
    /// Leads captured within so many days, 1 to 90.
    #[graphql(default = 90)]
    pub days: u32,
}

impl AgreementReplayInput {
    /// The version, and how many days are looked back.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<(AgreementId, u32), Violations> {
        let mut faults = Violations::new();
        let agreement = id(&mut faults, "agreement", &self.agreement);
        whole(faults, agreement.map(|agreement| (agreement, self.days)))
    }
}
