//! What one is told.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use fairfall_domain::notification::{Notification, NotificationKind, NotificationSettings, Wording};
use fairfall_domain::sla::ClockKind;
use fairfall_domain::value::LanguageTag;
use fairfall_persistence::Page;

use crate::app::notification;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::page::PageInfo;
use crate::graphql::scalar::{Timestamp, id, int};

use super::lead::LeadObject;
use super::shows;
use super::user::UserObject;

/// The languages that notifications are worded in.
#[derive(Clone, Copy, Debug, Default, Enum, PartialEq, Eq)]
pub enum NotificationLanguage {
    /// German.
    De,
    /// English.
    #[default]
    En,
}

impl NotificationLanguage {
    fn tag(self) -> Option<LanguageTag> {
        let text = match self {
            Self::De => "de",
            Self::En => "en",
        };
        LanguageTag::parse(text).ok()
    }
}

/// Something the viewer was told.
#[derive(Clone, Debug)]
pub struct NotificationObject(pub Notification);

shows!(NotificationObject(Notification), NotificationSettingsObject(NotificationSettings));

/// Something the viewer was told.
#[Object(name = "Notification")]
impl NotificationObject {
    /// Its id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What is told.
    async fn kind(&self) -> Coded<NotificationKind> {
        self.0.kind.into()
    }

    /// When.
    async fn at(&self) -> Timestamp {
        Timestamp(self.0.at)
    }

    /// When it was read; absent as long as it was not.
    async fn read_at(&self) -> Option<Timestamp> {
        self.0.read_at.map(Timestamp)
    }

    /// The id of the event of the journal that it belongs to.
    async fn event(&self) -> ID {
        id(self.0.event)
    }

    /// The id of the lead that it is about, whether or not the viewer may still see it; absent when it is about none.
    async fn lead_id(&self) -> Option<ID> {
        self.0.lead.map(id)
    }

    /// The lead; absent when the viewer may not see it any more.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, self.0.lead).await
    }

    /// The id of the clock.
    async fn clock(&self) -> Option<ID> {
        self.0.clock.map(id)
    }

    /// What was promised.
    async fn promise(&self) -> Coded<ClockKind> {
        self.0.content.clock.into()
    }

    /// After how many percent of the promised time it was told.
    async fn percent(&self) -> Option<i32> {
        self.0.content.percent.map(int)
    }

    /// In which lap: 1 at first, one more each time the lead went to somebody else because it lapsed.
    async fn lap(&self) -> i32 {
        int(self.0.content.lap)
    }

    /// When the promise was due, as it was told.
    async fn due_at(&self) -> Option<Timestamp> {
        self.0.content.due.map(Timestamp)
    }

    /// One line of it.
    async fn subject(&self, #[graphql(desc = "The language.", default)] language: NotificationLanguage) -> Option<String> {
        self.worded(language).map(|words| words.subject.to_owned())
    }

    /// It in a sentence or two. Whom the lead is about is not told here.
    async fn text(&self, #[graphql(desc = "The language.", default)] language: NotificationLanguage) -> Option<String> {
        self.worded(language).map(|words| words.text)
    }
}

impl NotificationObject {
    fn worded(&self, language: NotificationLanguage) -> Option<Wording> {
        Some(Wording::of(self.0.kind, &self.0.content, &language.tag()?))
    }
}

/// A page of what the viewer was told.
#[derive(Clone, Debug)]
pub struct NotificationConnection {
    edges: Vec<NotificationEdge>,
    page_info: PageInfo,
}

/// A page of what the viewer was told, the newest first.
#[Object]
impl NotificationConnection {
    /// The entries with their places.
    async fn edges(&self) -> &[NotificationEdge] {
        &self.edges
    }

    /// The entries.
    async fn nodes(&self) -> Vec<&NotificationObject> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where the page lies in the list.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many notifications the viewer has not read, whatever the page; counted to 10,000.
    async fn unread_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(notification::unread(app(ctx), caller(ctx)?).await.or_fault(ctx)?))
    }
}

/// An entry of a list with its place.
#[derive(Clone, Debug, SimpleObject)]
pub struct NotificationEdge {
    /// The place, to go on from with `after`. Opaque, and of this order of the list alone.
    pub cursor: String,
    /// The entry.
    pub node: NotificationObject,
}

impl From<Page<Notification>> for NotificationConnection {
    fn from(page: Page<Notification>) -> Self {
        let page_info = PageInfo::from(&page);
        let entries = page.items.into_iter();
        let edges = entries.map(|(cursor, told)| NotificationEdge { cursor: cursor.to_string(), node: told.into() });
        Self { edges: edges.collect(), page_info }
    }
}

/// How the viewer wants to be told.
#[derive(Clone, Debug)]
pub struct NotificationSettingsObject(pub NotificationSettings);

/// How the viewer wants to be told. Within the application everybody is told of everything; mails are sent where a mail server is configured, in the
/// language of the user's account.
#[Object(name = "NotificationSettings")]
impl NotificationSettingsObject {
    /// Whose settings they are.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.0.user)).await
    }

    /// Counts the changes; 0 as long as nothing was said. Send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// Of each kind, whether a mail is sent.
    async fn mails(&self) -> Vec<NotificationMail> {
        let of = |kind: &NotificationKind| NotificationMail { kind: Coded(*kind), wanted: self.0.mails(*kind) };
        NotificationKind::ALL.iter().map(of).collect()
    }
}

/// Whether a mail is sent about a kind of notification.
#[derive(Clone, Debug, SimpleObject)]
pub struct NotificationMail {
    /// The kind.
    pub kind: Coded<NotificationKind>,
    /// Whether a mail is sent.
    pub wanted: bool,
}
