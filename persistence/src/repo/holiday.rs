//! Public holidays, as an operator loaded them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use fairfall_domain::sla::calendar::HolidayRegion;
use fairfall_domain::sla::holiday::{HolidayRow, Observance, of_region};
use fairfall_domain::value::{CountryCode, ShortText, SubdivisionCode};
use sea_orm::{QueryResult, Value};

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::recordset::{self, Recordset};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// Rows of one statement.
const ROWS_AT_ONCE: usize = 5_000;

const COLUMNS: &[(&str, &str)] =
    &[("country", "text"), ("subdivision", "text"), ("day", "date"), ("name", "text"), ("observed", "smallint")];

/// The days off of some regions. One statement, however many there are.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn days_off(
    on: &impl Readable,
    regions: &BTreeSet<HolidayRegion>,
) -> Result<BTreeMap<HolidayRegion, BTreeSet<NaiveDate>>, StoreError> {
    if regions.is_empty() {
        return Ok(BTreeMap::new());
    }
    let countries: BTreeSet<CountryCode> = regions.iter().map(|region| region.country).collect();
    let states: BTreeSet<String> = regions.iter().map(|region| key(region.subdivision)).chain([String::new()]).collect();
    let mut sql = select();
    sql.push(" WHERE country IN (").bind_list(countries.iter().map(|country| country.as_str().into()));
    sql.push(") AND subdivision IN (").bind_list(states.into_iter().map(Value::from)).push(")");
    let mut rows: BTreeMap<CountryCode, Vec<HolidayRow>> = BTreeMap::new();
    for row in read_all(on, sql).await? {
        rows.entry(row.country).or_default().push(row);
    }
    let of_country = |country| rows.get(&country).map(Vec::as_slice).unwrap_or_default();
    let days = |region: &HolidayRegion| of_region(of_country(region.country), region).into_keys().collect();
    Ok(regions.iter().map(|region| (*region, days(region))).collect())
}

/// The days off of a region from one day to another, both included, with their names.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn list(
    on: &impl Readable,
    region: &HolidayRegion,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<BTreeMap<NaiveDate, ShortText>, StoreError> {
    let mut sql = select();
    sql.push(" WHERE country = ").bind(region.country.as_str()).push(" AND subdivision IN ('', ");
    sql.bind(key(region.subdivision)).push(") AND day >= ").bind(first).push(" AND day <= ").bind(last);
    Ok(of_region(&read_all(on, sql).await?, region))
}

/// Puts rows in the place of all that were loaded.
pub(in crate::repo) async fn replace(uow: &UnitOfWork, rows: &[HolidayRow]) -> Result<(), StoreError> {
    Sql::new("DELETE FROM holiday").run(uow).await?;
    for part in rows.chunks(ROWS_AT_ONCE) {
        let rows = part.iter().map(values).collect();
        recordset::insert(uow, "holiday", &Recordset { columns: COLUMNS, rows }, "").await?;
    }
    Ok(())
}

fn values(row: &HolidayRow) -> Vec<Value> {
    let observed: i16 = match row.observance {
        Observance::Kept => 1,
        Observance::NotKept => 0,
    };
    vec![row.country.as_str().into(), key(row.subdivision).into(), row.day.into(), row.name.as_str().into(), observed.into()]
}

/// The whole country is written as an empty text: a part of the table's key.
fn key(state: Option<SubdivisionCode>) -> String {
    state.map(|state| state.to_string()).unwrap_or_default()
}

fn select() -> Sql {
    Sql::new("SELECT country, subdivision, day, name, observed FROM holiday")
}

async fn read_all(on: &impl Readable, sql: Sql) -> Result<Vec<HolidayRow>, StoreError> {
    sql.all(on).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<HolidayRow, StoreError> {
    let mut columns = Columns::of(row);
    let (country, state, day): (String, String, NaiveDate) = (columns.next()?, columns.next()?, columns.next()?);
    let id = format!("{country} {state} {day}");
    let stored = Stored::new("holiday", &id);
    Ok(HolidayRow {
        country: stored.text("country", &country)?,
        subdivision: stored.maybe("subdivision", Some(state.as_str()).filter(|state| !state.is_empty()))?,
        day,
        name: stored.text("name", &columns.next::<String>()?)?,
        observance: match columns.next::<i16>()? {
            0 => Observance::NotKept,
            1 => Observance::Kept,
            _ => return Err(stored.corrupt("observed")),
        },
    })
}
