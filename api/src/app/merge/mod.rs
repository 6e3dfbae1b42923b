//! Merging two records of the same person or company, and taking that back. One transaction each: the records, all that refers to them, scores,
//! the journal and the audit.

mod case;
mod preview;
mod record;
mod score;
mod undo;

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::Company;
use fairfall_domain::id::{AnyId, CompanyId, MergeId, PersonId};
use fairfall_domain::merging::{Choices, Merge, MergeRefusal, MergeSide};
use fairfall_domain::person::Person;
use fairfall_persistence::repo::merge::{self as repo, Impact, MergeFilter, MergeSight};
use fairfall_persistence::{Page, PageArgs, Readable};

use super::{App, AppError, Caller, Rejection};

pub use case::MergeCase;
pub use fairfall_persistence::repo::merge::{OPEN_PAIRS_MAX, OpenPair};
pub use preview::{Preview, preview};
pub use record::merge;
pub use undo::unmerge;

/// A merge that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeOrder<T: MergeCase> {
    /// The record that goes on.
    pub survivor: T::Id,
    /// The record that is merged away.
    pub loser: T::Id,
    /// Which side wins which fields; the others go by the rules.
    pub choices: Choices,
    /// The version of the survivor that the caller read.
    pub survivor_version: Option<u32>,
    /// The version of the other record that the caller read.
    pub loser_version: Option<u32>,
}

/// What came of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged<T> {
    /// The survivor.
    pub survivor: T,
    /// The merge.
    pub merge: Merge,
    /// What moved to the survivor.
    pub moved: Impact,
    /// Leads that are open side by side for the same product area since.
    pub open_pairs: Vec<OpenPair>,
    /// Whether both were one before, so that nothing changed now.
    pub already_done: bool,
}

/// What came of taking a merge back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmerged<T> {
    /// The record that had survived; nothing when the caller may not see it.
    pub survivor: Option<T>,
    /// The record that had been merged away; nothing when the caller may not see it.
    pub loser: Option<T>,
    /// The merge.
    pub merge: Merge,
    /// What moved back.
    pub moved: Impact,
    /// Whether it was taken back before, so that nothing changed now.
    pub already_done: bool,
}

/// A merge, if the caller may see what lives of it.
pub async fn find(app: &App, caller: &Caller, id: MergeId) -> Result<Option<Merge>, AppError> {
    let sight = Sight::of(caller);
    Ok(repo::find(&app.reader(), sight.as_ref(), id).await?)
}

/// A page of merges, the last first.
#[tracing::instrument(name = "app.merge.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: &MergeFilter, args: &PageArgs) -> Result<Page<Merge>, AppError> {
    let sight = Sight::of(caller);
    Ok(repo::page(&app.reader(), sight.as_ref(), filter, args).await?)
}

/// People by their ids, also by the ids of records that were merged into theirs. Those whom the caller may not see are left out. One statement,
/// and two more when an id leads to nobody directly.
pub async fn people_by_id(app: &App, caller: &Caller, ids: &[PersonId]) -> Result<Vec<(PersonId, Person)>, AppError> {
    let found = super::person::find_many(app, caller, ids).await?;
    let mut known: Vec<(PersonId, Person)> = found.into_iter().map(|person| (person.id, person)).collect();
    let led = led::<Person>(app, ids, &known).await?;
    if !led.is_empty() {
        let targets: Vec<PersonId> = led.iter().map(|(_, into)| *into).collect();
        let living = super::person::find_many(app, caller, &targets).await?;
        known.extend(paired(&led, &living, |person| person.id));
    }
    Ok(known)
}

/// Companies by their ids, as [`people_by_id`].
pub async fn companies_by_id(app: &App, caller: &Caller, ids: &[CompanyId]) -> Result<Vec<(CompanyId, Company)>, AppError> {
    let found = super::company::find_many(app, caller, ids).await?;
    let mut known: Vec<(CompanyId, Company)> = found.into_iter().map(|company| (company.id, company)).collect();
    let led = led::<Company>(app, ids, &known).await?;
    if !led.is_empty() {
        let targets: Vec<CompanyId> = led.iter().map(|(_, into)| *into).collect();
        let living = super::company::find_many(app, caller, &targets).await?;
        known.extend(paired(&led, &living, |company| company.id));
    }
    Ok(known)
}

async fn led<T: MergeCase>(app: &App, ids: &[T::Id], known: &[(T::Id, T)]) -> Result<Vec<(T::Id, T::Id)>, AppError> {
    let missing: Vec<T::Id> = ids.iter().copied().filter(|id| !known.iter().any(|(found, _)| found == id)).collect();
    Ok(repo::moved_into::<T>(&app.reader(), &missing).await?.into_iter().collect())
}

