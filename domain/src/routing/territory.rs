//! Territories: a tree of regions and other parts of the market, and the teams that serve them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::department::Department;
use crate::id::{TeamId, TerritoryId};
use crate::value::{Code, CountryCode, LanguageTag, ShortText, SubdivisionCode};
use crate::violation::{ValueError, ViolationCode, Violations};

codes! {
    /// Whether a part of the routing's configuration is used.
    pub enum RoutingStatus {
        /// It is.
        Active = "ACTIVE",
        /// It is kept for the decisions that name it, and not used any more.
        Archived = "ARCHIVED",
    }
}

/// Postal codes of a country from one to another, both included. Shorter texts stand for all codes that begin with them: `80` to `85` are the
/// German codes 80000 to 85999. A single code is a range of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostalRange {
    /// The country.
    pub country: CountryCode,
    /// The first, upper case, without spaces and hyphens.
    pub from: String,
    /// The last, likewise.
    pub to: String,
}

/// Most characters of a compact postal code.
const POSTAL_CHARS_MAX: usize = 12;

/// A postal code as ranges compare it: upper case, letters and digits only.
pub fn compact_postal(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

impl PostalRange {
    /// Reads a range as typed.
    ///
    /// # Errors
    /// An end that is empty or longer than a postal code, or a range that runs backwards.
    pub fn parse(country: CountryCode, from: &str, to: &str) -> Result<Self, ValueError> {
        let (from, to) = (compact_postal(from), compact_postal(to));
        if from.is_empty() || to.is_empty() {
            return Err(ValueError::required());
        }
        if from.len().max(to.len()) > POSTAL_CHARS_MAX {
            return Err(ValueError::too_long(POSTAL_CHARS_MAX));
        }
        let range = Self { country, from, to };
        let (low, high) = range.ends();
        if low > high {
            return Err(ValueError::new(ViolationCode::OutOfRange, "the first postal code must not come after the last"));
        }
        Ok(range)
    }

    /// The ends as numbers that sort as the codes do.
    pub(super) fn ends(&self) -> (u128, u128) {
        (padded(&self.from, 0), padded(&self.to, u8::MAX))
    }

    /// How narrow it is: the characters that all of its codes begin with.
    pub(super) fn narrowness(&self) -> u8 {
        let same = self.from.bytes().zip(self.to.bytes()).take_while(|(one, other)| one == other).count();
        u8::try_from(same).unwrap_or(u8::MAX)
    }
}

/// A compact code as a number: its letters in front, filled up to 16 with `fill`.
pub(super) fn padded(code: &str, fill: u8) -> u128 {
    let mut bytes = [fill; 16];
    for (place, letter) in bytes.iter_mut().zip(code.bytes()) {
        *place = letter;
    }
    u128::from_be_bytes(bytes)
}

/// How many people work at a company, from and to, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SizeRange {
    /// The fewest.
    pub from: u32,
    /// The most; without end when absent.
    pub to: Option<u32>,
}

/// What a territory takes. Each kind that is given must hold, by one of its values; where something is, is one kind, whether it is told by country,
/// region or postal code. A territory without rules takes nothing itself: it holds others together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchRules {
    /// Whole countries.
    pub countries: Vec<CountryCode>,
    /// States and provinces.
    pub subdivisions: Vec<SubdivisionCode>,
    /// Postal codes.
    pub postal: Vec<PostalRange>,
    /// Keys of industries.
    pub industries: Vec<Code>,
    /// Keys of product areas.
    pub products: Vec<Code>,
    /// How large the company is.
    pub sizes: Vec<SizeRange>,
    /// Languages of the contact; region and script do not matter.
    pub languages: Vec<LanguageTag>,
}

/// Most values of each kind of a territory's rules.
pub const RULES_MAX: usize = 2_000;

impl MatchRules {
    /// Whether it says where something is.
    pub fn says_where(&self) -> bool {
        !self.countries.is_empty() || !self.subdivisions.is_empty() || !self.postal.is_empty()
    }

    /// How many kinds beside the place are given.
    pub(super) fn kinds(&self) -> u8 {
        [!self.industries.is_empty(), !self.products.is_empty(), !self.sizes.is_empty(), !self.languages.is_empty()]
            .into_iter()
            .map(u8::from)
            .sum()
    }

    /// Whether it takes anything itself.
    pub fn takes_any(&self) -> bool {
        self.says_where() || self.kinds() > 0
    }
}

/// A territory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    /// Stable identity.
    pub id: TerritoryId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Key; unique, and the last word when nothing else tells two territories apart.
    pub key: Code,
    /// Name for people.
    pub name: ShortText,
    /// The territory it belongs to.
    pub parent: Option<TerritoryId>,
    /// Of two that are equally specific, the one with the lower rank wins.
    pub rank: u16,
    /// What it takes.
    pub rules: MatchRules,
    /// Which team of each department serves it; the parent's team where none is named.
    pub teams: BTreeMap<Department, TeamId>,
    /// Whether it is used.
    pub status: RoutingStatus,
}

