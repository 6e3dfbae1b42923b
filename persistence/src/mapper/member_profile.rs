//! What routing knows of users: the account, and over it what was said beside it. Experience is always that of the account.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use fairfall_domain::id::UserId;
use fairfall_domain::routing::member::{Skill, WorkingHours};
use fairfall_domain::routing::{Absence, MemberProfile};
use fairfall_domain::user::User;
use serde::{Deserialize, Serialize};

use crate::entity::member_profile::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

/// What is kept of a profile as JSON.
#[derive(Serialize, Deserialize)]
struct Said<'a> {
    skills: Cow<'a, [Skill]>,
    hours: Option<Cow<'a, WorkingHours>>,
    starts_at: Option<DateTime<Utc>>,
    absences: Cow<'a, [Absence]>,
}

/// The profile of a user: what the account tells, or what was said.
pub(crate) fn from_rows(user: &User, said: Option<&Model>) -> Result<MemberProfile, StoreError> {
    let Some(row) = said else { return Ok(MemberProfile::of(user)) };
    let stored = Stored::new("member_profile", UserId::from(row.user_id));
    let said: Said<'_> = stored.json("profile", &row.profile)?;
    let profile = MemberProfile {
        user: user.id,
        version: stored.count("version", row.version)?,
        skills: said.skills.into_owned(),
        seniority: user.seniority,
        hours: said.hours.map(Cow::into_owned),
        starts_at: said.starts_at,
        absences: said.absences.into_owned(),
    };
    profile.check().map_err(|_| stored.corrupt("profile"))?;
    Ok(profile)
}

/// The row of a profile.
pub(crate) fn to_row(profile: &MemberProfile, now: DateTime<Utc>) -> Result<Model, StoreError> {
    let said = Said {
        skills: Cow::Borrowed(&profile.skills),
        hours: profile.hours.as_ref().map(Cow::Borrowed),
        starts_at: profile.starts_at,
        absences: Cow::Borrowed(&profile.absences),
    };
    Ok(Model { user_id: profile.user.uuid(), version: to_count(profile.version)?, profile: to_json(&said)?, updated_at: now })
}
