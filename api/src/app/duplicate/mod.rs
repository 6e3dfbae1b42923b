//! Records that may be the same one: found whenever one comes in or changes, shown to those who may see both, dismissed when they are two.

mod seek;

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::id::{AnyId, DuplicateId};
use fairfall_domain::matching::{Duplicate, DuplicateState};
use fairfall_persistence::repo;
use fairfall_persistence::repo::duplicate::{DuplicateFilter, DuplicateSight};
use fairfall_persistence::repo::match_key::ChunkPlace;
use fairfall_persistence::{Page, PageArgs};
use serde::{Deserialize, Serialize};

use super::{App, AppError, Caller, Rejection};

pub(super) use seek::{Finder, companies as seek_companies, company_like, people as seek_people, person_like};

/// People, and companies, that are gone through in one transaction.
const REMATCHED_MAX: u32 = 200;
/// The setting that keeps how far that has come.
const REMATCHED_KEY: &str = "match_key.rematched";

/// A pair, if the caller may see both sides.
pub async fn find(app: &App, caller: &Caller, id: DuplicateId) -> Result<Option<Duplicate>, AppError> {
    Ok(repo::duplicate::find(&app.reader(), &sight(caller, Action::ViewDuplicate), id).await?)
}

/// A page of pairs of which the caller may see both sides, the surest first.
#[tracing::instrument(name = "app.duplicate.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: &DuplicateFilter, args: &PageArgs) -> Result<Page<Duplicate>, AppError> {
    Ok(repo::duplicate::page(&app.reader(), &sight(caller, Action::ViewDuplicate), filter, args).await?)
}

/// What came of a dismissal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dismissed {
    /// The pair.
    pub duplicate: Duplicate,
    /// Whether it was dismissed before, so that nothing changed now.
    pub already_done: bool,
}

/// Says that two records are two: the pair is not shown again, whatever changes.
///
/// # Errors
/// `NotFound`; `NotAllowed` when the caller may see both records but not merge them; `Taken` when they were merged.
#[tracing::instrument(name = "app.duplicate.dismiss", skip_all)]
pub async fn dismiss(app: &App, caller: &Caller, id: DuplicateId) -> Result<Dismissed, AppError> {
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let caller = caller.clone();
            Box::pin(async move {
                let seen = repo::duplicate::load_for_command(uow, &sight(&caller, Action::ViewDuplicate), id).await?;
                let pair = seen.ok_or_else(|| AppError::not_found("duplicate"))?;
                caller.must(Action::MergeRecord)?;
                if repo::duplicate::find(uow, &sight(&caller, Action::MergeRecord), id).await?.is_none() {
                    return Err(Rejection::NotAllowed { action: Action::MergeRecord }.into());
                }
                match pair.state {
                    DuplicateState::Dismissed => return Ok(Dismissed { duplicate: pair, already_done: true }),
                    DuplicateState::Merged => return Err(Rejection::Taken { field: "duplicate".to_owned() }.into()),
                    DuplicateState::Open => {}
                }
                let duplicate = pair.dismiss(caller.actor.user, now);
                repo::duplicate::settle(uow, &duplicate).await?;
                caller.audit(uow, Action::MergeRecord, "duplicate", id.uuid(), now).await?;
                Ok(Dismissed { duplicate, already_done: false })
            })
        })
        .await
}

/// What a caller must be permitted on both sides of a pair.
fn sight(caller: &Caller, action: Action) -> DuplicateSight {
    let both = |view: Action| -> Vec<Grant> {
        match (caller.may(action), caller.may(view)) {
            (Some(first), Some(second)) => vec![first, second],
            (None, _) | (_, None) => Vec::new(),
        }
    };
    DuplicateSight { person: both(Action::ViewPerson), company: both(Action::ViewCompany) }
}

/// The open pairs of a record: what a list of this filter holds.
pub fn open_of(record: AnyId) -> DuplicateFilter {
    DuplicateFilter { state: Some(DuplicateState::Open), record: Some(record), ..DuplicateFilter::default() }
}

/// How far the records have come that were there before keys were: first all get their keys, then each is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rematching {
    pass: RematchPass,
    place: ChunkPlace,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum RematchPass {
    #[default]
    Keys,
    Pairs,
    Done,
}

/// Writes the keys of a few records that were there before keys were, or compares a few of them; false when all is done. Every node may do this at
/// once: what is there stays.
pub async fn rematch(app: &App) -> Result<bool, AppError> {
    let at: Option<Rematching> = repo::setting::get(&app.reader(), REMATCHED_KEY).await?;
    let at = at.unwrap_or_default();
    if at.pass == RematchPass::Done {
        return Ok(false);
    }
    let now = app.now();
    app.store()
        .transact(move |uow| {
            Box::pin(async move {
                let chunk = repo::match_key::chunk(uow, at.place, REMATCHED_MAX).await?;
                let by = Finder { actor: None, at: now, leads: std::collections::BTreeMap::new() };
                match at.pass {
                    RematchPass::Keys => repo::match_key::write(uow, &chunk).await?,
                    RematchPass::Pairs => {
                        seek_companies(uow, &chunk.companies, &by).await?;
                        seek_people(uow, &chunk.people, &by).await?;
                    }
                    RematchPass::Done => {}
                }
                let next = match (chunk.is_empty(), at.pass) {
                    (false, pass) => Rematching { pass, place: chunk.end(at.place) },
                    (true, RematchPass::Keys) => Rematching { pass: RematchPass::Pairs, place: ChunkPlace::default() },
                    (true, RematchPass::Pairs | RematchPass::Done) => Rematching { pass: RematchPass::Done, place: at.place },
                };
                repo::setting::put(uow, REMATCHED_KEY, &next).await?;
                Ok::<bool, AppError>(next.pass != RematchPass::Done)
            })
        })
        .await
}
