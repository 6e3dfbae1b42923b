//! Leads.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::campaign::Channel;
use fairfall_domain::department::Department;
use fairfall_domain::routing::place::QueueReason;
use fairfall_domain::value::{CountryCode, LanguageTag, PostalCode, ShortText};
use fairfall_domain::waterfall::lead::{Direction, Lead};
use fairfall_domain::waterfall::passage::Passage;
use fairfall_domain::waterfall::stage::Stage;
use fairfall_domain::waterfall::state::{LeadState, StateKind};

use crate::app;
use crate::app::buying_center::CenterKey;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{
    ClocksOf, CustomerOf, DecisionsOf, FeedbackOf, OpportunityOf, PassagesOf, ScoreOf, TransitionsOf, loaders, related,
};
use crate::graphql::page::Asked;
use crate::graphql::query::connection::ActivityConnection;
use crate::graphql::scalar::{Text, Timestamp, id, int};

use super::act::ActOptionObject;
use super::buying_center::BuyingCenterObject;
use super::campaign::CampaignObject;
use super::clock::ClockObject;
use super::company::CompanyObject;
use super::customer::CustomerObject;
use super::demand::{AttributeObject, BantObject};
use super::feedback::FeedbackObject;
use super::money::MoneyObject;
use super::opportunity::OpportunityObject;
use super::passage::PassageObject;
use super::person::PersonObject;
use super::probability::{self, LeadProbabilityObject};
use super::routing_decision::RoutingDecisionObject;
use super::score::ScoreObject;
use super::shows;
use super::standing::{ClosingObject, NurturingObject, OfferObject};
use super::team::TeamObject;
use super::track::TrackObject;
use super::transition::TransitionObject;
use super::user::UserObject;

/// Most passages and transitions of a lead that are shown: the newest.
pub const HISTORY_MAX: usize = 250;

/// A lead.
#[derive(Clone, Debug)]
pub struct LeadObject(pub Lead);

shows!(LeadObject(Lead));

