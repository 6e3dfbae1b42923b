//! Blocking keys: under which records that may be the same one are looked for.

use std::collections::{BTreeMap, BTreeSet};

use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::matching::key::{of_company, of_domain, of_person, of_phone};
use fairfall_domain::matching::{BLOCK_MAX, BlockKey, CompanyRecord, PersonRecord};
use fairfall_domain::person::Person;
use fairfall_domain::value::PhoneNumber;
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

use crate::entity;
use crate::error::StoreError;
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::locks;
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// Most records that one record is compared with: those with the most keys in common come first.
pub const CANDIDATES_MAX: usize = 50;

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person's.
    Person,
    /// A company's own.
    Company,
    /// A company's, by the domain of the e-mail addresses of its people.
    CompanyMail,
}

impl Kind {
    /// The stored number.
    const fn number(self) -> i16 {
        match self {
            Self::Person => 1,
            Self::Company => 2,
            Self::CompanyMail => 3,
        }
    }
}

const COLUMNS: &[(&str, &str)] = &[("kind", "smallint"), ("key", "bigint"), ("subject_id", "uuid")];

/// The keys of new records.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewKeys(Vec<(Kind, i64, Uuid)>);

impl NewKeys {
    /// Of these.
    pub(crate) fn of<'a>(companies: impl IntoIterator<Item = &'a Company>, people: impl IntoIterator<Item = &'a Person>) -> Self {
        let mut rows = Vec::new();
        for company in companies {
            rows.extend(keys_of_company(company).into_iter().map(|key| (Kind::Company, key, company.id.uuid())));
        }
        for person in people {
            rows.extend(keys_of_person(person).into_iter().map(|key| (Kind::Person, key, person.id.uuid())));
            rows.extend(mail_key(person));
        }
        Self(rows)
    }
}

fn keys_of_person(person: &Person) -> BTreeSet<i64> {
    of_person(&PersonRecord::of_person(person, None)).iter().map(BlockKey::number).collect()
}

fn keys_of_company(company: &Company) -> BTreeSet<i64> {
    of_company(&CompanyRecord::of_company(company, &[])).iter().map(BlockKey::number).collect()
}

/// That people of a company write from a domain: what a company is known by that names no website.
fn mail_key(person: &Person) -> Option<(Kind, i64, Uuid)> {
    let (company, email) = (person.company?, person.email.as_ref()?);
    Some((Kind::CompanyMail, of_domain(&email.domain())?.number(), company.uuid()))
}

/// Stores keys; those that are there stay.
pub(crate) async fn add(uow: &UnitOfWork, keys: NewKeys) -> Result<(), StoreError> {
    let mut rows = keys.0;
    // units of work that bring the same keys wait for each other in one order
    rows.sort_unstable_by_key(|(kind, key, subject)| (kind.number(), *key, *subject));
    let row = |(kind, key, subject): (Kind, i64, Uuid)| -> Vec<Value> { vec![kind.number().into(), key.into(), subject.into()] };
    let set = Recordset { columns: COLUMNS, rows: rows.into_iter().map(row).collect() };
    recordset::insert(uow, "match_key", &set, " ON CONFLICT DO NOTHING").await.map(drop)
}

/// Replaces the keys of a person, if they are other ones.
pub(crate) async fn replace_person(uow: &UnitOfWork, person: &Person) -> Result<(), StoreError> {
    replace(uow, Kind::Person, person.id.uuid(), &keys_of_person(person)).await?;
    add(uow, NewKeys(mail_key(person).into_iter().collect())).await
}

/// Makes the keys of people anew, all at once: after their company became another one.
pub(crate) async fn refresh_people(uow: &UnitOfWork, people: &[Person]) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("DELETE FROM match_key WHERE kind = ");
    sql.bind(Kind::Person.number()).push(" AND ");
    push_among(&mut sql, uow, "subject_id", people.iter().map(|person| person.id.uuid()));
    sql.run(uow).await?;
    let keys =
        people.iter().flat_map(|person| keys_of_person(person).into_iter().map(|key| (Kind::Person, key, person.id.uuid())));
    add(uow, NewKeys(keys.collect())).await
}

