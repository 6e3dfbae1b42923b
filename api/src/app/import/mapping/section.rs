//! A table of the mapping that is read key by key, so that what was not asked for is known to be unknown.

use std::str::FromStr;

use toml::{Table, Value};

use super::fault::{MapFaults, did_you_mean};

/// A table with its path.
#[derive(Debug)]
pub(super) struct Section {
    path: String,
    table: Table,
    known: Vec<&'static str>,
}

impl Section {
    /// The whole file.
    pub(super) const fn root(table: Table) -> Self {
        Self { path: String::new(), table, known: Vec::new() }
    }

    /// A table at a path.
    pub(super) const fn at(path: String, table: Table) -> Self {
        Self { path, table, known: Vec::new() }
    }

    /// The path of a key in this table; of the table itself for an empty key.
    pub(super) fn path_of(&self, key: &str) -> String {
        match (self.path.is_empty(), key.is_empty()) {
            (true, _) => key.to_owned(),
            (false, true) => self.path.clone(),
            (false, false) => format!("{}.{key}", self.path),
        }
    }

    /// The value of a key.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.table.remove(key)
    }

    /// A text.
    pub(super) fn text(&mut self, key: &'static str, faults: &mut MapFaults) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            other => self.wrong(key, "a text", &other, faults),
        }
    }

    /// A text, or a figure or flag as it would stand in a CSV file.
    pub(super) fn scalar(&mut self, key: &'static str, faults: &mut MapFaults) -> Option<String> {
        let value = self.take(key)?;
        match scalar(&value) {
            Some(text) => Some(text),
            None => self.wrong(key, "a text, a number, true or false", &value, faults),
        }
    }

    /// A text that must be given.
    pub(super) fn required(&mut self, key: &'static str, faults: &mut MapFaults) -> Option<String> {
        let given = self.table.contains_key(key);
        let text = self.text(key, faults);
        if !given {
            faults.add(self.path_of(key), "must be given");
        }
        text
    }

    /// Yes or no; no when absent.
    pub(super) fn flag(&mut self, key: &'static str, faults: &mut MapFaults) -> bool {
        match self.take(key) {
            None => false,
            Some(Value::Boolean(flag)) => flag,
            Some(other) => self.wrong(key, "true or false", &other, faults).unwrap_or(false),
        }
    }

    /// A text read by `T`.
    pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, key: &'static str, faults: &mut MapFaults) -> Option<T> {
        let text = self.text(key, faults)?;
        text.parse().map_err(|error: T::Err| faults.add(self.path_of(key), error.to_string())).ok()
    }

    /// A table inside.
    pub(super) fn section(&mut self, key: &'static str, faults: &mut MapFaults) -> Option<Self> {
        match self.take(key)? {
            Value::Table(table) => Some(Self::at(self.path_of(key), table)),
            other => self.wrong(key, "a table", &other, faults),
        }
    }

    /// Tables written with `[[key]]`.
    pub(super) fn sections(&mut self, key: &'static str, faults: &mut MapFaults) -> Vec<Self> {
        let items = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(one) => vec![one],
        };
        let mut sections = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let path = format!("{}[{index}]", self.path_of(key));
            match item {
                Value::Table(table) => sections.push(Self::at(path, table)),
                other => faults.add(path, format!("expected a table, found {}", other.type_str())),
            }
        }
        sections
    }

    /// Every key that is left, for tables whose keys are free.
    pub(super) fn free(self) -> impl Iterator<Item = (String, String, Value)> {
        let path = self.path;
        self.table.into_iter().map(move |(key, value)| (format!("{path}.{key}"), key, value))
    }

    /// Tells every key that nobody asked for, with the nearest known one.
    pub(super) fn close(self, faults: &mut MapFaults) {
        for key in self.table.keys() {
            let hint = did_you_mean(key, self.known.iter().copied());
            faults.add(self.path_of(key), format!("unknown key{hint}"));
        }
    }

    fn wrong<T>(&self, key: &str, expected: &str, found: &Value, faults: &mut MapFaults) -> Option<T> {
        faults.add(self.path_of(key), format!("expected {expected}, found {}", found.type_str()));
        None
    }
}

/// A value as it would stand in a CSV file; nothing for tables, lists and dates.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    }
}
