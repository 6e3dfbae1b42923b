//! What territories look at, of many leads: for telling what they leave open and where they meet.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::LeadId;
use fairfall_domain::routing::coverage::Whereabouts;
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};

/// Most rows of one chunk.
pub const CHUNK_MAX: u32 = 1_000;

/// A lead with what territories look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedLead {
    /// The lead.
    pub lead: LeadId,
    /// When it was captured, UTC.
    pub captured_at: DateTime<Utc>,
    /// What territories look at.
    pub whereabouts: Whereabouts,
}

/// The newest leads captured since a moment, behind the lead `after`, at most [`CHUNK_MAX`], whoever may see them: what is told of them are counts.
///
/// # Errors
/// When the permission is not one of who keeps territories; [`StoreError::Corrupt`], or as the database tells.
pub async fn newest(
    on: &impl Readable,
    grant: &Grant,
    since: DateTime<Utc>,
    after: Option<&PlacedLead>,
    limit: u32,
) -> Result<Vec<PlacedLead>, StoreError> {
    if grant.action() != Action::ManageTerritory {
        return Err(StoreError::unstorable("grant"));
    }
    let mut sql = Sql::new(
        "SELECT lead.id, lead.captured_at, lead.country, lead.subdivision, lead.postal_code, lead.language, lead.product_area, \
         company.industry, company.employees FROM lead LEFT JOIN company ON company.id = lead.company_id WHERE lead.captured_at >= ",
    );
    sql.bind(since);
    if let Some(after) = after {
        sql.push(" AND (lead.captured_at, lead.id) < (").bind(after.captured_at).push(", ").bind(after.lead.uuid()).push(")");
    }
    sql.push(" ORDER BY lead.captured_at DESC, lead.id DESC LIMIT ").push(&limit.min(CHUNK_MAX).to_string());
    sql.all_planned(on).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<PlacedLead, StoreError> {
    let mut row = Columns::of(row);
    let lead = LeadId::from(row.next::<Uuid>()?);
    let stored = Stored::new("lead", lead);
    let captured_at = row.next()?;
    let mut text = || row.next::<Option<String>>();
    let (country, subdivision, postal_code, language) = (text()?, text()?, text()?, text()?);
    let (product_area, industry) = (text()?.unwrap_or_default(), text()?);
    let employees: Option<i32> = row.next()?;
    Ok(PlacedLead {
        lead,
        captured_at,
        whereabouts: Whereabouts {
            country: stored.maybe("country", country.as_deref())?,
            subdivision: stored.maybe("subdivision", subdivision.as_deref())?,
            postal_code: stored.maybe("postal_code", postal_code.as_deref())?,
            language: stored.maybe("language", language.as_deref())?,
            product_area: stored.text("product_area", &product_area)?,
            industry: stored.maybe("industry", industry.as_deref())?,
            employees: employees.map(|count| stored.count("employees", count)).transpose()?,
        },
    })
}
