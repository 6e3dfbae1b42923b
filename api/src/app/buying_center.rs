//! Buying centers: who plays which role when a company buys, and who is missing.

use std::collections::{BTreeMap, BTreeSet};

use fairfall_domain::access::{Action, Scope};
use fairfall_domain::buying_center::{BuyingCenter, BuyingNeeds, Noted, PARTICIPATIONS_MAX, Participation};
use fairfall_domain::id::CompanyId;
use fairfall_domain::person::BuyingRole;
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo::buying_center::Put;
use fairfall_persistence::{Readable, UnitOfWork, repo};

use super::person::refuse_erased;
use super::{App, AppError, Caller, Rejection};

/// Which buying center is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CenterKey {
    /// The company.
    pub company: CompanyId,
    /// The product area; all when absent.
    pub product_area: Option<Code>,
}

/// What came of a change of roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleNoted {
    /// The buying center after it.
    pub center: BuyingCenter,
    /// Whether it was so before.
    pub already_done: bool,
}

/// Several buying centers; those of companies that the caller may not see are left out.
#[tracing::instrument(name = "app.buying_center.find_many", skip_all)]
pub async fn find_many(app: &App, caller: &Caller, keys: &[CenterKey]) -> Result<Vec<(CenterKey, BuyingCenter)>, AppError> {
    let Some(view) = caller.may(Action::ViewCompany) else { return Ok(Vec::new()) };
    let asked: Vec<CompanyId> = keys.iter().map(|key| key.company).collect::<BTreeSet<_>>().into_iter().collect();
    let reader = app.reader();
    let seen: Vec<CompanyId> =
        repo::company::find_many(&reader, &view, &asked).await?.into_iter().map(|company| company.id).collect();
    let (noted, needs) = (repo::buying_center::find_many(&reader, &seen).await?, repo::buying_center::needs(&reader).await?);
    let shown = keys.iter().filter(|key| seen.contains(&key.company));
    let center = |key: &CenterKey| BuyingCenter::of(key.company, key.product_area.as_ref(), &needs, &noted);
    Ok(shown.map(|key| (key.clone(), center(key))).collect())
}

/// The needed roles, for whoever sees companies.
pub async fn needs(app: &App, caller: &Caller) -> Result<Option<BuyingNeeds>, AppError> {
    match caller.may(Action::ViewCompany) {
        Some(_) => Ok(Some(repo::buying_center::needs(&app.reader()).await?)),
        None => Ok(None),
    }
}

/// Notes that a person plays a role; doing it again changes nothing.
///
/// # Errors
/// `NotFound` for a company or person that the caller may not see; `NotAllowed`; a fault when the company has as many roles as may be kept.
#[tracing::instrument(name = "app.buying_center.put", skip_all)]
pub async fn put(app: &App, caller: &Caller, participation: Participation) -> Result<RoleNoted, AppError> {
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let (caller, participation) = (caller.clone(), participation.clone());
            Box::pin(async move {
                check(&caller, uow, &participation).await?;
                let noted = Noted { participation: participation.clone(), by: Some(caller.actor.user), at: now };
                let already_done = match repo::buying_center::put(uow, &noted).await? {
                    Put::Stored => false,
                    Put::Known => true,
                    Put::Full => {
                        let message = format!("at most {PARTICIPATIONS_MAX} roles are kept of one company");
                        return Err(Violations::one("role", ViolationCode::TooLong, message).into());
                    }
                };
                finish(&caller, uow, &participation, already_done, now).await
            })
        })
        .await
}

/// Forgets that a person plays a role; doing it again changes nothing.
///
/// # Errors
/// `NotFound` for a company or person that the caller may not see; `NotAllowed`.
#[tracing::instrument(name = "app.buying_center.remove", skip_all)]
pub async fn remove(app: &App, caller: &Caller, participation: Participation) -> Result<RoleNoted, AppError> {
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let (caller, participation) = (caller.clone(), participation.clone());
            Box::pin(async move {
                check(&caller, uow, &participation).await?;
                let already_done = !repo::buying_center::remove(uow, &participation).await?;
                finish(&caller, uow, &participation, already_done, now).await
            })
        })
        .await
}

