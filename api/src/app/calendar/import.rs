//! Days off out of a calendar file.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use fairfall_domain::id::CalendarId;
use fairfall_domain::sla::WorkCalendar;
use fairfall_domain::sla::calendar::SpecialDay;
use fairfall_domain::sla::ics::{self, IcsReading, IcsReason, IcsSkipped};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::UnitOfWork;
use uuid::Uuid;

use super::change::{Done, follow, held, note, store};
use crate::app::{App, AppError, Caller};

/// Years that are taken when nothing is said: this one and those after it.
const YEARS: i32 = 6;
/// Most years that are taken.
const YEARS_MAX: i32 = 20;
/// How far from now the first of them may lie: an event of every year is followed from its first one on.
const YEARS_AROUND: u32 = 50;

/// What happens on a day for which the calendar has another special day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays as it is.
    Keep,
    /// The file wins.
    Replace,
}

/// Whether anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rehearsal {
    /// Only told what would be done.
    Rehearse,
    /// Done.
    Perform,
}

/// A calendar file and what is to become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarImport {
    /// The calendar that takes the days.
    pub calendar: CalendarId,
    /// The version that the caller read; not needed for a rehearsal.
    pub expected_version: Option<u32>,
    /// The text of the file.
    pub ics: String,
    /// The first day that is taken; the first of this year when absent.
    pub from: Option<NaiveDate>,
    /// The last day that is taken; the last of the fifth year after this one when absent.
    pub until: Option<NaiveDate>,
    /// What happens with special days that are there.
    pub existing: Existing,
    /// Whether anything is written.
    pub rehearsal: Rehearsal,
}

/// What became of a day of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenAs {
    /// It is new.
    New,
    /// It took the place of another special day.
    Replaced,
    /// The calendar had it already.
    Known,
}

/// A day that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenDay {
    /// The day.
    pub date: NaiveDate,
    /// What it is.
    pub name: String,
    /// The line of the file at which its event begins.
    pub line: u32,
    /// What became of it.
    pub taken_as: TakenAs,
}

/// What an import did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The calendar after it; as it is for a rehearsal.
    pub calendar: WorkCalendar,
    /// Days that were taken, in order.
    pub taken: Vec<TakenDay>,
    /// What was not taken, by line.
    pub skipped: Vec<IcsSkipped>,
}

/// Takes the days off of a calendar file into a calendar.
///
/// # Errors
/// A text that is no calendar file; more special days than a calendar has; `NotFound`, `NotAllowed`, `VersionConflict`.
#[tracing::instrument(name = "app.calendar.import", skip_all)]
pub async fn import(app: &App, caller: &Caller, import: CalendarImport) -> Result<Imported, AppError> {
    let now = app.now();
    let mut faults = Violations::new();
    let years = years(&mut faults, &import, now);
    let reading = faults.check("ics", ics::read(&import.ics, years));
    faults.into_result()?;
    let work = Arc::new((import, reading.unwrap_or_default()));
    let done = app.store().transact(move |uow| {
        let (caller, work) = (caller.clone(), Arc::clone(&work));
        Box::pin(async move {
            let (import, reading) = work.as_ref();
            imported(uow, &caller, import, reading, now).await
        })
    });
    let (imported, sweep) = done.await?;
    follow(app, sweep).await;
    Ok(imported)
}

fn years(faults: &mut Violations, import: &CalendarImport, now: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
    let day = |year: i32, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let from = import.from.unwrap_or_else(|| day(now.year(), 1, 1));
    let until = import.until.unwrap_or_else(|| day(from.year().saturating_add(YEARS - 1), 12, 31));
    if from.year().abs_diff(now.year()) > YEARS_AROUND {
        faults.add("from", ViolationCode::OutOfRange, format!("must lie within {YEARS_AROUND} years from now"));
        return (from, from);
    }
    if until < from || until.year().saturating_sub(from.year()) >= YEARS_MAX {
        let message = format!("must not come before `from`, and not {YEARS_MAX} years after it");
        faults.add("until", ViolationCode::OutOfRange, message);
        return (from, from);
    }
    (from, until)
}

async fn imported(
    uow: &UnitOfWork,
    caller: &Caller,
    import: &CalendarImport,
    reading: &IcsReading,
    now: DateTime<Utc>,
) -> Result<(Imported, Option<Uuid>), AppError> {
    let known = held(uow, caller, import.calendar).await?;
    let (changed, taken, kept) = taken(&known, reading, import.existing);
    changed.check()?;
    let mut skipped = [reading.skipped.clone(), kept].concat();
    skipped.sort_by_key(|skipped| (skipped.line, skipped.day));
    let is_new = changed != known;
    if import.rehearsal == Rehearsal::Rehearse || !is_new {
        return Ok((Imported { calendar: known, taken, skipped }, None));
    }
    let calendar = store(uow, changed, import.expected_version, known.version, now).await?;
    let sweep = note(uow, caller, &calendar, Done::Imported, now).await?;
    Ok((Imported { calendar, taken, skipped }, Some(sweep)))
}

/// The calendar with the days of a file, the days that it took, and those that it did not take because of days that it has.
fn taken(known: &WorkCalendar, reading: &IcsReading, existing: Existing) -> (WorkCalendar, Vec<TakenDay>, Vec<IcsSkipped>) {
    let (mut changed, mut taken, mut kept) = (known.clone(), Vec::new(), Vec::new());
    for (date, found) in &reading.days {
        let day = SpecialDay { name: found.name.clone(), hours: Vec::new() };
        let taken_as = match (known.special_days.get(date), existing) {
            (None, _) => TakenAs::New,
            (Some(known), _) if *known == day => TakenAs::Known,
            (Some(_), Existing::Replace) => TakenAs::Replaced,
            (Some(_), Existing::Keep) => {
                let name = Some(found.name.to_string());
                kept.push(IcsSkipped { line: found.line, name, day: Some(*date), reason: IcsReason::KeptDay });
                continue;
            }
        };
        changed.special_days.insert(*date, day);
        taken.push(TakenDay { date: *date, name: found.name.to_string(), line: found.line, taken_as });
    }
    (changed, taken, kept)
}
