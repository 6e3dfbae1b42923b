//! Decisions about who gets a lead, with everybody who was looked at.

use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use fairfall_domain::department::Department;
use fairfall_domain::id::UserId;
use fairfall_domain::routing::fairness::FairRule;
use fairfall_domain::routing::member::LanguageLevel;
use fairfall_domain::routing::{Candidate, CandidateRule, ChosenBy, QueueReason, RoutingCause, RoutingDecision, RoutingOutcome};
use fairfall_domain::scoring::Tier;
use fairfall_domain::user::Seniority;
use fairfall_domain::value::LanguageTag;
use fairfall_persistence::repo::routing_decision::{Settled, StoredDecision};

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{BigInt, Text, Timestamp, id, int};

use super::lead::LeadObject;
use super::pool::PoolObject;
use super::routing_explanation::{ExplanationLanguage, sentences};
use super::team::TeamObject;
use super::territory::TerritoryObject;
use super::user::UserObject;

/// What became of a turn in the ledger.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(name = "RoutingSettlement")]
pub enum RoutingSettlement {
    /// It counts for a colleague of the pool who got the lead since.
    Moved,
    /// It counts for nobody: as if the lead had never been shared.
    Undone,
}

impl From<Settled> for RoutingSettlement {
    fn from(settled: Settled) -> Self {
        match settled {
            Settled::Moved => Self::Moved,
            Settled::Undone => Self::Undone,
        }
    }
}

/// What is known of a decision that was stored.
#[derive(Clone, Copy, Debug)]
struct Since {
    counts_for: Option<UserId>,
    settled: Option<Settled>,
    misrouted_at: Option<DateTime<Utc>>,
}

/// A decision about who gets a lead.
#[derive(Clone, Debug)]
pub struct RoutingDecisionObject {
    decision: RoutingDecision,
    /// Nothing for one that was only simulated.
    since: Option<Since>,
}

impl From<StoredDecision> for RoutingDecisionObject {
    fn from(stored: StoredDecision) -> Self {
        let StoredDecision { decision, counts_for, settled, misrouted_at } = stored;
        Self { decision, since: Some(Since { counts_for, settled, misrouted_at }) }
    }
}

impl RoutingDecisionObject {
    /// A decision that was simulated and not stored.
    pub const fn simulated(decision: RoutingDecision) -> Self {
        Self { decision, since: None }
    }

    fn wished(&self) -> Option<UserId> {
        self.decision.wish.person
    }
}

/// The account of one routing: everybody who was looked at, what kept or dropped each of them with the figures that were seen, and the choice.
#[Object(name = "RoutingDecision")]
impl RoutingDecisionObject {
    /// The id; absent when it was only simulated.
    pub async fn id(&self) -> Option<ID> {
        self.since.map(|_| id(self.decision.id))
    }

