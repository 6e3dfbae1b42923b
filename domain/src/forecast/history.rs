//! The grade's history: the share of passages of a grade that was won, drawn towards the share of all.

use std::collections::BTreeMap;

use crate::scoring::Grade;

/// How many passages of the average each grade starts with (the m-estimate; Cestnik, 1990).
pub const PSEUDO_PASSAGES: f64 = 20.0;
/// The least closed passages of all grades together; fewer tell nothing.
pub const PASSAGES_MIN: u64 = 20;

/// Closed passages of a grade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// All that closed.
    pub closed: u64,
    /// Those that were won.
    pub won: u64,
}

/// Closed passages by the grade that they had when they closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GradeHistory {
    grades: BTreeMap<Grade, Outcomes>,
    all: Outcomes,
}

impl GradeHistory {
    /// The history of these outcomes.
    pub fn new(grades: BTreeMap<Grade, Outcomes>) -> Self {
        let add = |sum: Outcomes, of: &Outcomes| Outcomes {
            closed: sum.closed.saturating_add(of.closed),
            won: sum.won.saturating_add(of.won),
        };
        let all = grades.values().fold(Outcomes::default(), add);
        Self { grades, all }
    }

    /// The chance of a lead of a grade; nothing while too little has closed.
    pub fn probability(&self, grade: Grade) -> Option<f64> {
        if self.all.closed < PASSAGES_MIN {
            return None;
        }
        let share = figure(self.all.won) / figure(self.all.closed);
        let of = self.grades.get(&grade).copied().unwrap_or_default();
        Some((figure(of.won) + PSEUDO_PASSAGES * share) / (figure(of.closed) + PSEUDO_PASSAGES))
    }
}

fn figure(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_is_drawn_to_the_average_until_it_has_a_history() {
        let of = |closed, won| Outcomes { closed, won };
        let history = GradeHistory::new(BTreeMap::from([(Grade::A1, of(80, 40)), (Grade::C3, of(120, 0))]));
        // 20 passages of the average share of 0.2 are added to each
        assert!((history.probability(Grade::A1).unwrap() - 44.0 / 100.0).abs() < 1e-12);
        assert!((history.probability(Grade::C3).unwrap() - 4.0 / 140.0).abs() < 1e-12);
        assert!((history.probability(Grade::B2).unwrap() - 0.2).abs() < 1e-12);
    }

    #[test]
    fn too_little_tells_nothing() {
        let history = GradeHistory::new(BTreeMap::from([(Grade::A1, Outcomes { closed: 19, won: 9 })]));
        assert_eq!(history.probability(Grade::A1), None);
    }
}
