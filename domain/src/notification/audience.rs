//! Who is told of a step of a clock.

use crate::department::Department;
use crate::id::{TeamId, UserId};
use crate::routing::Placement;
use crate::sla::EscalationAct;
use crate::sla::escalate::ClockStep;
use crate::waterfall::event::EventKind;

use super::NotificationKind;

/// Who is told. Only active colleagues are: who is not active counts as nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// One colleague.
    Person(UserId),
    /// Whoever has the lead, or the managers when nobody has it.
    Holder {
        /// Who has it.
        person: Option<UserId>,
        /// In which team.
        team: Option<TeamId>,
        /// In which department.
        department: Department,
    },
    /// The managers of a team; those of the department when there is no team or nobody leads it.
    Managers {
        /// Of which team.
        team: Option<TeamId>,
        /// Of which department.
        department: Department,
    },
}

const fn holder(place: Placement, department: Department) -> Audience {
    Audience::Holder { person: place.person, team: place.team, department }
}

const fn managers(place: Placement, department: Department) -> Audience {
    Audience::Managers { team: place.team, department }
}

/// Who is told what of a step; `giving` is the department that gave the lead.
pub fn audience(step: &ClockStep, giving: Department) -> Vec<(Audience, NotificationKind)> {
    let (moment, from) = (&step.moment, step.moment.holder);
    let kind = if step.event == EventKind::SlaWarned { NotificationKind::PromiseWarned } else { NotificationKind::PromiseLapsed };
    match (moment.act, moment.to) {
        // a lapse alone tells nobody, and a lead that did not move moved to nobody
        (None, _) | (Some(EscalationAct::Reassign | EscalationAct::ReturnToGiver), None) => Vec::new(),
        (Some(EscalationAct::NotifyAssignee), _) => vec![(holder(from, moment.department), kind)],
        (Some(EscalationAct::NotifyManager), _) => {
            let kind = if moment.instead_of.is_some() { NotificationKind::StepFailed } else { kind };
            vec![(managers(from, moment.department), kind)]
        }
        (Some(EscalationAct::Reassign), Some(to)) => moved(given(to, moment.department), from, to),
        (Some(EscalationAct::ReturnToGiver), Some(to)) => moved((holder(to, giving), NotificationKind::LeadReturned), from, to),
    }
}

const fn given(to: Placement, department: Department) -> (Audience, NotificationKind) {
    match to.person {
        Some(person) => (Audience::Person(person), NotificationKind::LeadGiven),
        None => (managers(to, department), NotificationKind::LeadQueued),
    }
}

/// Whoever must see to the lead now comes first, then whoever lost it, however it was lost.
fn moved(now: (Audience, NotificationKind), from: Placement, to: Placement) -> Vec<(Audience, NotificationKind)> {
    let old = from.person.filter(|person| to.person != Some(*person));
    std::iter::once(now).chain(old.map(|person| (Audience::Person(person), NotificationKind::LeadTaken))).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::agreement::AgreementRef;
    use crate::routing::QueueReason;
    use crate::sla::{ClockKind, SlaMoment};

    fn id<T: From<Uuid>>(number: u128) -> T {
        T::from(Uuid::from_u128(number))
    }

    fn step(event: EventKind, act: Option<EscalationAct>, to: Option<Placement>) -> ClockStep {
        let moment = SlaMoment {
            clock: id(1),
            kind: ClockKind::Accept,
            agreement: AgreementRef { id: id(2), key: "sla".parse().unwrap(), version: 1 },
            department: Department::InsideSales,
            holder: Placement::with(Some(id(5)), id(6)),
            lap: 1,
            due: None,
            percent: Some(100),
            act,
            instead_of: None,
            pause: None,
            to,
            kept_at: None,
            in_time: None,
        };
        ClockStep { event, moment }
    }

    #[test]
    fn each_step_has_its_audience() {
        let told = |event, act, to| audience(&step(event, Some(act), to), Department::Marketing);
        let (mine, theirs) = (Department::InsideSales, Department::Marketing);
        let holder = |person, department| Audience::Holder { person: Some(id(person)), team: Some(id(5)), department };
        let managers = Audience::Managers { team: Some(id(5)), department: mine };
        assert_eq!(
            told(EventKind::SlaWarned, EscalationAct::NotifyAssignee, None),
            [(holder(6, mine), NotificationKind::PromiseWarned)]
        );
        assert_eq!(
            told(EventKind::SlaEscalated, EscalationAct::NotifyManager, None),
            [(managers, NotificationKind::PromiseLapsed)]
        );
        let colleague = Placement::with(Some(id(5)), id(7));
        let given =
            [(Audience::Person(id(7)), NotificationKind::LeadGiven), (Audience::Person(id(6)), NotificationKind::LeadTaken)];
        assert_eq!(told(EventKind::SlaEscalated, EscalationAct::Reassign, Some(colleague)), given);
        let queue = Placement::queued(Some(id(5)), QueueReason::NobodyElse);
        let queued = told(EventKind::SlaEscalated, EscalationAct::Reassign, Some(queue));
        assert_eq!(queued, [(managers, NotificationKind::LeadQueued), (Audience::Person(id(6)), NotificationKind::LeadTaken)]);
        assert_eq!(audience(&step(EventKind::SlaBreached, None, None), theirs), [], "a lapse alone tells nobody");
    }

    #[test]
    fn a_return_is_told_to_the_giver_and_to_whoever_lost_the_lead() {
        let returned = |from: Placement, to| {
            let mut step = step(EventKind::SlaEscalated, Some(EscalationAct::ReturnToGiver), Some(to));
            step.moment.holder = from;
            audience(&step, Department::Marketing)
        };
        let giver = Placement::with(Some(id(4)), id(8));
        let back = (
            Audience::Holder { person: Some(id(8)), team: Some(id(4)), department: Department::Marketing },
            NotificationKind::LeadReturned,
        );
        let lost = (Audience::Person(id(6)), NotificationKind::LeadTaken);
        assert_eq!(returned(Placement::with(Some(id(5)), id(6)), giver), [back, lost]);
        let queue = Placement::queued(Some(id(5)), QueueReason::NobodyElse);
        assert_eq!(returned(queue, giver), [back], "nobody had it");
        assert_eq!(returned(Placement::with(Some(id(5)), id(8)), giver), [back], "nobody is told of the own lead twice");
    }

    #[test]
    fn what_could_not_be_done_is_told_to_the_managers() {
        let mut failed = step(EventKind::SlaEscalated, Some(EscalationAct::NotifyManager), None);
        failed.moment.instead_of = Some(EscalationAct::Reassign);
        let told = audience(&failed, Department::Marketing);
        assert_eq!(told.first().map(|(_, kind)| *kind), Some(NotificationKind::StepFailed));
    }
}
