//! Calendars: when the organisation, its teams and its colleagues work.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{Datelike as _, NaiveDate};
use fairfall_domain::sla::business_time::{OpenHours, Span};
use fairfall_domain::sla::calendar::{CalendarLevel, HolidayRegion, SpecialDay};
use fairfall_domain::sla::ics::{IcsReason, IcsSkipped};
use fairfall_domain::sla::{BusinessTime, CalendarOwner, WorkCalendar};
use fairfall_domain::value::{CountryCode, ShortText, TimeZoneName};

use crate::app::calendar;
use crate::app::calendar::import::{TakenAs, TakenDay};
use crate::app::routing::hours;
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{DaysOffOf, loaders, related};
use crate::graphql::scalar::{Day, Period, Text, Timestamp, id, int};

use super::member::HourRangeObject;
use super::shows;
use super::team::TeamObject;
use super::user::UserObject;

/// A calendar.
#[derive(Clone, Debug)]
pub struct CalendarObject(pub WorkCalendar);

shows!(CalendarObject(WorkCalendar));

/// When the organisation, a team or a colleague works. Promises in business time count its hours alone.
#[Object(name = "Calendar")]
impl CalendarObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// Whose it is. The nearest one counts: a colleague's own, else the team's, else the organisation's.
    async fn level(&self) -> Coded<CalendarLevel> {
        Coded(self.0.owner.level())
    }

    /// The team whose it is; absent for other levels.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        let team = if let CalendarOwner::Team(team) = self.0.owner { Some(team) } else { None };
        related(ctx, team).await
    }

    /// The colleague whose it is; absent for other levels.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        let user = if let CalendarOwner::User(user) = self.0.owner { Some(user) } else { None };
        related(ctx, user).await
    }

    /// The zone in which the hours are meant.
    async fn time_zone(&self) -> Text<TimeZoneName> {
        Text(self.0.time_zone)
    }

    /// The hours of each week, several ranges a day if need be.
    async fn weekly(&self) -> Vec<HourRangeObject> {
        self.0.weekly.iter().map(Into::into).collect()
    }

    /// Whose public holidays are days off; nobody's when absent.
    async fn holidays(&self) -> Option<CalendarHolidaysObject> {
        self.0.holidays.map(Into::into)
    }

    /// Days unlike the others of their weekday, in order, at most 2,000. They win over holidays.
    async fn special_days(&self) -> Vec<CalendarDayObject> {
        self.0.special_days.iter().map(Into::into).collect()
    }

    /// When it last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }

    /// When its hours are open between two moments, in order; stretches that touch are one. Exact where clocks are changed.
    async fn hours(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From when.")] from: Timestamp,
        #[graphql(desc = "Until when, at most 92 days later.")] to: Timestamp,
    ) -> Result<Vec<CalendarHoursObject>> {
        let open = calendar::hours(&time(ctx, &self.0).await?, from.0, to.0).or_fault(ctx)?;
        Ok(open.into_iter().map(Into::into).collect())
    }

    /// When so much of its time is over: what a promise of that length means that begins at `start`. Absent when it has not so much in thirty years,
    /// or before the year 10000.
    async fn due(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When it begins.")] start: Timestamp,
        #[graphql(desc = "How much of the calendar's time, such as `PT4H`; at most 3,660 days of 24 hours.")] duration: Period,
    ) -> Result<Option<Timestamp>> {
        let due = calendar::due(&time(ctx, &self.0).await?, start.0, duration.0).or_fault(ctx)?;
        // a time has a year of four digits
        Ok(due.filter(|due| due.year() < 10_000).map(Timestamp))
    }

    /// How much of its time lies between two moments.
    async fn elapsed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From when.")] from: Timestamp,
        #[graphql(desc = "Until when, at most 3,660 days later.")] to: Timestamp,
    ) -> Result<Period> {
        Ok(Period(calendar::elapsed(&time(ctx, &self.0).await?, from.0, to.0).or_fault(ctx)?))
    }
}

