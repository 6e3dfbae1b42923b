//! Versions of the rules: drafted, tried on what is stored, published, retired.

use chrono::{DateTime, Utc};

use crate::code::codes;
use crate::id::{ScoreModelId, UserId};
use crate::value::{LongText, ShortText};
use crate::violation::{ViolationCode, Violations};

use super::grading::Grading;
use super::rule::ScoreRules;

codes! {
    /// The life of a model.
    pub enum ModelState {
        /// Being written; scores nothing.
        Draft = "DRAFT",
        /// Scores every lead; there is one.
        InForce = "IN_FORCE",
        /// Scored leads once.
        Retired = "RETIRED",
    }
}

/// A version of the rules by which leads are scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreModel {
    /// Stable identity.
    pub id: ScoreModelId,
    /// Counts the changes of this draft or model, from 1.
    pub version: u32,
    /// Which model it is, from 1; a later one has a higher number.
    pub number: u32,
    /// Its name.
    pub name: ShortText,
    /// What is new in it, or why it was made.
    pub note: Option<LongText>,
    /// Its life.
    pub state: ModelState,
    /// What it says.
    pub rules: ScoreRules,
    /// The model that it was made from.
    pub based_on: Option<ScoreModelId>,
    /// Who made it; nobody for the one that ships with the product.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Since when it is or was in force.
    pub published_at: Option<DateTime<Utc>>,
    /// Since when it is no more in force.
    pub retired_at: Option<DateTime<Utc>>,
}

/// What is new about a model that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Birth {
    /// Its id.
    pub id: ScoreModelId,
    /// Its number: one more than the highest so far.
    pub number: u32,
    /// Who makes it.
    pub by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a user may write of a draft; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelFields {
    /// The name.
    pub name: Option<ShortText>,
    /// What is new in it.
    pub note: Option<LongText>,
    /// The rules, whole.
    pub rules: Option<ScoreRules>,
}

impl ScoreModel {
    /// A draft with these rules.
    ///
    /// # Errors
    /// All faults of the rules.
    pub fn draft(birth: Birth, name: ShortText, rules: ScoreRules, based_on: Option<ScoreModelId>) -> Result<Self, Violations> {
        rules.check()?;
        Ok(Self {
            id: birth.id,
            version: 1,
            number: birth.number,
            name,
            note: None,
            state: ModelState::Draft,
            rules,
            based_on,
            created_by: birth.by,
            created_at: birth.at,
            updated_at: birth.at,
            published_at: None,
            retired_at: None,
        })
    }

    /// The draft with other content, one version on.
    ///
    /// # Errors
    /// `state` when it is no draft any more: what scored leads stays as it was, so that their scores can be explained. All faults of the rules.
    pub fn revise(&self, fields: ModelFields, now: DateTime<Utc>) -> Result<Self, Violations> {
        self.must_be(ModelState::Draft, "only a draft can be changed")?;
        let rules = fields.rules.unwrap_or_else(|| self.rules.clone());
        rules.check()?;
        let name = fields.name.unwrap_or_else(|| self.name.clone());
        let note = fields.note.or_else(|| self.note.clone());
        Ok(Self { name, note, rules, ..self.next(now) })
    }

    /// The draft in force.
    ///
    /// # Errors
    /// `state` when it is no draft; all faults of the rules.
    pub fn publish(&self, now: DateTime<Utc>) -> Result<Self, Violations> {
        self.must_be(ModelState::Draft, "only a draft can be published")?;
        self.rules.check()?;
        Ok(Self { state: ModelState::InForce, published_at: Some(now), ..self.next(now) })
    }

    /// The model after another took its place.
    ///
    /// # Errors
    /// `state` when it is not in force.
    pub fn retire(&self, now: DateTime<Utc>) -> Result<Self, Violations> {
        self.must_be(ModelState::InForce, "only the model in force can be retired")?;
        Ok(Self { state: ModelState::Retired, retired_at: Some(now), ..self.next(now) })
    }

    /// What a retired model says, as a new model in force.
    ///
    /// # Errors
    /// `state` when it is not retired; all faults of the rules.
    pub fn revive(&self, birth: Birth) -> Result<Self, Violations> {
        self.must_be(ModelState::Retired, "only a retired model can be taken up again")?;
        let draft = Self::draft(birth, self.name.clone(), self.rules.clone(), Some(self.id))?;
        Ok(Self { note: self.note.clone(), state: ModelState::InForce, published_at: Some(birth.at), ..draft })
    }

    /// Thresholds and tiers.
    pub const fn grading(&self) -> &Grading {
        &self.rules.grading
    }

    fn must_be(&self, state: ModelState, message: &str) -> Result<(), Violations> {
        if self.state == state { Ok(()) } else { Err(Violations::one("state", ViolationCode::Conflict, message)) }
    }

    fn next(&self, now: DateTime<Utc>) -> Self {
        Self { version: self.version.saturating_add(1), updated_at: now, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::shipped;
    use uuid::Uuid;

    fn birth(number: u32) -> Birth {
        let at = DateTime::from_timestamp(1_800_000_000 + i64::from(number), 0).unwrap();
        Birth { id: ScoreModelId::from(Uuid::from_u128(number.into())), number, by: None, at }
    }

    #[test]
    fn one_takes_the_place_of_another_and_the_former_can_come_back() {
        let first = shipped::model().unwrap();
        let name = ShortText::parse("stricter").unwrap();
        let draft = ScoreModel::draft(birth(2), name, first.rules.clone(), Some(first.id)).unwrap();
        let now = birth(9).at;
        assert_eq!(draft.retire(now).unwrap_err().as_slice()[0].field, "state");
        let in_force = draft.publish(now).unwrap();
        assert_eq!((in_force.version, in_force.state, in_force.published_at), (2, ModelState::InForce, Some(now)));
        assert!(in_force.publish(now).is_err() && in_force.revise(ModelFields::default(), now).is_err());
        assert!(first.revive(birth(3)).is_err());
        let retired = first.retire(now).unwrap();
        let back = retired.revive(birth(3)).unwrap();
        assert_eq!((back.number, back.version, back.state, back.based_on), (3, 1, ModelState::InForce, Some(first.id)));
        assert_eq!(back.rules, first.rules);
    }

    #[test]
    fn a_draft_with_faults_is_not_kept() {
        let first = shipped::model().unwrap();
        let draft = ScoreModel::draft(birth(2), first.name.clone(), first.rules.clone(), None).unwrap();
        let mut rules = first.rules;
        rules.matrix[0].half_life_hours = 0;
        let faults = draft.revise(ModelFields { rules: Some(rules), ..ModelFields::default() }, birth(3).at).unwrap_err();
        assert_eq!(faults.as_slice()[0].field, format!("matrix.{}.halfLifeHours", draft.rules.matrix[0].key));
    }
}
