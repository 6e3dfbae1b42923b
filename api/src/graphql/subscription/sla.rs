//! Promises as they lapse, and what one is told of them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Subscription};
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::department::Department;
use fairfall_domain::id::TeamId;
use fairfall_domain::sla::{Clock, ClockKind, ClockState, EscalationAct};
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::event::EventKind;
use futures_util::{Stream, StreamExt as _};

use super::event::{begin_fault, position, resumable};
use crate::app::AppError;
use crate::app::notification::{self, Arrived};
use crate::app::sla::alert::{self, Alert, AlertFilter, Whose};
use crate::graphql::caller::{app, caller};
use crate::graphql::code::{Coded, plain};
use crate::graphql::error::OrFault;
use crate::graphql::input::{optional_id, whole};
use crate::graphql::loader::related;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::object::notification::NotificationObject;
use crate::graphql::object::team::TeamObject;
use crate::graphql::object::user::UserObject;
use crate::graphql::scalar::{self, EventCursor, Timestamp, int};

/// Which alerts to follow. Of those that the viewer may see, the ones that meet every part that is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SlaAlertFilter {
    /// Kinds of events, those that begin with `SLA_`; absent or empty for all of them.
    pub kinds: Option<Vec<Coded<EventKind>>>,
    /// Kinds of promises; absent or empty for all.
    pub clocks: Option<Vec<Coded<ClockKind>>>,
    /// Only those of leads that the viewer had to see to at that moment, or that came to the viewer.
    pub mine: Option<bool>,
    /// Only those of leads that the team had to see to, or that came to it.
    pub team: Option<ID>,
}

impl SlaAlertFilter {
    fn read(self) -> std::result::Result<AlertFilter, Violations> {
        let mut faults = Violations::new();
        let team = optional_id::<TeamId>(&mut faults, "filter.team", self.team.as_ref());
        let whose = if self.mine == Some(true) { Whose::Mine } else { Whose::All };
        whole(faults, Some(AlertFilter { kinds: plain(self.kinds), clocks: plain(self.clocks), whose, team }))
    }
}

/// Something that happened to a promise.
#[derive(Clone, Debug)]
pub struct SlaAlertObject(Alert);

/// Something that happened to a promise about a lead: somebody was warned, it lapsed, something was done, it stands still or runs on, it was kept.
#[Object(name = "SlaAlert")]
impl SlaAlertObject {
    /// The id of the event. It may come twice after a reconnection; it is known again by its id.
    async fn id(&self) -> ID {
        scalar::id(self.0.entry.event)
    }

    /// Its place in the journal: give it back as `after` to go on behind it.
    async fn cursor(&self) -> EventCursor {
        EventCursor(self.0.entry.position)
    }

    /// When it happened.
    async fn occurred_at(&self) -> Timestamp {
        Timestamp(self.0.entry.occurred_at)
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn kind(&self) -> Coded<EventKind> {
        self.0.entry.kind.into()
    }

    /// The lead as it is now; absent when the viewer may not see it any more.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, self.0.entry.lead).await
    }

    /// The clock as it is now, which may be later than the event.
    async fn clock(&self) -> Option<SlaAlertClock> {
        self.0.clock.as_ref().map(|clock| SlaAlertClock::of(clock, &self.0))
    }

    /// The step of the ladder; absent when none was done, as with a lapse.
    async fn step(&self) -> Option<SlaAlertStep> {
        let moment = &self.0.moment;
        moment.act.map(|act| SlaAlertStep {
            act: act.into(),
            percent: moment.percent.map(int),
            instead_of: moment.instead_of.map(Into::into),
        })
    }

    /// In which lap: 1 at first, one more each time the lead went to somebody else because it lapsed.
    async fn lap(&self) -> i32 {
        int(self.0.moment.lap)
    }

    /// When the promise was kept, with `SLA_MET`.
    async fn kept_at(&self) -> Option<Timestamp> {
        self.0.moment.kept_at.map(Timestamp)
    }

    /// Whether it was kept in time, with `SLA_MET`: a promise that lapsed once is kept too late, whoever keeps it.
    async fn in_time(&self) -> Option<bool> {
        self.0.moment.in_time
    }

