//! What the territories in use leave open and where they meet, over the leads of the last days. Nothing is written. Leads are read in chunks; whoever
//! asked and goes away ends it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::department::Department;
use fairfall_domain::id::{LeadId, TerritoryId};
use fairfall_domain::routing::Territory;
use fairfall_domain::routing::coverage::{Coverage, PlaceGroup};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo;
use fairfall_persistence::report::coverage::{CHUNK_MAX, newest};

use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller};

/// Most days that are looked back.
pub const DAYS_MAX: u32 = 366;
/// Most leads that are looked at, the newest.
pub const LEADS_MAX: u32 = 20_000;
/// Most leads of each kind that are named.
pub const SAMPLE_MAX: usize = 25;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The first moment that was looked at: leads captured since.
    pub since: DateTime<Utc>,
    /// Whether territories decide who takes the department's leads at all; if not, nothing was looked at.
    pub decides: bool,
    /// Leads that were looked at.
    pub leads: u64,
    /// Whether there are more leads than were looked at.
    pub cut_short: bool,
    /// Leads that no territory takes.
    pub gaps: Found<PlaceGroup>,
    /// Leads that several territories take equally well.
    pub overlaps: Found<Vec<TerritoryId>>,
    /// The territories that are named.
    pub territories: BTreeMap<TerritoryId, Territory>,
}

/// Leads of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<G> {
    /// How many.
    pub leads: u64,
    /// The largest groups with their leads.
    pub groups: Vec<(G, u64)>,
    /// Leads of the other groups.
    pub other_leads: u64,
    /// The newest ones, as far as the caller may see them, at most [`SAMPLE_MAX`].
    pub sample: Vec<LeadId>,
}

/// Looks at the leads of the last days under the territories in use; nothing for roles that keep no territories.
///
/// # Errors
/// Days out of range.
#[tracing::instrument(name = "app.territory.coverage", skip_all)]
pub async fn coverage(app: &App, caller: &Caller, days: u32, department: Department) -> Result<Option<Covered>, AppError> {
    let Some(grant) = caller.may(Action::ManageTerritory) else { return Ok(None) };
    if !(1..=DAYS_MAX).contains(&days) {
        let message = format!("1 to {DAYS_MAX} days are allowed");
        return Err(Violations::one("days", ViolationCode::OutOfRange, message).into());
    }
    let rules = app.rules().await?;
    let since = app.now() - TimeDelta::days(days.into());
    let decides = rules.directory.territories.serves(department);
    let mut found = Coverage::default();
    let cut_short = decides && look(app, &grant, &rules, (since, department), &mut found).await?;
    let (gaps, gap_rest) = found.gaps.groups();
    let (overlaps, overlap_rest) = found.overlaps.groups();
    let mut named: Vec<TerritoryId> = overlaps.iter().flat_map(|(territories, _)| territories.iter().copied()).collect();
    named.sort_unstable();
    named.dedup();
    let territories = repo::territory::find_many(&app.reader(), &Grant::system(Action::ViewRouting), &named).await?;
    Ok(Some(Covered {
        since,
        decides,
        leads: found.leads,
        cut_short,
        gaps: Found {
            leads: found.gaps.leads,
            groups: gaps,
            other_leads: gap_rest,
            sample: seen(app, caller, &found.gaps.sample).await?,
        },
        overlaps: Found {
            leads: found.overlaps.leads,
            groups: overlaps,
            other_leads: overlap_rest,
            sample: seen(app, caller, &found.overlaps.sample).await?,
        },
        territories: territories.into_iter().map(|territory| (territory.id, territory)).collect(),
    }))
}

/// Goes through the leads. Answers whether there are more than were looked at.
async fn look(
    app: &App,
    grant: &Grant,
    rules: &Rules,
    (since, department): (DateTime<Utc>, Department),
    found: &mut Coverage,
) -> Result<bool, AppError> {
    let reader = app.reader();
    let (mut left, mut last) = (LEADS_MAX, None);
    loop {
        let limit = left.min(CHUNK_MAX);
        let chunk = newest(&reader, grant, since, last.as_ref(), limit.max(1)).await?;
        if limit == 0 || chunk.is_empty() {
            return Ok(!chunk.is_empty());
        }
        for one in &chunk {
            found.look((one.lead, &one.whereabouts), department, &rules.directory, &rules.roster);
        }
        left = left.saturating_sub(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        last = chunk.into_iter().next_back();
        tokio::task::yield_now().await;
    }
}

/// Those of some leads that the caller may see, in their order.
async fn seen(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<LeadId>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Vec::new()) };
    let found = repo::lead::find_many(&app.reader(), &grant, leads).await?;
    Ok(leads.iter().copied().filter(|lead| found.iter().any(|found| found.id == *lead)).take(SAMPLE_MAX).collect())
}
