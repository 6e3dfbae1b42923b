//! The table that is learned from: one row a closed passage, one column a field, categories as numbers.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::UserId;

use super::field::Field;
use super::snapshot::Snapshot;

/// The most rows: the newest passages, so that memory is bounded.
pub const ROWS_MAX: usize = 200_000;
/// The most fields; those that most passages know are kept.
pub const FIELDS_MAX: usize = 40;
/// The most categories of a field that are told apart; what comes after is as unknown.
pub const LEVELS_MAX: usize = 2_000;
/// Categories of fewer rows tell nothing of others, and more of somebody.
pub const LEVEL_ROWS_MIN: u32 = 5;
/// The share of passages, in percent, that have closed once they are as old as the horizon.
const HORIZON_PERCENT: usize = 90;

/// What nobody knows.
pub(crate) const UNKNOWN: u32 = 0;
/// What is known to be empty.
const EMPTY: u32 = 1;

codes! {
    /// Why a field is not learned from.
    pub enum FieldRefusal {
        /// Its value came after the outcome it would foretell.
        KnownAfterOutcome = "KNOWN_AFTER_OUTCOME",
        /// It says who worked on the lead.
        NamesOwner = "NAMES_OWNER",
        /// More fields than are learned from; others are known more often.
        TooManyFields = "TOO_MANY_FIELDS",
    }
}

/// A field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedField {
    /// The field.
    pub field: Field,
    /// Why.
    pub reason: FieldRefusal,
    /// In how many passages.
    pub passages: u32,
}

/// How a passage ended, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whether it was won.
    pub won: bool,
    /// When the passage was opened, UTC.
    pub opened_at: DateTime<Utc>,
    /// When the outcome was known, UTC.
    pub closed_at: DateTime<Utc>,
}

#[derive(Debug, Default)]
struct Column {
    index: usize,
    numbers: HashMap<String, u32>,
    levels: Vec<String>,
    rows: u32,
    late: u32,
    owner: u32,
}

#[derive(Debug)]
struct Row {
    ended: Ended,
    complete: bool,
    cells: Range<usize>,
}

/// Gathers rows one by one; holds each text once.
#[derive(Debug, Default)]
pub struct Gathering {
    columns: BTreeMap<Field, Column>,
    rows: Vec<Row>,
    cells: Vec<(usize, u32)>,
}

impl Gathering {
    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a passage; nothing beyond [`ROWS_MAX`].
    pub fn push(&mut self, snapshot: &Snapshot, ended: Ended) {
        if self.rows.len() >= ROWS_MAX {
            return;
        }
        let start = self.cells.len();
        for (field, known) in &snapshot.fields {
            let next = self.columns.len();
            let column = self.columns.entry(field.clone()).or_insert_with(|| Column { index: next, ..Column::default() });
            column.rows = column.rows.saturating_add(1);
            column.late = column.late.saturating_add(u32::from(known.at > ended.closed_at));
            let owner = field.names_owner() || UserId::parse(&known.value).is_ok();
            column.owner = column.owner.saturating_add(u32::from(owner));
            self.cells.push((column.index, column.number(&known.value)));
        }
        self.rows.push(Row { ended, complete: snapshot.complete, cells: start..self.cells.len() });
    }

    /// The table of the cohorts that have settled: passages that opened before the horizon, the time within which nine of ten have closed.
    /// Of later ones only the quick are closed, and the quick are not like the rest (length-biased sampling; Cox, 1969).
    pub fn settle(mut self, now: DateTime<Utc>) -> Dataset {
        let mut times: Vec<TimeDelta> = self.rows.iter().map(|row| row.ended.closed_at - row.ended.opened_at).collect();
        times.sort_unstable();
        let horizon = times.get(times.len() * HORIZON_PERCENT / 100).copied().unwrap_or_default();
        self.rows.retain(|row| now - row.ended.opened_at >= horizon);
        self.table()
    }

    /// The table of all rows, by the time of their opening.
    pub fn table(mut self) -> Dataset {
        self.rows.sort_by_key(|row| row.ended.opened_at);
        let mut refused = Vec::new();
        let mut kept: Vec<(Field, Column)> = Vec::new();
        for (field, column) in std::mem::take(&mut self.columns) {
            match column.refusal() {
                Some((reason, passages)) => refused.push(RefusedField { field, reason, passages }),
                None => kept.push((field, column)),
            }
        }
        kept.sort_by(|(a, left), (b, right)| right.rows.cmp(&left.rows).then_with(|| a.cmp(b)));
        let surplus = kept.split_off(kept.len().min(FIELDS_MAX));
        refused.extend(surplus.into_iter().map(|(field, column)| {
            let reason = FieldRefusal::TooManyFields;
            RefusedField { field, reason, passages: column.rows }
        }));
        self.fill(kept, refused)
    }

