//! Reference data of places and days: which states postal codes lie in, which languages countries speak, which days are public holidays. Loaded from files of others by whoever runs
//! commands on the machine, set by set, with what their licences ask to be told; nothing of it is shipped.

mod cache;
mod known;
mod read;

use std::sync::Arc;

use fairfall_domain::access::Action;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::audit::{self, AuditRow};
use fairfall_persistence::repo;
use fairfall_persistence::repo::reference::{ReferenceRows, ReferenceSet};

use super::sla::sweep;
use super::{App, AppError, Caller, done_row};

pub use cache::{REFERENCE_MS_MAX, ReferenceCache};
pub use known::{Provenance, SHAPES, Shape, recognise};
pub use read::{ReadError, Reading, read};

/// Most characters of where a set comes from.
const SOURCE_CHARS_MAX: usize = 500;
/// Most characters of the name of a licence.
const LICENCE_CHARS_MAX: usize = 200;
/// Most characters of what a licence asks to be shown.
const NOTICE_CHARS_MAX: usize = 4_000;

/// Loads a set in the place of the one before, in one transaction. The same set again changes nothing but the time.
///
/// # Errors
/// What is wrong with what is told of it; a set without rows.
#[tracing::instrument(name = "app.reference.load", skip_all)]
pub async fn load(app: &App, rows: ReferenceRows, provenance: Provenance) -> Result<ReferenceSet, AppError> {
    check(&rows, &provenance)?;
    let Provenance { source, licence, notice } = provenance;
    let (now, key) = (app.now(), rows.key());
    let set = ReferenceSet { key, source, licence, notice, rows: u64::try_from(rows.len()).unwrap_or(u64::MAX), loaded_at: now };
    let loaded = Arc::new((set, rows));
    let stored = Arc::clone(&loaded);
    let written = app.store().transact(move |uow| {
        let stored = Arc::clone(&stored);
        Box::pin(async move {
            let (set, rows) = stored.as_ref();
            repo::reference::replace(uow, set, rows).await?;
            let detail = serde_json::json!({ "set": set.key, "rows": set.rows });
            // whoever may run commands on the machine needs no account
            let action = if let ReferenceRows::Holidays(_) = rows { Action::ManageCalendar } else { Action::ManageRouting };
            let row = done_row((None, None), action, "reference_set", None, now);
            audit::append(uow, &AuditRow { detail: Some(detail), ..row }).await?;
            match rows {
                ReferenceRows::Holidays(_) => Ok::<_, AppError>(Some(sweep::request(uow, now).await?)),
                ReferenceRows::Postal { .. } | ReferenceRows::Languages(_) => Ok(None),
            }
        })
    });
    let sweep = written.await?;
    app.forget_reference();
    if let Some(sweep) = sweep {
        // other days off: what is due moves
        sweep::at_once(app, sweep).await;
    }
    Ok(loaded.0.clone())
}

fn check(rows: &ReferenceRows, told: &Provenance) -> Result<(), AppError> {
    let mut faults = Violations::new();
    if rows.is_empty() {
        faults.add("rows", ViolationCode::Required, "there is no row to load; what was loaded before stays");
    }
    let texts = [
        ("source", &told.source, SOURCE_CHARS_MAX),
        ("licence", &told.licence, LICENCE_CHARS_MAX),
        ("notice", &told.notice, NOTICE_CHARS_MAX),
    ];
    for (field, text, chars_max) in texts {
        if text.trim().is_empty() && field != "notice" {
            faults.add(field, ViolationCode::Required, "must be given");
        }
        if text.chars().count() > chars_max {
            faults.add(field, ViolationCode::TooLong, format!("at most {chars_max} characters are allowed"));
        }
    }
    Ok(faults.into_result()?)
}

/// What is told of each set that is loaded, for those who see how leads are routed: licences ask that it can be read where the data is used.
#[tracing::instrument(name = "app.reference.sets", skip_all)]
pub async fn sets(app: &App, caller: &Caller) -> Result<Vec<ReferenceSet>, AppError> {
    if caller.may(Action::ViewRouting).is_none() {
        return Ok(Vec::new());
    }
    all(app).await
}

/// The same for the command line.
///
/// # Errors
/// When the database fails.
pub async fn all(app: &App) -> Result<Vec<ReferenceSet>, AppError> {
    Ok(repo::reference::list(&app.reader()).await?)
}
