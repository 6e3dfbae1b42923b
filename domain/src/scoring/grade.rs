//! The grade matrix: fit A to C by engagement 1 to 3, and the tiers read from it.

use crate::code::codes;

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

/// How much there is of one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Below the middle threshold.
    Low,
    /// From the middle threshold on.
    Middle,
    /// From the high threshold on.
    High,
}

impl Grade {
    /// The cell of two levels.
    pub const fn of(fit: Level, engagement: Level) -> Self {
        match (fit, engagement) {
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

    /// The level of fit that it stands for.
    pub const fn fit(self) -> Level {
        match self {
            Self::A1 | Self::A2 | Self::A3 => Level::High,
            Self::B1 | Self::B2 | Self::B3 => Level::Middle,
            Self::C1 | Self::C2 | Self::C3 => Level::Low,
        }
    }

    /// The level of engagement that it stands for.
    pub const fn engagement(self) -> Level {
        match self {
            Self::A1 | Self::B1 | Self::C1 => Level::High,
            Self::A2 | Self::B2 | Self::C2 => Level::Middle,
            Self::A3 | Self::B3 | Self::C3 => Level::Low,
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
