//! Words about consent: kept for good, read with their person. What stands since the last word is in the person itself.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::consent::ConsentRecord;
use fairfall_domain::id::PersonId;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use crate::entity::consent_record::{Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::models;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::person::push_seen;
use crate::repo::scope::Looking;
use crate::sql::Sql;
use crate::unit_of_work::UnitOfWork;

/// Words of one insert: 21 parameters each, below the 32,766 that SQLite takes.
const ROWS_PER_INSERT: usize = 500;

const BY_AT: Keyset = Keyset {
    name: "consent.at",
    columns: &[("consent_record.at", KeyKind::Time), ("consent_record.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Keeps words. They are never changed again: the database refuses it.
///
/// # Errors
/// When the database fails, or the person does not exist.
pub async fn append(uow: &UnitOfWork, records: &[ConsentRecord]) -> Result<(), StoreError> {
    for chunk in records.chunks(ROWS_PER_INSERT) {
        let rows = chunk.iter().map(|record| Model::from(record).into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(uow.conn()).await?;
    }
    Ok(())
}

/// A page of the words of a person, the last recorded first; empty when the permission does not reach the person.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    person: PersonId,
    args: &PageArgs,
) -> Result<Page<ConsentRecord>, StoreError> {
    let mut sql = Sql::new(
        "SELECT consent_record.* FROM consent_record JOIN person ON person.id = consent_record.person_id \
         WHERE consent_record.person_id = ",
    );
    sql.bind(person.uuid());
    push_seen(&mut sql, grant, Looking::ByKey);
    BY_AT.restrict(&mut sql, args)?;
    BY_AT.order(&mut sql, args);
    let rows = models::<Model>(&sql.all(on).await?)?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.at), Key::Id(row.id)], row));
    BY_AT.page(args, keyed.collect()).try_map(ConsentRecord::try_from)
}

/// Takes out everything that leads back to a person: the personal parts of the proofs, the requests that wait, the links by which the person
/// would withdraw, and the mails on their way. That something was said, what and when stays.
///
/// # Errors
/// When the database fails.
pub async fn erase(uow: &UnitOfWork, person: PersonId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let mut records = Sql::new(
        "UPDATE consent_record SET text = NULL, address = NULL, user_agent = NULL, confirmed_from = NULL, grounds = NULL, erased_at = ",
    );
    records.bind(at).push(" WHERE erased_at IS NULL AND person_id = ").bind(person.uuid());
    records.run(uow).await?;
    let mut requests = Sql::new(
        "UPDATE consent_optin SET proof = '{}', mailed_to = '', \
         state = CASE state WHEN 'OPEN' THEN 'CANCELLED' ELSE state END, closed_at = coalesce(closed_at, ",
    );
    requests.bind(at).push(") WHERE person_id = ").bind(person.uuid());
    requests.run(uow).await?;
    let mut links = Sql::new("DELETE FROM consent_link WHERE person_id = ");
    links.bind(person.uuid());
    links.run(uow).await?;
    let mut mails = Sql::new(
        "UPDATE mail_outbox SET recipient = NULL, content = NULL, digest = '', \
         state = CASE state WHEN 'WAITING' THEN 'CANCELLED' ELSE state END, closed_at = coalesce(closed_at, ",
    );
    mails.bind(at).push(") WHERE person_id = ").bind(person.uuid());
    mails.run(uow).await?;
    Ok(())
}
