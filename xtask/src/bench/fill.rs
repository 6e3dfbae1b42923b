//! Filling the database by SQL, as if an organisation had worked with it for two years.

use anyhow::Result;

use super::database::Database;
use super::pgbench::Around;

/// Leads of one company.
const LEADS_PER_COMPANY: u64 = 5;

/// What was asked for, and what follows from it.
pub struct Fill {
    leads: u64,
    /// Passages of each lead, the current one among them.
    passages_each: u64,
}

impl Fill {
    /// For so many leads and, later, at least so many passages.
    pub const fn new(leads: u64, passages: u64) -> Self {
        let passages_each = passages.div_ceil(leads);
        Self { leads, passages_each: if passages_each > 0 { passages_each } else { 1 } }
    }

    /// How the things around a lead follow from its number.
    pub const fn around(&self) -> Around {
        Around { leads: self.leads, companies: self.leads.div_ceil(LEADS_PER_COMPANY), passage: self.passages_each }
    }

    /// People, rules and leads, each lead with its current passage.
    pub fn leads(&self, database: &Database) -> Result<()> {
        let Around { leads, companies, passage } = self.around();
        database.script(include_str!("base.sql"), &[("leads", leads), ("companies", companies)])?;
        self.passages(database, passage, passage)?;
        database.script(include_str!("leads.sql"), &[("companies", companies), ("current", passage)])?;
        settle(database)
    }

    /// The passages before the current one; answers how many there are in all.
    pub fn earlier_passages(&self, database: &Database) -> Result<u64> {
        if self.passages_each > 1 {
            self.passages(database, 1, self.passages_each - 1)?;
            settle(database)?;
        }
        Ok(self.leads * self.passages_each)
    }

    fn passages(&self, database: &Database, first: u64, last: u64) -> Result<()> {
        let variables = [("leads", self.leads), ("first", first), ("last", last), ("current", self.passages_each)];
        database.script(include_str!("passages.sql"), &variables)
    }
}

/// Leaves tables and files as a database has them that was not filled this minute.
fn settle(database: &Database) -> Result<()> {
    database.ask("VACUUM (ANALYZE)")?;
    database.ask("CHECKPOINT").map(|_| ())
}
