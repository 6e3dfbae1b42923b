//! Customers handed to customer service.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::CustomerTakeOverPayload;
use crate::app::customer;
use crate::graphql::input::customer::CustomerTakeOverInput;

/// Customers handed to customer service.
#[derive(Default)]
pub struct CustomerMutation;

/// Customers handed to customer service.
#[Object]
impl CustomerMutation {
    /// Takes a customer over from sales. For customer service; the first colleague who does it has the customer.
    async fn customer_take_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer.")] input: CustomerTakeOverInput,
    ) -> Result<CustomerTakeOverPayload> {
        acted!(ctx, |app, caller| {
            let (customer, expected) = input.read()?;
            customer::take_over(app, caller, customer, expected).await
        })
    }
}
