//! Leads: row to domain and back.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use fairfall_domain::department::DepartmentSet;
use fairfall_domain::id::{CampaignId, CompanyId, LeadId, PassageId, PersonId, TeamId, TrackId, UserId};
use fairfall_domain::scoring::Score;
use fairfall_domain::value::Money;
use fairfall_domain::waterfall::bant::Bant;
use fairfall_domain::waterfall::lead::{Demand, Lead, Origin};
use fairfall_domain::waterfall::state::LeadState;
use fairfall_domain::waterfall::track::TrackRef;
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};
use crate::sql::Columns;

/// Columns that are written once.
const FIXED: usize = 7;

/// Every column: first those written once, then those that change.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "captured_by",
    "origin_department",
    "direction",
    "channel",
    "campaign_id",
    "captured_at",
    // what is known of the demand
    "version",
    "person_id",
    "company_id",
    "product_area",
    "title",
    "value_minor",
    "value_currency",
    "budget",
    "authority",
    "need",
    "timeline_months",
    "fit",
    "engagement",
    "score_rank",
    "grade",
    "tier",
    "country",
    "subdivision",
    "postal_code",
    "language",
    "attributes",
    // where it stands
    "track_id",
    "track_key",
    "track_version",
    "passage_id",
    "passage_number",
    "state",
    "stage",
    "department",
    "team_id",
    "owner_id",
    "offered_department",
    "offered_team_id",
    "assignee_id",
    "waits_team_id",
    "waits_user_id",
    "waits_since",
    "waits_due",
    "next_due",
    "resume_at",
    "state_detail",
    "touched",
    "last_act",
    "stage_since",
    "updated_at",
];

/// The columns that a lead is read back from, of the table `lead`, in the order in which [`read`] takes them.
pub(crate) const READ: &str = "lead.id, lead.version, lead.person_id, lead.company_id, lead.campaign_id, lead.channel, lead.origin_department, lead.direction, \
    lead.captured_by, lead.product_area, lead.title, lead.value_minor, lead.value_currency, lead.budget, lead.authority, lead.need, lead.timeline_months, lead.fit, \
    lead.engagement, lead.grade, lead.tier, lead.country, lead.subdivision, lead.postal_code, lead.language, lead.attributes, lead.track_id, lead.track_key, lead.track_version, \
    lead.passage_id, lead.passage_number, lead.state_detail, lead.touched, lead.last_act, lead.next_due, lead.captured_at, lead.stage_since, lead.updated_at";

/// The columns that change.
pub(crate) fn changing_columns() -> &'static [&'static str] {
    COLUMNS.get(FIXED..).unwrap_or_default()
}

/// A code or value as text.
pub(crate) fn text(value: &impl Display) -> Value {
    value.to_string().into()
}

/// A code or value as text, if there is one.
pub(crate) fn maybe_text<T: Display>(value: Option<&T>) -> Value {
    value.map(ToString::to_string).into()
}

/// The values of every column.
pub(crate) fn values(lead: &Lead) -> Result<Vec<Value>, StoreError> {
    let mut values: Vec<Value> = vec![
        lead.id.uuid().into(),
        lead.origin.captured_by.map(UserId::uuid).into(),
        text(&lead.origin.department),
        text(&lead.origin.direction),
        text(&lead.origin.channel),
        lead.origin.campaign.map(CampaignId::uuid).into(),
        lead.captured_at.into(),
    ];
    values.extend(changing_values(lead)?);
    Ok(values)
}

/// The values of the columns that change.
pub(crate) fn changing_values(lead: &Lead) -> Result<Vec<Value>, StoreError> {
    let mut values = demand_values(lead)?;
    values.extend(state_values(lead)?);
    Ok(values)
}

