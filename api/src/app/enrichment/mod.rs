//! Enrichment: what a request or a data provider adds to what people typed. Gaps are filled, what is worth more is never written over, and
//! each field remembers where its value comes from.

pub mod geo;
pub mod provider;
pub mod record;
pub mod visitor;

pub use geo::{GeoDatabase, GeoFault};
pub use provider::{DataProvider, ProviderFault, ProviderSettings};
pub use record::{Enriched, enrich_company, enrich_person};
