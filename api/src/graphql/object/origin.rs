//! Where the fields of a record come from.

use async_graphql::SimpleObject;
use fairfall_domain::origin::{Origins, Source};

use crate::graphql::code::Coded;
use crate::graphql::scalar::Timestamp;

/// Where one field of a record comes from.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "FieldOrigin")]
pub struct FieldOriginObject {
    /// The field's name, such as `jobTitle`.
    field: String,
    /// The kind of source.
    source: Coded<Source>,
    /// Which source: the key of the data provider or of the import; absent where there is only one.
    name: Option<String>,
    /// When the value was written.
    at: Timestamp,
}

/// Every known origin, by the field's name.
pub fn origins(known: &Origins) -> Vec<FieldOriginObject> {
    let shown = |(field, origin): (&str, &fairfall_domain::origin::FieldOrigin)| FieldOriginObject {
        field: field.to_owned(),
        source: Coded(origin.source),
        name: origin.name.as_ref().map(ToString::to_string),
        at: Timestamp(origin.at),
    };
    known.iter().map(shown).collect()
}
