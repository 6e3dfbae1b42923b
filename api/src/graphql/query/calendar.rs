//! Calendars.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::CalendarId;
use fairfall_domain::sla::calendar::CalendarLevel;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::object::calendar::{CalendarObject, PublicHolidayObject};
use crate::graphql::page::Asked;

use super::connection::CalendarConnection;
use super::optional_id;

/// Calendars.
#[derive(Default)]
pub struct CalendarQuery;

#[Object]
impl CalendarQuery {
    /// A calendar; absent when it does not exist for the viewer.
    async fn calendar(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<CalendarObject>> {
        related(ctx, CalendarId::parse(&id).ok()).await
    }

    /// Calendars that the viewer may see, by name.
    async fn calendars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this level; absent for all.")] level: Option<Coded<CalendarLevel>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<CalendarConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let level = level.map(|level| level.0);
        Ok(app::calendar::page(app(ctx), caller(ctx)?, level, &args).await.or_fault(ctx)?.into())
    }

    /// The calendar that counts for a promise: the colleague's own, else the team's, else the organisation's. Absent when the colleague or the team does not
    /// exist for the viewer.
    async fn calendar_for(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The colleague who has to keep it; absent for what waits in a team's queue.")] user: Option<ID>,
        #[graphql(desc = "The team that has it; when absent, the colleague's, if it is only one.")] team: Option<ID>,
    ) -> Option<Result<CalendarObject>> {
        counts(ctx, user, team).await.transpose()
    }

    /// The public holidays of a country, or of one of its states, in a year, as far as they were loaded.
    async fn holidays(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The country, such as `DE`.")] country: String,
        #[graphql(desc = "The state, such as `DE-BY`; the national holidays alone when absent.")] subdivision: Option<String>,
        #[graphql(desc = "The year.")] year: i32,
    ) -> Result<Vec<PublicHolidayObject>> {
        let days = app::calendar::holidays(app(ctx), caller(ctx)?, &country, subdivision.as_deref(), year).await.or_fault(ctx)?;
        Ok(days.into_iter().map(Into::into).collect())
    }
}

async fn counts(ctx: &Context<'_>, user: Option<ID>, team: Option<ID>) -> Result<Option<CalendarObject>> {
    let (user, team) = (optional_id(ctx, "user", user.as_ref())?, optional_id(ctx, "team", team.as_ref())?);
    Ok(app::calendar::that_counts(app(ctx), caller(ctx)?, user, team).await.or_fault(ctx)?.map(Into::into))
}
