//! What routing knows of colleagues, as it is typed.

use async_graphql::{ID, InputObject, MaybeUndefined};
use fairfall_domain::id::{AbsenceId, UserId};
use fairfall_domain::routing::member::{LanguageLevel, Weekday};
use fairfall_domain::violation::Violations;

use super::{change, id, whole};
use crate::app::routing::member::{AwayInput, HoursInput, ProfilePatch, RangeInput, SkillInput};
use crate::graphql::code::Coded;
use crate::graphql::scalar::Timestamp;

/// A language somebody works in.
#[derive(Clone, Debug, InputObject)]
pub struct LanguageSkillInput {
    /// The language, such as `de`; region and script do not matter.
    pub language: String,
    /// How well.
    pub level: Coded<LanguageLevel>,
}

/// A range of working time on a day of each week.
#[derive(Clone, Debug, InputObject)]
pub struct HourRangeInput {
    /// The day.
    pub day: Coded<Weekday>,
    /// When it begins, such as `09:00`.
    pub from: String,
    /// When it ends, such as `17:30`; `24:00` is the end of the day.
    pub to: String,
}

/// When somebody works.
#[derive(Clone, Debug, InputObject)]
pub struct WorkingHoursInput {
    /// The zone in which the hours are meant: a name such as `Europe/Berlin`.
    pub time_zone: String,
    /// The ranges, several a day if need be; those of a day must not overlap. At most 42.
    pub ranges: Vec<HourRangeInput>,
}

impl From<WorkingHoursInput> for HoursInput {
    fn from(typed: WorkingHoursInput) -> Self {
        let range = |range: HourRangeInput| RangeInput { day: range.day.0, from: range.from, to: range.to };
        Self { time_zone: typed.time_zone, ranges: typed.ranges.into_iter().map(range).collect() }
    }
}

/// A change of what routing knows of a colleague. Omitted fields stay.
#[derive(Clone, Debug, InputObject)]
pub struct MemberProfileUpdateInput {
    /// The colleague.
    pub user: ID,
    /// Languages with their level, all of them, each once, at most 20; null for what the account tells.
    pub skills: MaybeUndefined<Vec<LanguageSkillInput>>,
    /// When the colleague works; null for always.
    pub working_hours: MaybeUndefined<WorkingHoursInput>,
    /// From when the colleague gets leads; null for at once.
    pub starts_at: MaybeUndefined<Timestamp>,
    /// The version that the caller read, 0 when nothing was ever said; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl MemberProfileUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<ProfilePatch, Violations> {
        let mut faults = Violations::new();
        let skill = |skill: LanguageSkillInput| SkillInput { language: skill.language, level: skill.level.0 };
        let user = id(&mut faults, "user", &self.user);
        let read = user.map(|user| ProfilePatch {
            user,
            expected_version: self.expected_version,
            skills: change(self.skills).map(|skills| skills.into_iter().map(skill).collect()),
            hours: change(self.working_hours).map(Into::into),
            starts_at: change(self.starts_at).map(|at| at.0),
        });
        whole(faults, read)
    }
}

/// Notes that a colleague gets nothing for a time.
#[derive(Clone, Debug, InputObject)]
pub struct MemberAwayInput {
    /// The colleague.
    pub user: ID,
    /// From when; from now on when absent.
    pub from: Option<Timestamp>,
    /// Until when; until further notice when absent.
    pub until: Option<Timestamp>,
    /// Makes a retry harmless: a second request with the same key notes nothing more. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl MemberAwayInput {
    /// The absence for the use case.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<AwayInput, Violations> {
        let mut faults = Violations::new();
        let user = id(&mut faults, "user", &self.user);
        let read = user.map(|user| AwayInput {
            user,
            from: self.from.map(|at| at.0),
            until: self.until.map(|at| at.0),
            idempotency_key: self.idempotency_key,
        });
        whole(faults, read)
    }
}

/// Notes that a colleague is there again.
#[derive(Clone, Debug, InputObject)]
pub struct MemberBackInput {
    /// The colleague.
    pub user: ID,
}

impl MemberBackInput {
    /// The colleague.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<UserId, Violations> {
        let mut faults = Violations::new();
        let user = id(&mut faults, "user", &self.user);
        whole(faults, user)
    }
}

/// Takes an absence back.
#[derive(Clone, Debug, InputObject)]
pub struct AbsenceCancelInput {
    /// Whose.
    pub user: ID,
    /// The absence.
    pub absence: ID,
}

impl AbsenceCancelInput {
    /// The colleague and the absence.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<(UserId, AbsenceId), Violations> {
        let mut faults = Violations::new();
        let (user, absence) = (id(&mut faults, "user", &self.user), id(&mut faults, "absence", &self.absence));
        whole(faults, user.zip(absence))
    }
}
