//! Amounts of money as they are typed.

use async_graphql::InputObject;

use crate::app::draft;
use crate::graphql::scalar::BigInt;

/// An amount of money.
#[derive(Clone, Debug, InputObject)]
pub struct MoneyInput {
    /// The amount in the currency's minor unit, such as cents; not negative.
    pub amount_minor: BigInt,
    /// The currency's code of three letters (ISO 4217), such as `EUR`.
    pub currency: String,
}

impl From<MoneyInput> for draft::MoneyInput {
    fn from(typed: MoneyInput) -> Self {
        Self { amount_minor: typed.amount_minor.0, currency: typed.currency }
    }
}
