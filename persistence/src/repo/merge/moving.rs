//! What refers to a record that is merged away: it moves to the survivor, and back.

use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, LeadId, MergeId};
use fairfall_domain::merging::{Merge, MergePair};
use fairfall_domain::person::Person;
use fairfall_domain::value::Code;
use sea_orm::QueryResult;
use uuid::Uuid;

use super::interlaced::push_later;
use super::{MergeSubject, names, roles};
use crate::entity;
use crate::error::StoreError;
use crate::mapper::rows::{models, read_all};
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::repo::match_key;
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// A column that names a person or company, of a table whose rows have an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    table: &'static str,
    column: &'static str,
}

impl Relation {
    /// The column `column` of `table`.
    pub(super) const fn new(table: &'static str, column: &'static str) -> Self {
        Self { table, column }
    }

    /// How it is called where it is noted.
    fn name(self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}

/// How much a merge moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Leads.
    pub leads: u64,
    /// Opportunities.
    pub opportunities: u64,
    /// Customers.
    pub customers: u64,
    /// What people did.
    pub activities: u64,
    /// Kept words about consent.
    pub consent_records: u64,
    /// People of a company.
    pub people: u64,
    /// Records that were merged into the one that is merged away now.
    pub merged_records: u64,
    /// Names that other systems have for it.
    pub names: u64,
    /// Roles in a company's decision to buy.
    pub buying_roles: u64,
}

impl Impact {
    fn add(&mut self, relation: Relation, count: u64) {
        let place = match (relation.table, relation.column) {
            (_, "merged_into") => &mut self.merged_records,
            ("lead", _) => &mut self.leads,
            ("opportunity", _) => &mut self.opportunities,
            ("customer", _) => &mut self.customers,
            ("activity", _) => &mut self.activities,
            ("consent_record", _) => &mut self.consent_records,
            ("person", _) => &mut self.people,
            (_, _) => return,
        };
        *place += count;
    }
}

/// Moves all that refers to `from` over to `to`, and notes each row.
///
/// # Errors
/// When the database fails.
pub async fn move_over<T: MergeSubject>(uow: &UnitOfWork, merge: MergeId, from: T::Id, to: T::Id) -> Result<Impact, StoreError> {
    let (from, to) = (T::uuid(from), T::uuid(to));
    let mut impact = Impact::default();
    for relation in T::RELATIONS {
        impact.add(*relation, over(uow, merge, *relation, from, to).await?);
    }
    refresh_keys(uow, merge).await?;
    impact.names = names::move_over::<T::Id>(uow, merge, from, to).await?;
    impact.buying_roles = roles::move_over::<T>(uow, merge, from, to).await?;
    Ok(impact)
}

/// Makes the keys anew under which people are looked for, of those whose company a merge changed or is to give back.
async fn refresh_keys(uow: &UnitOfWork, merge: MergeId) -> Result<(), StoreError> {
    let mut after: Option<Uuid> = None;
    loop {
        let mut sql = Sql::new(
            "SELECT person.* FROM person JOIN merge_moved ON merge_moved.row_id = person.id WHERE merge_moved.merge_id = ",
        );
        sql.bind(merge.uuid()).push(" AND merge_moved.relation = 'person.company_id'");
        if let Some(after) = after {
            sql.push(" AND person.id > ").bind(after);
        }
        sql.push(&format!(" ORDER BY person.id LIMIT {PEOPLE_AT_ONCE}"));
        let people: Vec<Person> = read_all(models::<entity::person::Model>(&sql.all(uow).await?)?)?;
        let Some(last) = people.last() else { return Ok(()) };
        after = Some(last.id.uuid());
        match_key::refresh_people(uow, &people).await?;
    }
}

async fn over(uow: &UnitOfWork, merge: MergeId, relation: Relation, from: Uuid, to: Uuid) -> Result<u64, StoreError> {
    let Relation { table, column } = relation;
    let mut sql = Sql::new("INSERT INTO merge_moved (merge_id, relation, row_id) SELECT ");
    match uow.backend() {
        // a bound value alone in a list of results has no type of its own there
        Backend::Postgres => sql.bind(merge.uuid()).push("::uuid, "),
        Backend::Sqlite => sql.bind(merge.uuid()).push(", "),
    };
    sql.push(&format!("'{}', id FROM {table} WHERE {column} = ", relation.name())).bind(from);
    // rows are held in one order, as everybody else who takes several does
    sql.push(" ORDER BY id").push(match uow.backend() {
        Backend::Postgres => " FOR UPDATE",
        Backend::Sqlite => "",
    });
    let count = sql.run(uow).await?;
    if count > 0 {
        let mut sql = Sql::new(format!("UPDATE {table} SET {column} = "));
        sql.bind(to).push(&format!(" WHERE {column} = ")).bind(from);
        push_moved(&mut sql, merge, relation);
        sql.run(uow).await?;
    }
    Ok(count)
}

/// Adds a condition that holds for the rows that a merge moved.
fn push_moved(sql: &mut Sql, merge: MergeId, relation: Relation) {
    sql.push(" AND id IN (SELECT row_id FROM merge_moved WHERE merge_id = ").bind(merge.uuid());
    sql.push(&format!(" AND relation = '{}')", relation.name()));
}

