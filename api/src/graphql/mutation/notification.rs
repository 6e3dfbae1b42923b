//! What one has read, and how one wants to be told.

use async_graphql::{Context, Object, Result};
use fairfall_domain::notification::NotificationSettings;

use super::acted;
use super::payload::payloads;
use crate::app::notification::{self, ReadNow};
use crate::graphql::input::notification::{NotificationSettingsUpdateInput, NotificationsReadInput};
use crate::graphql::object::notification::NotificationSettingsObject;
use crate::graphql::scalar::int;

payloads! {
    /// What `notificationsRead` answers.
    NotificationsReadPayload = |done: ReadNow| {
        /// How many notifications are still unread, counted to 10,000; absent when nothing was done because of errors.
        unread_count: i32 = Some(int(done.unread)),
        ;
        /// Whether all of them had been read before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `notificationSettingsUpdate` answers.
    NotificationSettingsUpdatePayload = |done: NotificationSettings| {
        /// The settings after the change; absent when nothing was changed because of errors.
        notification_settings: NotificationSettingsObject = Some(done.into()),
    }
}

/// What one has read, and how one wants to be told.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Notes what the viewer has read. Reading again changes nothing.
    async fn notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was read.")] input: NotificationsReadInput,
    ) -> Result<NotificationsReadPayload> {
        acted!(ctx, |app, caller| notification::read(app, caller, input.read()?).await)
    }

    /// Changes about what the viewer gets mails. Within the application everybody is told of everything.
    async fn notification_settings_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: NotificationSettingsUpdateInput,
    ) -> Result<NotificationSettingsUpdatePayload> {
        acted!(ctx, |app, caller| {
            let (mails, expected) = input.read()?;
            notification::update_settings(app, caller, mails, expected).await
        })
    }
}
