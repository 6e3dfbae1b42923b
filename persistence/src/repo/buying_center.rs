//! Who plays which role when a company buys, and which roles are needed.

use chrono::{DateTime, Utc};
use fairfall_domain::buying_center::{BuyingNeeds, Noted, PARTICIPATIONS_MAX, Participation};
use fairfall_domain::id::{CompanyId, PersonId, UserId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::repo::setting;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// The setting that holds the needs.
const NEEDS: &str = "buying_needs";

/// What came of noting a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was not known before.
    Stored,
    /// It was known already.
    Known,
    /// The company has as many roles as may be kept.
    Full,
}

/// The roles noted at some companies, with what people's own records say of their role at their company; in no order. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, companies: &[CompanyId]) -> Result<Vec<Noted>, StoreError> {
    if companies.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || companies.iter().map(|id| Value::from(id.uuid()));
    let mut sql =
        Sql::new("SELECT company_id, person_id, product_area, role, noted_by, noted_at FROM buying_role WHERE company_id IN (");
    sql.bind_list(ids());
    sql.push(") UNION ALL SELECT company_id, id, '', buying_role, NULL, updated_at FROM person WHERE merged_into IS NULL AND buying_role IS NOT NULL AND company_id IN (");
    sql.bind_list(ids()).push(")");
    sql.all(on).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Noted, StoreError> {
    let mut columns = Columns::of(row);
    let company: Uuid = columns.next()?;
    let person = PersonId::from(columns.next::<Uuid>()?);
    let (area, role): (String, String) = (columns.next()?, columns.next()?);
    let stored = Stored::new("buying_role", person);
    Ok(Noted {
        participation: Participation {
            company: CompanyId::from(company),
            person,
            product_area: stored.maybe("product_area", Some(area.as_str()).filter(|area| !area.is_empty()))?,
            role: stored.text("role", &role)?,
        },
        by: columns.next::<Option<Uuid>>()?.map(UserId::from),
        at: columns.next::<DateTime<Utc>>()?,
    })
}

fn area(participation: &Participation) -> &str {
    participation.product_area.as_ref().map_or("", |area| area.as_str())
}

/// Notes a role.
///
/// # Errors
/// When the database fails, or the company or person does not exist.
pub async fn put(uow: &UnitOfWork, noted: &Noted) -> Result<Put, StoreError> {
    let Noted { participation, by, at } = noted;
    let mut count = Sql::new("SELECT COUNT(*) FROM buying_role WHERE company_id = ");
    count.bind(participation.company.uuid());
    let kept: i64 = match count.one(uow).await? {
        Some(row) => Columns::of(&row).next()?,
        None => 0,
    };
    let mut sql = Sql::new("INSERT INTO buying_role (company_id, person_id, product_area, role, noted_by, noted_at) VALUES (");
    sql.bind(participation.company.uuid()).push(", ").bind(participation.person.uuid()).push(", ").bind(area(participation));
    sql.push(", ").bind(participation.role.as_str()).push(", ").bind(by.map(UserId::uuid)).push(", ").bind(*at);
    sql.push(") ON CONFLICT DO NOTHING");
    if usize::try_from(kept).unwrap_or(usize::MAX) >= PARTICIPATIONS_MAX {
        return Ok(if is_known(uow, participation).await? { Put::Known } else { Put::Full });
    }
    Ok(if sql.run(uow).await? == 1 { Put::Stored } else { Put::Known })
}

fn restrict(sql: &mut Sql, participation: &Participation) {
    sql.push(" WHERE company_id = ").bind(participation.company.uuid());
    sql.push(" AND person_id = ").bind(participation.person.uuid());
    sql.push(" AND product_area = ").bind(area(participation));
    sql.push(" AND role = ").bind(participation.role.as_str());
}

async fn is_known(uow: &UnitOfWork, participation: &Participation) -> Result<bool, StoreError> {
    let mut sql = Sql::new("SELECT role FROM buying_role");
    restrict(&mut sql, participation);
    Ok(sql.one(uow).await?.is_some())
}

/// Forgets a role; false when it was not known.
///
/// # Errors
/// When the database fails.
pub async fn remove(uow: &UnitOfWork, participation: &Participation) -> Result<bool, StoreError> {
    let mut sql = Sql::new("DELETE FROM buying_role");
    restrict(&mut sql, participation);
    Ok(sql.run(uow).await? == 1)
}

/// The needed roles: those that were set, else the shipped ones.
///
/// # Errors
/// When the database fails or the setting is corrupt.
pub async fn needs(on: &impl Readable) -> Result<BuyingNeeds, StoreError> {
    Ok(setting::get(on, NEEDS).await?.unwrap_or_default())
}

/// Writes the needed roles over those before.
///
/// # Errors
/// When the database fails.
pub async fn put_needs(uow: &UnitOfWork, needs: &BuyingNeeds) -> Result<(), StoreError> {
    setting::put(uow, NEEDS, needs).await
}
