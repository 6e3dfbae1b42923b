//! Drafts of another routing: row to domain and back. The changes are one document.

use fairfall_domain::id::{RoutingDraftId, UserId};
use fairfall_domain::routing::{DraftContent, RoutingDraft};

use crate::entity::routing_draft::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

impl TryFrom<Model> for RoutingDraft {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = RoutingDraftId::from(row.id);
        let stored = Stored::new("routing_draft", id);
        let content: DraftContent = stored.json("content", &row.content)?;
        content.check().map_err(|_| stored.corrupt("content"))?;
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            name: stored.text("name", &row.name)?,
            content,
            state: stored.text("state", &row.state)?,
            created_by: row.created_by.map(UserId::from),
            created_at: row.created_at,
            updated_at: row.updated_at,
            published_at: row.published_at,
        })
    }
}

impl TryFrom<&RoutingDraft> for Model {
    type Error = StoreError;

    fn try_from(draft: &RoutingDraft) -> Result<Self, StoreError> {
        Ok(Self {
            id: draft.id.uuid(),
            version: to_count(draft.version)?,
            name: draft.name.to_string(),
            content: to_json(&draft.content)?,
            state: draft.state.to_string(),
            created_by: draft.created_by.map(UserId::uuid),
            created_at: draft.created_at,
            updated_at: draft.updated_at,
            published_at: draft.published_at,
        })
    }
}