/// One person's demand for one product area, on its way down a track. Nobody sets its stage; there are only acts.
#[Object(name = "Lead")]
impl LeadObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// Whose demand it is; absent when the viewer may not see persons.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<PersonObject>> {
        related(ctx, Some(self.0.person)).await
    }

    /// The company that may buy.
    async fn company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        related(ctx, self.0.company).await
    }

    /// Who takes part when the company buys what this lead is about, and who is missing; absent without a company that the viewer may see.
    async fn buying_center(&self, ctx: &Context<'_>) -> Option<Result<BuyingCenterObject>> {
        let key = |company| CenterKey { company, product_area: Some(self.0.demand.product_area.clone()) };
        related(ctx, self.0.company.map(key)).await
    }

    /// The campaign from which it came.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<CampaignObject>> {
        related(ctx, self.0.origin.campaign).await
    }

    /// The channel through which it came.
    async fn channel(&self) -> Coded<Channel> {
        Coded(self.0.origin.channel)
    }

    /// The department that created the demand.
    async fn origin(&self) -> Coded<Department> {
        Coded(self.0.origin.department)
    }

    /// Who made the first step.
    async fn direction(&self) -> Coded<Direction> {
        Coded(self.0.origin.direction)
    }

    /// Who captured it; absent for imports and when the viewer may not see the user.
    async fn captured_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.origin.captured_by).await
    }

    /// The key of what they may buy.
    async fn product_area(&self) -> &str {
        self.0.demand.product_area.as_str()
    }

    /// A short name for lists.
    async fn title(&self) -> Option<&str> {
        self.0.demand.title.as_ref().map(ShortText::as_str)
    }

    /// The expected value.
    async fn value(&self) -> Option<MoneyObject> {
        self.0.demand.value.map(Into::into)
    }

    /// The chance to win it; absent when the viewer may not see it. One statement for all leads of a page.
    async fn probability(&self, ctx: &Context<'_>) -> Result<Option<LeadProbabilityObject>> {
        probability::of(ctx, &self.0).await
    }

    /// What it is worth: probability times value. Absent when either is not known, or the viewer may not see the probability.
    async fn expected_value(&self, ctx: &Context<'_>) -> Result<Option<MoneyObject>> {
        probability::expected_value(ctx, &self.0).await
    }

    /// Budget, authority, need and timeline.
    async fn bant(&self) -> BantObject {
        self.0.demand.bant.into()
    }

    /// Fit and engagement as of now, with what made them. Lists are sorted and cut by the grade and tier as they were stored last: on the second
    /// in which decay changes them, save for the moment that the worker takes.
    async fn score(&self, ctx: &Context<'_>) -> Option<Result<ScoreObject>> {
        related(ctx, Some(ScoreOf(self.0.id))).await
    }

    /// The country, which decides the team.
    async fn country(&self) -> Option<Text<CountryCode>> {
        self.0.demand.country.map(Text)
    }

    /// The region within the country (ISO 3166-2), such as `DE-BY`.
    async fn subdivision(&self) -> Option<String> {
        self.0.demand.subdivision.as_ref().map(ToString::to_string)
    }

    /// The postal code.
    async fn postal_code(&self) -> Option<&str> {
        self.0.demand.postal_code.as_ref().map(PostalCode::as_str)
    }

    /// The language in which the contact wants to be spoken to.
    async fn language(&self) -> Option<Text<LanguageTag>> {
        self.0.demand.language.clone().map(Text)
    }

    /// Custom attributes by key, at most 50.
    async fn attributes(&self) -> Vec<AttributeObject> {
        self.0.demand.attributes.iter().map(Into::into).collect()
    }

    /// The version of the track of the running or last passage; absent when the viewer may not see tracks.
    async fn track(&self, ctx: &Context<'_>) -> Option<Result<TrackObject>> {
        related(ctx, Some(self.0.track.id)).await
    }

    /// The key of that track.
    async fn track_key(&self) -> &str {
        self.0.track.key.as_str()
    }

    /// Where it stands. An offered lead still stands at the giver's stage.
    async fn stage(&self) -> Coded<Stage> {
        Coded(self.0.state.stage())
    }

    /// Whether it is worked on, offered, at rest or closed.
    async fn state(&self) -> Coded<StateKind> {
        Coded(self.0.state.kind())
    }

    /// The department that answers for it; the giver while it is offered, marketing while it rests.
    async fn department(&self) -> Coded<Department> {
        Coded(self.0.state.department())
    }

    /// Who answers for it; the giver while it is offered. Absent when it waits in a queue or the viewer may not see the user.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.state.placement().person).await
    }

    /// The team that answers for it; the giver's while it is offered.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.0.state.placement().team).await
    }

    /// The offer to the next department, while it is offered.
    async fn offer(&self) -> Option<OfferObject> {
        OfferObject::of(&self.0.state)
    }

    /// Why it waits in a queue instead of with a person; absent when it waits for a person or for nobody.
    async fn queue_reason(&self) -> Option<Coded<QueueReason>> {
        self.0.state.waits_for()?.queue_reason.map(Coded)
    }

    /// Since when it waits for somebody to take it; absent when it waits for nobody.
    async fn waits_since(&self) -> Option<Timestamp> {
        self.0.state.waits_for()?;
        let offered = if let LeadState::Offered { offered_at, .. } = &self.0.state { Some(*offered_at) } else { None };
        Some(Timestamp(offered.unwrap_or(self.0.stage_since)))
    }

    /// Why and until when it rests, while it does.
    async fn nurturing(&self) -> Option<NurturingObject> {
        NurturingObject::of(&self.0.state)
    }

    /// How it was closed, once it is.
    async fn closing(&self) -> Option<ClosingObject> {
        ClosingObject::of(&self.0)
    }

    /// The running or last passage.
    async fn passage(&self, ctx: &Context<'_>) -> Option<Result<PassageObject>> {
        let passages = match loaders(ctx) {
            Ok(loaders) => loaders.one(PassagesOf(self.0.id)).await.or_fault(ctx),
            Err(error) => Err(error),
        };
        let current = |passages: Option<Vec<Passage>>| passages?.into_iter().rfind(|passage| passage.id == self.0.passage);
        passages.map(current).transpose().map(|passage| passage.map(PassageObject))
    }

    /// The passages, oldest first; of more than 250 the newest.
    async fn passages(&self, ctx: &Context<'_>) -> Result<Vec<PassageObject>> {
        let passages = loaders(ctx)?.one(PassagesOf(self.0.id)).await.or_fault(ctx)?;
        Ok(newest(passages).map(PassageObject).collect())
    }

    /// Every act that was done with it, oldest first; of more than 250 the newest.
    async fn transitions(&self, ctx: &Context<'_>) -> Result<Vec<TransitionObject>> {
        let transitions = loaders(ctx)?.one(TransitionsOf(self.0.id)).await.or_fault(ctx)?;
        Ok(newest(transitions).map(TransitionObject).collect())
    }

    /// The promises about it, oldest first; of more than 50 the newest.
    async fn clocks(&self, ctx: &Context<'_>) -> Result<Vec<ClockObject>> {
        let found = loaders(ctx)?.one(ClocksOf(self.0.id)).await.or_fault(ctx)?;
        Ok(found.unwrap_or_default().into_iter().map(ClockObject).collect())
    }

    /// The promise that is due next of those that whoever has it must keep; absent when nothing runs.
    async fn next_clock(&self, ctx: &Context<'_>) -> Option<Result<ClockObject>> {
        next_clock(ctx, &self.0).await.transpose()
    }

    /// What the departments that took it say about it, the first given first: one for each passage and department.
    async fn feedback(&self, ctx: &Context<'_>) -> Result<Vec<FeedbackObject>> {
        let feedback = loaders(ctx)?.one(FeedbackOf(self.0.id)).await.or_fault(ctx)?;
        Ok(newest(feedback).map(FeedbackObject).collect())
    }

    /// How it was decided who gets it, the newest first, at most 50: each with everybody who was looked at and why. None for who may not see how
    /// leads are routed.
    async fn decisions(&self, ctx: &Context<'_>) -> Result<Vec<RoutingDecisionObject>> {
        let found = loaders(ctx)?.one(DecisionsOf(self.0.id)).await.or_fault(ctx)?;
        Ok(found.unwrap_or_default().into_iter().map(RoutingDecisionObject::from).collect())
    }

    /// What its person did that counts for it, the latest first. Who may not see persons sees what it recorded itself.
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<ActivityConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::activity::of_lead(app(ctx), caller(ctx)?, self.0.id, &args).await.or_fault(ctx)?.into())
    }

    /// The opportunity of the running or last passage; absent before it is opened and when the viewer may not see it.
    async fn opportunity(&self, ctx: &Context<'_>) -> Option<Result<OpportunityObject>> {
        related(ctx, Some(OpportunityOf(self.0.passage))).await
    }

    /// The customer that it made; absent before it is won and when the viewer may not see customers.
    async fn customer(&self, ctx: &Context<'_>) -> Option<Result<CustomerObject>> {
        let won = matches!(self.0.state, LeadState::Won { .. });
        related(ctx, won.then_some(CustomerOf(self.0.id))).await
    }

    /// Every act with the answer that the viewer would get now: open, or blocked and why. Meant for a single lead, since each is asked anew.
    async fn acts(&self, ctx: &Context<'_>) -> Result<Vec<ActOptionObject>> {
        let acts = Box::pin(app::lead::acts(app(ctx), caller(ctx)?, self.0.id)).await.or_fault(ctx)?;
        Ok(acts.into_iter().flatten().map(Into::into).collect())
    }

    /// When it was captured.
    async fn captured_at(&self) -> Timestamp {
        Timestamp(self.0.captured_at)
    }

    /// When it last changed stage.
    async fn stage_since(&self) -> Timestamp {
        Timestamp(self.0.stage_since)
    }

    /// When it last changed at all.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }
}

fn newest<T>(items: Option<Vec<T>>) -> impl Iterator<Item = T> {
    let items = items.unwrap_or_default();
    let surplus = items.len().saturating_sub(HISTORY_MAX);
    items.into_iter().skip(surplus)
}

async fn next_clock(ctx: &Context<'_>, lead: &Lead) -> Result<Option<ClockObject>> {
    // nothing is due: nobody needs to be asked
    let Some(due) = lead.next_due else { return Ok(None) };
    let found = loaders(ctx)?.one(ClocksOf(lead.id)).await.or_fault(ctx)?.unwrap_or_default();
    Ok(found.into_iter().find(|reading| reading.clock.due_at == Some(due)).map(ClockObject))
}
