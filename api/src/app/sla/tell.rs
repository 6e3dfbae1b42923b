//! Telling of the steps of clocks: the journal, those who are concerned, and their mails, with what they tell of in one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use fairfall_domain::department::Department;
use fairfall_domain::id::{AnyId, ClockId, EventId, LeadId, UserId};
use fairfall_domain::notification::{Audience, Notification, NotificationContent, NotificationKind, audience};
use fairfall_domain::sla::escalate::ClockStep;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo::escalation::{Recipient, Staff};
use fairfall_persistence::{UnitOfWork, repo};

use crate::app::mail::{SlaNoticeMail, post_notices};
use crate::app::{App, AppError};
use crate::clock::new_id;

/// A step of a clock that is told of.
#[derive(Clone, Debug)]
pub(super) struct Told {
    event: EventId,
    lead: LeadId,
    lead_version: u32,
    giving: Department,
    step: ClockStep,
}

impl Told {
    /// A step that concerns a lead at a version; `giving` gave the lead.
    pub(super) fn new(step: ClockStep, giving: Department, (lead, lead_version): (LeadId, u32)) -> Self {
        Self { event: new_id(), lead, lead_version, giving, step }
    }

    fn entry(&self, now: DateTime<Utc>) -> Result<NewEntry, AppError> {
        Ok(NewEntry {
            event: self.event,
            occurred_at: now,
            kind: self.step.event,
            subject: AnyId::Lead(self.lead),
            subject_version: self.lead_version,
            lead: Some(self.lead),
            actor: None,
            payload: serde_json::to_value(&self.step.moment).map_err(AppError::internal)?,
        })
    }
}

/// Keeps steps in the journal.
pub(super) async fn note(uow: &UnitOfWork, told: &[Told], now: DateTime<Utc>) -> Result<(), AppError> {
    let entries: Result<Vec<_>, AppError> = told.iter().map(|told| told.entry(now)).collect();
    Ok(journal::append_many(uow, &entries?).await?)
}

/// Tells those whom steps concern, once of each thing, and writes their mails where somebody sends them.
pub(super) async fn notify(app: &App, uow: &UnitOfWork, told: &[Told], now: DateTime<Utc>) -> Result<(), AppError> {
    let wanted: Vec<(&Told, Audience, NotificationKind)> = told
        .iter()
        .flat_map(|told| audience(&told.step, told.giving).into_iter().map(move |(whom, kind)| (told, whom, kind)))
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let staff = staff_for(uow, wanted.iter().map(|(_, whom, _)| *whom)).await?;
    let mut seen: BTreeSet<(LeadId, NotificationKind, Option<ClockId>, UserId)> = BTreeSet::new();
    let (mut notifications, mut mails) = (Vec::new(), Vec::new());
    for (told, whom, kind) in wanted {
        for recipient in recipients(&staff, whom) {
            if !seen.insert((told.lead, kind, clock_of(kind, told), recipient.user)) {
                continue;
            }
            let notification = notification(told, kind, recipient.user, now);
            if app.sends_mails() && recipient.settings.mails(kind) {
                mails.push((recipient, SlaNoticeMail::new(recipient, &notification)));
            }
            notifications.push(notification);
        }
    }
    repo::notification::insert(uow, &notifications).await?;
    post_notices(uow, &mails, now).await
}

/// Of where the lead went nobody is told twice, whatever number of its promises lapsed.
const fn clock_of(kind: NotificationKind, told: &Told) -> Option<ClockId> {
    match kind {
        NotificationKind::PromiseWarned | NotificationKind::PromiseLapsed => Some(told.step.moment.clock),
        NotificationKind::LeadGiven
        | NotificationKind::LeadTaken
        | NotificationKind::LeadQueued
        | NotificationKind::LeadReturned
        | NotificationKind::StepFailed => None,
    }
}

fn notification(told: &Told, kind: NotificationKind, user: UserId, now: DateTime<Utc>) -> Notification {
    Notification {
        id: new_id(),
        user,
        event: told.event,
        kind,
        lead: Some(told.lead),
        clock: Some(told.step.moment.clock),
        content: NotificationContent::from(&told.step.moment),
        at: now,
        read_at: None,
    }
}

async fn staff_for(uow: &UnitOfWork, audiences: impl Iterator<Item = Audience>) -> Result<Staff, AppError> {
    let (mut users, mut teams, mut departments) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for whom in audiences {
        match whom {
            Audience::Person(user) => drop(users.insert(user)),
            Audience::Holder { person, team, department } => {
                users.extend(person);
                teams.extend(team);
                departments.insert(department);
            }
            Audience::Managers { team, department } => {
                teams.extend(team);
                departments.insert(department);
            }
        }
    }
    Ok(repo::escalation::staff(uow, &users, &teams, &departments).await?)
}

fn recipients(staff: &Staff, whom: Audience) -> Vec<&Recipient> {
    let managers = |team, department| {
        let of_team = Option::and_then(team, |team| staff.team_managers.get(&team));
        of_team.or_else(|| staff.department_managers.get(&department))
    };
    match whom {
        Audience::Person(user) => staff.people.get(&user).into_iter().collect(),
        Audience::Holder { person, team, department } => match person.and_then(|user| staff.people.get(&user)) {
            Some(holder) => vec![holder],
            None => recipients(staff, Audience::Managers { team, department }),
        },
        Audience::Managers { team, department } => {
            managers(team, department).into_iter().flatten().filter_map(|user| staff.people.get(user)).collect()
        }
    }
}
