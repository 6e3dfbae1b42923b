//! What a territory takes, as it is typed.

use fairfall_domain::change::Change;
use fairfall_domain::routing::territory::{MatchRules, PostalRange, SizeRange};
use fairfall_domain::value::{Code, CountryCode, LanguageTag, SubdivisionCode, ValueError};
use fairfall_domain::violation::Violations;

/// Postal codes as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostalInput {
    /// The country.
    pub country: String,
    /// The first.
    pub from: String,
    /// The last; the first one again when absent.
    pub to: Option<String>,
}

/// What a territory takes, as typed: for a new territory what is kept is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulesPatch {
    /// Whole countries.
    pub countries: Change<Vec<String>>,
    /// States and provinces.
    pub subdivisions: Change<Vec<String>>,
    /// Postal codes.
    pub postal: Change<Vec<PostalInput>>,
    /// Keys of industries.
    pub industries: Change<Vec<String>>,
    /// Keys of product areas.
    pub products: Change<Vec<String>>,
    /// How large the company is.
    pub sizes: Change<Vec<SizeRange>>,
    /// Languages of the contact.
    pub languages: Change<Vec<String>>,
}

/// The rules after a change.
pub(super) fn revise(faults: &mut Violations, seen: &MatchRules, change: &Change<RulesPatch>) -> MatchRules {
    let patch = match change {
        Change::Keep => return seen.clone(),
        Change::Clear => return MatchRules::default(),
        Change::Set(patch) => patch,
    };
    MatchRules {
        countries: read(faults, "rules.countries", &patch.countries, &seen.countries, CountryCode::parse),
        subdivisions: read(faults, "rules.subdivisions", &patch.subdivisions, &seen.subdivisions, SubdivisionCode::parse),
        postal: postal(faults, &patch.postal, &seen.postal),
        industries: read(faults, "rules.industries", &patch.industries, &seen.industries, Code::parse),
        products: read(faults, "rules.products", &patch.products, &seen.products, Code::parse),
        sizes: patch.sizes.clone().apply(Some(seen.sizes.clone())).unwrap_or_default(),
        languages: read(faults, "rules.languages", &patch.languages, &seen.languages, LanguageTag::parse),
    }
}

/// The values of a list, sorted and each once.
fn read<T: Clone + Ord>(
    faults: &mut Violations,
    field: &str,
    change: &Change<Vec<String>>,
    seen: &[T],
    parse: impl Fn(&str) -> Result<T, ValueError>,
) -> Vec<T> {
    match change {
        Change::Keep => seen.to_vec(),
        Change::Clear => Vec::new(),
        Change::Set(typed) => {
            let mut read: Vec<T> = (0..)
                .zip(typed)
                .filter_map(|(place, text): (usize, _)| faults.check(format!("{field}.{place}"), parse(text)))
                .collect();
            read.sort_unstable();
            read.dedup();
            read
        }
    }
}

fn postal(faults: &mut Violations, change: &Change<Vec<PostalInput>>, seen: &[PostalRange]) -> Vec<PostalRange> {
    let typed = match change {
        Change::Keep => return seen.to_vec(),
        Change::Clear => return Vec::new(),
        Change::Set(typed) => typed,
    };
    let mut read = Vec::new();
    for (place, range) in typed.iter().enumerate() {
        let country = faults.check(format!("rules.postal.{place}.country"), CountryCode::parse(&range.country));
        // the range is read in any country, so that its own faults are told as well
        let Some(known) = country.or_else(|| CountryCode::parse("DE").ok()) else { continue };
        let to = range.to.as_deref().unwrap_or(&range.from);
        let parsed = faults.check(format!("rules.postal.{place}"), PostalRange::parse(known, &range.from, to));
        read.extend(parsed.filter(|_| country.is_some()));
    }
    read.sort_unstable();
    read.dedup();
    read
}