/// The company and the person must be known to the caller, and the company one whose roles the caller may change.
async fn check(caller: &Caller, uow: &UnitOfWork, participation: &Participation) -> Result<(), AppError> {
    let missing = |field: &str| AppError::not_found(field);
    let view = caller.may(Action::ViewCompany).ok_or_else(|| missing("company"))?;
    repo::company::find(uow, &view, participation.company).await?.ok_or_else(|| missing("company"))?;
    let person = caller.may(Action::ViewPerson).ok_or_else(|| missing("person"))?;
    repo::person::find(uow, &person, participation.person).await?.ok_or_else(|| missing("person"))?;
    refuse_erased(uow, participation.person, "person").await?;
    let grant = caller.must(Action::ManageBuyingCenter)?;
    if repo::company::find(uow, &grant, participation.company).await?.is_none() {
        return Err(Rejection::NotAllowed { action: Action::ManageBuyingCenter }.into());
    }
    Ok(())
}

async fn finish(
    caller: &Caller,
    uow: &UnitOfWork,
    participation: &Participation,
    already_done: bool,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<RoleNoted, AppError> {
    if !already_done {
        caller.audit(uow, Action::ManageBuyingCenter, "company", participation.company.uuid(), now).await?;
    }
    let center = read(uow, participation.company, participation.product_area.as_ref()).await?;
    Ok(RoleNoted { center, already_done })
}

async fn read(on: &impl Readable, company: CompanyId, area: Option<&Code>) -> Result<BuyingCenter, AppError> {
    let noted = repo::buying_center::find_many(on, &[company]).await?;
    Ok(BuyingCenter::of(company, area, &repo::buying_center::needs(on).await?, &noted))
}

/// Says which roles a sale needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedsInput {
    /// The version that the caller read.
    pub expected_version: Option<u32>,
    /// What is needed where a product area has no needs of its own.
    pub usual: Vec<BuyingRole>,
    /// Product areas, as typed, with what they need.
    pub by_product_area: Vec<(String, Vec<BuyingRole>)>,
}

/// Sets which roles are needed. For administrators and managers.
///
/// # Errors
/// `NotAllowed`, `VersionConflict`; all faults of the input at once.
#[tracing::instrument(name = "app.buying_center.set_needs", skip_all)]
pub async fn set_needs(app: &App, caller: &Caller, input: NeedsInput) -> Result<BuyingNeeds, AppError> {
    if caller.must(Action::ManageBuyingCenter)?.scope() != Scope::All {
        return Err(Rejection::NotAllowed { action: Action::ManageBuyingCenter }.into());
    }
    let (usual, by_area) = (input.usual.iter().copied().collect::<BTreeSet<_>>(), read_areas(&input.by_product_area)?);
    let (now, expected) = (app.now(), input.expected_version);
    app.store()
        .transact(move |uow| {
            let (caller, usual, by_area) = (caller.clone(), usual.clone(), by_area.clone());
            Box::pin(async move {
                let known = repo::buying_center::needs(uow).await?;
                if expected.is_some_and(|expected| expected != known.version()) {
                    return Err(Rejection::VersionConflict { current: Some(known.version()) }.into());
                }
                let needs = known.revise(usual, by_area)?;
                repo::buying_center::put_needs(uow, &needs).await?;
                caller.audit_plain(uow, Action::ManageBuyingCenter, "setting", now).await?;
                Ok(needs)
            })
        })
        .await
}

fn read_areas(typed: &[(String, Vec<BuyingRole>)]) -> Result<BTreeMap<Code, BTreeSet<BuyingRole>>, Violations> {
    let mut faults = Violations::new();
    let mut areas = BTreeMap::new();
    for (index, (area, roles)) in typed.iter().enumerate() {
        let field = format!("byProductArea.{index}.productArea");
        let Some(area) = faults.check_required(&field, Some(area.as_str()), Code::parse) else { continue };
        if areas.insert(area, roles.iter().copied().collect()).is_some() {
            faults.add(&field, ViolationCode::Duplicate, "the product area stands here twice");
        }
    }
    faults.into_result()?;
    Ok(areas)
}
