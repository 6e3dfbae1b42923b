//! How many leads were sent to the wrong one.

use std::collections::BTreeMap;

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::department::Department;
use fairfall_domain::id::{TeamId, TerritoryId};
use fairfall_domain::report::misrouting::{MisroutedFigures, Misrouting};
use fairfall_domain::routing::{ChosenBy, Territory};
use fairfall_persistence::repo;
use fairfall_persistence::report::misrouting::{MisroutingQuery as Counted, routings};

use super::{Period, SMALL_COHORT_LEADS};
use crate::app::{App, AppError, Caller};

/// Most territories that are told, those with the most misrouted leads first.
pub const TERRITORIES_MAX: usize = 250;

/// Which routings, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MisroutingQuery {
    /// The period.
    pub period: Period,
    /// Only to this team.
    pub team: Option<TeamId>,
    /// Only of this department.
    pub department: Option<Department>,
}

/// The figures as a caller may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misrouted {
    /// All together; nothing when withheld.
    pub total: Option<MisroutedFigures>,
    /// By territory, the most misrouted first; the leads that no territory took are among them.
    pub by_territory: Vec<(Option<TerritoryId>, MisroutedFigures)>,
    /// The territories that are named.
    pub territories: BTreeMap<TerritoryId, Territory>,
    /// How many territories are not told because there are more than [`TERRITORIES_MAX`].
    pub more_territories: usize,
    /// By what decided.
    pub by_choice: Vec<(Option<ChosenBy>, MisroutedFigures)>,
    /// By department.
    pub by_department: Vec<(Department, MisroutedFigures)>,
    /// How many rows were withheld because they hold fewer than [`SMALL_COHORT_LEADS`] routings.
    pub withheld: usize,
}

/// The misrouted share; nothing for roles that may not see reports.
///
/// # Errors
/// A period that is too long.
#[tracing::instrument(name = "app.report.misrouting", skip_all)]
pub async fn misrouting(app: &App, caller: &Caller, query: &MisroutingQuery) -> Result<Option<Misrouted>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let counted = Counted { span: query.period.span()?, team: query.team, department: query.department };
    let Misrouting { total, by_territory, by_choice, by_department } = Misrouting::of(&routings(&app.reader(), &counted).await?);
    let least = if caller.may(Action::ViewPerson).is_some() { 0 } else { SMALL_COHORT_LEADS };
    let mut withheld = 0;
    let mut by_territory = large(by_territory, least, &mut withheld);
    let (by_choice, by_department) = (large(by_choice, least, &mut withheld), large(by_department, least, &mut withheld));
    by_territory.sort_by_key(|(_, figures)| std::cmp::Reverse((figures.misrouted, figures.routed)));
    let more_territories = by_territory.len().saturating_sub(TERRITORIES_MAX);
    by_territory.truncate(TERRITORIES_MAX);
    let named: Vec<TerritoryId> = by_territory.iter().filter_map(|(territory, _)| *territory).collect();
    // whoever sees figures sees what they are of
    let found = repo::territory::find_many(&app.reader(), &Grant::system(Action::ViewRouting), &named).await?;
    let total = Some(total).filter(|total| total.routed >= least);
    withheld += usize::from(total.is_none());
    Ok(Some(Misrouted {
        total,
        by_territory,
        territories: found.into_iter().map(|territory| (territory.id, territory)).collect(),
        more_territories,
        by_choice,
        by_department,
        withheld,
    }))
}

fn large<K>(rows: BTreeMap<K, MisroutedFigures>, least: u64, withheld: &mut usize) -> Vec<(K, MisroutedFigures)> {
    let all = rows.len();
    let rows: Vec<_> = rows.into_iter().filter(|(_, figures)| figures.routed >= least).collect();
    *withheld += all - rows.len();
    rows
}
