//! Customers, and their hand-over to customer service.

use fairfall_domain::access::{Action, Grant, Scope};
use fairfall_domain::customer::{Customer, CustomerStatus};
use fairfall_domain::department::Department;
use fairfall_domain::id::{CustomerId, LeadId, TeamId};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Value};

use crate::audit::{self, AuditRow};
use crate::entity::customer::{Entity, Model};
use crate::error::StoreError;
use crate::journal::{self, NewEntry};
use crate::mapper::rows::{models, read_all, read_one};
use crate::mapper::stored::{Stored, to_count};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::scope::{self, Looking};
use crate::sql::Sql;
use crate::unit_of_work::UnitOfWork;
use crate::write::{Guard, guarded};

/// Which customers a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only with this status.
    pub status: Option<CustomerStatus>,
    /// Only those handed to this team.
    pub team: Option<TeamId>,
}

const COLUMNS: &[(&str, KeyKind)] = &[("customer.handed_over_at", KeyKind::Time), ("customer.id", KeyKind::Id)];

const BY_NEWEST: Keyset = Keyset { name: "customer.newest", columns: COLUMNS, direction: Direction::Descending };

const BY_WAITING: Keyset = Keyset { name: "customer.waiting", columns: COLUMNS, direction: Direction::Ascending };

/// Adds what a permission reaches as one more condition: what customer service itself has or waits for and, for seeing, what comes from a lead
/// that the permission reaches.
fn push_seen(sql: &mut Sql, grant: &Grant, looking: Looking) {
    let teams = || grant.teams().iter().map(|team| Value::from(team.uuid()));
    if grant.scope() == Scope::All {
        return;
    }
    sql.push(" AND (");
    match grant.user() {
        Some(user) => sql.push("customer.taken_over_by = ").bind(user.uuid()),
        None => sql.push("1 = 0"),
    };
    if !grant.teams().is_empty() {
        match grant.scope() {
            Scope::Own | Scope::All => {}
            Scope::Pool => {
                sql.push(" OR (customer.state = ").bind(CustomerStatus::HandedOver.as_str());
                sql.push(" AND customer.team_id IN (").bind_list(teams()).push("))");
            }
            Scope::Team | Scope::Department => {
                sql.push(" OR customer.team_id IN (").bind_list(teams()).push(")");
            }
        }
    }
    if grant.scope() == Scope::Department && grant.department() == Some(Department::CustomerService) {
        sql.push(" OR 1 = 1");
    }
    if grant.action() != Action::AcceptCustomer {
        sql.push(" OR ");
        scope::push_tied(sql, grant, "lead.id", "customer.lead_id", looking);
    }
    sql.push(")");
}

/// One customer, if the permission reaches it.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    Ok(find_many(on, grant, &[id]).await?.pop())
}

/// Some customers, in no order; those that do not exist or are out of reach are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[CustomerId]) -> Result<Vec<Customer>, StoreError> {
    find_in(on, grant, "customer.id", ids.iter().map(|id| id.uuid().into()).collect()).await
}

/// The customers that some leads became, in no order; at most one each. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many_of_leads(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<Vec<Customer>, StoreError> {
    find_in(on, grant, "customer.lead_id", leads.iter().map(|id| id.uuid().into()).collect()).await
}

async fn find_in(on: &impl Readable, grant: &Grant, column: &str, ids: Vec<Value>) -> Result<Vec<Customer>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT customer.* FROM customer WHERE ");
    sql.push(column).push(" IN (").bind_list(ids).push(")");
    push_seen(&mut sql, grant, Looking::ByKey);
    read_all(models::<Model>(&sql.all(on).await?)?)
}

/// A page of the customers that the permission reaches, the last handed over first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: CustomerFilter,
    args: &PageArgs,
) -> Result<Page<Customer>, StoreError> {
    page_in(on, grant, filter, args, &BY_NEWEST).await
}

/// A page of the customers that wait for customer service, the longest waiting first. With a permission to accept: what the viewer can take over.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn waiting(on: &impl Readable, grant: &Grant, args: &PageArgs) -> Result<Page<Customer>, StoreError> {
    let filter = CustomerFilter { status: Some(CustomerStatus::HandedOver), team: None };
    page_in(on, grant, filter, args, &BY_WAITING).await
}

async fn page_in(
    on: &impl Readable,
    grant: &Grant,
    filter: CustomerFilter,
    args: &PageArgs,
    order: &Keyset,
) -> Result<Page<Customer>, StoreError> {
    let mut sql = Sql::new("SELECT customer.* FROM customer WHERE 1 = 1");
    if let Some(status) = filter.status {
        sql.push(" AND customer.state = ").bind(status.as_str());
    }
    if let Some(team) = filter.team {
        sql.push(" AND customer.team_id = ").bind(team.uuid());
    }
    push_seen(&mut sql, grant, Looking::Through);
    order.restrict(&mut sql, args)?;
    order.order(&mut sql, args);
    let rows = models::<Model>(&sql.all(on).await?)?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.handed_over_at), Key::Id(row.id)], row));
    order.page(args, keyed.collect()).try_map(Customer::try_from)
}

/// Reads a customer that is about to be taken over, if the permission reaches it; on `PostgreSQL` others wait until the unit of work ends.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load_for_command(uow: &UnitOfWork, grant: &Grant, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    let mut sql = Sql::new("SELECT customer.* FROM customer WHERE customer.id = ");
    sql.bind(id.uuid());
    push_seen(&mut sql, grant, Looking::ByKey);
    sql.push(locks::for_update(uow));
    read_one(models::<Model>(&sql.all(uow).await?)?.pop())
}

/// Stores a new customer.
///
/// # Errors
/// [`StoreError::Unique`] of `customer(lead_id)`; when the database fails.
pub async fn insert(uow: &UnitOfWork, customer: &Customer) -> Result<(), StoreError> {
    let row = Model::try_from(customer)?.into_active_model().reset_all();
    Entity::insert(row).exec_without_returning(uow.conn()).await?;
    Ok(())
}

/// Writes a changed customer over the version it was read at, with its event and its row of the audit trail: all or nothing, and on
/// `PostgreSQL` in one statement. When it was handed over never changes.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn record(
    uow: &UnitOfWork,
    customer: &Customer,
    expected_version: u32,
    event: &NewEntry,
    audit: &AuditRow,
) -> Result<(), StoreError> {
    let row = Model::try_from(customer)?;
    let guard = Guard {
        table: "customer",
        columns: &["version", "team_id", "state", "taken_over_at", "taken_over_by"],
        values: vec![
            row.version.into(),
            row.team_id.into(),
            row.state.into(),
            row.taken_over_at.into(),
            row.taken_over_by.into(),
        ],
        id: row.id,
        version: to_count(expected_version)?,
    };
    let parts = vec![journal::part(uow, std::slice::from_ref(event)).await?, audit::part(std::slice::from_ref(audit))];
    if guarded(uow, guard, parts).await? {
        return Ok(());
    }
    let current = find_version(uow, customer.id).await?;
    Err(StoreError::VersionConflict { current })
}

async fn find_version(uow: &UnitOfWork, id: CustomerId) -> Result<Option<u32>, StoreError> {
    let row = Entity::find_by_id(id.uuid()).one(uow.conn()).await?;
    row.map(|row| Stored::new("customer", id).count("version", row.version)).transpose()
}
