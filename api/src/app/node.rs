//! Anything by its id.

use fairfall_domain::agreement::Agreement;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::company::Company;
use fairfall_domain::customer::Customer;
use fairfall_domain::id::AnyId;
use fairfall_domain::person::Person;
use fairfall_domain::routing::{Pool, Territory};
use fairfall_domain::scoring::ScoreModel;
use fairfall_domain::sla::WorkCalendar;
use fairfall_domain::team::Team;
use fairfall_domain::user::User;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::track::Track;

use super::{App, AppError, Caller};

/// A thing that has an id of its own in the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A lead.
    Lead(Box<Lead>),
    /// A person.
    Person(Box<Person>),
    /// A company.
    Company(Box<Company>),
    /// A campaign.
    Campaign(Box<Campaign>),
    /// A user.
    User(Box<User>),
    /// A team.
    Team(Box<Team>),
    /// A track's version.
    Track(Box<Track>),
    /// An agreement's version.
    Agreement(Box<Agreement>),
    /// A customer.
    Customer(Box<Customer>),
    /// A model by which leads are scored.
    ScoreModel(Box<ScoreModel>),
    /// A territory.
    Territory(Box<Territory>),
    /// A pool.
    Pool(Box<Pool>),
    /// A calendar.
    Calendar(Box<WorkCalendar>),
}

/// The thing with an id, if it exists for the caller. Things that are only seen within others (passages, transitions, sessions) are no nodes.
pub async fn find(app: &App, caller: &Caller, id: AnyId) -> Result<Option<Node>, AppError> {
    use super::{agreement, calendar, campaign, company, customer, lead, person, routing, score_model, team, track, user};
    Ok(match id {
        AnyId::Lead(id) => lead::find(app, caller, id).await?.map(Box::new).map(Node::Lead),
        AnyId::Person(id) => person::find(app, caller, id).await?.map(Box::new).map(Node::Person),
        AnyId::Company(id) => company::find(app, caller, id).await?.map(Box::new).map(Node::Company),
        AnyId::Campaign(id) => campaign::find(app, caller, id).await?.map(Box::new).map(Node::Campaign),
        AnyId::User(id) => user::find_many(app, caller, &[id]).await?.pop().map(Box::new).map(Node::User),
        AnyId::Team(id) => team::find_many(app, caller, &[id]).await?.pop().map(Box::new).map(Node::Team),
        AnyId::Track(id) => track::find_many(app, caller, &[id]).await?.pop().map(Box::new).map(Node::Track),
        AnyId::Agreement(id) => agreement::find_many(app, caller, &[id]).await?.pop().map(Box::new).map(Node::Agreement),
        AnyId::Customer(id) => customer::find(app, caller, id).await?.map(Box::new).map(Node::Customer),
        AnyId::ScoreModel(id) => score_model::find(app, caller, Some(id)).await?.map(Box::new).map(Node::ScoreModel),
        AnyId::Territory(id) => routing::territory::find(app, caller, id).await?.map(Box::new).map(Node::Territory),
        AnyId::Calendar(id) => calendar::find_many(app, caller, &[id]).await?.pop().map(Box::new).map(Node::Calendar),
        AnyId::Pool(id) => routing::pool::find(app, caller, id).await?.map(Box::new).map(Node::Pool),
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
