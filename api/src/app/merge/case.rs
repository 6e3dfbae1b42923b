//! What differs between merging persons and merging companies.

use std::future::Future;

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::Company;
use fairfall_domain::id::{AnyId, CompanyId, PersonId};
use fairfall_domain::matching::DuplicatePair;
use fairfall_domain::merging::{Merge, MergeAccount, MergeField, MergePair, MergeRecord, Proven};
use fairfall_domain::person::Person;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::repo::{self, merge::MergeSubject};
use fairfall_persistence::{Readable, StoreError, UnitOfWork};

/// A person or a company, as the use cases merge it.
pub trait MergeCase: MergeSubject {
    /// To see it.
    const VIEW: Action;

    /// To change it.
    const UPDATE: Action;

    /// What the journal tells of a merge.
    const MERGED: EventKind;

    /// What the journal tells when a merge is taken back.
    const UNMERGED: EventKind;

    /// The id as one of any kind.
    fn any(id: Self::Id) -> AnyId;

    /// The two records of a merge.
    fn pair(survivor: Self::Id, loser: Self::Id) -> MergePair;

    /// The ids of a merge of this kind.
    fn ids_of(pair: &MergePair) -> Option<(Self::Id, Self::Id)>;

    /// What a merge keeps.
    fn account(record: MergeRecord<Self>) -> MergeAccount;

    /// What a merge of this kind kept.
    fn record_of(account: &MergeAccount) -> Option<MergeRecord<Self>>;

    /// Some records that a permission reaches.
    fn find(on: &impl Readable, grant: &Grant, ids: &[Self::Id]) -> impl Future<Output = Result<Vec<Self>, StoreError>> + Send;

    /// Both as a pair that may be the same one.
    fn double(survivor: Self::Id, loser: Self::Id) -> Option<DuplicatePair>;

    /// Keeps others from recording for both while they are brought together.
    fn quieten(uow: &UnitOfWork, ids: [Self::Id; 2]) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// What a merge kept, with the things it names as what became of them since.
    fn refreshed(uow: &UnitOfWork, kept: MergeRecord<Self>)
    -> impl Future<Output = Result<MergeRecord<Self>, StoreError>> + Send;

    /// Notes what the survivor gets back, where that was itself merged away: `current` is the survivor before, then comes what the merge kept, and the
    /// same with what became of it.
    fn settle(
        uow: &UnitOfWork,
        merge: &Merge,
        current: &Self,
        records: (&MergeRecord<Self>, &MergeRecord<Self>),
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The fields of a record whose value was proven.
    fn proven(&self) -> Vec<MergeField>;

    /// The person whose leads are scored anew, of records whose scores depend on what was done.
    fn whose_leads(id: Self::Id) -> Option<PersonId>;
}

/// What was proven of both sides.
pub(super) fn proven_of<T: MergeCase>(survivor: &T, loser: &T) -> Proven {
    Proven { survivor: survivor.proven().into_iter().collect(), loser: loser.proven().into_iter().collect() }
}

impl MergeCase for Person {
    const VIEW: Action = Action::ViewPerson;
    const UPDATE: Action = Action::UpdatePerson;
    const MERGED: EventKind = EventKind::PersonMerged;
    const UNMERGED: EventKind = EventKind::PersonUnmerged;

    fn any(id: PersonId) -> AnyId {
        AnyId::Person(id)
    }

    fn pair(survivor: PersonId, loser: PersonId) -> MergePair {
        MergePair::Persons { survivor, loser }
    }

    fn ids_of(pair: &MergePair) -> Option<(PersonId, PersonId)> {
        match *pair {
            MergePair::Persons { survivor, loser } => Some((survivor, loser)),
            MergePair::Companies { .. } => None,
        }
    }

    fn account(record: MergeRecord<Self>) -> MergeAccount {
        MergeAccount::Persons(Box::new(record))
    }

    fn record_of(account: &MergeAccount) -> Option<MergeRecord<Self>> {
        match account {
            MergeAccount::Persons(record) => Some((**record).clone()),
            MergeAccount::Companies(_) | MergeAccount::Erased => None,
        }
    }

