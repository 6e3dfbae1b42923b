//! What a job title says.

use async_graphql::SimpleObject;
use fairfall_domain::title::{Title, TitleFunction, TitleSeniority, TitleSource, classify};
use fairfall_domain::value::ShortText;

use crate::graphql::code::Coded;

/// What a job title says, German or English: read by rules, then by a taxonomy of occupations.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "JobTitle")]
pub struct TitleObject {
    /// The function of the company.
    pub function: Coded<TitleFunction>,
    /// How high up.
    pub seniority: Coded<TitleSeniority>,
    /// How sure it is that both are right, 0 to 1; 0 when nothing is known.
    pub confidence: f64,
    /// The words of the title that told it; absent when nothing is known.
    pub matched: Option<String>,
    /// Where it comes from.
    pub source: Coded<TitleSource>,
}

impl TitleObject {
    /// Reads a title.
    pub(super) fn of(typed: &ShortText) -> Self {
        let Title { function, seniority, confidence_percent, matched, source } = classify(typed.as_str());
        let confidence = f64::from(confidence_percent) / 100.0;
        Self { function: Coded(function), seniority: Coded(seniority), confidence, matched, source: Coded(source) }
    }
}