/// Replaces the keys of a company, if they are other ones.
pub(crate) async fn replace_company(uow: &UnitOfWork, company: &Company) -> Result<(), StoreError> {
    replace(uow, Kind::Company, company.id.uuid(), &keys_of_company(company)).await
}

async fn replace(uow: &UnitOfWork, kind: Kind, subject: Uuid, keys: &BTreeSet<i64>) -> Result<(), StoreError> {
    let own = |sql: &mut Sql| {
        sql.push(" FROM match_key WHERE subject_id = ").bind(subject).push(" AND kind = ").bind(kind.number());
    };
    let mut sql = Sql::new("SELECT key");
    own(&mut sql);
    let stored = sql.all(uow).await?;
    let stored: BTreeSet<i64> = stored.iter().map(|row| Columns::of(row).next()).collect::<Result<_, _>>()?;
    if stored == *keys {
        return Ok(());
    }
    let mut sql = Sql::new("DELETE");
    own(&mut sql);
    sql.run(uow).await?;
    add(uow, NewKeys(keys.iter().map(|key| (kind, *key, subject)).collect())).await
}

/// A record to be looked for: its id, which is not a candidate of itself, and its keys.
type Wanted = (Uuid, BTreeSet<i64>);

/// The records that share keys with the wanted ones, the nearest first, at most [`CANDIDATES_MAX`] each. Blocks of more than [`BLOCK_MAX`] records
/// lead to nobody. One statement.
async fn candidates(on: &impl Readable, kinds: &[Kind], wanted: &[Wanted]) -> Result<BTreeMap<Uuid, Vec<Uuid>>, StoreError> {
    let keys: BTreeSet<i64> = wanted.iter().flat_map(|(_, keys)| keys.iter().copied()).collect();
    let mut blocks: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    if !keys.is_empty() {
        for row in blocks_of(on, kinds, &keys).all(on).await? {
            let mut columns = Columns::of(&row);
            blocks.entry(columns.next()?).or_default().push(columns.next()?);
        }
    }
    let near = |(subject, keys): &Wanted| {
        let mut shared: BTreeMap<Uuid, usize> = BTreeMap::new();
        for other in keys.iter().filter_map(|key| blocks.get(key)).flatten().filter(|other| *other != subject) {
            *shared.entry(*other).or_default() += 1;
        }
        let mut found: Vec<(usize, Uuid)> = shared.into_iter().map(|(other, count)| (count, other)).collect();
        found.sort_unstable_by_key(|(count, other)| (std::cmp::Reverse(*count), *other));
        (*subject, found.into_iter().take(CANDIDATES_MAX).map(|(_, other)| other).collect())
    };
    Ok(wanted.iter().map(near).collect())
}

/// What asks for the records of some keys whose blocks are small.
pub(crate) fn blocks_of(on: &impl Readable, kinds: &[Kind], keys: &BTreeSet<i64>) -> Sql {
    let numbers: Vec<String> = kinds.iter().map(|kind| kind.number().to_string()).collect();
    let (kinds, few) = (numbers.join(", "), BLOCK_MAX + 1);
    let mut sql = Sql::new("SELECT match_key.key, match_key.subject_id FROM (SELECT asked.key FROM ");
    match on.database() {
        Backend::Postgres => sql.push("unnest(").bind(keys.iter().copied().collect::<Vec<i64>>()).push(") AS asked (key)"),
        Backend::Sqlite => {
            let list: Vec<String> = keys.iter().map(i64::to_string).collect();
            sql.push("(SELECT value AS key FROM json_each(").bind(format!("[{}]", list.join(","))).push(")) AS asked")
        }
    };
    // counted no further than to the limit, however large the block is
    sql.push(&format!(
        " WHERE (SELECT count(*) FROM (SELECT 1 FROM match_key AS one WHERE one.kind IN ({kinds}) AND one.key = asked.key LIMIT {few}) AS few) <= {BLOCK_MAX}) \
         AS small CROSS JOIN "
    ));
    // key by key, also while a fresh database is filled: without statistics both would rather go through all keys for each of those that are asked for
    sql.push(&match on.database() {
        Backend::Postgres => format!(
            "LATERAL (SELECT one.key, one.subject_id FROM match_key AS one WHERE one.kind IN ({kinds}) AND one.key = small.key LIMIT {few}) AS match_key"
        ),
        Backend::Sqlite => format!("match_key WHERE match_key.key = small.key AND match_key.kind IN ({kinds})"),
    });
    sql
}

