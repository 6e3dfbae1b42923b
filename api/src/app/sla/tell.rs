//! Telling of the steps of clocks: the journal, those who are concerned, and their mails, with what they tell of in one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use fairfall_domain::department::Department;
use fairfall_domain::id::{ClockId, EventId, LeadId, UserId};
use fairfall_domain::notification::{Audience, Notification, NotificationContent, NotificationKind, audience};
use fairfall_domain::sla::Clock;
use fairfall_domain::sla::escalate::ClockStep;
use fairfall_domain::sla::happened::happened;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo::escalation::{Recipient, Staff};
use fairfall_persistence::{UnitOfWork, repo};

use crate::app::mail::{SlaNoticeMail, post_notices};
use crate::app::{App, AppError};
use crate::clock::new_id;

/// A step of a clock that is told of.
#[derive(Clone, Debug)]
pub(in crate::app) struct Told {
    event: EventId,
    lead: LeadId,
    lead_version: u32,
    giving: Department,
    actor: Option<UserId>,
    step: ClockStep,
}

impl Told {
    /// A step that concerns a lead at a version; `giving` gave the lead.
    pub(super) fn new(step: ClockStep, giving: Department, (lead, lead_version): (LeadId, u32)) -> Self {
        Self { event: new_id(), lead, lead_version, giving, actor: None, step }
    }

    /// What happened to a clock of a lead at a version while `actor` changed it. That a promise was kept somebody did; the rest happened by itself.
    pub(in crate::app) fn happened(
        before: &Clock,
        after: &Clock,
        lead_version: u32,
        actor: UserId,
        now: DateTime<Utc>,
    ) -> Vec<Self> {
        let told = |step: ClockStep| {
            let actor = step.is_kept().then_some(actor);
            Self { actor, ..Self::new(step, after.giving, (after.lead, lead_version)) }
        };
        happened(before, after, now).into_iter().map(told).collect()
    }

    /// Whether it tells that a promise was kept: see [`ClockStep::is_kept`].
    pub(in crate::app) fn is_kept(&self) -> bool {
        self.step.is_kept()
    }

    /// What the journal keeps of it.
    pub(in crate::app) fn entry(&self, now: DateTime<Utc>) -> Result<NewEntry, AppError> {
        Ok(NewEntry::of_clock((self.lead, self.lead_version), &self.step, self.event, self.actor, now)?)
    }
}

/// Keeps steps in the journal.
pub(in crate::app) async fn note(uow: &UnitOfWork, told: &[Told], now: DateTime<Utc>) -> Result<(), AppError> {
    let entries: Result<Vec<_>, AppError> = told.iter().map(|told| told.entry(now)).collect();
    Ok(journal::append_many(uow, &entries?).await?)
}

/// Tells those whom steps concern, once of each thing, and writes their mails where somebody sends them.
pub(super) async fn notify(app: &App, uow: &UnitOfWork, told: &[Told], now: DateTime<Utc>) -> Result<(), AppError> {
    let wanted = wanted(told);
    if wanted.is_empty() {
        return Ok(());
    }
    let staff = staff_for(uow, wanted.iter().map(|(_, whom, _)| *whom)).await?;
    let (mut notifications, mut mails) = (Vec::new(), Vec::new());
    for (told, kind, recipient) in addressed(&staff, wanted) {
        let notification = notification(told, kind, recipient.user, now);
        if app.sends_mails() && recipient.settings.mails(kind) {
            mails.push((recipient, SlaNoticeMail::new(recipient, &notification)));
        }
        notifications.push(notification);
    }
    repo::notification::insert(uow, &notifications).await?;
    post_notices(uow, &mails, now).await
}

fn wanted(told: &[Told]) -> Vec<(&Told, Audience, NotificationKind)> {
    told.iter()
        .flat_map(|told| audience(&told.step, told.giving).into_iter().map(move |(whom, kind)| (told, whom, kind)))
        .collect()
}

