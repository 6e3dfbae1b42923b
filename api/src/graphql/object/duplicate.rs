//! Pairs of records that may be the same one.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::matching::stored::{value_of_company, value_of_person};
use fairfall_domain::matching::{
    Agreement, Duplicate, DuplicateKind, DuplicatePair, DuplicateState, FieldMatch, MatchBand, MatchField,
};

use crate::graphql::code::Coded;
use crate::graphql::loader::{load, related};
use crate::graphql::scalar::{Timestamp, id};

use super::company::CompanyObject;
use super::person::PersonObject;
use super::shows;
use super::user::UserObject;

/// A pair.
#[derive(Clone, Debug)]
pub struct DuplicateObject(pub Duplicate);

shows!(DuplicateObject(Duplicate));

/// Two records that may be the same one, with why. Only who may see both sees the pair.
#[Object(name = "Duplicate")]
impl DuplicateObject {
    /// The id, by which it is dismissed.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What kind of records they are.
    async fn kind(&self) -> Coded<DuplicateKind> {
        Coded(self.0.pair.kind())
    }

    /// What became of the pair.
    async fn state(&self) -> Coded<DuplicateState> {
        Coded(self.0.state)
    }

    /// How sure it is.
    async fn band(&self) -> Coded<MatchBand> {
        Coded(self.0.band)
    }

    /// How likely the two are the same one by the fields alone, in percent.
    async fn score(&self) -> f64 {
        f64::from(self.0.likelihood()) / 10.0
    }

    /// What the fields weigh together, in bits: each bit doubles the odds that the two are the same one.
    async fn weight(&self) -> f64 {
        f64::from(self.0.weight) / 100.0
    }

    /// Why: each field that both sides have, with what speaks for and against. What is unknown on either side is left out.
    async fn explanation(&self) -> Vec<FieldMatchObject> {
        self.0.fields.iter().map(|one| FieldMatchObject { pair: self.0.pair, one: *one }).collect()
    }

    /// The first person; absent for companies.
    async fn left_person(&self, ctx: &Context<'_>) -> Option<Result<PersonObject>> {
        match self.0.pair {
            DuplicatePair::Persons { left, .. } => related(ctx, Some(left)).await,
            DuplicatePair::Companies { .. } => None,
        }
    }

    /// The second person; absent for companies.
    async fn right_person(&self, ctx: &Context<'_>) -> Option<Result<PersonObject>> {
        match self.0.pair {
            DuplicatePair::Persons { right, .. } => related(ctx, Some(right)).await,
            DuplicatePair::Companies { .. } => None,
        }
    }

    /// The first company; absent for persons.
    async fn left_company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        match self.0.pair {
            DuplicatePair::Companies { left, .. } => related(ctx, Some(left)).await,
            DuplicatePair::Persons { .. } => None,
        }
    }

    /// The second company; absent for persons.
    async fn right_company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        match self.0.pair {
            DuplicatePair::Companies { right, .. } => related(ctx, Some(right)).await,
            DuplicatePair::Persons { .. } => None,
        }
    }

    /// When the pair was found first.
    async fn found_at(&self) -> Timestamp {
        Timestamp(self.0.found_at)
    }

    /// When it was merged or dismissed; absent while it is open.
    async fn settled_at(&self) -> Option<Timestamp> {
        self.0.settled.map(|settled| Timestamp(settled.at))
    }

    /// Who merged or dismissed it; absent while it is open, and when the viewer may not see the user.
    async fn settled_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.settled.and_then(|settled| settled.by)).await
    }
}

/// One field of the account.
#[derive(Clone, Copy, Debug)]
pub struct FieldMatchObject {
    pair: DuplicatePair,
    one: FieldMatch,
}

/// How far one field of two records agrees, and what that weighs.
#[Object(name = "FieldMatch")]
impl FieldMatchObject {
    /// The field.
    async fn field(&self) -> Coded<MatchField> {
        Coded(self.one.field)
    }

    /// How far it agrees.
    async fn agreement(&self) -> Coded<Agreement> {
        Coded(self.one.agreement)
    }

    /// How alike the two values are, in percent; 100 is the same.
    async fn similarity(&self) -> f64 {
        f64::from(self.one.similarity) / 10.0
    }

    /// Bits that speak for (above zero) or against (below) the same one.
    async fn weight(&self) -> f64 {
        f64::from(self.one.weight) / 100.0
    }

    /// The first record's value as it is now; absent when it has none any more.
    async fn left(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        match self.pair {
            DuplicatePair::Persons { left, .. } => person_value(ctx, left, self.one.field).await,
            DuplicatePair::Companies { left, .. } => company_value(ctx, left, self.one.field).await,
        }
        .transpose()
    }

    /// The second record's value as it is now; absent when it has none any more.
    async fn right(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        match self.pair {
            DuplicatePair::Persons { right, .. } => person_value(ctx, right, self.one.field).await,
            DuplicatePair::Companies { right, .. } => company_value(ctx, right, self.one.field).await,
        }
        .transpose()
    }
}

/// What a person has in a field, if the viewer may see them.
async fn person_value(ctx: &Context<'_>, id: PersonId, field: MatchField) -> Result<Option<String>> {
    let person: Option<PersonObject> = load(ctx, Some(id)).await?;
    let Some(PersonObject(person)) = person else { return Ok(None) };
    if field == MatchField::Company {
        let company: Option<CompanyObject> = load(ctx, person.company).await?;
        return Ok(company.map(|company| company.0.name.to_string()));
    }
    Ok(value_of_person(&person, field))
}

/// What a company has in a field, if the viewer may see it.
async fn company_value(ctx: &Context<'_>, id: CompanyId, field: MatchField) -> Result<Option<String>> {
    let company: Option<CompanyObject> = load(ctx, Some(id)).await?;
    Ok(company.and_then(|company| value_of_company(&company.0, field)))
}
