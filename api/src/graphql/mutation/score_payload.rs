//! What mutations of scoring answer.

use super::payload::payloads;
use crate::app::score_model::Published;
use crate::app::score_override::Overridden;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::object::score_model::ScoreModelObject;

payloads! {
    /// What `scoreModelDraft` answers.
    ScoreModelDraftPayload = |done: fairfall_domain::scoring::ScoreModel| {
        /// The new draft; absent when none was made.
        model: ScoreModelObject = Some(done.into()),
    }

    /// What `scoreModelUpdate` answers.
    ScoreModelUpdatePayload = |done: fairfall_domain::scoring::ScoreModel| {
        /// The draft after the change; absent when nothing was changed.
        model: ScoreModelObject = Some(done.into()),
    }

    /// What `scoreModelPublish` answers.
    ScoreModelPublishPayload = |done: Published| {
        /// The model in force; absent when nothing was published.
        model: ScoreModelObject = Some(done.model.into()),
        /// The model that it replaced.
        retired: ScoreModelObject = done.retired.map(Into::into),
    }

    /// What `scoreModelRevert` answers.
    ScoreModelRevertPayload = |done: Published| {
        /// The new model in force, with what the retired one says; absent when nothing was done.
        model: ScoreModelObject = Some(done.model.into()),
        /// The model that it replaced.
        retired: ScoreModelObject = done.retired.map(Into::into),
    }

    /// What `leadScoreOverride` answers.
    LeadScoreOverridePayload = |done: Overridden| {
        /// The lead with the score, and with what followed by itself; absent when nothing was done.
        lead: LeadObject = Some(done.lead.into()),
        ;
        /// Whether the same was said before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `leadScoreOverrideEnd` answers.
    LeadScoreOverrideEndPayload = |done: Overridden| {
        /// The lead with the score by the rules, and with what followed by itself; absent when nothing was done.
        lead: LeadObject = Some(done.lead.into()),
        ;
        /// Whether nothing was set by hand, so that nothing changed now.
        already_done = done.already_done,
    }
}
