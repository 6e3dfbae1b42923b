//! A chunk of rows: what is known already is skipped, what has faults is told, the rest is stored, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use csv::{ByteRecord, StringRecord};
use fairfall_domain::id::{LeadId, PersonId};
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::external_ref::ExternalRef;
use fairfall_persistence::repo::import::{ImportProgress, ImportStamp, ImportedLead, ImportedRef};

use crate::app::AppError;
use crate::app::forecast::opening;
use crate::app::protection::{Kept, screen};
use crate::app::rules::Rules;
use crate::clock::new_id;

use super::campaigns::{self, Campaigns, Named};
use super::colleagues::{self, Colleague, Colleagues};
use super::contacts::Contacts;
use super::lead::Around;
use super::mapping::{Mapping, UserName};
use super::matching;
use super::quality::QualityCounts;
use super::routing;
use super::row::{self, RowDraft};
use super::run::{Job, contended};
use super::score::{self, Party};

/// A row as far as it can be read without the database.
#[derive(Debug)]
pub(super) struct Drafted {
    external_id: Option<String>,
    read: Result<Box<RowDraft>, Violations>,
}

/// Reads a row.
pub(super) fn draft(mapping: &Mapping, rules: &Rules, bytes: &ByteRecord) -> Drafted {
    let failed = |faults| Drafted { external_id: None, read: Err(faults) };
    let record = match StringRecord::from_byte_record(bytes.clone()) {
        Ok(record) => record,
        Err(error) => {
            let column = mapping.header.get(error.utf8_error().field()).map_or("row", String::as_str);
            return failed(Violations::one(column, ViolationCode::Malformed, "is not UTF-8"));
        }
    };
    if record.len() != mapping.header.len() {
        let message = format!("has {} columns, the first line has {}", record.len(), mapping.header.len());
        return failed(Violations::one("row", ViolationCode::Malformed, message));
    }
    match row::external_id(mapping, &record) {
        Ok(id) => Drafted {
            read: row::read(mapping, &rules.quality, &rules.attributes, &record, &id).map(Box::new),
            external_id: Some(id),
        },
        Err(faults) => failed(faults),
    }
}

/// What was learned of colleagues and campaigns in the chunks before.
#[derive(Clone, Debug, Default)]
pub(super) struct Learned {
    colleagues: BTreeMap<UserName, Colleague>,
    campaigns: BTreeMap<Code, Named>,
}

/// What became of a chunk.
#[derive(Debug, Default)]
pub(super) struct ChunkOutcome {
    /// Rows that became leads.
    pub(super) imported: u64,
    /// Rows that had been imported before.
    pub(super) known: u64,
    /// What the review of the rows that became leads found.
    pub(super) quality: QualityCounts,
    /// The faulty rows, by their position in the chunk.
    pub(super) rejected: Vec<(usize, Violations)>,
    colleagues: Vec<(UserName, Colleague)>,
    campaigns: Vec<(Code, Named)>,
}

impl Learned {
    /// Adds what a chunk that was stored taught.
    pub(super) fn learn(&mut self, outcome: &mut ChunkOutcome) {
        self.colleagues.extend(outcome.colleagues.drain(..));
        self.campaigns.extend(outcome.campaigns.drain(..));
    }
}

/// Imports a chunk, or with a job that only checks finds out what an import of it would do.
///
/// # Errors
/// When the database fails; the unit of work is of no more use then.
pub(super) async fn import(
    uow: &UnitOfWork,
    job: &Job,
    learned: &Learned,
    rows: &[Drafted],
    before: ImportProgress,
    now: DateTime<Utc>,
) -> Result<ChunkOutcome, AppError> {
    let ids: Vec<&str> = rows.iter().filter_map(|row| row.external_id.as_deref()).collect();
    let mut taken: BTreeSet<String> = repo::import::known_refs::<LeadId>(uow, &job.source, &ids).await?.into_keys().collect();
    let is_new = |row: &&Drafted| row.external_id.as_ref().is_none_or(|id| !taken.contains(id));
    let drafts: Vec<&RowDraft> = rows.iter().filter(is_new).filter_map(|row| row.read.as_deref().ok()).collect();
    let names: BTreeSet<&UserName> = drafts.iter().flat_map(|draft| draft.users()).collect();
    let colleagues = colleagues::load(uow, job, &learned.colleagues, names, now).await?;
    let campaigns = campaigns::load(uow, job, &learned.campaigns, drafts.iter().copied(), now).await?;
    let contacts = Contacts::load(uow, drafts.iter().copied()).await?;
    let kept = screen(uow, drafts.iter().map(|draft| (draft.person.email.as_ref(), draft.person.phone.as_ref()))).await?;
    let roster = colleagues::roster_with(&job.rules.roster, &colleagues);
    let around = Around { job, roster: &roster, colleagues: &colleagues, campaigns: &campaigns, now };
    let (leads, parties) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    let mut writer = Writer { uow, around: &around, contacts, kept, open: BTreeSet::new(), leads, parties };
    let mut outcome = ChunkOutcome::default();
    let (mut used_names, mut used_keys) = (BTreeSet::new(), BTreeSet::new());
    for (index, row) in rows.iter().enumerate() {
        if row.external_id.as_ref().is_some_and(|id| taken.contains(id)) {
            outcome.known += 1;
            continue;
        }
        match writer.row(row).await? {
            Ok(draft) => {
                taken.extend(row.external_id.clone());
                used_names.extend(draft.users().cloned());
                used_keys.extend(draft.campaign.clone());
                outcome.quality += draft.quality;
            }
            Err(faults) => outcome.rejected.push((index, faults)),
        }
    }
    let Writer { mut leads, parties, .. } = writer;
    let scores = score::begin(uow, &job.rules, &mut leads, &parties, now).await?;
    routing::begin(uow, &job.rules, &mut leads, &parties, now).await?;
    outcome.imported = count(leads.len());
    let used = Used { names: used_names, keys: used_keys, colleagues: &colleagues, campaigns: &campaigns };
    store(uow, job, &leads, used, &mut outcome, now).await?;
    if job.run.is_some() {
        keep_openings(uow, job, &leads, &parties, now).await?;
    }
    if job.run.is_some() {
        repo::lead_score::put_many(uow, &scores).await?;
        matching::propose(uow, job, &leads, now).await?;
    }
    if let Some(run) = job.run {
        let progress = ImportProgress {
            rows_done: before.rows_done + count(rows.len()),
            accepted: before.accepted + outcome.imported,
            rejected: before.rejected + count(outcome.rejected.len()),
        };
        repo::import::advance(uow, run, progress, now).await?;
    }
    Ok(outcome)
}