/// Most territories of an organisation.
pub const TERRITORIES_MAX: usize = 5_000;

impl Territory {
    /// Checks what was typed or stored, as far as it can be told from one territory.
    ///
    /// # Errors
    /// All faults: too many values of a kind, a size range that runs backwards, a parent that is itself.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        let rules = &self.rules;
        let counts = [
            ("rules.countries", rules.countries.len()),
            ("rules.subdivisions", rules.subdivisions.len()),
            ("rules.postal", rules.postal.len()),
            ("rules.industries", rules.industries.len()),
            ("rules.products", rules.products.len()),
            ("rules.sizes", rules.sizes.len()),
            ("rules.languages", rules.languages.len()),
        ];
        for (field, _) in counts.into_iter().filter(|(_, count)| *count > RULES_MAX) {
            faults.add(field, ViolationCode::TooLong, format!("at most {RULES_MAX} values are allowed"));
        }
        if rules.sizes.iter().any(|size| size.to.is_some_and(|to| to < size.from)) {
            faults.add("rules.sizes", ViolationCode::OutOfRange, "a size must not end before it begins");
        }
        if self.parent == Some(self.id) {
            faults.add("parent", ViolationCode::Conflict, "a territory cannot belong to itself");
        }
        faults.into_result()
    }
}

/// Checks a territory among all others: its parent is there, and no circle is made.
///
/// # Errors
/// A parent that is not there or archived, a circle, too many territories.
pub fn check_tree(territory: &Territory, all: &[Territory]) -> Result<(), Violations> {
    let mut faults = Violations::new();
    if all.len() >= TERRITORIES_MAX && !all.iter().any(|other| other.id == territory.id) {
        faults.add("key", ViolationCode::OutOfRange, format!("at most {TERRITORIES_MAX} territories are allowed"));
    }
    let find = |id: TerritoryId| all.iter().find(|other| other.id == id);
    let mut above = territory.parent;
    let mut steps = 0;
    while let Some(id) = above {
        let Some(parent) = find(id).filter(|parent| parent.status == RoutingStatus::Active) else {
            faults.add("parent", ViolationCode::NotFound, "there is no such territory in use");
            break;
        };
        steps += 1;
        if id == territory.id || steps > TERRITORIES_MAX {
            faults.add("parent", ViolationCode::Conflict, "a territory cannot belong to one that belongs to it");
            break;
        }
        above = parent.parent;
    }
    faults.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn range(from: &str, to: &str) -> Result<PostalRange, ViolationCode> {
        PostalRange::parse(CountryCode::parse("DE").unwrap(), from, to).map_err(|error| error.code)
    }

    #[test]
    fn a_range_of_beginnings_holds_every_code_that_begins_so() {
        let range = range("80", "85").unwrap();
        let (low, high) = range.ends();
        for (code, within) in [("80000", true), ("85999", true), ("79999", false), ("86000", false), ("8", false)] {
            let at = padded(code, 0);
            assert_eq!((low..=high).contains(&at), within, "{code}");
        }
    }

    #[test]
    fn ranges_are_read_as_they_are_typed() {
        let london = PostalRange::parse(CountryCode::parse("GB").unwrap(), "sw1a 1aa", "SW1A 2AA").unwrap();
        assert_eq!((london.from.as_str(), london.to.as_str(), london.narrowness()), ("SW1A1AA", "SW1A2AA", 4));
        assert_eq!(range("85", "80").unwrap_err(), ViolationCode::OutOfRange);
        assert_eq!(range("", "80").unwrap_err(), ViolationCode::Required);
        assert_eq!(range("1234567890123", "2").unwrap_err(), ViolationCode::TooLong);
    }

    fn territory(number: u128, parent: Option<u128>) -> Territory {
        Territory {
            id: TerritoryId::from(Uuid::from_u128(number)),
            version: 1,
            key: Code::parse(&format!("t{number}")).unwrap(),
            name: ShortText::parse("T").unwrap(),
            parent: parent.map(|parent| TerritoryId::from(Uuid::from_u128(parent))),
            rank: 0,
            rules: MatchRules::default(),
            teams: BTreeMap::new(),
            status: RoutingStatus::Active,
        }
    }

    #[test]
    fn a_tree_has_no_circle_and_no_missing_parent() {
        let all = [territory(1, Some(3)), territory(2, Some(1)), territory(3, None)];
        check_tree(&territory(4, Some(2)), &all).unwrap();
        let code = |territory: &Territory| check_tree(territory, &all).unwrap_err().iter().next().unwrap().code;
        assert_eq!(code(&territory(3, Some(2))), ViolationCode::Conflict);
        assert_eq!(code(&territory(4, Some(9))), ViolationCode::NotFound);
        assert_eq!(territory(3, Some(3)).check().unwrap_err().iter().next().unwrap().code, ViolationCode::Conflict);
    }
}