/// A stored person with what a comparison needs beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparable {
    /// The person.
    pub person: Person,
    /// The name of the company it works for.
    pub company: Option<String>,
}

/// Whom each of these people may be: stored people who share a blocking key, the nearest first, whoever may see them; nobody who was merged into
/// another. Two statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn like_people(on: &impl Readable, people: &[Person]) -> Result<BTreeMap<PersonId, Vec<Comparable>>, StoreError> {
    let wanted: Vec<Wanted> = people.iter().map(|person| (person.id.uuid(), keys_of_person(person))).collect();
    let found = candidates(on, &[Kind::Person], &wanted).await?;
    let ids: BTreeSet<Uuid> = found.values().flatten().copied().collect();
    let mut known = BTreeMap::new();
    if !ids.is_empty() {
        let mut sql = Sql::new(
            "SELECT person.*, company.name AS company_name FROM person LEFT JOIN company ON company.id = person.company_id \
             WHERE person.merged_into IS NULL AND ",
        );
        push_among(&mut sql, on, "person.id", ids);
        for row in sql.all(on).await? {
            let company: Option<String> = row.try_get("", "company_name")?;
            let person = Person::try_from(entity::person::Model::from_query_result(&row, "")?)?;
            known.insert(person.id.uuid(), Comparable { person, company });
        }
    }
    let living = |(subject, others): (Uuid, Vec<Uuid>)| {
        (PersonId::from(subject), others.iter().filter_map(|other| known.get(other).cloned()).collect())
    };
    Ok(found.into_iter().map(living).collect())
}

/// People with one of these telephone numbers, the first known first, at most [`BLOCK_MAX`] a number, whoever may see them. On `PostgreSQL` captures of one
/// number wait for each other until the unit of work ends, so that two at once do not make two people.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn with_phone(uow: &UnitOfWork, phones: &[&PhoneNumber]) -> Result<Vec<Person>, StoreError> {
    let numbers: Vec<&str> = phones.iter().map(|phone| phone.as_str()).collect();
    let keys: Vec<i64> = numbers.iter().filter_map(|number| Some(of_phone(number)?.number())).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    locks::hold(uow, "person.phone", &numbers).await?;
    let most = BLOCK_MAX.saturating_mul(numbers.len());
    let mut sql =
        Sql::new("SELECT person.* FROM match_key JOIN person ON person.id = match_key.subject_id WHERE match_key.kind = ");
    sql.bind(Kind::Person.number()).push(" AND match_key.key IN (").bind_list(keys.into_iter().map(Value::from));
    sql.push(") AND person.merged_into IS NULL AND person.phone IN (").bind_list(numbers.into_iter().map(Value::from));
    sql.push(&format!(") ORDER BY person.created_at, person.id LIMIT {most}"));
    let rows = sql.all(uow).await?;
    rows.iter().map(|row| Person::try_from(entity::person::Model::from_query_result(row, "")?)).collect()
}

/// A company that is looked for: with the domains of its people's e-mail addresses.
#[derive(Clone, Copy, Debug)]
pub struct WantedCompany<'a> {
    /// The company.
    pub company: &'a Company,
    /// Domains of e-mail addresses.
    pub mail_domains: &'a [&'a str],
}

