//! The pages of the lists of the schema.

use crate::graphql::object::activity::ActivityObject;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::object::calendar::CalendarObject;
use crate::graphql::object::campaign::CampaignObject;
use crate::graphql::object::clock::ClockObject;
use crate::graphql::object::company::CompanyObject;
use crate::graphql::object::consent::ConsentRecordObject;
use crate::graphql::object::customer::CustomerObject;
use crate::graphql::object::duplicate::DuplicateObject;
use crate::graphql::object::feedback::FeedbackOwedObject;
use crate::graphql::object::forecast::ForecastModelObject;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::object::merge::MergeObject;
use crate::graphql::object::person::PersonObject;
use crate::graphql::object::pool::PoolObject;
use crate::graphql::object::routing_draft::RoutingDraftObject;
use crate::graphql::object::score_model::ScoreModelObject;
use crate::graphql::object::team::TeamObject;
use crate::graphql::object::territory::TerritoryObject;
use crate::graphql::object::user::UserObject;
use crate::graphql::page::connections;

connections! {
    QueueConnection as "LeadQueueConnection", QueueEdge as "LeadQueueEdge", LeadObject: "A page of a queue of leads: what is due first, then the longest waiting.";
    ActivityConnection as "ActivityConnection", ActivityEdge as "ActivityEdge", ActivityObject: "A page of activities, the latest first.";
    AgreementConnection as "AgreementConnection", AgreementEdge as "AgreementEdge", AgreementObject: "A page of versions of agreements.";
    FeedbackOwedConnection as "FeedbackOwedConnection", FeedbackOwedEdge as "FeedbackOwedEdge", FeedbackOwedObject: "A page of ratings that are owed, the longest owed first.";
    RelatedLeadConnection as "RelatedLeadConnection", RelatedLeadEdge as "RelatedLeadEdge", LeadObject: "A page of the leads of a person or company, changed last first.";
    DuplicateConnection as "DuplicateConnection", DuplicateEdge as "DuplicateEdge", DuplicateObject: "A page of pairs of records that may be the same one, the surest first.";
    MergeConnection as "MergeConnection", MergeEdge as "MergeEdge", MergeObject: "A page of merges, the last first.";
    ConsentRecordConnection as "ConsentRecordConnection", ConsentRecordEdge as "ConsentRecordEdge", ConsentRecordObject: "A page of what a person said about being contacted, the last recorded first.";
    PersonConnection as "PersonConnection", PersonEdge as "PersonEdge", PersonObject: "A page of persons.";
    CompanyConnection as "CompanyConnection", CompanyEdge as "CompanyEdge", CompanyObject: "A page of companies.";
    CampaignConnection as "CampaignConnection", CampaignEdge as "CampaignEdge", CampaignObject: "A page of campaigns.";
    ClockConnection as "ClockConnection", ClockEdge as "ClockEdge", ClockObject: "A page of promises that run, what is due first comes first.";
    CustomerConnection as "CustomerConnection", CustomerEdge as "CustomerEdge", CustomerObject: "A page of customers.";
    ScoreModelConnection as "ScoreModelConnection", ScoreModelEdge as "ScoreModelEdge", ScoreModelObject: "A page of score models, the newest first.";
    ForecastModelConnection as "ForecastModelConnection", ForecastModelEdge as "ForecastModelEdge", ForecastModelObject: "A page of trainings, the last started first.";
    UserConnection as "UserConnection", UserEdge as "UserEdge", UserObject: "A page of users.";
    CalendarConnection as "CalendarConnection", CalendarEdge as "CalendarEdge", CalendarObject: "A page of calendars.";
    TeamConnection as "TeamConnection", TeamEdge as "TeamEdge", TeamObject: "A page of teams.";
    TerritoryConnection as "TerritoryConnection", TerritoryEdge as "TerritoryEdge", TerritoryObject: "A page of territories.";
    RoutingDraftConnection as "RoutingDraftConnection", RoutingDraftEdge as "RoutingDraftEdge", RoutingDraftObject: "A page of drafts of another routing, the newest first.";
    PoolConnection as "PoolConnection", PoolEdge as "PoolEdge", PoolObject: "A page of pools.";
}