    async fn find(on: &impl Readable, grant: &Grant, ids: &[PersonId]) -> Result<Vec<Self>, StoreError> {
        repo::person::find_many(on, grant, ids).await
    }

    fn double(survivor: PersonId, loser: PersonId) -> Option<DuplicatePair> {
        DuplicatePair::persons(survivor, loser)
    }

    async fn quieten(uow: &UnitOfWork, ids: [PersonId; 2]) -> Result<(), StoreError> {
        repo::activity::hold(uow, &ids, repo::activity::Holding::Alone).await
    }

    /// A company may have been merged away since: what the person had is then what it became.
    async fn refreshed(uow: &UnitOfWork, mut kept: MergeRecord<Self>) -> Result<MergeRecord<Self>, StoreError> {
        for side in [&mut kept.after, &mut kept.before] {
            if let Some(company) = side.company {
                side.company = Some(repo::merge::living::<Company>(uow, company).await?);
            }
        }
        Ok(kept)
    }

    async fn settle(
        uow: &UnitOfWork,
        merge: &Merge,
        current: &Self,
        (kept, fresh): (&MergeRecord<Self>, &MergeRecord<Self>),
    ) -> Result<(), StoreError> {
        if current.company != fresh.after.company {
            return Ok(());
        }
        repo::merge::note_restored(uow, merge, kept.before.company).await
    }

    /// An address to which a mail was sent, and from which its link was followed, is the person's.
    fn proven(&self) -> Vec<MergeField> {
        let mailed = self.consents.iter().any(|state| {
            state.channel == fairfall_domain::consent::ContactChannel::Email
                && state.status == fairfall_domain::consent::ConsentStatus::Granted
                && state.rests_on() == Some(fairfall_domain::consent::LegalBasis::Consent)
                && !state.unconfirmed
        });
        if mailed { vec![MergeField::Email] } else { Vec::new() }
    }

    fn whose_leads(id: PersonId) -> Option<PersonId> {
        Some(id)
    }
}

impl MergeCase for Company {
    const VIEW: Action = Action::ViewCompany;
    const UPDATE: Action = Action::UpdateCompany;
    const MERGED: EventKind = EventKind::CompanyMerged;
    const UNMERGED: EventKind = EventKind::CompanyUnmerged;

    fn any(id: CompanyId) -> AnyId {
        AnyId::Company(id)
    }

    fn pair(survivor: CompanyId, loser: CompanyId) -> MergePair {
        MergePair::Companies { survivor, loser }
    }

    fn ids_of(pair: &MergePair) -> Option<(CompanyId, CompanyId)> {
        match *pair {
            MergePair::Companies { survivor, loser } => Some((survivor, loser)),
            MergePair::Persons { .. } => None,
        }
    }

    fn account(record: MergeRecord<Self>) -> MergeAccount {
        MergeAccount::Companies(Box::new(record))
    }

    fn record_of(account: &MergeAccount) -> Option<MergeRecord<Self>> {
        match account {
            MergeAccount::Companies(record) => Some((**record).clone()),
            MergeAccount::Persons(_) | MergeAccount::Erased => None,
        }
    }

    async fn find(on: &impl Readable, grant: &Grant, ids: &[CompanyId]) -> Result<Vec<Self>, StoreError> {
        repo::company::find_many(on, grant, ids).await
    }

    fn double(survivor: CompanyId, loser: CompanyId) -> Option<DuplicatePair> {
        DuplicatePair::companies(survivor, loser)
    }

    async fn quieten(_uow: &UnitOfWork, _ids: [CompanyId; 2]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn refreshed(_uow: &UnitOfWork, kept: MergeRecord<Self>) -> Result<MergeRecord<Self>, StoreError> {
        Ok(kept)
    }

    async fn settle(
        _uow: &UnitOfWork,
        _merge: &Merge,
        _current: &Self,
        _records: (&MergeRecord<Self>, &MergeRecord<Self>),
    ) -> Result<(), StoreError> {
        Ok(())
    }

    fn proven(&self) -> Vec<MergeField> {
        Vec::new()
    }

    fn whose_leads(_id: CompanyId) -> Option<PersonId> {
        None
    }
}
