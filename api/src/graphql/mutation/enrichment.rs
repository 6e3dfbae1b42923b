//! Records that a data provider completes.

use async_graphql::{Context, ID, InputObject, Object, Result};
use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::person::Person;
use fairfall_domain::violation::Violations;

use super::acted;
use super::payload::payloads;
use crate::app::enrichment::{self, Enriched};
use crate::graphql::error::UserError;
use crate::graphql::input::{id, whole};
use crate::graphql::object::company::CompanyObject;
use crate::graphql::object::person::PersonObject;

/// Asks the data provider about a company.
#[derive(Clone, Debug, InputObject)]
pub struct CompanyEnrichInput {
    /// The company.
    pub company: ID,
    /// The version that the caller read; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

/// Asks the data provider about a person.
#[derive(Clone, Debug, InputObject)]
pub struct PersonEnrichInput {
    /// The person.
    pub person: ID,
    /// The version that the caller read; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

fn refused<T>(done: &Enriched<T>) -> Vec<UserError> {
    done.refused.iter().cloned().map(UserError::from).collect()
}

payloads! {
    /// What `companyEnrich` answers.
    CompanyEnrichPayload = |done: Enriched<Company>| {
        /// What the provider told and what could not be taken, by field; it was left out.
        left_out: Vec<UserError> = Some(refused(&done)),
        /// The names of the fields that were written.
        filled: Vec<String> = Some(done.filled),
        /// The company after it; absent when nothing was asked or answered.
        company: CompanyObject = Some(done.record.into()),
    }

    /// What `personEnrich` answers.
    PersonEnrichPayload = |done: Enriched<Person>| {
        /// What the provider told and what could not be taken, by field; it was left out.
        left_out: Vec<UserError> = Some(refused(&done)),
        /// The names of the fields that were written.
        filled: Vec<String> = Some(done.filled),
        /// The person after it; absent when nothing was asked or answered.
        person: PersonObject = Some(done.record.into()),
    }
}

/// Records that a data provider completes.
#[derive(Default)]
pub struct EnrichmentMutation;

/// Records that a data provider completes.
#[Object]
impl EnrichmentMutation {
    /// Asks the configured data provider about a company and fills what nobody knew better. Gaps are filled; what people, forms or files
    /// brought stays.
    async fn company_enrich(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The company.")] input: CompanyEnrichInput,
    ) -> Result<CompanyEnrichPayload> {
        acted!(ctx, |app, caller| {
            let mut faults = Violations::new();
            let company = id::<CompanyId>(&mut faults, "company", &input.company);
            enrichment::enrich_company(app, caller, whole(faults, company)?, input.expected_version).await
        })
    }

    /// Asks the configured data provider about a person, when the operator allows it, and fills what nobody knew better.
    async fn person_enrich(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: PersonEnrichInput,
    ) -> Result<PersonEnrichPayload> {
        acted!(ctx, |app, caller| {
            let mut faults = Violations::new();
            let person = id::<PersonId>(&mut faults, "person", &input.person);
            enrichment::enrich_person(app, caller, whole(faults, person)?, input.expected_version).await
        })
    }
}
