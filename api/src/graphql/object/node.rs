//! Anything by its id.

use async_graphql::{Context, ID, Interface, Result};
use fairfall_domain::id::AnyId;

use crate::graphql::loader::load;

use super::agreement::AgreementObject;
use super::calendar::CalendarObject;
use super::campaign::CampaignObject;
use super::company::CompanyObject;
use super::customer::CustomerObject;
use super::lead::LeadObject;
use super::person::PersonObject;
use super::pool::PoolObject;
use super::score_model::ScoreModelObject;
use super::team::TeamObject;
use super::territory::TerritoryObject;
use super::track::TrackObject;
use super::user::UserObject;

/// A thing that can be read again by its id alone.
#[derive(Clone, Debug, Interface)]
#[graphql(
    name = "Node",
    field(name = "id", ty = "ID", desc = "The id: the kind of the thing, an underscore and 26 letters. Opaque.")
)]
pub enum NodeObject {
    /// A lead.
    Lead(LeadObject),
    /// A person.
    Person(PersonObject),
    /// A company.
    Company(CompanyObject),
    /// A campaign.
    Campaign(CampaignObject),
    /// A user.
    User(UserObject),
    /// A team.
    Team(TeamObject),
    /// A track's version.
    Track(TrackObject),
    /// An agreement's version.
    Agreement(AgreementObject),
    /// A customer.
    Customer(CustomerObject),
    /// A model by which leads are scored.
    ScoreModel(ScoreModelObject),
    /// A territory.
    Territory(TerritoryObject),
    /// A pool.
    Pool(PoolObject),
    /// A calendar.
    Calendar(CalendarObject),
}

/// The thing with an id, if it exists for the caller; a text that is no id stands for nothing. Things that are only seen within others
/// (passages, transitions, opportunities, sessions) are no nodes.
pub async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<NodeObject>> {
    let Ok(id) = AnyId::parse(id) else { return Ok(None) };
    Ok(match id {
        AnyId::Lead(id) => load(ctx, Some(id)).await?.map(NodeObject::Lead),
        AnyId::Person(id) => load(ctx, Some(id)).await?.map(NodeObject::Person),
        AnyId::Company(id) => load(ctx, Some(id)).await?.map(NodeObject::Company),
        AnyId::Campaign(id) => load(ctx, Some(id)).await?.map(NodeObject::Campaign),
        AnyId::User(id) => load(ctx, Some(id)).await?.map(NodeObject::User),
        AnyId::Team(id) => load(ctx, Some(id)).await?.map(NodeObject::Team),
        AnyId::Track(id) => load(ctx, Some(id)).await?.map(NodeObject::Track),
        AnyId::Agreement(id) => load(ctx, Some(id)).await?.map(NodeObject::Agreement),
        AnyId::Customer(id) => load(ctx, Some(id)).await?.map(NodeObject::Customer),
        AnyId::ScoreModel(id) => load(ctx, Some(id)).await?.map(NodeObject::ScoreModel),
        AnyId::Territory(id) => load(ctx, Some(id)).await?.map(NodeObject::Territory),
        AnyId::Pool(id) => load(ctx, Some(id)).await?.map(NodeObject::Pool),
        AnyId::Calendar(id) => load(ctx, Some(id)).await?.map(NodeObject::Calendar),
        AnyId::Passage(_)
        | AnyId::Transition(_)
        | AnyId::Session(_)
        | AnyId::Opportunity(_)
        | AnyId::Event(_)
        | AnyId::ApiKey(_)
        | AnyId::Import(_)
        | AnyId::Activity(_)
        | AnyId::ForecastModel(_)
        | AnyId::Duplicate(_)
        | AnyId::Merge(_)
        | AnyId::ConsentRecord(_)
        | AnyId::OptIn(_)
        | AnyId::RoutingDecision(_)
        | AnyId::RoutingDraft(_)
        | AnyId::Absence(_)
        | AnyId::Clock(_)
        | AnyId::Notification(_)
        | AnyId::Feedback(_)
        | AnyId::Attribute(_) => None,
    })
}
