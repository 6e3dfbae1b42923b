//! Score models: row to domain and back. The rules are one document.

use fairfall_domain::id::{ScoreModelId, UserId};
use fairfall_domain::scoring::{ScoreModel, ScoreRules};

use crate::entity::score_model::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

impl TryFrom<Model> for ScoreModel {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = ScoreModelId::from(row.id);
        let stored = Stored::new("score_model", id);
        let rules: ScoreRules = stored.json("rules", &row.rules)?;
        rules.check().map_err(|_| stored.corrupt("rules"))?;
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            number: stored.count("number", row.number)?,
            name: stored.text("name", &row.name)?,
            note: stored.maybe("note", row.note.as_deref())?,
            state: stored.text("state", &row.state)?,
            rules,
            based_on: row.based_on.map(ScoreModelId::from),
            created_by: row.created_by.map(UserId::from),
            created_at: row.created_at,
            updated_at: row.updated_at,
            published_at: row.published_at,
            retired_at: row.retired_at,
        })
    }
}

impl TryFrom<&ScoreModel> for Model {
    type Error = StoreError;

    fn try_from(model: &ScoreModel) -> Result<Self, StoreError> {
        Ok(Self {
            id: model.id.uuid(),
            version: to_count(model.version)?,
            number: to_count(model.number)?,
            name: model.name.to_string(),
            note: model.note.as_ref().map(ToString::to_string),
            state: model.state.to_string(),
            rules: to_json(&model.rules)?,
            based_on: model.based_on.map(ScoreModelId::uuid),
            created_by: model.created_by.map(UserId::uuid),
            created_at: model.created_at,
            updated_at: model.updated_at,
            published_at: model.published_at,
            retired_at: model.retired_at,
        })
    }
}