fn paired<Id: Copy + PartialEq, T: Clone>(led: &[(Id, Id)], living: &[T], id: impl Fn(&T) -> Id) -> Vec<(Id, T)> {
    let one = |(asked, into): &(Id, Id)| Some((*asked, living.iter().find(|record| id(record) == *into)?.clone()));
    led.iter().filter_map(one).collect()
}

/// The permissions by which merges are seen.
struct Sight {
    person: Option<Grant>,
    company: Option<Grant>,
}

impl Sight {
    /// Whoever may merge sees the merges of what they may see.
    fn of(caller: &Caller) -> Self {
        let may = |action| caller.may(Action::MergeRecord).and_then(|_| caller.may(action));
        Self { person: may(Action::ViewPerson), company: may(Action::ViewCompany) }
    }

    const fn as_ref(&self) -> MergeSight<'_> {
        MergeSight { person: self.person.as_ref(), company: self.company.as_ref() }
    }
}

/// Both records as the caller may merge them, or that they are one already.
enum Pair<T> {
    /// The survivor and the record to be merged away.
    Two(Box<T>, Box<T>),
    /// They were merged before.
    One(Box<T>, Box<Merge>),
}

/// Whether the caller may bring two records together.
async fn look<T: MergeCase>(on: &impl Readable, caller: &Caller, order: &MergeOrder<T>) -> Result<Pair<T>, AppError> {
    let ids = [order.survivor, order.loser];
    if order.survivor == order.loser {
        return Err(MergeRefusal::SameRecord.into());
    }
    let view = caller.may(T::VIEW).ok_or_else(|| AppError::not_found("survivor"))?;
    let led = repo::moved_into::<T>(on, &ids).await?;
    for (side, id) in [(MergeSide::Survivor, order.survivor), (MergeSide::Loser, order.loser)] {
        let Some(into) = led.get(&id).copied() else { continue };
        let missing = || AppError::not_found(field(side));
        let living = T::find(on, &view, &[into]).await?.pop().ok_or_else(missing)?;
        let merge = repo::of_loser::<T>(on, id).await?.ok_or_else(missing)?;
        if side == MergeSide::Loser && into == order.survivor {
            return Ok(Pair::One(Box::new(living), Box::new(merge)));
        }
        return Err(MergeRefusal::MergedAway { side, into: T::any(into), merge: merge.id }.into());
    }
    let mut seen = T::find(on, &view, &ids).await?;
    for (side, id) in [(MergeSide::Survivor, order.survivor), (MergeSide::Loser, order.loser)] {
        if !seen.iter().any(|record| record.id() == id) {
            return Err(AppError::not_found(field(side)));
        }
    }
    for action in [T::UPDATE, Action::MergeRecord] {
        let grant = caller.must(action)?;
        if T::find(on, &grant, &ids).await?.len() < ids.len() {
            return Err(Rejection::NotAllowed { action }.into());
        }
    }
    seen.sort_by_key(|record| record.id() != order.survivor);
    let (Some(loser), Some(survivor)) = (seen.pop(), seen.pop()) else { return Err(AppError::not_found("survivor")) };
    Ok(Pair::Two(Box::new(survivor), Box::new(loser)))
}

const fn field(side: MergeSide) -> &'static str {
    match side {
        MergeSide::Survivor => "survivor",
        MergeSide::Loser => "loser",
    }
}

impl From<MergeRefusal> for AppError {
    fn from(refusal: MergeRefusal) -> Self {
        Rejection::MergeRefused(refusal).into()
    }
}

/// That a record which a command names was merged away: the caller has to name the one that lives.
pub(super) async fn refuse_merged_away<T: MergeCase>(on: &impl Readable, caller: &Caller, id: T::Id) -> Result<(), AppError> {
    let (Some(view), Some(into)) = (caller.may(T::VIEW), repo::moved_into::<T>(on, &[id]).await?.remove(&id)) else {
        return Ok(());
    };
    let Some(merge) = repo::of_loser::<T>(on, id).await? else { return Ok(()) };
    if T::find(on, &view, &[into]).await?.is_empty() {
        return Ok(());
    }
    Err(MergeRefusal::MergedAway { side: MergeSide::Loser, into: T::any(into), merge: merge.id }.into())
}

/// The kind of thing that an id names, for the audit.
const fn kind_of(id: AnyId) -> &'static str {
    id.prefix()
}