    /// The department that must keep the promise.
    async fn department(&self) -> Coded<Department> {
        self.0.moment.department.into()
    }

    /// Who had to keep it; absent when nobody had the lead.
    async fn holder(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.moment.holder.person).await
    }

    /// The team that had to keep it.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.0.moment.holder.team).await
    }

    /// Who has the lead after the step, when it moved.
    async fn given_to(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.moment.to.and_then(|to| to.person)).await
    }

    /// The version of the agreement that promised it.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        let AgreementRef { id, .. } = self.0.moment.agreement;
        related(ctx, Some(id)).await
    }
}

/// A step of an escalation ladder.
#[derive(Clone, Debug, SimpleObject)]
pub struct SlaAlertStep {
    /// What was done.
    pub act: Coded<EscalationAct>,
    /// After how many percent of the promised time.
    pub percent: Option<i32>,
    /// The step that was to be done and could not be.
    pub instead_of: Option<Coded<EscalationAct>>,
}

/// A clock as an alert shows it.
#[derive(Clone, Debug, SimpleObject)]
pub struct SlaAlertClock {
    /// The id.
    pub id: ID,
    /// What is promised.
    pub kind: Coded<ClockKind>,
    /// Where it stands.
    pub state: Coded<ClockState>,
    /// When the promise is due; absent while it stands still and once it has ended.
    pub due_at: Option<Timestamp>,
    /// How many seconds are left until then, by the wall clock; below 0 when it is over.
    pub seconds_left: Option<i32>,
}

impl SlaAlertClock {
    fn of(clock: &Clock, alert: &Alert) -> Self {
        Self {
            id: scalar::id(clock.id),
            kind: clock.kind.into(),
            state: clock.state().into(),
            due_at: clock.due_at.map(Timestamp),
            seconds_left: clock.due_at.map(|due| int((due - alert.now).num_seconds())),
        }
    }
}

/// A notification as it arrives.
#[derive(Clone, Debug, SimpleObject)]
pub struct NotificationArrival {
    /// Its place in the journal: give it back as `after` to go on behind it.
    pub cursor: EventCursor,
    /// The notification.
    pub notification: NotificationObject,
}

impl From<Arrived> for NotificationArrival {
    fn from(arrived: Arrived) -> Self {
        Self { cursor: EventCursor(arrived.position), notification: arrived.notification.into() }
    }
}

/// Promises as they lapse, and what one is told of them.
#[derive(Default)]
pub struct SlaSubscription;

/// Promises as they lapse, and what one is told of them.
#[Subscription]
impl SlaSubscription {
    /// What happens to promises about leads that the viewer may see at that moment, in order, each once. With a cursor, what is behind it is replayed
    /// first; events are kept for 30 days. Over the event stream `Last-Event-ID` stands for an absent `after`.
    async fn sla_alerts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which alerts; absent for all.")] filter: Option<SlaAlertFilter>,
        #[graphql(desc = "The cursor of the alert or event that was seen last; absent to begin now.")] after: Option<EventCursor>,
    ) -> Result<impl Stream<Item = Result<SlaAlertObject>> + use<>> {
        let filter = filter.unwrap_or_default().read().map_err(AppError::from).or_fault(ctx)?;
        let alerts = alert::subscribe(app(ctx), caller(ctx)?, filter, position(ctx, after)?).await;
        let alerts = alerts.map_err(|error| begin_fault(ctx, &error))?;
        let show = resumable(ctx);
        Ok(alerts.map(move |alert| show(alert.map(|alert| (alert.entry.position, SlaAlertObject(alert))))))
    }

    /// What the viewer is told, in order, each once. With a cursor, what is behind it is replayed first; events are kept for 30 days. Over the event
    /// stream `Last-Event-ID` stands for an absent `after`.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cursor that was seen last; absent to begin now.")] after: Option<EventCursor>,
    ) -> Result<impl Stream<Item = Result<NotificationArrival>> + use<>> {
        let arrivals = notification::subscribe(app(ctx), caller(ctx)?, position(ctx, after)?).await;
        let arrivals = arrivals.map_err(|error| begin_fault(ctx, &error))?;
        let show = resumable(ctx);
        Ok(arrivals.map(move |arrived| show(arrived.map(|arrived| (arrived.position, arrived.into())))))
    }
}
