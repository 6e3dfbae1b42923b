//! Reference data of places and days: whole sets that an operator loads, each with where it comes from and what must be told of it.

use chrono::{DateTime, Utc};
use fairfall_domain::routing::Reference;
use fairfall_domain::routing::reference::{CountryLanguages, PostalRegions};
use fairfall_domain::sla::holiday::HolidayRow;
use fairfall_domain::value::{CountryCode, LanguageTag, SubdivisionCode};
use sea_orm::Value;

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::recordset::{self, Recordset};
use crate::repo::{holiday, locks};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// Rows of one statement.
const ROWS_AT_ONCE: usize = 5_000;

/// What stands between the states of a postal code.
const BETWEEN_STATES: char = '|';

/// A hundred percent are a million millionths.
const MILLIONTHS_PER_PERCENT: f64 = 10_000.0;

/// What is told of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceSet {
    /// Key; unique.
    pub key: String,
    /// Where it comes from.
    pub source: String,
    /// The licence under which it was given, such as `ODbL-1.0`.
    pub licence: String,
    /// What the licence asks to be shown.
    pub notice: String,
    /// How many rows it has.
    pub rows: u64,
    /// When it was loaded, UTC.
    pub loaded_at: DateTime<Utc>,
}

/// A postal code and the states it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalRow {
    /// Upper case, without spaces and hyphens.
    pub code: String,
    /// One, or several for a code on a border.
    pub states: Vec<SubdivisionCode>,
}

/// How many people of a country speak a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageRow {
    /// The country.
    pub country: CountryCode,
    /// The language.
    pub language: LanguageTag,
    /// Of a million people.
    pub share_millionths: u32,
}

/// All rows of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceRows {
    /// The postal codes of a country.
    Postal {
        /// The country.
        country: CountryCode,
        /// Each code once.
        rows: Vec<PostalRow>,
    },
    /// The languages of all countries; each pair once.
    Languages(Vec<LanguageRow>),
    /// The public holidays of all countries; each day of a place once.
    Holidays(Vec<HolidayRow>),
}