fn demand_values(lead: &Lead) -> Result<Vec<Value>, StoreError> {
    let demand = &lead.demand;
    let timeline = demand.bant.timeline_months.map(i16::try_from).transpose();
    Ok(vec![
        to_count(lead.version)?.into(),
        lead.person.uuid().into(),
        lead.company.map(CompanyId::uuid).into(),
        text(&demand.product_area),
        maybe_text(demand.title.as_ref()),
        demand.value.map(Money::amount_minor).into(),
        demand.value.map(|money| money.currency().as_str().to_owned()).into(),
        maybe_text(demand.bant.budget.as_ref()),
        maybe_text(demand.bant.authority.as_ref()),
        maybe_text(demand.bant.need.as_ref()),
        timeline.map_err(|_| StoreError::unstorable("timeline_months"))?.into(),
        i16::from(demand.score.fit()).into(),
        i16::from(demand.score.engagement()).into(),
        demand.score.rank().into(),
        text(&demand.score.grade()),
        text(&demand.score.tier()),
        maybe_text(demand.country.as_ref()),
        maybe_text(demand.subdivision.as_ref()),
        maybe_text(demand.postal_code.as_ref()),
        maybe_text(demand.language.as_ref()),
        to_json(&demand.attributes)?.into(),
    ])
}

fn state_values(lead: &Lead) -> Result<Vec<Value>, StoreError> {
    let state = &lead.state;
    let (placement, offer, waits) = (state.placement(), state.offer(), state.waits_for());
    Ok(vec![
        lead.track.id.uuid().into(),
        text(&lead.track.key),
        to_count(lead.track.version)?.into(),
        lead.passage.uuid().into(),
        to_count(lead.passage_number)?.into(),
        text(&state.kind()),
        text(&state.stage()),
        text(&state.department()),
        placement.team.map(TeamId::uuid).into(),
        placement.person.map(UserId::uuid).into(),
        taker(state),
        offer.and_then(|offer| offer.team).map(TeamId::uuid).into(),
        offer.and_then(|offer| offer.person).map(UserId::uuid).into(),
        waits.and_then(|waits| waits.team).map(TeamId::uuid).into(),
        waits.and_then(|waits| waits.person).map(UserId::uuid).into(),
        waits_since(lead).into(),
        waits_due(lead).into(),
        lead.next_due.into(),
        resume_at(state).into(),
        to_json(state)?.into(),
        i16::from(lead.touched.bits()).into(),
        lead.last_act.as_ref().map(to_json).transpose()?.into(),
        lead.stage_since.into(),
        lead.updated_at.into(),
    ])
}

fn taker(state: &LeadState) -> Value {
    match state {
        LeadState::Offered { taker, .. } => text(taker),
        LeadState::Working { .. }
        | LeadState::Nurturing { .. }
        | LeadState::Won { .. }
        | LeadState::Lost { .. }
        | LeadState::Disqualified { .. } => None::<String>.into(),
    }
}

/// Since when somebody is waited for: the offer, or the stage that nobody works on yet.
fn waits_since(lead: &Lead) -> Option<DateTime<Utc>> {
    let since = match &lead.state {
        LeadState::Offered { offered_at, .. } => *offered_at,
        LeadState::Working { .. }
        | LeadState::Nurturing { .. }
        | LeadState::Won { .. }
        | LeadState::Lost { .. }
        | LeadState::Disqualified { .. } => lead.stage_since,
    };
    lead.state.waits_for().map(|_| since)
}

/// When what waits is due; [`NEVER_DUE`] when nothing was promised, so that it comes after all that was.
pub(crate) fn waits_due(lead: &Lead) -> Option<DateTime<Utc>> {
    lead.state.waits_for().map(|_| lead.next_due.unwrap_or(NEVER_DUE))
}

/// The due time of what nobody promised: the end of the year 9999, UTC.
pub(crate) const NEVER_DUE: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(at) => at,
    None => DateTime::<Utc>::MAX_UTC,
};

const fn resume_at(state: &LeadState) -> Option<DateTime<Utc>> {
    match state {
        LeadState::Nurturing { resume_at, .. } => *resume_at,
        LeadState::Working { .. }
        | LeadState::Offered { .. }
        | LeadState::Won { .. }
        | LeadState::Lost { .. }
        | LeadState::Disqualified { .. } => None,
    }
}

