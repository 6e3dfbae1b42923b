//! Search by words: each word of a name is a row, and a typed word finds all that start with it.

use std::collections::BTreeSet;

use fairfall_domain::company::Company;
use fairfall_domain::person::Person;
use fairfall_domain::value::fold::{query_tokens, search_tokens};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::entity::search_token::{Column, Entity, Model};
use crate::error::StoreError;
use crate::sql::Sql;

/// Sorts after whatever continues a word: no letter is greater.
const LAST_LETTER: char = '\u{10FFFF}';

/// Rows of one insert: three parameters each, far below the 32,766 that SQLite takes.
const ROWS_PER_INSERT: usize = 2_000;

/// What a token leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubjectKind {
    /// A person, by name.
    Person,
    /// A company, by name.
    Company,
}

impl SubjectKind {
    /// The stored number.
    const fn number(self) -> i16 {
        match self {
            Self::Person => 1,
            Self::Company => 2,
        }
    }
}

/// A thing with the words under which it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    kind: SubjectKind,
    subject: Uuid,
    tokens: Vec<String>,
}

impl From<&Person> for Found {
    fn from(person: &Person) -> Self {
        Self { kind: SubjectKind::Person, subject: person.id.uuid(), tokens: search_tokens(&person.name.full()) }
    }
}

impl From<&Company> for Found {
    fn from(company: &Company) -> Self {
        Self { kind: SubjectKind::Company, subject: company.id.uuid(), tokens: search_tokens(company.name.as_str()) }
    }
}

/// The rows of the words of new things.
pub(crate) fn rows(found: &[Found]) -> Vec<Model> {
    found.iter().flat_map(rows_of).collect()
}

/// Adds the words of new things.
pub(crate) async fn add(conn: &impl ConnectionTrait, found: &[Found]) -> Result<(), StoreError> {
    let rows: Vec<_> = found.iter().flat_map(rows_of).collect();
    for chunk in rows.chunks(ROWS_PER_INSERT) {
        let rows = chunk.iter().cloned().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(conn).await?;
    }
    Ok(())
}

fn rows_of(found: &Found) -> impl Iterator<Item = Model> + '_ {
    let (kind, subject_id) = (found.kind.number(), found.subject);
    found.tokens.iter().map(move |token| Model { token: token.clone(), kind, subject_id })
}

/// Replaces the words of a thing, if they are other ones.
pub(crate) async fn replace(conn: &impl ConnectionTrait, found: &Found) -> Result<(), StoreError> {
    let own = || Column::SubjectId.eq(found.subject).and(Column::Kind.eq(found.kind.number()));
    let stored = Entity::find().filter(own()).all(conn).await?;
    let stored: BTreeSet<&str> = stored.iter().map(|row| row.token.as_str()).collect();
    if stored == found.tokens.iter().map(String::as_str).collect() {
        return Ok(());
    }
    Entity::delete_many().filter(own()).exec(conn).await?;
    add(conn, std::slice::from_ref(found)).await
}

/// Takes the words of a thing away: nobody finds it by them any more.
pub(crate) async fn remove(conn: &impl ConnectionTrait, found: &Found) -> Result<(), StoreError> {
    let own = Column::SubjectId.eq(found.subject).and(Column::Kind.eq(found.kind.number()));
    Entity::delete_many().filter(own).exec(conn).await?;
    Ok(())
}

/// The words to look for; none when the text has none.
pub(crate) fn words(text: &str) -> Vec<String> {
    query_tokens(text)
}

/// Adds a condition that holds where `column` is the id of a thing with a word that starts with `word`.
pub(crate) fn push_matching(sql: &mut Sql, kind: SubjectKind, column: &str, word: &str) {
    sql.push(column).push(" IN (SELECT subject_id FROM search_token WHERE kind = ").bind(kind.number());
    sql.push(" AND token >= ").bind(word).push(" AND token < ").bind(format!("{word}{LAST_LETTER}")).push(")");
}