impl ReferenceRows {
    /// The key of the set that they make.
    pub fn key(&self) -> String {
        match self {
            Self::Postal { country, .. } => format!("postal-codes-{}", country.as_str().to_lowercase()),
            Self::Languages(_) => "country-languages".to_owned(),
            Self::Holidays(_) => "public-holidays".to_owned(),
        }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        match self {
            Self::Postal { rows, .. } => rows.len(),
            Self::Languages(rows) => rows.len(),
            Self::Holidays(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Puts rows in the place of those that were loaded for the same set, and what is told of them. Whoever loads the same set waits.
///
/// # Errors
/// As the database tells.
pub async fn replace(uow: &UnitOfWork, set: &ReferenceSet, rows: &ReferenceRows) -> Result<(), StoreError> {
    locks::hold(uow, "reference_set", &[&set.key]).await?;
    match rows {
        ReferenceRows::Postal { country, rows } => {
            let mut sql = Sql::new("DELETE FROM postal_region WHERE country = ");
            sql.bind(country.as_str());
            sql.run(uow).await?;
            for part in rows.chunks(ROWS_AT_ONCE) {
                let rows = part.iter().map(|row| vec![country.as_str().into(), row.code.as_str().into(), joined(&row.states)]);
                let columns = &[("country", "text"), ("code", "text"), ("states", "text")];
                recordset::insert(uow, "postal_region", &Recordset { columns, rows: rows.collect() }, "").await?;
            }
        }
        ReferenceRows::Languages(rows) => {
            Sql::new("DELETE FROM country_language").run(uow).await?;
            for part in rows.chunks(ROWS_AT_ONCE) {
                let rows: Result<Vec<Vec<Value>>, StoreError> = part.iter().map(language_values).collect();
                let columns = &[("country", "text"), ("language", "text"), ("share_millionths", "integer")];
                recordset::insert(uow, "country_language", &Recordset { columns, rows: rows? }, "").await?;
            }
        }
        ReferenceRows::Holidays(rows) => holiday::replace(uow, rows).await?,
    }
    tell(uow, set).await
}

fn joined(states: &[SubdivisionCode]) -> Value {
    let codes: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    codes.join(&BETWEEN_STATES.to_string()).into()
}

fn language_values(row: &LanguageRow) -> Result<Vec<Value>, StoreError> {
    let share = i32::try_from(row.share_millionths).map_err(|_| StoreError::unstorable("share_millionths"))?;
    Ok(vec![row.country.as_str().into(), row.language.as_str().into(), share.into()])
}

async fn tell(uow: &UnitOfWork, set: &ReferenceSet) -> Result<(), StoreError> {
    let rows = i64::try_from(set.rows).map_err(|_| StoreError::unstorable("rows_loaded"))?;
    let values: [Value; 6] = [
        set.key.as_str().into(),
        set.source.as_str().into(),
        set.licence.as_str().into(),
        set.notice.as_str().into(),
        rows.into(),
        set.loaded_at.into(),
    ];
    let mut sql = Sql::new("INSERT INTO reference_set (key, source, licence, notice, rows_loaded, loaded_at) VALUES (");
    sql.bind_list(values).push(
        ") ON CONFLICT (key) DO UPDATE SET source = excluded.source, licence = excluded.licence, notice = excluded.notice, \
         rows_loaded = excluded.rows_loaded, loaded_at = excluded.loaded_at",
    );
    sql.run(uow).await.map(drop)
}

/// What is told of each set that is loaded, in the order of their keys.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn list(on: &impl Readable) -> Result<Vec<ReferenceSet>, StoreError> {
    let sql = Sql::new("SELECT key, source, licence, notice, rows_loaded, loaded_at FROM reference_set ORDER BY key");
    let read = |row| {
        let mut columns = Columns::of(row);
        let key: String = columns.next()?;
        let stored = Stored::new("reference_set", &key);
        Ok(ReferenceSet {
            source: columns.next()?,
            licence: columns.next()?,
            notice: columns.next()?,
            rows: u64::try_from(columns.next::<i64>()?).map_err(|_| stored.corrupt("rows_loaded"))?,
            loaded_at: columns.next()?,
            key,
        })
    };
    sql.all(on).await?.iter().map(read).collect()
}

/// Everything that is loaded, ready for looking up.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn load(on: &impl Readable) -> Result<Reference, StoreError> {
    let rows = Sql::new("SELECT country, code, states FROM postal_region").all(on).await?;
    let postal = |row| {
        let mut columns = Columns::of(row);
        let (country, code, states): (String, String, String) = (columns.next()?, columns.next()?, columns.next()?);
        let place = format!("{country} {code}");
        let stored = Stored::new("postal_region", &place);
        let parsed: Result<Vec<SubdivisionCode>, StoreError> =
            states.split(BETWEEN_STATES).map(|state| stored.text("states", state)).collect();
        Ok::<_, StoreError>((stored.text::<CountryCode>("country", &country)?, code, parsed?))
    };
    let regions: Vec<_> = rows.iter().map(postal).collect::<Result<_, _>>()?;
    let rows = Sql::new("SELECT country, language, share_millionths FROM country_language").all(on).await?;
    let spoken = |row| {
        let mut columns = Columns::of(row);
        let (country, language, share): (String, String, i32) = (columns.next()?, columns.next()?, columns.next()?);
        let pair = format!("{country} {language}");
        let stored = Stored::new("country_language", &pair);
        let percent = f64::from(share) / MILLIONTHS_PER_PERCENT;
        Ok::<_, StoreError>((stored.text::<CountryCode>("country", &country)?, stored.text("language", &language)?, percent))
    };
    let languages: Vec<_> = rows.iter().map(spoken).collect::<Result<_, _>>()?;
    Ok(Reference { regions: PostalRegions::new(regions), languages: CountryLanguages::new(languages) })
}
