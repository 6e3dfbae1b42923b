//! Statements written by hand, for what is asked often: the text and its bound values grow together.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable, Value};

use crate::error::StoreError;
use crate::readable::Readable;
use crate::store::Backend;

/// A statement in the making. Values are always bound, as `$1` and so on; both drivers read these. One with very many values for SQLite alone
/// writes `?` instead: the driver asks for the name of each, and SQLite looks for a name along all names before it (64 leads: half of the time).
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value>,
    marks: Marks,
}

/// How the places of values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marks {
    Numbered,
    Bare,
}

impl Sql {
    /// A statement that starts with `text`.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new(), marks: Marks::Numbered }
    }

    /// A statement with very many values.
    pub(crate) const fn bulky(backend: Backend) -> Self {
        let marks = match backend {
            Backend::Postgres => Marks::Numbered,
            Backend::Sqlite => Marks::Bare,
        };
        Self { text: String::new(), values: Vec::new(), marks }
    }

    /// Adds text, which holds nothing that came from outside.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a bound value.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        match self.marks {
            Marks::Numbered => {
                self.text.push('$');
                self.text.push_str(&self.values.len().to_string());
            }
            Marks::Bare => self.text.push('?'),
        }
        self
    }

    /// Adds bound values with commas between.
    pub(crate) fn bind_list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.bind(value);
        }
        self
    }

    /// The statement with words before it, for asking how it would be run.
    #[cfg(test)]
    pub(crate) fn before(self, words: &str) -> Self {
        Self { text: format!("{words}{}", self.text), ..self }
    }

    fn statement(self, on: &impl Readable) -> Statement {
        let backend = match on.database() {
            Backend::Postgres => DbBackend::Postgres,
            Backend::Sqlite => DbBackend::Sqlite,
        };
        Statement::from_sql_and_values(backend, self.text, self.values)
    }

    /// All rows.
    pub(crate) async fn all(self, on: &impl Readable) -> Result<Vec<QueryResult>, StoreError> {
        let statement = self.statement(on);
        Ok(on.conn().query_all_raw(statement).await?)
    }

    /// All rows, by a plan made for the values that are bound. Worth its price where one value is met by half of the rows and another by none.
    pub(crate) async fn all_planned(self, on: &impl Readable) -> Result<Vec<QueryResult>, StoreError> {
        let statement = self.statement(on);
        Ok(on.planned().query_all_raw(statement).await?)
    }

    /// The first row, if there is one.
    pub(crate) async fn one(self, on: &impl Readable) -> Result<Option<QueryResult>, StoreError> {
        let statement = self.statement(on);
        Ok(on.conn().query_one_raw(statement).await?)
    }

    /// How many rows it changed.
    pub(crate) async fn run(self, on: &impl Readable) -> Result<u64, StoreError> {
        let statement = self.statement(on);
        Ok(on.conn().execute_raw(statement).await?.rows_affected())
    }
}

/// Reads the columns of a row from left to right.
pub(crate) struct Columns<'r> {
    row: &'r QueryResult,
    next: usize,
}

impl<'r> Columns<'r> {
    /// From the first column on.
    pub(crate) const fn of(row: &'r QueryResult) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(crate) fn next<T: TryGetable>(&mut self) -> Result<T, StoreError> {
        let value = self.row.try_get_by_index(self.next)?;
        self.next += 1;
        Ok(value)
    }

    /// Passes over columns.
    #[cfg(test)]
    pub(crate) const fn skip(&mut self, count: usize) {
        self.next += count;
    }
}
