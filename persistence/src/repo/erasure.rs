//! Erasing a person: everything that tells whose data it was goes, everything that figures count stays.
//!
//! To add a table that holds something of a person: add a line to `STEPS`. A test fills every table and looks for the person's data in all of
//! them afterwards.

use chrono::{DateTime, Utc};
use fairfall_domain::id::PersonId;
use fairfall_domain::person::Person;
use sea_orm::Value;
use uuid::Uuid;

use crate::entity::person::Model;
use crate::error::StoreError;
use crate::mapper::rows::{models, read_all};
use crate::readable::Readable;
use crate::repo::{clock, consent, locks};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// What happens to each table beside `person` and the consents: `{people}` stands for the ids of the person's records.
const STEPS: &[&str] = &[
    // what people wrote about the demand may name somebody; what it was about and where (country) is figures
    "UPDATE lead SET title = NULL, subdivision = NULL, postal_code = NULL, language = NULL, attributes = '{}', version = version + 1 WHERE person_id IN ({people})",
    "UPDATE transition SET note = NULL WHERE lead_id IN (SELECT id FROM lead WHERE person_id IN ({people}))",
    "UPDATE lead_feedback SET note = NULL WHERE lead_id IN (SELECT id FROM lead WHERE person_id IN ({people}))",
    "UPDATE lead_score SET by_hand = NULL WHERE lead_id IN (SELECT id FROM lead WHERE person_id IN ({people}))",
    "DELETE FROM passage_features WHERE id IN (SELECT passage.id FROM passage JOIN lead ON lead.id = passage.lead_id WHERE lead.person_id IN ({people}))",
    // what somebody did is counted in the score's tally; names that other systems gave may be addresses
    "DELETE FROM activity WHERE person_id IN ({people})",
    "DELETE FROM external_ref WHERE subject_id IN ({people}) OR subject_id IN (SELECT id FROM lead WHERE person_id IN ({people}))",
    "DELETE FROM search_token WHERE subject_id IN ({people})",
    "DELETE FROM match_key WHERE subject_id IN ({people})",
    "DELETE FROM duplicate WHERE left_id IN ({people}) OR right_id IN ({people})",
    // a merge of erased records cannot be taken back: there is nothing left to part
    "DELETE FROM merge_moved_name WHERE merge_id IN (SELECT id FROM merge WHERE survivor_id IN ({people}) OR loser_id IN ({people}))",
    "DELETE FROM merge_moved_role WHERE person_id IN ({people})",
    "UPDATE merge SET snapshot = NULL, given_up_key = NULL WHERE survivor_id IN ({people}) OR loser_id IN ({people})",
    "DELETE FROM buying_role WHERE person_id IN ({people})",
];

/// The records of a person: their own, and those that were merged into it; locked until the unit of work ends. Empty when there is none.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load(uow: &UnitOfWork, person: PersonId) -> Result<Vec<Person>, StoreError> {
    let mut sql = Sql::new("SELECT person.* FROM person WHERE id = ");
    sql.bind(person.uuid()).push(" OR merged_into = ").bind(person.uuid()).push(" ORDER BY id").push(locks::for_update(uow));
    read_all(models::<Model>(&sql.all(uow).await?)?)
}

/// When some people were erased; those that were not are left out.
///
/// # Errors
/// When the database fails.
pub async fn find_many(on: &impl Readable, people: &[PersonId]) -> Result<Vec<(PersonId, DateTime<Utc>)>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT id, erased_at FROM person WHERE erased_at IS NOT NULL AND id IN (");
    sql.bind_list(people.iter().map(|id| Value::from(id.uuid()))).push(")");
    let rows = sql.all(on).await?;
    let read = |row| {
        let mut columns = Columns::of(row);
        Ok((PersonId::from(columns.next::<Uuid>()?), columns.next()?))
    };
    rows.iter().map(read).collect()
}

/// Erases the records of one person, which [`load`] gave.
///
/// # Errors
/// When the database fails.
pub async fn erase(uow: &UnitOfWork, records: &[Person], now: DateTime<Utc>) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = records.iter().map(|person| person.id.uuid()).collect();
    for step in STEPS {
        let mut parts = step.split("{people}");
        let mut sql = Sql::new(parts.next().unwrap_or_default());
        for part in parts {
            sql.bind_list(ids.iter().map(|id| Value::from(*id))).push(part);
        }
        sql.run(uow).await?;
    }
    clock::cancel_of_people(uow, &ids, now).await?;
    for person in records {
        consent::erase(uow, person.id, now).await?;
        write(uow, &person.erased(now), now).await?;
    }
    Ok(())
}

async fn write(uow: &UnitOfWork, erased: &Person, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        "UPDATE person SET given_name = NULL, email = NULL, email_key = NULL, phone = NULL, language = NULL, subdivision = NULL, \
         postal_code = NULL, city = NULL, job_title = NULL, company_id = NULL, buying_role = NULL, consents = '[]', origins = '{}', family_name = ",
    );
    sql.bind(erased.name.family().unwrap_or_default().to_owned());
    sql.push(", version = version + 1, updated_at = ").bind(now).push(", erased_at = ").bind(now);
    sql.push(" WHERE id = ").bind(erased.id.uuid());
    sql.run(uow).await.map(drop)
}