/// Reads a lead from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Lead, StoreError> {
    let id = LeadId::from(row.next::<Uuid>()?);
    let stored = Stored::new("lead", id);
    let version = stored.count("version", row.next()?)?;
    let person = PersonId::from(row.next::<Uuid>()?);
    let company = row.next::<Option<Uuid>>()?.map(CompanyId::from);
    let origin = read_origin(row, &stored)?;
    let demand = read_demand(row, &stored)?;
    let track = TrackRef {
        id: TrackId::from(row.next::<Uuid>()?),
        key: stored.text("track_key", &row.next::<String>()?)?,
        version: stored.count("track_version", row.next()?)?,
    };
    Ok(Lead {
        id,
        version,
        person,
        company,
        origin,
        demand,
        track,
        passage: PassageId::from(row.next::<Uuid>()?),
        passage_number: stored.count("passage_number", row.next()?)?,
        state: stored.json("state_detail", &row.next::<String>()?)?,
        touched: read_touched(row.next()?, &stored)?,
        last_act: row.next::<Option<String>>()?.map(|json| stored.json("last_act", &json)).transpose()?,
        next_due: row.next()?,
        captured_at: row.next()?,
        stage_since: row.next()?,
        updated_at: row.next()?,
    })
}

fn read_touched(bits: i16, stored: &Stored) -> Result<DepartmentSet, StoreError> {
    let set = u8::try_from(bits).ok().and_then(DepartmentSet::from_bits);
    set.ok_or_else(|| stored.corrupt("touched"))
}

fn read_origin(row: &mut Columns<'_>, stored: &Stored) -> Result<Origin, StoreError> {
    Ok(Origin {
        campaign: row.next::<Option<Uuid>>()?.map(CampaignId::from),
        channel: stored.text("channel", &row.next::<String>()?)?,
        department: stored.text("origin_department", &row.next::<String>()?)?,
        direction: stored.text("direction", &row.next::<String>()?)?,
        captured_by: row.next::<Option<Uuid>>()?.map(UserId::from),
    })
}

fn read_demand(row: &mut Columns<'_>, stored: &Stored) -> Result<Demand, StoreError> {
    Ok(Demand {
        product_area: stored.text("product_area", &row.next::<String>()?)?,
        title: stored.maybe("title", row.next::<Option<String>>()?.as_deref())?,
        value: stored.money("value_minor", row.next()?, row.next::<Option<String>>()?.as_deref())?,
        bant: read_bant(row, stored)?,
        score: {
            let (fit, engagement): (i16, i16) = (row.next()?, row.next()?);
            let grade = stored.text("grade", &row.next::<String>()?)?;
            let tier = stored.text("tier", &row.next::<String>()?)?;
            Score::restore(i64::from(fit), i64::from(engagement), grade, tier).map_err(|_| stored.corrupt("fit"))?
        },
        country: stored.maybe("country", row.next::<Option<String>>()?.as_deref())?,
        subdivision: stored.maybe("subdivision", row.next::<Option<String>>()?.as_deref())?,
        postal_code: stored.maybe("postal_code", row.next::<Option<String>>()?.as_deref())?,
        language: stored.maybe("language", row.next::<Option<String>>()?.as_deref())?,
        attributes: stored.json("attributes", &row.next::<String>()?)?,
    })
}

fn read_bant(row: &mut Columns<'_>, stored: &Stored) -> Result<Bant, StoreError> {
    Ok(Bant {
        budget: stored.maybe("budget", row.next::<Option<String>>()?.as_deref())?,
        authority: stored.maybe("authority", row.next::<Option<String>>()?.as_deref())?,
        need: stored.maybe("need", row.next::<Option<String>>()?.as_deref())?,
        timeline_months: {
            let months = row.next::<Option<i16>>()?.map(u16::try_from).transpose();
            months.map_err(|_| stored.corrupt("timeline_months"))?
        },
    })
}
