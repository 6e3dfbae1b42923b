//! What routing knows of colleagues.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::routing::member::{HourRange, LanguageLevel, Skill, Weekday, WorkingHours};
use fairfall_domain::routing::{Absence, MemberProfile};
use fairfall_domain::user::Seniority;
use fairfall_domain::value::{LanguageTag, TimeZoneName};

use crate::app::routing::{hours, member};
use crate::graphql::caller::app;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Text, Timestamp, id, int};

use super::shows;
use super::user::UserObject;

/// What routing knows of a colleague.
#[derive(Clone, Debug)]
pub struct MemberProfileObject(pub MemberProfile);

shows!(MemberProfileObject(MemberProfile));

/// What routing knows of a colleague: languages with their level, experience, working hours, absences. As long as nothing was said, it is what the
/// account tells: the first language as a first language, the others at C1.
#[Object(name = "MemberProfile")]
impl MemberProfileObject {
    /// Whose it is.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.0.user)).await
    }

    /// Counts the changes; 0 as long as nothing was said. Send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// Languages with their level.
    async fn skills(&self) -> Vec<LanguageSkillObject> {
        self.0.skills.iter().map(Into::into).collect()
    }

    /// How experienced, as the account says.
    async fn seniority(&self) -> Coded<Seniority> {
        Coded(self.0.seniority)
    }

    /// When the colleague works; always when absent.
    async fn working_hours(&self) -> Option<WorkingHoursObject> {
        self.0.hours.as_ref().map(Into::into)
    }

    /// From when the colleague gets leads; already when absent.
    async fn starts_at(&self) -> Option<Timestamp> {
        self.0.starts_at.map(Timestamp)
    }

    /// Absences that last or are planned, the earliest first. Those that are over are forgotten with the next change.
    async fn absences(&self) -> Vec<AbsenceObject> {
        self.0.absences.iter().map(Into::into).collect()
    }

    /// Whether the colleague is absent now.
    async fn away(&self, ctx: &Context<'_>) -> bool {
        member::is_away(app(ctx), &self.0)
    }
}

/// A language somebody works in.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "LanguageSkill")]
pub struct LanguageSkillObject {
    /// The language; region and script do not matter.
    pub language: Text<LanguageTag>,
    /// How well.
    pub level: Coded<LanguageLevel>,
}

impl From<&Skill> for LanguageSkillObject {
    fn from(skill: &Skill) -> Self {
        Self { language: Text(skill.language.clone()), level: Coded(skill.level) }
    }
}

/// When somebody works.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "WorkingHours")]
pub struct WorkingHoursObject {
    /// The zone in which the hours are meant.
    pub time_zone: Text<TimeZoneName>,
    /// The ranges, several a day if need be.
    pub ranges: Vec<HourRangeObject>,
}

impl From<&WorkingHours> for WorkingHoursObject {
    fn from(hours: &WorkingHours) -> Self {
        Self { time_zone: Text(hours.time_zone), ranges: hours.ranges.iter().map(Into::into).collect() }
    }
}

/// A range of working time on a day of each week.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "HourRange")]
pub struct HourRangeObject {
    /// The day.
    pub day: Coded<Weekday>,
    /// When it begins, such as `09:00`.
    pub from: String,
    /// When it ends, such as `17:30`; `24:00` is the end of the day.
    pub to: String,
}

impl From<&HourRange> for HourRangeObject {
    fn from(range: &HourRange) -> Self {
        Self { day: Coded(range.day), from: hours::show(range.from_minute), to: hours::show(range.to_minute) }
    }
}

/// A time in which somebody gets nothing.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Absence")]
pub struct AbsenceObject {
    /// The id.
    pub id: ID,
    /// From when.
    pub from: Timestamp,
    /// Until when; until further notice when absent.
    pub until: Option<Timestamp>,
}

impl From<&Absence> for AbsenceObject {
    fn from(absence: &Absence) -> Self {
        Self { id: id(absence.id), from: Timestamp(absence.from), until: absence.until.map(Timestamp) }
    }
}