/// Counts are far below what 64 bits hold.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

struct Writer<'a> {
    uow: &'a UnitOfWork,
    around: &'a Around<'a>,
    contacts: Contacts,
    /// Whose addresses are kept away.
    kept: Kept,
    /// Who has an open lead for what, by the rows before.
    open: BTreeSet<(PersonId, Code)>,
    leads: Vec<ImportedLead>,
    /// Whom and what the leads are about, in their order.
    parties: Vec<Party>,
}

impl Writer<'_> {
    /// Makes the lead of a row; the inner error is the row's faults.
    async fn row<'r>(&mut self, row: &'r Drafted) -> Result<Result<&'r RowDraft, Violations>, AppError> {
        let (draft, external_id) = match (&row.read, &row.external_id) {
            (Ok(draft), Some(id)) => (draft.as_ref(), id),
            (Err(faults), _) => return Ok(Err(faults.clone())),
            (Ok(_), None) => return Err(AppError::internal("a row was read without its id")),
        };
        let Around { job, now, .. } = *self.around;
        let company = draft.company.as_ref().map(|fields| self.contacts.company(fields, now));
        let person = self.contacts.person(&draft.person, company.as_ref().map(super::contacts::Record::get), now);
        if person.is_fresh() {
            let mut faults = Violations::new();
            let fields = &job.mapping.person;
            self.kept.check_named(
                &|field| fields.label(field).to_owned(),
                draft.person.email.as_ref(),
                draft.person.phone.as_ref(),
                &mut faults,
            );
            if !faults.is_empty() {
                return Ok(Err(faults));
            }
        }
        let change = match self.around.write(draft, person.get(), company.as_ref().map(super::contacts::Record::get)) {
            Ok(change) => change,
            Err(faults) => return Ok(Err(faults)),
        };
        if change.lead.state.is_open() {
            let demand = (person.get().id, change.lead.demand.product_area.clone());
            let stored = !person.is_fresh() && repo::lead::find_open(self.uow, demand.0, &demand.1).await?.is_some();
            if stored || self.open.contains(&demand) {
                let message = "the person has an open lead of the same product area";
                return Ok(Err(Violations::one(job.mapping.person.label("email"), ViolationCode::Duplicate, message)));
            }
            self.open.insert(demand);
        }
        self.parties.push(Party {
            person: person.get().clone(),
            was_known: !person.is_fresh(),
            company: company.as_ref().map(|company| company.get().clone()),
        });
        let (person, company) = (person.fresh(), company.and_then(super::contacts::Record::fresh));
        self.contacts.keep(person.as_ref(), company.as_ref());
        let name = ExternalRef { source: job.source.clone(), external_id: external_id.clone() };
        let event_ids = change.events.iter().map(|_| new_id()).collect();
        let refs = vec![ImportedRef::new(name, change.lead.id)];
        self.leads.push(ImportedLead { change, person, company, refs, event_ids });
        Ok(Ok(draft))
    }
}

/// Keeps what was known when the passages opened; `parties` stand in the order of the leads.
async fn keep_openings(
    uow: &UnitOfWork,
    job: &Job,
    leads: &[ImportedLead],
    parties: &[Party],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let known = &job.mapping.known_at_capture;
    let of = |(imported, party): (&ImportedLead, &Party)| {
        opening::imported(&imported.change, &party.person, party.company.as_ref(), known, now)
    };
    let openings: Vec<_> = leads.iter().zip(parties).map(of).collect();
    Ok(repo::passage_features::insert_many(uow, &openings).await?)
}

/// What the accepted rows need beside persons and companies.
struct Used<'a> {
    names: BTreeSet<UserName>,
    keys: BTreeSet<Code>,
    colleagues: &'a Colleagues,
    campaigns: &'a Campaigns,
}

async fn store(
    uow: &UnitOfWork,
    job: &Job,
    leads: &[ImportedLead],
    used: Used<'_>,
    outcome: &mut ChunkOutcome,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(run) = job.run else { return Ok(()) };
    if leads.is_empty() {
        return Ok(());
    }
    outcome.colleagues = colleagues::store(uow, job, &used.names, used.colleagues, now).await?;
    outcome.campaigns = campaigns::store(uow, job, &used.keys, used.campaigns, now).await?;
    let stamp = ImportStamp { actor: job.actor.user, at: now, request_id: job.actor.request_id.clone(), audit_id: new_id() };
    repo::import::import_chunk(uow, leads, run, &stamp).await.map_err(contended)
}