/// Moves back what a merge moved, as far as it still is where the merge put it. What came to the survivor since stays there.
///
/// # Errors
/// When the database fails.
pub async fn move_back<T: MergeSubject>(uow: &UnitOfWork, merge: MergeId, from: T::Id, to: T::Id) -> Result<Impact, StoreError> {
    let (from, to) = (T::uuid(from), T::uuid(to));
    let mut impact = Impact::default();
    for relation in T::RELATIONS {
        let Relation { table, column } = *relation;
        let mut sql = Sql::new(format!("UPDATE {table} SET {column} = "));
        sql.bind(to).push(&format!(" WHERE {column} = ")).bind(from);
        push_moved(&mut sql, merge, *relation);
        impact.add(*relation, sql.run(uow).await?);
    }
    refresh_keys(uow, merge).await?;
    impact.names = names::move_back::<T::Id>(uow, merge, from, to).await?;
    impact.buying_roles = roles::move_back::<T>(uow, merge, from).await?;
    Ok(impact)
}

/// How much would be moved if a record were merged away. One statement.
///
/// # Errors
/// When the database fails.
pub async fn impact<T: MergeSubject>(on: &impl Readable, loser: T::Id) -> Result<Impact, StoreError> {
    let id = T::uuid(loser);
    let mut sql = Sql::new("SELECT ");
    for relation in T::RELATIONS {
        sql.push(&format!("(SELECT count(*) FROM {} WHERE {} = ", relation.table, relation.column)).bind(id).push("), ");
    }
    sql.push("(SELECT count(*) FROM external_ref WHERE subject_id = ").bind(id);
    sql.push(&format!("), (SELECT count(*) FROM buying_role WHERE {} = ", T::ROLE_COLUMN)).bind(id).push(")");
    let mut found = Impact::default();
    let Some(row) = sql.one(on).await? else { return Ok(found) };
    let mut columns = Columns::of(&row);
    for relation in T::RELATIONS {
        found.add(*relation, columns.next::<i64>()?.unsigned_abs());
    }
    found.names = columns.next::<i64>()?.unsigned_abs();
    found.buying_roles = columns.next::<i64>()?.unsigned_abs();
    Ok(found)
}

/// Most pairs that [`open_pairs`] answers.
pub const OPEN_PAIRS_MAX: u32 = 100;

/// People whose keys are made anew in one statement.
const PEOPLE_AT_ONCE: u32 = 500;

/// Most merges that one company can have gone through, one into the next.
const CHAIN_MAX: usize = 1_000;

/// Two leads that are open or at rest for the same product area, one of each record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPair {
    /// What both are for.
    pub product_area: Code,
    /// The lead of the record that goes on.
    pub survivor: LeadId,
    /// The lead of the record that is merged away.
    pub loser: LeadId,
}

/// The pairs of leads that a merge of two people would leave open side by side, at most [`OPEN_PAIRS_MAX`], the first captured first. Of companies
/// there are none: several people of one may want the same.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn open_pairs<T: MergeSubject>(on: &impl Readable, survivor: T::Id, loser: T::Id) -> Result<Vec<OpenPair>, StoreError> {
    if T::TABLE != "person" {
        return Ok(Vec::new());
    }
    let open = |lead: &str| format!("{lead}.state IN ('WORKING', 'OFFERED', 'NURTURING')");
    let mut sql = Sql::new(
        "SELECT one.product_area, one.id, other.id FROM lead AS one JOIN lead AS other ON other.product_area = one.product_area",
    );
    sql.push(" WHERE one.person_id = ").bind(T::uuid(survivor)).push(" AND other.person_id = ").bind(T::uuid(loser));
    sql.push(&format!(" AND {} AND {}", open("one"), open("other")));
    sql.push(&format!(" ORDER BY one.captured_at, one.id, other.captured_at, other.id LIMIT {OPEN_PAIRS_MAX}"));
    let read = |row: &QueryResult| -> Result<OpenPair, StoreError> {
        let mut columns = Columns::of(row);
        let area: String = columns.next()?;
        let survivor = LeadId::from(columns.next::<Uuid>()?);
        let product_area = Stored::new("lead", survivor).text("product_area", &area)?;
        Ok(OpenPair { product_area, survivor, loser: LeadId::from(columns.next::<Uuid>()?) })
    };
    sql.all(on).await?.iter().map(read).collect()
}

/// Notes the survivor of a merge of people that is taken back, who gets `company` again, with the later merges of companies that stand: the company may
/// have been merged away itself since, and taking that back is to bring the person to their own company again.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn note_restored(uow: &UnitOfWork, merge: &Merge, company: Option<CompanyId>) -> Result<(), StoreError> {
    let MergePair::Persons { survivor: person, .. } = merge.pair else { return Ok(()) };
    // what later merges moved was the company that the person has no more; what earlier ones did still holds
    let mut sql = Sql::new("DELETE FROM merge_moved WHERE relation = 'person.company_id' AND row_id = ");
    sql.bind(person.uuid()).push(" AND merge_id IN (SELECT later.id FROM merge AS later WHERE later.undone_at IS NULL");
    push_later(&mut sql, merge);
    sql.push(")");
    sql.run(uow).await?;
    let mut now = company;
    for _ in 0..CHAIN_MAX {
        let Some(id) = now else { break };
        let merge = super::of_loser::<Company>(uow, id).await?;
        if let Some(merge) = &merge {
            let mut sql = Sql::new("INSERT INTO merge_moved (merge_id, relation, row_id) VALUES (");
            sql.bind(merge.id.uuid()).push(", 'person.company_id', ").bind(person.uuid()).push(") ON CONFLICT DO NOTHING");
            sql.run(uow).await?;
        }
        now = merge.map(|merge| merge.pair.survivor().uuid().into());
    }
    Ok(())
}
