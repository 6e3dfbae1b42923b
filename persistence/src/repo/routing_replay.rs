//! Routings of a period with what they stood on, read in chunks and without locks: for replays under another configuration.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant, Scope};
use fairfall_domain::company::Company;
use fairfall_domain::department::Department;
use fairfall_domain::id::RoutingDecisionId;
use fairfall_domain::routing::RoutingDecision;
use fairfall_domain::routing::replay::Occasion;
use sea_orm::{FromQueryResult, QueryResult};
use uuid::Uuid;

use crate::entity::{company, person};
use crate::error::StoreError;
use crate::mapper::lead;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::repo::lead_score::SUBJECTS;
use crate::repo::scope;
use crate::sql::{Columns, Sql};

/// Most rows of one chunk.
pub const CHUNK_MAX: u32 = 500;

/// Whether it is asked when companies had other leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompaniesSeen {
    /// It decides something, and is asked.
    Asked,
    /// It decides nothing.
    NotAsked,
}

/// The period of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayPeriod {
    /// From when, UTC.
    pub from: DateTime<Utc>,
    /// Until when, UTC, not included.
    pub to: DateTime<Utc>,
    /// Whether it is asked when companies had other leads.
    pub seen: CompaniesSeen,
}

/// Behind which routing a chunk begins.
pub type Behind = (DateTime<Utc>, RoutingDecisionId);

static SELECT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, {}, d.id AS decision_id, d.detail AS decision_detail, p.closed_at AS passage_closed_at",
        lead::READ,
        *SUBJECTS
    )
});

/// When the company had another lead last, as of the routing: a lead that changed later was at least captured before.
const SEEN: &str = ", (SELECT max(CASE WHEN other.updated_at <= d.at THEN other.updated_at ELSE other.captured_at END) FROM lead AS other \
    WHERE other.company_id = lead.company_id AND other.id <> lead.id AND other.captured_at <= d.at) AS company_seen_at";

const FROM: &str = " FROM routing_decision AS d JOIN lead ON lead.id = d.lead_id JOIN person ON person.id = lead.person_id \
    LEFT JOIN company ON company.id = lead.company_id LEFT JOIN passage AS p ON p.id = d.passage_id WHERE ";

/// The next routings of a period, the oldest first, behind the routing `behind`, at most [`CHUNK_MAX`]: for a permission of a department those to
/// this department. One statement.
///
/// # Errors
/// When the permission is not one to simulate, [`StoreError::Corrupt`], or as the database tells.
pub async fn chunk(
    on: &impl Readable,
    grant: &Grant,
    period: &ReplayPeriod,
    behind: Option<Behind>,
    limit: u32,
) -> Result<Vec<Occasion>, StoreError> {
    if grant.action() != Action::SimulateRouting {
        return Err(StoreError::unstorable("grant"));
    }
    let mut sql = Sql::new(SELECT.as_str());
    match period.seen {
        CompaniesSeen::Asked => sql.push(SEEN),
        CompaniesSeen::NotAsked => sql.push(", NULL AS company_seen_at"),
    };
    sql.push(FROM).push("d.at >= ").bind(period.from).push(" AND d.at < ").bind(period.to);
    if let Some((at, id)) = behind {
        sql.push(" AND (d.at, d.id) > (").bind(at).push(", ").bind(id.uuid()).push(")");
    }
    match grant.scope() {
        Scope::All => {}
        Scope::Department | Scope::Team | Scope::Pool | Scope::Own => {
            sql.push(" AND d.department = ").bind(grant.department().map(Department::as_str));
        }
    }
    sql.push(" AND ");
    scope::push_leads(&mut sql, grant);
    sql.push(" ORDER BY d.at, d.id LIMIT ").push(&limit.min(CHUNK_MAX).to_string());
    sql.all_planned(on).await?.iter().map(|row| read(row, period.seen)).collect()
}

fn read(row: &QueryResult, seen: CompaniesSeen) -> Result<Occasion, StoreError> {
    let lead = lead::read(&mut Columns::of(row))?;
    let person = person::Model::from_query_result(row, "person_")?;
    let company = lead.company.map(|_| company::Model::from_query_result(row, "company_")).transpose()?;
    let id = RoutingDecisionId::from(row.try_get::<Uuid>("", "decision_id")?);
    let detail: String = row.try_get("", "decision_detail")?;
    let decided: RoutingDecision = Stored::new("routing_decision", id).json("detail", &detail)?;
    let company_seen_at = match seen {
        CompaniesSeen::Asked => row.try_get("", "company_seen_at")?,
        CompaniesSeen::NotAsked => None,
    };
    Ok(Occasion {
        decided,
        demand: lead.demand,
        person: person.try_into()?,
        company: company.map(Company::try_from).transpose()?,
        company_seen_at,
        closed_at: row.try_get("", "passage_closed_at")?,
    })
}
