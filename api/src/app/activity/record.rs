//! Recording: read, look up, store, count, score, and do what follows, in one transaction for all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::{Campaign, Channel};
use fairfall_domain::id::{ActivityId, CampaignId, LeadId, PersonId};
use fairfall_domain::scoring::Activity;
use fairfall_domain::scoring::activity::ActivityRef;
use fairfall_domain::scoring::activity_draft::ActivityFields;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::audit::{self, AuditOutcome, AuditRow};
use fairfall_persistence::repo;
use fairfall_persistence::repo::activity::Holding;
use fairfall_persistence::repo::lead_score::{LeadScore, Scorable};

use super::contact;
use super::subject::{SubjectRead, Subjects};
use super::{ActivityInput, RECORDED_MAX, Recorded};
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::rules::Rules;
use crate::app::score::{Occasion, look};
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// Records an activity. Answers it as it was recorded first, if the caller recorded it or may see it, and whether it was known before.
///
/// # Errors
/// All faults of the input at once.
pub async fn record(
    app: &App,
    caller: &Caller,
    input: ActivityInput,
    key: Option<String>,
) -> Result<(Option<Activity>, bool), AppError> {
    let (id, known) = match record_many(app, caller, vec![input], key).await?.pop() {
        Some(Recorded::Stored { activity }) => (activity, false),
        Some(Recorded::Known { activity }) => (activity, true),
        Some(Recorded::Rejected { faults }) => return Err(faults.into()),
        None => return Err(AppError::internal("an activity came to nothing")),
    };
    let mine = repo::activity::find(&app.reader(), &Grant::system(Action::RecordActivity), id).await?;
    let mine = mine.filter(|activity| activity.recorded_by == Some(caller.actor.user));
    match mine {
        Some(activity) => Ok((Some(activity), known)),
        None => Ok((super::find(app, caller, id).await?, known)),
    }
}

/// Records activities, at most [`RECORDED_MAX`], and tells of each what came of it, in the order in which they came. Faulty ones do not hold up
/// the others; when the call itself fails, none is stored.
///
/// # Errors
/// Too many or none; `NotAllowed`.
#[tracing::instrument(name = "app.activity.record", skip_all, fields(count = inputs.len()))]
pub async fn record_many(
    app: &App,
    caller: &Caller,
    inputs: Vec<ActivityInput>,
    key: Option<String>,
) -> Result<Vec<Recorded>, AppError> {
    let grant = caller.must(Action::RecordActivity)?;
    if inputs.is_empty() || inputs.len() > RECORDED_MAX {
        let message = format!("1 to {RECORDED_MAX} activities are recorded at once");
        return Err(Violations::one("activities", ViolationCode::OutOfRange, message).into());
    }
    let keyed = Keyed::read(key.as_deref(), &inputs)?;
    let rules = app.rules().await?;
    let now = app.now();
    let reads: Arc<Vec<Result<Read, Violations>>> = Arc::new(inputs.iter().map(|input| read(input, now)).collect());
    app.store()
        .transact(move |uow| {
            let (caller, grant, reads) = (caller.clone(), grant.clone(), Arc::clone(&reads));
            let (rules, keyed) = (Arc::clone(&rules), keyed.clone());
            Box::pin(async move {
                let batch = Batch { uow, caller: &caller, rules: &rules, now };
                let work = || async {
                    let recorded = batch.record(&grant, &reads).await?;
                    Ok((recorded.clone(), recorded))
                };
                match once::<Vec<Recorded>, _, _>(uow, &caller, "activitiesRecord", keyed.as_ref(), now, work).await? {
                    Once::New(recorded) | Once::Before(recorded) => Ok(recorded),
                }
            })
        })
        .await
}

/// An activity that was read.
#[derive(Clone, Debug)]
struct Read {
    subject: SubjectRead,
    fields: ActivityFields,
    campaign: Option<CampaignId>,
}

fn read(input: &ActivityInput, now: DateTime<Utc>) -> Result<Read, Violations> {
    let mut faults = Violations::new();
    let subject = input.subject.read(&mut faults);
    let campaign = faults.check_optional("campaign", input.campaign.as_deref(), CampaignId::parse);
    match (subject, input.draft.parse(now)) {
        (Some(subject), Ok(fields)) if faults.is_empty() => Ok(Read { subject, fields, campaign }),
        (_, parsed) => {
            if let Err(more) = parsed {
                faults.append(more);
            }
            Err(faults)
        }
    }
}

struct Batch<'a> {
    uow: &'a UnitOfWork,
    caller: &'a Caller,
    rules: &'a Rules,
    now: DateTime<Utc>,
}