    /// The lead; absent when the decision was only simulated, and when the viewer may not see the lead.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, self.since.map(|_| self.decision.lead)).await
    }

    /// When it was decided.
    async fn at(&self) -> Timestamp {
        Timestamp(self.decision.at)
    }

    /// Why the lead was routed.
    async fn cause(&self) -> Coded<RoutingCause> {
        Coded(self.decision.cause)
    }

    /// The department that was to get it.
    async fn department(&self) -> Coded<Department> {
        Coded(self.decision.department)
    }

    /// The tier it had.
    async fn tier(&self) -> Coded<Tier> {
        Coded(self.decision.tier)
    }

    /// The lead's expected value as far as it was known, in minor units of the price bands' currency.
    async fn worth_minor(&self) -> Option<BigInt> {
        self.decision.worth.map(BigInt)
    }

    /// The person that the sender asked for.
    async fn wished_person(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.wished()).await
    }

    /// The team that the sender asked for.
    async fn wished_team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.decision.wish.team).await
    }

    /// The territory whose rules hold; absent when teams' countries decided, when somebody was asked for, and for one of a draft.
    async fn territory(&self, ctx: &Context<'_>) -> Option<Result<TerritoryObject>> {
        related(ctx, self.decision.territory.as_ref().map(|hit| hit.territory)).await
    }

    /// The id of that territory, also when it stands in a draft only.
    async fn territory_id(&self) -> Option<ID> {
        self.decision.territory.as_ref().map(|hit| id(hit.territory))
    }

    /// The territory that names the team: that one, or one above it.
    async fn territory_served_by(&self, ctx: &Context<'_>) -> Option<Result<TerritoryObject>> {
        related(ctx, self.decision.territory.as_ref().map(|hit| hit.served_by)).await
    }

    /// The ids of other territories that fitted equally well, so that only the order of their keys decided.
    async fn territories_equal(&self) -> Vec<ID> {
        self.decision.territory.iter().flat_map(|hit| &hit.equal).map(id).collect()
    }

    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.decision.team).await
    }

    /// The pool, when the team has one for the tier; absent for one of a draft.
    async fn pool(&self, ctx: &Context<'_>) -> Option<Result<PoolObject>> {
        related(ctx, self.decision.pool).await
    }

    /// The id of that pool, also when it stands in a draft only.
    async fn pool_id(&self) -> Option<ID> {
        self.decision.pool.map(id)
    }

    /// Who got the lead; absent when it waits in a queue.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, chosen(&self.decision).map(|(user, _)| user)).await
    }

    /// What decided who got it; absent when it waits in a queue.
    async fn chosen_by(&self) -> Option<Coded<ChosenBy>> {
        chosen(&self.decision).map(|(_, by)| Coded(by))
    }

    /// By which rule the ledger chose; absent when it did not.
    async fn fair_rule(&self) -> Option<Coded<FairRule>> {
        self.decision.rule.map(Coded)
    }

    /// Why it waits in a queue; absent when somebody got it.
    async fn queue_reason(&self) -> Option<Coded<QueueReason>> {
        match self.decision.outcome {
            RoutingOutcome::Queued { reason } => Some(Coded(reason)),
            RoutingOutcome::Assigned { .. } => None,
        }
    }

    /// The language that the candidates were asked for; absent when none was.
    async fn language(&self) -> Option<Text<LanguageTag>> {
        self.decision.language.clone().map(Text)
    }

    /// The language that the lead needs, where nobody spoke it and another was taken.
    async fn language_missed(&self) -> Option<Text<LanguageTag>> {
        self.decision.language_missed.clone().map(Text)
    }

    /// The same in plain words, a sentence or two an entry.
    async fn explanation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language of the sentences.", default)] language: ExplanationLanguage,
    ) -> Result<Vec<String>> {
        sentences(ctx, &self.decision, language).await
    }

    /// Everybody of the pool, at most 250; none when no pool was asked.
    async fn candidates(&self) -> Vec<RoutingCandidateObject> {
        self.decision.candidates.iter().map(Into::into).collect()
    }

    /// Whose turn it counts as in the ledger; absent when it counts as nobody's.
    async fn counts_for(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.since.and_then(|since| since.counts_for)).await
    }

    /// What became of the turn in the ledger, when it was corrected.
    async fn settled(&self) -> Option<RoutingSettlement> {
        self.since.and_then(|since| since.settled).map(Into::into)
    }

    /// When the lead was said to be misrouted.
    async fn misrouted_at(&self) -> Option<Timestamp> {
        self.since.and_then(|since| since.misrouted_at).map(Timestamp)
    }
}

const fn chosen(decision: &RoutingDecision) -> Option<(UserId, ChosenBy)> {
    match decision.outcome {
        RoutingOutcome::Assigned { user, by } => Some((user, by)),
        RoutingOutcome::Queued { .. } => None,
    }
}

/// Somebody who was looked at, with the figures that were seen.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "RoutingCandidate", complex)]
pub struct RoutingCandidateObject {
    /// What kept or dropped the candidate.
    pub rule: Coded<CandidateRule>,
    /// The weight.
    pub weight: i32,
    /// How experienced; absent for who is not active.
    pub seniority: Option<Coded<Seniority>>,
    /// How well the candidate speaks the language that was asked for.
    pub language_level: Option<Coded<LanguageLevel>>,
    /// Whether the candidate was at work.
    pub is_at_work: bool,
    /// Leads got from the pool that day.
    pub today: i32,
    /// Open leads; absent where no cap asks for them.
    pub open: Option<i32>,
    /// Entitled less received before this lead, in leads: positive when behind.
    pub deviation: f64,
    /// The same in expected value, in minor units of the price bands' currency.
    pub shortfall_minor: BigInt,
    /// The share of this lead that the candidate was entitled to, 0 to 1.
    pub share: f64,
    /// The share of its expected value, in minor units of the price bands' currency.
    pub worth_minor: BigInt,
    #[graphql(skip)]
    user: UserId,
}

impl From<&Candidate> for RoutingCandidateObject {
    fn from(candidate: &Candidate) -> Self {
        Self {
            rule: Coded(candidate.rule),
            weight: int(candidate.weight),
            seniority: candidate.seniority.map(Coded),
            language_level: candidate.level.map(Coded),
            is_at_work: candidate.is_at_work,
            today: int(candidate.today),
            open: candidate.open.map(int),
            deviation: candidate.deviation.figure(),
            shortfall_minor: BigInt(candidate.shortfall),
            share: candidate.share.figure(),
            worth_minor: BigInt(candidate.worth),
            user: candidate.user,
        }
    }
}

#[ComplexObject]
impl RoutingCandidateObject {
    /// The user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user)).await
    }
}
