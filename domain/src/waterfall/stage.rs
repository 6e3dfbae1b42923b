//! Stages of the demand waterfall (`SiriusDecisions` demand waterfall; the hand-over stages of the German two-sided model).

use crate::code::codes;

codes! {
    /// A stage that an open lead can stand at. TAL and SAL are entered by an act of the receiving department, MQL, SRL, TQL and SQL by criteria.
    pub enum OpenStage {
        /// Captured demand, not yet qualified.
        Lead = "LEAD",
        /// Marketing qualified lead.
        Mql = "MQL",
        /// Sales ready lead: marketing vouches that sales can start.
        Srl = "SRL",
        /// Teleprospecting (inside sales) accepted lead.
        Tal = "TAL",
        /// Teleprospecting (inside sales) qualified lead.
        Tql = "TQL",
        /// Sales accepted lead.
        Sal = "SAL",
        /// Sales qualified lead.
        Sql = "SQL",
    }
}

codes! {
    /// Every stage a lead can be seen at: the open ones, at rest, and closed.
    pub enum Stage {
        /// Captured demand, not yet qualified.
        Lead = "LEAD",
        /// Marketing qualified lead.
        Mql = "MQL",
        /// Sales ready lead.
        Srl = "SRL",
        /// Inside sales accepted lead.
        Tal = "TAL",
        /// Inside sales qualified lead.
        Tql = "TQL",
        /// Sales accepted lead.
        Sal = "SAL",
        /// Sales qualified lead.
        Sql = "SQL",
        /// At rest until a date or new behaviour.
        Nurturing = "NURTURING",
        /// Closed: became a customer.
        Won = "WON",
        /// Closed: lost at the closing step.
        Lost = "LOST",
        /// Closed: was no lead.
        Disqualified = "DISQUALIFIED",
    }
}

impl OpenStage {
    /// Whether the stage is entered by an act of the receiving department (TAL, SAL) rather than by criteria.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Tal | Self::Sal)
    }

    /// The position in the order LEAD, MQL, SRL, TAL, TQL, SAL, SQL; used to store one figure per stage.
    pub const fn index(self) -> usize {
        match self {
            Self::Lead => 0,
            Self::Mql => 1,
            Self::Srl => 2,
            Self::Tal => 3,
            Self::Tql => 4,
            Self::Sal => 5,
            Self::Sql => 6,
        }
    }
}

impl From<OpenStage> for Stage {
    fn from(stage: OpenStage) -> Self {
        match stage {
            OpenStage::Lead => Self::Lead,
            OpenStage::Mql => Self::Mql,
            OpenStage::Srl => Self::Srl,
            OpenStage::Tal => Self::Tal,
            OpenStage::Tql => Self::Tql,
            OpenStage::Sal => Self::Sal,
            OpenStage::Sql => Self::Sql,
        }
    }
}

impl Stage {
    /// The open stage, or nothing for a lead at rest or closed.
    pub const fn open(self) -> Option<OpenStage> {
        match self {
            Self::Lead => Some(OpenStage::Lead),
            Self::Mql => Some(OpenStage::Mql),
            Self::Srl => Some(OpenStage::Srl),
            Self::Tal => Some(OpenStage::Tal),
            Self::Tql => Some(OpenStage::Tql),
            Self::Sal => Some(OpenStage::Sal),
            Self::Sql => Some(OpenStage::Sql),
            Self::Nurturing | Self::Won | Self::Lost | Self::Disqualified => None,
        }
    }
}