impl Batch<'_> {
    async fn record(&self, grant: &Grant, reads: &[Result<Read, Violations>]) -> Result<Vec<Recorded>, AppError> {
        let good = reads.iter().filter_map(|read| read.as_ref().ok());
        let subjects = Subjects::find(self.uow, grant, good.clone().map(|read| &read.subject)).await?;
        let campaigns = self.campaigns(good).await?;
        let made: Vec<Result<Activity, Violations>> =
            reads.iter().map(|read| self.make(read.as_ref().map_err(Clone::clone)?, &subjects, &campaigns)).collect();
        let activities: Vec<Activity> = made.iter().filter_map(|one| one.as_ref().ok()).cloned().collect();
        let locked = self.lock(&activities).await?;
        let stored = repo::activity::insert_many(self.uow, &activities).await?;
        let fresh: Vec<&Activity> = activities.iter().filter(|activity| stored.contains(&activity.id)).collect();
        contact::met(self.uow, self.rules, self.caller, &locked, &fresh, self.now).await?;
        self.count(&locked, &fresh).await?;
        let recorded = self.tell(made, &stored).await?;
        self.audit(&recorded).await?;
        Ok(recorded)
    }

    /// The campaigns that are named, as far as there are any.
    async fn campaigns<'r>(&self, reads: impl Iterator<Item = &'r Read>) -> Result<BTreeMap<CampaignId, Campaign>, AppError> {
        let named: BTreeSet<CampaignId> = reads.filter_map(|read| read.campaign).collect();
        self.rules.campaigns_of(self.uow, named).await
    }

    fn make(&self, read: &Read, subjects: &Subjects, campaigns: &BTreeMap<CampaignId, Campaign>) -> Result<Activity, Violations> {
        let subject = subjects.of(&read.subject).ok_or_else(|| read.subject.unknown())?;
        let campaign = read.campaign.map(|id| {
            let unknown = || Violations::one("campaign", ViolationCode::NotFound, "there is no such campaign");
            campaigns.get(&id).ok_or_else(unknown)
        });
        let campaign = campaign.transpose()?;
        let ActivityFields { kind, channel, outcome, note, occurred_at, reference } = read.fields.clone();
        Ok(Activity {
            id: new_id(),
            person: subject.person,
            lead: subject.lead,
            channel: channel.or_else(|| campaign.map(|campaign| campaign.channel)).unwrap_or(Channel::Unknown),
            kind,
            outcome,
            note,
            campaign: read.campaign,
            occurred_at,
            recorded_at: self.now,
            recorded_by: Some(self.caller.actor.user),
            reference,
        })
    }

    /// Locks every lead for which something may count, before anything is stored: the order of locks is the same for all.
    async fn lock(&self, activities: &[Activity]) -> Result<Vec<LeadId>, AppError> {
        let people: BTreeSet<PersonId> = activities.iter().filter(|one| one.lead.is_none()).map(|one| one.person).collect();
        let leads: BTreeSet<LeadId> = activities.iter().filter_map(|activity| activity.lead).collect();
        let (people, leads): (Vec<PersonId>, Vec<LeadId>) = (people.into_iter().collect(), leads.into_iter().collect());
        repo::activity::hold(self.uow, &people, Holding::Shared).await?;
        Ok(repo::lead_score::lock(self.uow, &people, &leads).await?)
    }

    /// Counts what was stored for the leads it is about, and scores them.
    async fn count(&self, locked: &[LeadId], fresh: &[&Activity]) -> Result<(), AppError> {
        if fresh.is_empty() || locked.is_empty() {
            return Ok(());
        }
        let mut of_people: BTreeMap<PersonId, Vec<&Activity>> = BTreeMap::new();
        for activity in fresh {
            of_people.entry(activity.person).or_default().push(activity);
        }
        let mut counted: Vec<Scorable> = Vec::with_capacity(locked.len());
        for mut one in repo::lead_score::load(self.uow, locked).await? {
            let mut score = one.score.take().unwrap_or_else(|| LeadScore::new(one.lead.id, self.now));
            let done = of_people.get(&one.lead.person).map_or(&[][..], Vec::as_slice);
            let counts =
                |activity: &&&Activity| activity.shows_interest() && activity.lead.is_none_or(|lead| lead == one.lead.id);
            let mut counts = done.iter().filter(counts).peekable();
            if counts.peek().is_none() {
                continue;
            }
            counts.for_each(|activity| score.tally.add(activity.channel, activity.kind, activity.occurred_at));
            one.score = Some(score);
            counted.push(one);
        }
        let occasion = Occasion::of(self.caller, Cause::Behaviour, self.now);
        look(self.uow, self.rules, counted, &occasion).await.map(drop)
    }

    /// What came of each, in order.
    async fn tell(
        &self,
        made: Vec<Result<Activity, Violations>>,
        stored: &BTreeSet<ActivityId>,
    ) -> Result<Vec<Recorded>, AppError> {
        let repeated = |one: &Result<Activity, Violations>| one.as_ref().is_ok_and(|activity| !stored.contains(&activity.id));
        let names: Vec<&ActivityRef> =
            made.iter().filter(|one| repeated(one)).filter_map(|one| one.as_ref().ok()?.reference.as_ref()).collect();
        let known = repo::activity::find_known(self.uow, &names).await?;
        let told = made.into_iter().map(|one| match one {
            Err(faults) => Ok(Recorded::Rejected { faults }),
            Ok(activity) if stored.contains(&activity.id) => Ok(Recorded::Stored { activity: activity.id }),
            Ok(activity) => {
                let first = activity.reference.as_ref().and_then(|name| known.get(name));
                let first = first.ok_or_else(|| AppError::internal("an activity was neither stored nor known"))?;
                Ok(Recorded::Known { activity: *first })
            }
        });
        told.collect()
    }

    /// One row of the audit trail for all.
    async fn audit(&self, recorded: &[Recorded]) -> Result<(), AppError> {
        let count = |which: fn(&Recorded) -> bool| recorded.iter().filter(|one| which(one)).count();
        let stored = count(|one| matches!(one, Recorded::Stored { .. }));
        let known = count(|one| matches!(one, Recorded::Known { .. }));
        if stored == 0 {
            return Ok(());
        }
        let detail = serde_json::json!({ "stored": stored, "known": known, "rejected": recorded.len() - stored - known });
        let only = match recorded {
            [Recorded::Stored { activity }] => Some(activity.uuid()),
            _ => None,
        };
        let row = AuditRow {
            id: new_id(),
            at: self.now,
            actor: Some(self.caller.actor.user),
            action: Action::RecordActivity,
            subject_kind: ActivityId::PREFIX.to_owned(),
            subject: only,
            request_id: Some(self.caller.request_id.clone()),
            outcome: AuditOutcome::Done,
            detail: Some(detail),
        };
        Ok(audit::append(self.uow, &row).await?)
    }
}
