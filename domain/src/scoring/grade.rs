//! The grade matrix: fit A to C by engagement 1 to 3, and the tiers read from it.

use crate::code::codes;

use super::score::Score;

codes! {
    /// A cell of the matrix: the letter is fit, the figure engagement.
    pub enum Grade {
        /// High fit, high engagement.
        A1 = "A1",
        /// High fit, middle engagement.
        A2 = "A2",
        /// High fit, low engagement.
        A3 = "A3",
        /// Middle fit, high engagement.
        B1 = "B1",
        /// Middle fit, middle engagement.
        B2 = "B2",
        /// Middle fit, low engagement.
        B3 = "B3",
        /// Low fit, high engagement.
        C1 = "C1",
        /// Low fit, middle engagement.
        C2 = "C2",
        /// Low fit, low engagement.
        C3 = "C3",
    }
}

codes! {
    /// How a lead is to be treated.
    pub enum Tier {
        /// Goes to nurturing.
        Weak = "WEAK",
        /// Routed in turn.
        Standard = "STANDARD",
        /// Routed before standard ones.
        Warm = "WARM",
        /// At once, to seniors first.
        Hot = "HOT",
    }
}

/// Points from which an axis counts as high.
pub const HIGH_POINTS_MIN: u8 = 70;
/// Points from which an axis counts as middle.
pub const MIDDLE_POINTS_MIN: u8 = 40;

impl Grade {
    /// The grade of a score.
    pub const fn of(score: Score) -> Self {
        match (band(score.fit()), band(score.engagement())) {
            (Level::High, Level::High) => Self::A1,
            (Level::High, Level::Middle) => Self::A2,
            (Level::High, Level::Low) => Self::A3,
            (Level::Middle, Level::High) => Self::B1,
            (Level::Middle, Level::Middle) => Self::B2,
            (Level::Middle, Level::Low) => Self::B3,
            (Level::Low, Level::High) => Self::C1,
            (Level::Low, Level::Middle) => Self::C2,
            (Level::Low, Level::Low) => Self::C3,
        }
    }

    /// The tier of a grade: A1 is hot, one step off is warm, two steps off standard, the rest weak.
    pub const fn tier(self) -> Tier {
        match self {
            Self::A1 => Tier::Hot,
            Self::A2 | Self::B1 => Tier::Warm,
            Self::A3 | Self::B2 | Self::C1 => Tier::Standard,
            Self::B3 | Self::C2 | Self::C3 => Tier::Weak,
        }
    }

    /// 9 for A1 down to 1 for C3.
    pub const fn order(self) -> u8 {
        match self {
            Self::A1 => 9,
            Self::A2 => 8,
            Self::B1 => 7,
            Self::A3 => 6,
            Self::B2 => 5,
            Self::C1 => 4,
            Self::B3 => 3,
            Self::C2 => 2,
            Self::C3 => 1,
        }
    }
}

enum Level {
    High,
    Middle,
    Low,
}

const fn band(points: u8) -> Level {
    if points >= HIGH_POINTS_MIN {
        Level::High
    } else if points >= MIDDLE_POINTS_MIN {
        Level::Middle
    } else {
        Level::Low
    }
}
