//! Amounts of money.

use async_graphql::SimpleObject;
use fairfall_domain::value::Money;

use crate::graphql::scalar::BigInt;

/// An amount of money.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Money")]
pub struct MoneyObject {
    /// The amount in the currency's minor unit, such as cents: 123450 for 1,234.50 EUR.
    pub amount_minor: BigInt,
    /// The currency by its three letters (ISO 4217), such as `EUR`.
    pub currency: String,
}

impl From<Money> for MoneyObject {
    fn from(money: Money) -> Self {
        Self { amount_minor: BigInt(money.amount_minor()), currency: money.currency().to_string() }
    }
}
