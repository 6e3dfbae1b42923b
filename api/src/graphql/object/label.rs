//! Names in the languages of the product.

use async_graphql::SimpleObject;
use fairfall_domain::label::Labels;

/// A name for people in German and English.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Labels")]
pub struct LabelsObject {
    /// The name in German.
    pub de: String,
    /// The name in English.
    pub en: String,
}

impl From<&Labels> for LabelsObject {
    fn from(labels: &Labels) -> Self {
        Self { de: labels.de.clone(), en: labels.en.clone() }
    }
}
