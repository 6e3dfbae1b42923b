//! Merging two records, and taking that back.

use async_graphql::{Context, Object, Result};
use fairfall_domain::company::Company;
use fairfall_domain::person::Person;

use super::acted;
use super::payload::payloads;
use crate::app::merge;
use crate::graphql::input::merge::{CompanyMergeInput, CompanyUnmergeInput, PersonMergeInput, PersonUnmergeInput};
use crate::graphql::object::company::CompanyObject;
use crate::graphql::object::merge::{ImpactObject, MergeConflictObject, MergeObject};
use crate::graphql::object::person::PersonObject;

payloads! {
    /// What `personMerge` answers.
    PersonMergePayload = |done: merge::Merged<Person>| {
        /// The person who goes on; absent when nothing was merged.
        person: PersonObject = Some(done.survivor.into()),
        /// The merge, by whose id it is taken back.
        merge: MergeObject = Some(done.merge.into()),
        /// What moved to the survivor.
        moved: ImpactObject = Some(done.moved.into()),
        /// Leads that are open side by side for the same product area since, at most 100 pairs. Both were kept.
        conflicts: Vec<MergeConflictObject> = Some(done.open_pairs.into_iter().map(Into::into).collect()),
        ;
        /// Whether both were one before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `companyMerge` answers.
    CompanyMergePayload = |done: merge::Merged<Company>| {
        /// The company that goes on; absent when nothing was merged.
        company: CompanyObject = Some(done.survivor.into()),
        /// The merge, by whose id it is taken back.
        merge: MergeObject = Some(done.merge.into()),
        /// What moved to the survivor.
        moved: ImpactObject = Some(done.moved.into()),
        ;
        /// Whether both were one before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `personUnmerge` answers.
    PersonUnmergePayload = |done: merge::Unmerged<Person>| {
        /// The person who had survived; absent when nothing was done, or when the caller may not see them.
        survivor: PersonObject = done.survivor.map(Into::into),
        /// The person who had been merged away; absent when nothing was done, or when the caller may not see them.
        loser: PersonObject = done.loser.map(Into::into),
        /// The merge.
        merge: MergeObject = Some(done.merge.into()),
        /// What moved back.
        moved: ImpactObject = Some(done.moved.into()),
        ;
        /// Whether it was taken back before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `companyUnmerge` answers.
    CompanyUnmergePayload = |done: merge::Unmerged<Company>| {
        /// The company that had survived; absent when nothing was done, or when the caller may not see it.
        survivor: CompanyObject = done.survivor.map(Into::into),
        /// The company that had been merged away; absent when nothing was done, or when the caller may not see it.
        loser: CompanyObject = done.loser.map(Into::into),
        /// The merge.
        merge: MergeObject = Some(done.merge.into()),
        /// What moved back.
        moved: ImpactObject = Some(done.moved.into()),
        ;
        /// Whether it was taken back before, so that nothing changed now.
        already_done = done.already_done,
    }
}

/// Merging records.
#[derive(Default)]
pub struct MergeMutation;

/// Merging records.
#[Object]
impl MergeMutation {
    /// Merges two persons into one, in one transaction: leads, activities, customers, words about consent and names in other systems move to the
    /// survivor, consent becomes the most restrictive of both, scores are counted anew. Can be taken back. Needs to see and change both.
    async fn person_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two persons, and which side wins which field.")] input: PersonMergeInput,
    ) -> Result<PersonMergePayload> {
        acted!(ctx, |app, caller| merge::merge(app, caller, input.read()?).await)
    }

    /// Takes a merge of persons back: both are as they were, with their leads, scores and consents. What changed on the survivor since stays with
    /// it; a consent that was withdrawn since is withdrawn for both. Later merges of the same person must be taken back first.
    async fn person_unmerge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merge.")] input: PersonUnmergeInput,
    ) -> Result<PersonUnmergePayload> {
        acted!(ctx, |app, caller| merge::unmerge::<Person>(app, caller, input.read()?).await)
    }

    /// Merges two companies into one, in one transaction: people, leads, customers and names in other systems move to the survivor. Can be taken
    /// back. Needs to see and change both.
    async fn company_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two companies, and which side wins which field.")] input: CompanyMergeInput,
    ) -> Result<CompanyMergePayload> {
        acted!(ctx, |app, caller| merge::merge(app, caller, input.read()?).await)
    }

    /// Takes a merge of companies back: both are as they were, with their people and leads. What changed on the survivor since stays with it.
    /// Later merges of the same company must be taken back first.
    async fn company_unmerge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merge.")] input: CompanyUnmergeInput,
    ) -> Result<CompanyUnmergePayload> {
        acted!(ctx, |app, caller| merge::unmerge::<Company>(app, caller, input.read()?).await)
    }
}