    fn fill(self, kept: Vec<(Field, Column)>, refused: Vec<RefusedField>) -> Dataset {
        let width = kept.len();
        let places: HashMap<usize, usize> = kept.iter().enumerate().map(|(place, (_, column))| (column.index, place)).collect();
        let mut cells = Vec::with_capacity(width * self.rows.len());
        for row in &self.rows {
            let start = cells.len();
            cells.resize(start + width, if row.complete { EMPTY } else { UNKNOWN });
            for (index, number) in self.cells.get(row.cells.clone()).unwrap_or_default() {
                let cell = places.get(index).and_then(|place| cells.get_mut(start + place));
                if let Some(cell) = cell {
                    *cell = *number;
                }
            }
        }
        let columns = kept.into_iter().map(|(field, column)| Categories { field, levels: column.levels }).collect();
        let ended = self.rows.iter().map(|row| row.ended).collect();
        Dataset { columns, cells, ended, refused }
    }
}

impl Column {
    /// The number of a category: 0 unknown, 1 empty, others from 2.
    fn number(&mut self, value: &str) -> u32 {
        if value.is_empty() {
            return EMPTY;
        }
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        if self.levels.len() >= LEVELS_MAX {
            return UNKNOWN;
        }
        self.levels.push(value.to_owned());
        let number = u32::try_from(self.levels.len()).map_or(UNKNOWN, |count| count + EMPTY);
        self.numbers.insert(value.to_owned(), number);
        number
    }

    fn refusal(&self) -> Option<(FieldRefusal, u32)> {
        if self.owner > 0 {
            return Some((FieldRefusal::NamesOwner, self.owner));
        }
        (self.late > 0).then_some((FieldRefusal::KnownAfterOutcome, self.late))
    }
}

/// A field with its categories.
#[derive(Debug)]
pub struct Categories {
    /// The field.
    pub field: Field,
    levels: Vec<String>,
}

impl Categories {
    /// One more than the highest number of a category.
    pub(crate) const fn size(&self) -> usize {
        self.levels.len() + 2
    }

    /// The text of a category's number; empty for what was known to be empty, nothing for what is unknown.
    pub(crate) fn level(&self, number: usize) -> Option<&str> {
        match number {
            0 => None,
            1 => Some(""),
            other => self.levels.get(other - 2).map(String::as_str),
        }
    }
}

/// Rows by the time of their opening.
#[derive(Debug)]
pub struct Dataset {
    columns: Vec<Categories>,
    cells: Vec<u32>,
    ended: Vec<Ended>,
    refused: Vec<RefusedField>,
}

impl Dataset {
    /// The fields that are learned from.
    pub fn columns(&self) -> &[Categories] {
        &self.columns
    }

    /// The fields that are not.
    pub fn refused(&self) -> &[RefusedField] {
        &self.refused
    }

    /// All rows.
    pub fn rows(&self) -> Rows<'_> {
        self.slice(0..self.ended.len())
    }

    /// Some rows, in order of opening; none when the range is not within the table.
    pub fn slice(&self, range: Range<usize>) -> Rows<'_> {
        let width = self.columns.len();
        let cells = self.cells.get(range.start * width..range.end * width).unwrap_or_default();
        let ended = self.ended.get(range).unwrap_or_default();
        Rows { columns: &self.columns, cells, ended }
    }

    /// The first row at or after `row` that was opened later than the one before it: where a slice may end without parting a moment.
    pub(crate) fn cut(&self, row: usize) -> usize {
        let Some(before) = row.checked_sub(1).and_then(|before| self.ended.get(before)) else { return row };
        let same = self.ended.iter().skip(row).take_while(|ended| ended.opened_at == before.opened_at);
        row + same.count()
    }
}

/// Some rows of a table.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    pub(crate) columns: &'a [Categories],
    cells: &'a [u32],
    ended: &'a [Ended],
}

impl<'a> Rows<'a> {
    /// How many.
    pub const fn len(&self) -> usize {
        self.ended.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.ended.is_empty()
    }

    /// How many were won.
    pub fn won(&self) -> usize {
        self.ended.iter().filter(|ended| ended.won).count()
    }

    /// How they ended.
    pub const fn ended(&self) -> &'a [Ended] {
        self.ended
    }

    /// Each row's categories, by column, with whether it was won.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a [u32], bool)> {
        let (cells, width) = (self.cells, self.columns.len());
        let of = move |(row, ended): (usize, &Ended)| (cells.get(row * width..(row + 1) * width).unwrap_or_default(), ended.won);
        self.ended.iter().enumerate().map(of)
    }

    /// How often each category occurs, by column.
    pub(crate) fn counts(&self) -> Vec<Vec<Count>> {
        let mut counts: Vec<Vec<Count>> = self.columns.iter().map(|column| vec![Count::default(); column.size()]).collect();
        for (cells, won) in self.iter() {
            for (column, cell) in counts.iter_mut().zip(cells) {
                let place = usize::try_from(*cell).ok().and_then(|cell| column.get_mut(cell));
                if let Some(count) = place {
                    count.rows += 1;
                    count.won += u32::from(won);
                }
            }
        }
        counts
    }
}

/// How often a category occurs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    pub(crate) rows: u32,
    pub(crate) won: u32,
}
