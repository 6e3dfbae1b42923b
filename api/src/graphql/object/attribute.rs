//! Custom attributes.

use async_graphql::{ID, Object, SimpleObject};
use fairfall_domain::attribute::{AttributeKind, AttributeOption, AttributeStatus, AttributeType, CustomAttribute};

use crate::graphql::code::Coded;
use crate::graphql::scalar::{BigInt, Timestamp, id, int};

use super::label::LabelsObject;
use super::shows;

/// A custom attribute.
#[derive(Clone, Debug)]
pub struct CustomAttributeObject(pub CustomAttribute);

shows!(CustomAttributeObject(CustomAttribute));

/// An attribute of leads beside the usual ones, as an admin defined it. Values of it that come in are checked; criteria can ask for it.
#[Object(name = "CustomAttribute")]
impl CustomAttributeObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The key under which leads have it.
    async fn key(&self) -> &str {
        self.0.key.as_str()
    }

    /// Its name for people.
    async fn labels(&self) -> LabelsObject {
        (&self.0.labels).into()
    }

    /// What kind of value it has.
    async fn kind(&self) -> Coded<AttributeType> {
        Coded(self.0.kind.of())
    }

    /// The least number, for the kind NUMBER.
    async fn min(&self) -> Option<BigInt> {
        if let AttributeKind::Number { min, .. } = self.0.kind { Some(BigInt(min)) } else { None }
    }

    /// The largest number, for the kind NUMBER.
    async fn max(&self) -> Option<BigInt> {
        if let AttributeKind::Number { max, .. } = self.0.kind { Some(BigInt(max)) } else { None }
    }

    /// The options, for the kind CODE; none for the others.
    async fn options(&self) -> Vec<AttributeOptionObject> {
        if let AttributeKind::Code { options } = &self.0.kind { options.iter().map(Into::into).collect() } else { Vec::new() }
    }

    /// Whether it is used.
    async fn status(&self) -> Coded<AttributeStatus> {
        Coded(self.0.status)
    }

    /// When it was defined.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }
}

/// One of the values that an attribute can have.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "AttributeOption")]
pub struct AttributeOptionObject {
    /// What leads have.
    pub code: String,
    /// What people read.
    pub labels: LabelsObject,
}

impl From<&AttributeOption> for AttributeOptionObject {
    fn from(option: &AttributeOption) -> Self {
        Self { code: option.code.to_string(), labels: (&option.labels).into() }
    }
}
