//! What a new database needs before it can serve: the shipped tracks, price bands, agreements, score model and calendar of the organisation.

use chrono::{DateTime, Utc};
use fairfall_domain::agreement::shipped as agreements;
use fairfall_domain::scoring::shipped as scoring;
use fairfall_domain::sla::{CalendarOwner, WorkCalendar};
use fairfall_domain::value::ShortText;
use fairfall_domain::waterfall::shipped as tracks;
use fairfall_persistence::repo;
use fairfall_persistence::{Store, StoreError};

use super::AppError;
use crate::clock::new_id;

/// The setting that tells when the shipped rules were stored.
const INSTALLED: &str = "installed_at";
/// The name of the organisation's calendar until somebody gives it another.
const CALENDAR: &str = "Organisation";

/// Stores the shipped rules once; doing it again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn install(store: &Store, now: DateTime<Utc>) -> Result<(), AppError> {
    store
        .transact(|uow| {
            Box::pin(async move {
                // apart from the others: a database of before there were models and calendars gets them
                if repo::score_model::in_force(uow).await?.is_none() {
                    repo::score_model::insert(uow, &scoring::model_at(now)?).await?;
                }
                if repo::calendar::of_owner(uow, CalendarOwner::Organisation).await?.is_none() {
                    let name = ShortText::parse(CALENDAR).map_err(AppError::internal)?;
                    repo::calendar::insert(uow, &WorkCalendar::shipped(new_id(), name, now), now).await?;
                }
                if repo::setting::get::<DateTime<Utc>>(uow, INSTALLED).await?.is_some() {
                    return Ok(());
                }
                for track in tracks::tracks()? {
                    repo::track::insert_version(uow, &track, now).await?;
                }
                repo::price_band::put(uow, &tracks::price_bands()?).await?;
                for agreement in agreements::agreements(now)? {
                    repo::agreement::insert(uow, &agreement, now).await?;
                }
                repo::setting::put(uow, INSTALLED, &now).await?;
                Ok::<(), AppError>(())
            })
        })
        .await
        .or_else(already_installed)
}

/// Two nodes that start at once: the second finds the first one's rows.
fn already_installed(error: AppError) -> Result<(), AppError> {
    match error {
        AppError::Internal(source)
            if source.downcast_ref::<StoreError>().is_some_and(|fault| matches!(fault, StoreError::Unique { .. })) =>
        {
            Ok(())
        }
        other => Err(other),
    }
}