/// Which company each of these may be: as [`like_people`]. With each candidate come the domains of the wanted one that people of the candidate write
/// from. Three statements.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn like_companies(
    on: &impl Readable,
    companies: &[WantedCompany<'_>],
) -> Result<BTreeMap<CompanyId, Vec<(Company, Vec<String>)>>, StoreError> {
    let records: Vec<(Uuid, CompanyRecord)> =
        companies.iter().map(|one| (one.company.id.uuid(), CompanyRecord::of_company(one.company, one.mail_domains))).collect();
    let wanted: Vec<Wanted> =
        records.iter().map(|(id, record)| (*id, of_company(record).iter().map(BlockKey::number).collect())).collect();
    let found = candidates(on, &[Kind::Company, Kind::CompanyMail], &wanted).await?;
    let ids: BTreeSet<Uuid> = found.values().flatten().copied().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT company.* FROM company WHERE company.merged_into IS NULL AND ");
    push_among(&mut sql, on, "company.id", ids.iter().copied());
    let mut known = BTreeMap::new();
    for row in sql.all(on).await? {
        let company = Company::try_from(entity::company::Model::from_query_result(&row, "")?)?;
        known.insert(company.id.uuid(), company);
    }
    let mails = mail_keys(on, ids).await?;
    let mut near = BTreeMap::new();
    for (id, record) in &records {
        let domains: Vec<(i64, &String)> =
            record.domains.iter().filter_map(|domain| Some((of_domain(domain)?.number(), domain))).collect();
        let with_domains = |other: &Uuid| {
            let company = known.get(other)?.clone();
            let shared = domains.iter().filter(|(key, _)| mails.contains(&(*other, *key))).map(|(_, domain)| (*domain).clone());
            Some((company, shared.collect()))
        };
        let others = found.get(id).map_or(&[][..], Vec::as_slice);
        near.insert(CompanyId::from(*id), others.iter().filter_map(with_domains).collect());
    }
    Ok(near)
}

async fn mail_keys(on: &impl Readable, companies: BTreeSet<Uuid>) -> Result<BTreeSet<(Uuid, i64)>, StoreError> {
    let mut sql = Sql::new("SELECT subject_id, key FROM match_key WHERE kind = ");
    sql.bind(Kind::CompanyMail.number()).push(" AND ");
    push_among(&mut sql, on, "subject_id", companies);
    let rows = sql.all(on).await?;
    let read = |row| {
        let mut columns = Columns::of(row);
        Ok((columns.next()?, columns.next()?))
    };
    rows.iter().map(read).collect()
}

/// People and companies in the order of their ids.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// People.
    pub people: Vec<Person>,
    /// Companies.
    pub companies: Vec<Company>,
}

impl Chunk {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && self.companies.is_empty()
    }

    /// The place behind its last records.
    pub fn end(&self, start: ChunkPlace) -> ChunkPlace {
        ChunkPlace {
            person: self.people.last().map(|person| person.id.uuid()).or(start.person),
            company: self.companies.last().map(|company| company.id.uuid()).or(start.company),
        }
    }
}

/// A place in the order of ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChunkPlace {
    /// The last person before it.
    pub person: Option<Uuid>,
    /// The last company before it.
    pub company: Option<Uuid>,
}

/// The people and companies behind a place, at most `limit` each, but for those who were merged into others.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn chunk(on: &impl Readable, after: ChunkPlace, limit: u32) -> Result<Chunk, StoreError> {
    Ok(Chunk {
        people: rows_after::<entity::person::Model, Person>(on, "person", after.person, limit).await?,
        companies: rows_after::<entity::company::Model, Company>(on, "company", after.company, limit).await?,
    })
}

/// Writes the keys of people and companies; those that are there stay.
///
/// # Errors
/// When the database fails.
pub async fn write(uow: &UnitOfWork, chunk: &Chunk) -> Result<(), StoreError> {
    add(uow, NewKeys::of(&chunk.companies, &chunk.people)).await
}

async fn rows_after<M: FromQueryResult, T: TryFrom<M, Error = StoreError>>(
    on: &impl Readable,
    table: &str,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<T>, StoreError> {
    let mut sql = Sql::new(format!("SELECT * FROM {table} WHERE merged_into IS NULL"));
    if table == "person" {
        sql.push(" AND erased_at IS NULL");
    }
    if let Some(after) = after {
        sql.push(" AND id > ").bind(after);
    }
    sql.push(&format!(" ORDER BY id LIMIT {limit}"));
    let rows = sql.all(on).await?;
    rows.iter().map(|row| T::try_from(M::from_query_result(row, "")?)).collect()
}
