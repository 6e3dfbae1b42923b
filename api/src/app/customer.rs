//! Customers: what won leads become, and their hand-over to customer service.

use fairfall_domain::access::Action;
use fairfall_domain::customer::{Customer, CustomerDecision, CustomerRefusal};
use fairfall_domain::id::{AnyId, CustomerId, LeadId};
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::journal::NewEntry;
use fairfall_persistence::repo;
use fairfall_persistence::repo::customer::CustomerFilter;
use fairfall_persistence::{Page, PageArgs};

use crate::clock::new_id;

use super::{App, AppError, Caller, Rejection, sla};

/// A customer.
pub async fn find(app: &App, caller: &Caller, id: CustomerId) -> Result<Option<Customer>, AppError> {
    Ok(find_many(app, caller, &[id]).await?.pop())
}

/// Several customers, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[CustomerId]) -> Result<Vec<Customer>, AppError> {
    let Some(grant) = caller.may(Action::ViewCustomer) else { return Ok(Vec::new()) };
    Ok(repo::customer::find_many(&app.reader(), &grant, ids).await?)
}

/// The customers that leads became.
pub async fn of_leads(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<Customer>, AppError> {
    let Some(grant) = caller.may(Action::ViewCustomer) else { return Ok(Vec::new()) };
    Ok(repo::customer::find_many_of_leads(&app.reader(), &grant, leads).await?)
}

/// A page of customers, last handed over first.
#[tracing::instrument(name = "app.customer.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: CustomerFilter, args: &PageArgs) -> Result<Page<Customer>, AppError> {
    let Some(grant) = caller.may(Action::ViewCustomer) else { return Ok(Page::empty()) };
    Ok(repo::customer::page(&app.reader(), &grant, filter, args).await?)
}

/// Customers that wait to be taken over, longest waiting first.
#[tracing::instrument(name = "app.customer.waiting", skip_all)]
pub async fn waiting(app: &App, caller: &Caller, args: &PageArgs) -> Result<Page<Customer>, AppError> {
    let Some(grant) = caller.may(Action::AcceptCustomer) else { return Ok(Page::empty()) };
    Ok(repo::customer::waiting(&app.reader(), &grant, args).await?)
}

/// What came of a take-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenOver {
    /// The customer after it.
    pub customer: Customer,
    /// Whether the caller had taken it over before.
    pub already_done: bool,
}

/// Takes a customer over.
///
/// # Errors
/// `NotFound`, `NotAllowed`, `TakenByColleague`, `VersionConflict`.
#[tracing::instrument(name = "app.customer.take_over", skip_all)]
pub async fn take_over(app: &App, caller: &Caller, id: CustomerId, expected: Option<u32>) -> Result<TakenOver, AppError> {
    let view = caller.may(Action::ViewCustomer).ok_or_else(|| AppError::not_found("customer"))?;
    let grant = caller.must(Action::AcceptCustomer)?;
    app.store()
        .transact(move |uow| {
            let (app, caller, view, grant) = (app.clone(), caller.clone(), view.clone(), grant.clone());
            Box::pin(async move {
                let seen =
                    repo::customer::load_for_command(uow, &view, id).await?.ok_or_else(|| AppError::not_found("customer"))?;
                let taken = seen.state.taken_by().is_some();
                if !taken && repo::customer::find(uow, &grant, id).await?.is_none() {
                    return Err(Rejection::NotAllowed { action: Action::AcceptCustomer }.into());
                }
                let now = app.now();
                match seen.take_over(caller.actor.user, now) {
                    Ok(CustomerDecision::AlreadyDone) => Ok(TakenOver { customer: seen, already_done: true }),
                    Err(CustomerRefusal::TakenByColleague { .. }) => Err(Rejection::TakenByColleague.into()),
                    Ok(CustomerDecision::TakenOver(customer)) => {
                        if expected.is_some_and(|expected| expected != seen.version) {
                            return Err(Rejection::VersionConflict { current: Some(seen.version) }.into());
                        }
                        let kept = sla::clock::taken_over(&app, uow, &caller, id, now).await?;
                        let audit = caller.audit_row(Action::AcceptCustomer, "customer", id.uuid(), now);
                        repo::customer::record(uow, &customer, seen.version, &taken_over(&customer, &caller, now), &audit)
                            .await?;
                        sla::tell::note(uow, &kept, now).await?;
                        Ok(TakenOver { customer, already_done: false })
                    }
                }
            })
        })
        .await
}

fn taken_over(customer: &Customer, caller: &Caller, now: chrono::DateTime<chrono::Utc>) -> NewEntry {
    NewEntry {
        event: new_id(),
        occurred_at: now,
        kind: EventKind::CustomerTakenOver,
        subject: AnyId::Customer(customer.id),
        subject_version: customer.version,
        lead: Some(customer.lead),
        actor: Some(caller.actor.user),
        payload: serde_json::json!({ "customer": customer.id }),
    }
}
