//! How many leads were sent to the wrong one.

use std::collections::BTreeMap;

use async_graphql::{ID, SimpleObject};
use fairfall_domain::department::Department;
use fairfall_domain::id::TerritoryId;
use fairfall_domain::report::misrouting::MisroutedFigures;
use fairfall_domain::routing::{ChosenBy, Territory};

use crate::app::report::misrouting::Misrouted;
use crate::graphql::code::Coded;
use crate::graphql::scalar::{id, int};

use super::report::{Definition, defined, share};

const DEFINITIONS: [(&str, &str); 4] = [
    (
        "routed",
        "decisions of the period, by UTC days, that sent a lead to a person or to the queue of a team; a lead routed again counts again",
    ),
    (
        "misrouted",
        "of these, those after which the lead was reassigned with the reason MISROUTED or its offer rejected with WRONG_TERRITORY, whenever that was",
    ),
    ("share", "misrouted divided by routed; the goal is 0"),
    (
        "byTerritory",
        "by the territory that took the lead; without one when teams' countries decided, or the sender asked for a person or team",
    ),
];

/// The misrouted share. The goal is 0.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "MisroutingReport")]
pub struct MisroutingObject {
    /// All together; absent when withheld.
    pub total: Option<MisroutedShare>,
    /// By territory, the most misrouted first, at most 250 rows.
    pub by_territory: Vec<MisroutedByTerritory>,
    /// How many territories are not told because there are more.
    pub more_territories: i32,
    /// By what decided who got them.
    pub by_choice: Vec<MisroutedByChoice>,
    /// By department.
    pub by_department: Vec<MisroutedByDepartment>,
    /// How many rows are withheld because they hold fewer than 5 routings and the viewer may not see personal data.
    pub withheld_rows: i32,
    /// What each figure means.
    pub definitions: Vec<Definition>,
}

/// Routings and those of them that were wrong.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct MisroutedShare {
    /// Routings.
    pub routed: i32,
    /// Those that were wrong.
    pub misrouted: i32,
    /// The share of the wrong ones, 0 to 1; absent when there are no routings.
    pub share: Option<f64>,
}

impl From<MisroutedFigures> for MisroutedShare {
    fn from(figures: MisroutedFigures) -> Self {
        Self { routed: int(figures.routed), misrouted: int(figures.misrouted), share: share(figures.misrouted, figures.routed) }
    }
}

/// The share of a territory.
#[derive(Clone, Debug, SimpleObject)]
pub struct MisroutedByTerritory {
    /// The territory; absent for leads that none took.
    pub territory: Option<ReportTerritory>,
    /// The figures.
    pub figures: MisroutedShare,
}

/// A territory as reports name it.
#[derive(Clone, Debug, SimpleObject)]
pub struct ReportTerritory {
    /// The id.
    pub id: ID,
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
}

impl ReportTerritory {
    /// What a territory is called; an id that is not known stays without a name.
    pub fn of(territory: TerritoryId, known: &BTreeMap<TerritoryId, Territory>) -> Self {
        let text = |text: &dyn Fn(&Territory) -> String| known.get(&territory).map(text).unwrap_or_default();
        Self { id: id(territory), key: text(&|known| known.key.to_string()), name: text(&|known| known.name.to_string()) }
    }
}

/// The share of a way to decide.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct MisroutedByChoice {
    /// What decided who got them; absent for those that went to a queue.
    pub chosen_by: Option<Coded<ChosenBy>>,
    /// The figures.
    pub figures: MisroutedShare,
}

/// The share of a department.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct MisroutedByDepartment {
    /// The department that was to get them.
    pub department: Coded<Department>,
    /// The figures.
    pub figures: MisroutedShare,
}

impl From<Misrouted> for MisroutingObject {
    fn from(misrouted: Misrouted) -> Self {
        let known = &misrouted.territories;
        let territory = |(territory, figures): &(Option<TerritoryId>, MisroutedFigures)| MisroutedByTerritory {
            territory: territory.map(|territory| ReportTerritory::of(territory, known)),
            figures: (*figures).into(),
        };
        let choice = |(chosen_by, figures): (Option<ChosenBy>, MisroutedFigures)| MisroutedByChoice {
            chosen_by: chosen_by.map(Coded),
            figures: figures.into(),
        };
        let department = |(department, figures): (Department, MisroutedFigures)| MisroutedByDepartment {
            department: Coded(department),
            figures: figures.into(),
        };
        Self {
            total: misrouted.total.map(Into::into),
            by_territory: misrouted.by_territory.iter().map(territory).collect(),
            more_territories: int(misrouted.more_territories),
            by_choice: misrouted.by_choice.into_iter().map(choice).collect(),
            by_department: misrouted.by_department.into_iter().map(department).collect(),
            withheld_rows: int(misrouted.withheld),
            definitions: defined(&DEFINITIONS),
        }
    }
}
