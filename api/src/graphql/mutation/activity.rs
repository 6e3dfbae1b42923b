//! What people did.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use fairfall_domain::scoring::Activity;

use super::acted;
use super::payload::{Payload, payloads};
use crate::app::activity::{self, Recorded};
use crate::graphql::error::UserError;
use crate::graphql::input::activity::{ActivitiesRecordInput, ActivityItemInput, ActivityRecordInput};
use crate::graphql::object::activity::ActivityObject;
use crate::graphql::scalar::{id, int};

payloads! {
    /// What `activityRecord` answers.
    ActivityRecordPayload = |done: (Option<Activity>, bool)| {
        /// The activity; absent when it was not recorded, or was recorded before by somebody else and the caller may not see it.
        activity: ActivityObject = done.0.map(Into::into),
        ;
        /// Whether the same source had recorded the same id before, so that nothing changed now.
        already_done = done.1,
    }
}

/// What came of one activity of many.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum ActivityOutcome {
    /// It was stored and counts.
    Stored,
    /// The same source had recorded the same id before: nothing changed.
    Known,
    /// It was not taken; the errors tell why.
    Rejected,
}

/// What came of one activity of many.
#[derive(Debug, SimpleObject)]
pub struct ActivityResult {
    /// What came of it.
    pub outcome: ActivityOutcome,
    /// The id of the activity as it was recorded first; absent when it was rejected.
    pub activity: Option<ID>,
    /// Why it was not taken, each with the field of this activity; empty when it was.
    pub errors: Vec<UserError>,
}

impl From<Recorded> for ActivityResult {
    fn from(recorded: Recorded) -> Self {
        match recorded {
            Recorded::Stored { activity } => {
                Self { outcome: ActivityOutcome::Stored, activity: Some(id(activity)), errors: Vec::new() }
            }
            Recorded::Known { activity } => {
                Self { outcome: ActivityOutcome::Known, activity: Some(id(activity)), errors: Vec::new() }
            }
            Recorded::Rejected { faults } => {
                let errors = faults.into_iter().map(UserError::from).collect();
                Self { outcome: ActivityOutcome::Rejected, activity: None, errors }
            }
        }
    }
}

/// What `activitiesRecord` answers.
#[derive(Debug, SimpleObject)]
pub struct ActivitiesRecordPayload {
    /// What came of each activity, in the order in which they came; empty when none was recorded because of `errors`.
    pub results: Vec<ActivityResult>,
    /// How many were stored.
    pub stored: i32,
    /// How many were known before.
    pub known: i32,
    /// How many were rejected.
    pub rejected: i32,
    /// Why nothing was recorded; empty when the activities were looked at one by one.
    pub errors: Vec<UserError>,
}

impl Payload for ActivitiesRecordPayload {
    type Done = Vec<Recorded>;

    fn done(done: Vec<Recorded>) -> Self {
        let results: Vec<ActivityResult> = done.into_iter().map(Into::into).collect();
        let count = |outcome| int(results.iter().filter(|result| result.outcome == outcome).count());
        let (stored, known, rejected) =
            (count(ActivityOutcome::Stored), count(ActivityOutcome::Known), count(ActivityOutcome::Rejected));
        Self { results, stored, known, rejected, errors: Vec::new() }
    }

    fn refused(errors: Vec<UserError>) -> Self {
        Self { results: Vec::new(), stored: 0, known: 0, rejected: 0, errors }
    }
}

/// What people did.
#[derive(Default)]
pub struct ActivityMutation;

/// What people did.
#[Object]
impl ActivityMutation {
    /// Records something that a person did. Scores change at once, and what an agreement lets happen by itself happens with it.
    async fn activity_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was done, and by whom.")] mut input: ActivityRecordInput,
    ) -> Result<ActivityRecordPayload> {
        acted!(ctx, |app, caller| {
            let key = input.idempotency_key.take();
            activity::record(app, caller, input.read(), key).await
        })
    }

    /// Records many things at once, in one transaction. Faulty activities are told one by one and do not hold up the others.
    async fn activities_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The activities.")] input: ActivitiesRecordInput,
    ) -> Result<ActivitiesRecordPayload> {
        acted!(ctx, |app, caller| {
            let activities = input.activities.into_iter().map(ActivityItemInput::read).collect();
            activity::record_many(app, caller, activities, input.idempotency_key).await
        })
    }
}