/// Who is told what: everybody once of each thing, and of each event one thing. Whoever would be told two is told the first, which is where the lead
/// is now: a manager from whom a lead goes into the queue of the own team learns that it waits there.
fn addressed<'a>(
    staff: &'a Staff,
    wanted: Vec<(&'a Told, Audience, NotificationKind)>,
) -> Vec<(&'a Told, NotificationKind, &'a Recipient)> {
    let mut things: BTreeSet<(LeadId, NotificationKind, Option<ClockId>, UserId)> = BTreeSet::new();
    let mut events: BTreeSet<(EventId, UserId)> = BTreeSet::new();
    let mut addressed = Vec::new();
    for (told, whom, kind) in wanted {
        for recipient in recipients(staff, whom) {
            let thing = (told.lead, kind, clock_of(kind, told), recipient.user);
            // what gave way to another thing of its event is not told with the event of the next clock either
            if things.insert(thing) && events.insert((told.event, recipient.user)) {
                addressed.push((told, kind, recipient));
            }
        }
    }
    addressed
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fairfall_domain::agreement::AgreementRef;
    use fairfall_domain::notification::NotificationSettings;
    use fairfall_domain::routing::{Placement, QueueReason};
    use fairfall_domain::sla::{ClockKind, EscalationAct, SlaMoment};
    use fairfall_domain::waterfall::event::EventKind;
    use uuid::Uuid;

    use super::*;

    fn id<T: From<Uuid>>(number: u128) -> T {
        T::from(Uuid::from_u128(number))
    }

    /// The lapse of one of the promises about a lead, for which it goes from a colleague of team 5 into the queue of that team.
    fn queued(event: u128, holder: u128) -> Told {
        let moment = SlaMoment {
            clock: id(event),
            kind: ClockKind::Accept,
            agreement: AgreementRef { id: id(2), key: "sla".parse().unwrap(), version: 1 },
            department: Department::InsideSales,
            holder: Placement::with(Some(id(5)), id(holder)),
            lap: 1,
            due: None,
            percent: Some(100),
            act: Some(EscalationAct::Reassign),
            instead_of: None,
            pause: None,
            to: Some(Placement::queued(Some(id(5)), QueueReason::NobodyElse)),
            kept_at: None,
            in_time: None,
        };
        let step = ClockStep { event: EventKind::SlaEscalated, moment };
        Told { event: id(event), lead: id(9), lead_version: 1, giving: Department::Marketing, actor: None, step }
    }

    /// Who of users 6 and 7 is told what, when 6 leads team 5.
    fn told(steps: &[Told]) -> Vec<(u128, NotificationKind)> {
        let recipient = |number: u128| Recipient {
            user: id(number),
            email: format!("user{number}@example.com").parse().unwrap(),
            language: "de".parse().unwrap(),
            settings: NotificationSettings::unsaid(id(number)),
        };
        let staff = Staff {
            people: BTreeMap::from([(id(6), recipient(6)), (id(7), recipient(7))]),
            team_managers: BTreeMap::from([(id(5), BTreeSet::from([id(6)]))]),
            department_managers: BTreeMap::new(),
        };
        let addressed = addressed(&staff, wanted(steps));
        addressed.into_iter().map(|(_, kind, recipient)| (recipient.user.uuid().as_u128(), kind)).collect()
    }

    #[test]
    fn whoever_is_concerned_twice_by_one_event_is_told_the_first_thing() {
        let both = [(6, NotificationKind::LeadQueued), (7, NotificationKind::LeadTaken)];
        assert_eq!(told(&[queued(1, 7)]), both);
        assert_eq!(told(&[queued(1, 6)]), [(6, NotificationKind::LeadQueued)], "a manager who had the lead");
        assert_eq!(told(&[queued(1, 6), queued(2, 6)]), [(6, NotificationKind::LeadQueued)], "two promises, one move");
    }
}
