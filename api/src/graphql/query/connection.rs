//! The pages of the lists of the schema.

use crate::graphql::object::campaign::CampaignObject;
use crate::graphql::object::company::CompanyObject;
use crate::graphql::object::customer::CustomerObject;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::object::person::PersonObject;
use crate::graphql::object::team::TeamObject;
use crate::graphql::object::user::UserObject;
use crate::graphql::page::connections;

connections! {
    QueueConnection as "LeadQueueConnection", QueueEdge as "LeadQueueEdge", LeadObject: "A page of a queue of leads, the longest waiting first.";
    PersonConnection as "PersonConnection", PersonEdge as "PersonEdge", PersonObject: "A page of persons.";
    CompanyConnection as "CompanyConnection", CompanyEdge as "CompanyEdge", CompanyObject: "A page of companies.";
    CampaignConnection as "CampaignConnection", CampaignEdge as "CampaignEdge", CampaignObject: "A page of campaigns.";
    CustomerConnection as "CustomerConnection", CustomerEdge as "CustomerEdge", CustomerObject: "A page of customers.";
    UserConnection as "UserConnection", UserEdge as "UserEdge", UserObject: "A page of users.";
    TeamConnection as "TeamConnection", TeamEdge as "TeamEdge", TeamObject: "A page of teams.";
}
