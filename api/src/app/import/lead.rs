//! Makes a lead with its history out of a row.

use chrono::{DateTime, Utc};
use fairfall_domain::campaign::Channel;
use fairfall_domain::company::Company;
use fairfall_domain::id::UserId;
use fairfall_domain::person::Person;
use fairfall_domain::routing::Roster;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::violation::{Violation, ViolationCode, Violations};
use fairfall_domain::waterfall::capture::{CaptureDraws, CaptureOrder};
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::history::{self, Past, PastDraws, PastEnd, PastStep};
use fairfall_domain::waterfall::lead::{Demand, Origin};
use fairfall_domain::waterfall::track::Track;

use crate::clock::new_id;

use super::campaigns::Campaigns;
use super::colleagues::Colleagues;
use super::mapping::StepTarget;
use super::row::{Done, RowDraft};
use super::run::Job;

/// The name under which the domain knows the time of capture in its faults.
const CAPTURED_AT: &str = "captured_at";

/// What the rows of a chunk look things up in.
#[derive(Debug)]
pub(super) struct Around<'a> {
    pub(super) job: &'a Job,
    pub(super) roster: &'a Roster,
    pub(super) colleagues: &'a Colleagues,
    pub(super) campaigns: &'a Campaigns,
    pub(super) now: DateTime<Utc>,
}

impl Around<'_> {
    /// The lead of a row with its history.
    ///
    /// # Errors
    /// Every fault, named by column.
    pub(super) fn write(&self, row: &RowDraft, person: &Person, company: Option<&Company>) -> Result<Change, Violations> {
        let mut faults = Violations::new();
        let mut demand = row.demand.clone().complete(Some(person), company);
        demand.value = row.won_amount.or(demand.value);
        let campaign = row.campaign.as_ref().and_then(|key| {
            let named = self.campaigns.get(key)?.clone();
            faults.check(self.job.mapping.lead.label("campaign"), named)
        });
        let track = self.track(row, &demand, &mut faults);
        let past = track.map(|track| self.past(row, track, &mut faults));
        let (Some(track), Some(past), true) = (track, past, faults.is_empty()) else { return Err(faults) };
        let order = CaptureOrder {
            draws: CaptureDraws { lead: new_id(), passage: new_id(), transition: new_id(), opportunity: new_id() },
            person: person.id,
            company: company.map(|company| company.id).or(person.company),
            origin: Origin {
                department: row.origin,
                direction: row.direction,
                channel: row.channel.or(campaign.as_ref().map(|campaign| campaign.channel)).unwrap_or(Channel::Unknown),
                campaign: campaign.map(|campaign| campaign.id),
                captured_by: None,
            },
            demand,
            wish: Wish::default(),
        };
        let draws = PastDraws { transitions: (0..=past.steps.len()).map(|_| new_id()).collect(), customer: new_id() };
        history::write(order, &past, &draws, track, self.roster, row.captured_at, self.now)
            .map_err(|faults| self.by_column(faults))
    }

    fn track(&self, row: &RowDraft, demand: &Demand, faults: &mut Violations) -> Option<&Track> {
        let rules = &self.job.rules;
        let track = match &row.track {
            Some(key) => rules.newest(key),
            None => rules.track_for(demand.value.as_ref()),
        };
        if track.is_none() {
            faults.add(self.job.mapping.lead.label("track"), ViolationCode::NotFound, "there is no track with this key");
        }
        track
    }

    /// The past in the order of the track.
    fn past(&self, row: &RowDraft, track: &Track, faults: &mut Violations) -> Past {
        let mut steps = Vec::with_capacity(row.steps.len());
        for step in &row.steps {
            let stage = match step.target {
                StepTarget::Stage(stage) => Some(stage),
                StepTarget::Department(department) => track.first_of(department).map(|step| step.stage),
            };
            let Some(stage) = stage else {
                faults.add(
                    &step.done.at_label,
                    ViolationCode::Conflict,
                    format!("track `{}` does not lead to this department", track.key()),
                );
                continue;
            };
            steps.push(PastStep { stage, at: step.done.at, by: self.who(&step.done, faults), field: step.done.at_label.clone() });
        }
        // stages that are not on the track come last, where the domain tells of them
        steps.sort_by_key(|step| track.steps().iter().position(|known| known.stage == step.stage).unwrap_or(usize::MAX));
        let end = row.end.as_ref().map(|end| PastEnd {
            outcome: end.outcome,
            at: end.done.at,
            by: self.who(&end.done, faults),
            field: end.done.at_label.clone(),
        });
        Past { steps, end }
    }

    fn who(&self, done: &Done, faults: &mut Violations) -> Option<UserId> {
        let (name, label) = done.by.as_ref()?;
        let found = self.colleagues.get(name)?.clone();
        faults.check(label, found).map(|colleague| colleague.id)
    }

    /// The faults of a history, in which the time of capture is named by its column.
    fn by_column(&self, faults: Violations) -> Violations {
        let column = self.job.mapping.captured_at.label();
        let mut renamed = Violations::new();
        for Violation { field, code, message } in faults {
            let field = if field == CAPTURED_AT { column.to_owned() } else { field };
            renamed.add(field, code, message.replace(&format!("`{CAPTURED_AT}`"), &format!("`{column}`")));
        }
        renamed
    }
}
