//! What is known of the demand itself.

use async_graphql::SimpleObject;
use fairfall_domain::value::Code;
use fairfall_domain::waterfall::bant::{Authority, Bant, Budget, Need};
use fairfall_domain::waterfall::lead::AttributeValue;

use crate::graphql::code::Coded;
use crate::graphql::scalar::{BigInt, int};

/// What sales learned by asking; what is absent is not known.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Bant")]
pub struct BantObject {
    /// The money.
    pub budget: Option<Coded<Budget>>,
    /// The power to decide.
    pub authority: Option<Coded<Authority>>,
    /// The need.
    pub need: Option<Coded<Need>>,
    /// Months until the purchase, 0 to 120.
    pub timeline_months: Option<i32>,
}

impl From<Bant> for BantObject {
    fn from(bant: Bant) -> Self {
        Self {
            budget: bant.budget.map(Coded),
            authority: bant.authority.map(Coded),
            need: bant.need.map(Coded),
            timeline_months: bant.timeline_months.map(int),
        }
    }
}

/// A custom attribute: its key and exactly one value.
#[derive(Clone, Debug, Default, SimpleObject)]
#[graphql(name = "Attribute")]
pub struct AttributeObject {
    /// The key.
    pub key: String,
    /// The value of a yes or no.
    pub flag: Option<bool>,
    /// The value of a whole number.
    pub number: Option<BigInt>,
    /// The value of a text.
    pub text: Option<String>,
}

impl From<(&Code, &AttributeValue)> for AttributeObject {
    fn from((key, value): (&Code, &AttributeValue)) -> Self {
        let key = key.to_string();
        match value {
            AttributeValue::Flag(flag) => Self { key, flag: Some(*flag), ..Self::default() },
            AttributeValue::Number(number) => Self { key, number: Some(BigInt(*number)), ..Self::default() },
            AttributeValue::Text(text) => Self { key, text: Some(text.to_string()), ..Self::default() },
        }
    }
}
