//! Reference data of places: the states that postal codes lie in, and the languages of countries. Loaded by an operator from public data sets with
//! their notices; nothing of it is shipped.

use std::collections::BTreeMap;

use crate::value::{CountryCode, LanguageTag, PostalCode, SubdivisionCode};

use super::territory::compact_postal;

/// Most states that one postal code lies in.
pub const STATES_MAX: usize = 8;

/// The states that postal codes lie in. A code may lie in two (sixteen German ones do): a lead with such a code whose state is not known
/// belongs to both, so that a territory of either takes it; of two equally specific ones the rank decides, and the decision says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostalRegions {
    states: BTreeMap<CountryCode, BTreeMap<String, Vec<SubdivisionCode>>>,
}

impl PostalRegions {
    /// Regions of these rows: country, postal code, and the states it lies in.
    pub fn new(rows: impl IntoIterator<Item = (CountryCode, String, Vec<SubdivisionCode>)>) -> Self {
        let mut states: BTreeMap<CountryCode, BTreeMap<String, Vec<SubdivisionCode>>> = BTreeMap::new();
        for (country, code, mut found) in rows {
            found.sort_unstable();
            found.dedup();
            states.entry(country).or_default().insert(compact_postal(&code), found);
        }
        Self { states }
    }

    /// The states of a postal code; none when it is not known.
    pub fn states(&self, country: CountryCode, code: &PostalCode) -> &[SubdivisionCode] {
        let of_country = self.states.get(&country).filter(|codes| !codes.is_empty());
        of_country.and_then(|codes| codes.get(&compact_postal(code.as_str()))).map_or(&[], Vec::as_slice)
    }

    /// The states a lead belongs to: the one that is known, else those of its postal code.
    pub fn of(
        &self,
        known: Option<SubdivisionCode>,
        country: Option<CountryCode>,
        code: Option<&PostalCode>,
    ) -> Vec<SubdivisionCode> {
        match (known, country.zip(code)) {
            (Some(known), _) => vec![known],
            (None, Some((country, code))) => self.states(country, code).to_vec(),
            (None, None) => Vec::new(),
        }
    }

    /// How many codes are known.
    pub fn len(&self) -> usize {
        self.states.values().map(BTreeMap::len).sum()
    }

    /// Whether none are known.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }
}

/// The language that most people of a country speak.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountryLanguages {
    main: BTreeMap<CountryCode, LanguageTag>,
}

impl CountryLanguages {
    /// Languages of these rows: country, language, and the share of the people who speak it in percent.
    pub fn new(rows: impl IntoIterator<Item = (CountryCode, LanguageTag, f64)>) -> Self {
        let mut best: BTreeMap<CountryCode, (LanguageTag, f64)> = BTreeMap::new();
        for (country, language, percent) in rows {
            let leads = best
                .get(&country)
                .is_none_or(|(known, most)| percent > *most || (percent >= *most && language.as_str() < known.as_str()));
            if leads {
                best.insert(country, (language, percent));
            }
        }
        Self { main: best.into_iter().map(|(country, (language, _))| (country, language)).collect() }
    }

    /// The language of most people.
    pub fn main(&self, country: CountryCode) -> Option<&LanguageTag> {
        self.main.get(&country)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postal_code_of_two_states_belongs_to_both_unless_the_state_is_known() {
        let country = CountryCode::parse("DE").unwrap();
        let state = |code| SubdivisionCode::parse(code).unwrap();
        let regions = PostalRegions::new([(country, "55252".to_owned(), vec![state("DE-RP"), state("DE-HE")])]);
        let code = PostalCode::parse("55252", Some(country)).unwrap();
        assert_eq!(regions.of(None, Some(country), Some(&code)), [state("DE-HE"), state("DE-RP")]);
        assert_eq!(regions.of(Some(state("DE-HE")), Some(country), Some(&code)), [state("DE-HE")]);
        assert_eq!(regions.of(None, None, Some(&code)), []);
        assert_eq!((regions.len(), regions.is_empty()), (1, false));
    }

    #[test]
    fn a_country_speaks_what_most_of_its_people_do() {
        let country = CountryCode::parse("CH").unwrap();
        let tag = |text| LanguageTag::parse(text).unwrap();
        let languages =
            CountryLanguages::new([(country, tag("fr"), 23.0), (country, tag("de"), 73.0), (country, tag("it"), 73.0)]);
        assert_eq!(languages.main(country), Some(&tag("de")));
        assert_eq!(languages.main(CountryCode::parse("FR").unwrap()), None);
    }
}
