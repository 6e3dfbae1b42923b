//! What one has read, and how one wants to be told, as it is typed.

use std::collections::BTreeMap;

use async_graphql::{ID, InputObject};
use fairfall_domain::id::NotificationId;
use fairfall_domain::notification::NotificationKind;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo::notification::ReadWhat;

use super::{id, ids, whole};
use crate::graphql::code::Coded;

/// What was read. Exactly one of both.
#[derive(Clone, Debug, InputObject)]
pub struct NotificationsReadInput {
    /// These notifications.
    pub ids: Option<Vec<ID>>,
    /// This notification and all before it.
    pub up_to: Option<ID>,
}

impl NotificationsReadInput {
    /// What was read, for the use case.
    ///
    /// # Errors
    /// Every malformed id; both or neither.
    pub fn read(self) -> Result<ReadWhat, Violations> {
        let mut faults = Violations::new();
        let what = match (self.ids, self.up_to) {
            (Some(typed), None) => Some(ReadWhat::These(ids::<NotificationId>(&mut faults, "ids", &typed))),
            (None, Some(typed)) => id(&mut faults, "upTo", &typed).map(ReadWhat::UpTo),
            (Some(_), Some(_)) => {
                faults.add("upTo", ViolationCode::Conflict, "give either `ids` or `upTo`");
                None
            }
            (None, None) => {
                faults.add("ids", ViolationCode::Required, "give either `ids` or `upTo`");
                None
            }
        };
        whole(faults, what)
    }
}

/// Whether a mail is sent about a kind of notification.
#[derive(Clone, Debug, InputObject)]
pub struct NotificationMailInput {
    /// The kind.
    pub kind: Coded<NotificationKind>,
    /// Whether a mail is sent.
    pub wanted: bool,
}

/// A change of how one wants to be told.
#[derive(Clone, Debug, InputObject)]
pub struct NotificationSettingsUpdateInput {
    /// The kinds that change; the others stay.
    pub mails: Vec<NotificationMailInput>,
    /// The version that the caller read, 0 when nothing was ever said; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl NotificationSettingsUpdateInput {
    /// The change for the use case, with the expected version.
    ///
    /// # Errors
    /// A kind that is named twice.
    pub fn read(self) -> Result<(BTreeMap<NotificationKind, bool>, Option<u32>), Violations> {
        let (mut faults, mut mails) = (Violations::new(), BTreeMap::new());
        for (position, mail) in self.mails.iter().enumerate() {
            if mails.insert(mail.kind.0, mail.wanted).is_some() {
                faults.add(format!("mails.{position}.kind"), ViolationCode::Duplicate, "the kind is there already");
            }
        }
        whole(faults, Some((mails, self.expected_version)))
    }
}
