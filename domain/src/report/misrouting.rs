//! How many leads were sent to the wrong one. The goal is 0.
//!
//! A routing was wrong when the lead was reassigned with the reason `MISROUTED`, or the offer was rejected with `WRONG_TERRITORY`: it is noted with the
//! decision that had sent it there, whenever that was. A share is of the routings decided in the period.

use std::collections::BTreeMap;

use crate::department::Department;
use crate::id::TerritoryId;
use crate::routing::ChosenBy;

/// Routings, and those of them that were wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MisroutedFigures {
    /// Decisions of the period that sent a lead to a person or the queue of a team.
    pub routed: u64,
    /// Of these, those that were said to be wrong since.
    pub misrouted: u64,
}

impl MisroutedFigures {
    fn add(&mut self, more: Self) {
        self.routed = self.routed.saturating_add(more.routed);
        self.misrouted = self.misrouted.saturating_add(more.misrouted);
    }
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedRoutings {
    /// The territory that took them; none when teams' countries decided, or somebody was asked for.
    pub territory: Option<TerritoryId>,
    /// What decided who got them; nothing for those that went to a queue.
    pub chosen_by: Option<ChosenBy>,
    /// The department that was to get them.
    pub department: Department,
    /// The figures.
    pub figures: MisroutedFigures,
}

/// The misrouted share, cut in three ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misrouting {
    /// All together.
    pub total: MisroutedFigures,
    /// By territory, those without one first.
    pub by_territory: BTreeMap<Option<TerritoryId>, MisroutedFigures>,
    /// By what decided who got them, those that went to a queue first.
    pub by_choice: BTreeMap<Option<ChosenBy>, MisroutedFigures>,
    /// By department.
    pub by_department: BTreeMap<Department, MisroutedFigures>,
}

impl Misrouting {
    /// Adds up what was counted.
    pub fn of(counted: &[CountedRoutings]) -> Self {
        let mut all = Self::default();
        for CountedRoutings { territory, chosen_by, department, figures } in counted.iter().copied() {
            all.total.add(figures);
            all.by_territory.entry(territory).or_default().add(figures);
            all.by_choice.entry(chosen_by).or_default().add(figures);
            all.by_department.entry(department).or_default().add(figures);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_way_to_cut_adds_up_to_the_whole() {
        let territory = |number| Some(TerritoryId::from(Uuid::from_u128(number)));
        let counted = |territory, chosen_by, department, routed, misrouted| CountedRoutings {
            territory,
            chosen_by,
            department,
            figures: MisroutedFigures { routed, misrouted },
        };
        let (field, inside) = (Department::FieldSales, Department::InsideSales);
        let all = Misrouting::of(&[
            counted(territory(1), Some(ChosenBy::Turn), field, 10, 2),
            counted(territory(1), Some(ChosenBy::Owner), field, 4, 0),
            counted(territory(2), None, inside, 3, 1),
            counted(None, Some(ChosenBy::Wish), inside, 3, 0),
        ]);
        let figures = |routed, misrouted| MisroutedFigures { routed, misrouted };
        assert_eq!(all.total, figures(20, 3));
        assert_eq!(all.by_territory[&territory(1)], figures(14, 2));
        assert_eq!(all.by_choice[&None], figures(3, 1));
        assert_eq!(all.by_department, BTreeMap::from([(inside, figures(6, 1)), (field, figures(14, 2))]));
        assert_eq!(all.by_territory.values().map(|one| one.routed).sum::<u64>(), 20);
    }
}
