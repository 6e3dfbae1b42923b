//! Calendars.

use async_graphql::{Context, Object, Result};
use fairfall_domain::sla::WorkCalendar;

use super::acted;
use super::payload::payloads;
use crate::app::calendar::change;
use crate::app::calendar::change::Put;
use crate::app::calendar::import::{self, Imported};
use crate::graphql::input::calendar::{CalendarDeleteInput, CalendarImportInput, CalendarPutInput};
use crate::graphql::object::calendar::{CalendarObject, CalendarSkippedObject, CalendarTakenDayObject};

payloads! {
    /// What `calendarPut` answers.
    CalendarPutPayload = |done: Put| {
        /// The calendar after the act; absent when nothing was done.
        calendar: CalendarObject = Some(done.calendar.into()),
        ;
        /// Whether it was so before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `calendarDelete` answers.
    CalendarDeletePayload = |done: WorkCalendar| {
        /// The calendar as it was before it was removed; absent when nothing was done.
        calendar: CalendarObject = Some(done.into()),
    }

    /// What `calendarImport` answers.
    CalendarImportPayload = |done: Imported| {
        /// The calendar after the import; as it was for a rehearsal, absent when nothing was done.
        calendar: CalendarObject = Some(done.calendar.into()),
        +
        /// The days of the file that were taken, in order; for a rehearsal those that would be.
        taken: CalendarTakenDayObject = done.taken.into_iter().map(Into::into).collect(),
        /// What of the file was not taken, by line, and why.
        skipped: CalendarSkippedObject = done.skipped.into_iter().map(Into::into).collect(),
    }
}

/// Calendars: when the organisation, its teams and its colleagues work.
#[derive(Default)]
pub struct CalendarMutation;

#[Object]
impl CalendarMutation {
    /// Says when the organisation, a team or a colleague works: makes the calendar of an owner who has none, or changes the one there is. The due times of
    /// all open promises in business time move with it. The same again changes nothing. For administrators; for managers as far as the team, or a
    /// team of the colleague, is led by them.
    async fn calendar_put(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The owner, and what changes.")] input: CalendarPutInput,
    ) -> Result<CalendarPutPayload> {
        acted!(ctx, |app, caller| change::put(app, caller, input.read()?).await)
    }

    /// Removes the calendar of a team or colleague, so that the next level counts for them again. The organisation's cannot be removed. Who may is told
    /// with `calendarPut`.
    async fn calendar_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar.")] input: CalendarDeleteInput,
    ) -> Result<CalendarDeletePayload> {
        acted!(ctx, |app, caller| {
            let (calendar, version) = input.read()?;
            change::delete(app, caller, calendar, version).await
        })
    }

    /// Takes days off out of a calendar file, and tells of each event that was not taken. Who may is told with `calendarPut`.
    async fn calendar_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar and the file.")] input: CalendarImportInput,
    ) -> Result<CalendarImportPayload> {
        acted!(ctx, |app, caller| import::import(app, caller, input.read()?).await)
    }
}