/// A calendar with its hours worked out. The public holidays of all calendars that are asked at once are read at once.
async fn time(ctx: &Context<'_>, calendar: &WorkCalendar) -> Result<BusinessTime> {
    let days = match calendar.holidays {
        Some(region) => loaders(ctx)?.one(DaysOffOf(region)).await.or_fault(ctx)?,
        None => None,
    };
    Ok(calendar.business_time(days.unwrap_or_default()))
}

/// Whose public holidays are days off.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CalendarHolidays")]
pub struct CalendarHolidaysObject {
    /// The country.
    pub country: Text<CountryCode>,
    /// The state; the national holidays alone when absent.
    pub subdivision: Option<String>,
}

impl From<HolidayRegion> for CalendarHolidaysObject {
    fn from(region: HolidayRegion) -> Self {
        Self { country: Text(region.country), subdivision: region.subdivision.map(|state| state.to_string()) }
    }
}

/// A day unlike the others of its weekday.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CalendarDay")]
pub struct CalendarDayObject {
    /// The day.
    pub date: Day,
    /// What it is.
    pub name: String,
    /// The hours worked on it; none when it is a day off.
    pub hours: Vec<CalendarSpanObject>,
}

impl From<(&NaiveDate, &SpecialDay)> for CalendarDayObject {
    fn from((date, day): (&NaiveDate, &SpecialDay)) -> Self {
        Self { date: Day(*date), name: day.name.to_string(), hours: day.hours.iter().map(Into::into).collect() }
    }
}

/// A range of working time of one day.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CalendarSpan")]
pub struct CalendarSpanObject {
    /// When it begins, such as `09:00`.
    pub from: String,
    /// When it ends, such as `12:30`; `24:00` is the end of the day.
    pub to: String,
}

impl From<&Span> for CalendarSpanObject {
    fn from(span: &Span) -> Self {
        Self { from: hours::show(span.from_minute), to: hours::show(span.to_minute) }
    }
}

/// A stretch of time that counts.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CalendarHours")]
pub struct CalendarHoursObject {
    /// Where it begins.
    pub from: Timestamp,
    /// Where it ends; the end is not in it.
    pub to: Timestamp,
}

impl From<OpenHours> for CalendarHoursObject {
    fn from(open: OpenHours) -> Self {
        Self { from: Timestamp(open.from), to: Timestamp(open.to) }
    }
}

/// A public holiday.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PublicHoliday")]
pub struct PublicHolidayObject {
    /// The day.
    pub date: Day,
    /// What it is called.
    pub name: String,
}

impl From<(NaiveDate, ShortText)> for PublicHolidayObject {
    fn from((date, name): (NaiveDate, ShortText)) -> Self {
        Self { date: Day(date), name: name.to_string() }
    }
}

/// What became of a day of a calendar file.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum CalendarTakenAs {
    /// It is new.
    New,
    /// It took the place of another special day.
    Replaced,
    /// The calendar had it already.
    Known,
}

/// A day of a calendar file that was taken.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CalendarTakenDay")]
pub struct CalendarTakenDayObject {
    /// The day.
    pub date: Day,
    /// What it is.
    pub name: String,
    /// The line of the file at which its event begins, from 1.
    pub line: u32,
    /// What became of it.
    pub taken_as: CalendarTakenAs,
}

impl From<TakenDay> for CalendarTakenDayObject {
    fn from(taken: TakenDay) -> Self {
        let taken_as = match taken.taken_as {
            TakenAs::New => CalendarTakenAs::New,
            TakenAs::Replaced => CalendarTakenAs::Replaced,
            TakenAs::Known => CalendarTakenAs::Known,
        };
        Self { date: Day(taken.date), name: taken.name, line: taken.line, taken_as }
    }
}

/// Something of a calendar file that was not taken.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CalendarSkipped")]
pub struct CalendarSkippedObject {
    /// The line of the file at which it begins, from 1.
    pub line: u32,
    /// What the event is called.
    pub name: Option<String>,
    /// The day, when it is one day of an event whose others may have been taken.
    pub date: Option<Day>,
    /// Why it was not taken.
    pub reason: Coded<IcsReason>,
}

impl From<IcsSkipped> for CalendarSkippedObject {
    fn from(skipped: IcsSkipped) -> Self {
        Self { line: skipped.line, name: skipped.name, date: skipped.day.map(Day), reason: Coded(skipped.reason) }
    }
}
