//! Custom attributes: row to domain and back. Names, bounds and options are one document.

use fairfall_domain::attribute::{AttributeKind, CustomAttribute};
use fairfall_domain::id::AttributeId;
use fairfall_domain::label::Labels;
use serde::{Deserialize, Serialize};

use crate::entity::custom_attribute::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

/// The column `definition`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    labels: Labels,
    values: AttributeKind,
}

impl TryFrom<Model> for CustomAttribute {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = AttributeId::from(row.id);
        let stored = Stored::new("custom_attribute", id);
        let Definition { labels, values }: Definition = stored.json("definition", &row.definition)?;
        let attribute = Self {
            id,
            version: stored.count("version", row.version)?,
            key: stored.text("key", &row.key)?,
            labels,
            kind: values,
            status: stored.text("status", &row.status)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        };
        attribute.check().map_err(|_| stored.corrupt("definition"))?;
        Ok(attribute)
    }
}

impl TryFrom<&CustomAttribute> for Model {
    type Error = StoreError;

    fn try_from(attribute: &CustomAttribute) -> Result<Self, StoreError> {
        let definition = Definition { labels: attribute.labels.clone(), values: attribute.kind.clone() };
        Ok(Self {
            id: attribute.id.uuid(),
            version: to_count(attribute.version)?,
            key: attribute.key.to_string(),
            definition: to_json(&definition)?,
            status: attribute.status.to_string(),
            created_at: attribute.created_at,
            updated_at: attribute.updated_at,
        })
    }
}
