//! Which leads a list holds.

use async_graphql::{ID, InputObject};
use fairfall_domain::department::Department;
use fairfall_domain::scoring::{Grade, Tier};
use fairfall_domain::value::{Code, CountryCode, LanguageTag, ShortText};
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::stage::Stage;
use fairfall_domain::waterfall::state::StateKind;
use fairfall_persistence::repo::lead as repo;

use crate::app::AppError;
use crate::graphql::code::{Coded, plain};
use crate::graphql::input::ids;
use crate::graphql::scalar::Text;

/// Which leads: those that meet every part that is given, where a list is met by any of its entries. Lists have at most 250 entries.
#[derive(Debug, Default, InputObject)]
pub struct LeadFilter {
    /// Standing at one of these stages.
    #[graphql(validator(max_items = 250))]
    pub stages: Option<Vec<Coded<Stage>>>,
    /// In one of these states.
    #[graphql(validator(max_items = 250))]
    pub states: Option<Vec<Coded<StateKind>>>,
    /// Answered for by one of these departments.
    #[graphql(validator(max_items = 250))]
    pub departments: Option<Vec<Coded<Department>>>,
    /// Owned by one of these users.
    #[graphql(validator(max_items = 250))]
    pub owners: Option<Vec<ID>>,
    /// True for leads without an owner; together with `owners` also those.
    pub unowned: Option<bool>,
    /// Answered for by one of these teams.
    #[graphql(validator(max_items = 250))]
    pub teams: Option<Vec<ID>>,
    /// From one of these campaigns.
    #[graphql(validator(max_items = 250))]
    pub campaigns: Option<Vec<ID>>,
    /// Of one of these countries.
    #[graphql(validator(max_items = 250))]
    pub countries: Option<Vec<Text<CountryCode>>>,
    /// With one of these languages.
    #[graphql(validator(max_items = 250))]
    pub languages: Option<Vec<Text<LanguageTag>>>,
    /// For one of these product areas, by key.
    #[graphql(validator(max_items = 250))]
    pub product_areas: Option<Vec<String>>,
    /// Created by one of these departments.
    #[graphql(validator(max_items = 250))]
    pub origins: Option<Vec<Coded<Department>>>,
    /// With one of these grades.
    #[graphql(validator(max_items = 250))]
    pub grades: Option<Vec<Coded<Grade>>>,
    /// In one of these tiers.
    #[graphql(validator(max_items = 250))]
    pub tiers: Option<Vec<Coded<Tier>>>,
    /// Words, each of which starts a word of the person's or the company's name.
    pub search: Option<String>,
}

impl LeadFilter {
    /// The filter for the use case.
    ///
    /// # Errors
    /// Every malformed id or key at once.
    pub fn read(self) -> Result<repo::LeadFilter, AppError> {
        let mut faults = Violations::new();
        let mut owners: Vec<_> =
            ids(&mut faults, "filter.owners", &self.owners.unwrap_or_default()).into_iter().map(Some).collect();
        owners.extend(self.unowned.unwrap_or_default().then_some(None));
        let search = faults.check_optional("filter.search", self.search.as_deref(), ShortText::parse);
        let filter = repo::LeadFilter {
            stages: plain(self.stages),
            departments: plain(self.departments),
            owners,
            teams: ids(&mut faults, "filter.teams", &self.teams.unwrap_or_default()),
            campaigns: ids(&mut faults, "filter.campaigns", &self.campaigns.unwrap_or_default()),
            countries: self.countries.into_iter().flatten().map(|country| country.0).collect(),
            languages: self.languages.into_iter().flatten().map(|language| language.0).collect(),
            product_areas: keys(&mut faults, &self.product_areas.unwrap_or_default()),
            origins: plain(self.origins),
            states: plain(self.states),
            grades: plain(self.grades),
            tiers: plain(self.tiers),
            search: search.map(|search| search.to_string()),
        };
        faults.into_result()?;
        Ok(filter)
    }
}

fn keys(faults: &mut Violations, typed: &[String]) -> Vec<Code> {
    let read =
        typed.iter().enumerate().map(|(position, key)| faults.check(format!("filter.productAreas.{position}"), Code::parse(key)));
    read.collect::<Vec<_>>().into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Rejection;

    #[test]
    fn every_fault_is_told() {
        let filter = LeadFilter {
            owners: Some(vec![ID("lead_00000000000000000000000000".to_owned())]),
            teams: Some(vec![ID("x".to_owned())]),
            product_areas: Some(vec!["ok".to_owned(), "not ok".to_owned()]),
            ..LeadFilter::default()
        };
        let AppError::Rejected(rejections) = filter.read().unwrap_err() else { panic!("expected rejections") };
        let fields: Vec<_> = rejections
            .iter()
            .map(|rejection| if let Rejection::Invalid(fault) = rejection { fault.field.as_str() } else { "" })
            .collect();
        assert_eq!(fields, ["filter.owners.0", "filter.teams.0", "filter.productAreas.1"]);
    }

    #[test]
    fn unowned_is_an_owner_of_none() {
        let filter = LeadFilter { unowned: Some(true), search: Some("  ".to_owned()), ..LeadFilter::default() };
        let read = filter.read().unwrap();
        assert_eq!((read.owners, read.search), (vec![None], None));
    }
}
