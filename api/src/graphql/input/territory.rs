//! Territories as they are typed.

use async_graphql::{ID, InputObject, MaybeUndefined};
use fairfall_domain::department::Department;
use fairfall_domain::id::TerritoryId;
use fairfall_domain::routing::territory::SizeRange;
use fairfall_domain::violation::Violations;

use super::{change, id, id_change, optional_id, whole};
use crate::app::routing::rules::{PostalInput, RulesPatch};
use crate::app::routing::territory::{ServedBy, TerritoryInput, TerritoryPatch};
use crate::graphql::code::Coded;

/// Postal codes of a country.
#[derive(Clone, Debug, InputObject)]
pub struct PostalRangeInput {
    /// The country: a code of two letters such as `DE`.
    pub country: String,
    /// The first; a shorter text stands for all codes that begin with it, as `80` does for 80000 to 80999.
    pub from: String,
    /// The last, included; the first one again when absent.
    pub to: Option<String>,
}

/// How many people work at a company.
#[derive(Clone, Copy, Debug, InputObject)]
pub struct CompanySizeRangeInput {
    /// The fewest.
    pub from: u32,
    /// The most; without end when absent.
    pub to: Option<u32>,
}

/// What a territory takes. Each kind that is given must hold, by one of its values; where something is (countries, subdivisions, postal codes) is one
/// kind. In a change, omitted kinds stay, and null or an empty list empties a kind.
#[derive(Clone, Debug, InputObject)]
pub struct TerritoryRulesInput {
    /// Whole countries: codes of two letters such as `DE`.
    pub countries: MaybeUndefined<Vec<String>>,
    /// States and provinces: ISO 3166-2 codes such as `DE-BY`.
    pub subdivisions: MaybeUndefined<Vec<String>>,
    /// Postal codes.
    pub postal: MaybeUndefined<Vec<PostalRangeInput>>,
    /// Keys of industries.
    pub industries: MaybeUndefined<Vec<String>>,
    /// Keys of product areas.
    pub products: MaybeUndefined<Vec<String>>,
    /// How many people work at the company.
    pub sizes: MaybeUndefined<Vec<CompanySizeRangeInput>>,
    /// Languages of the contact, such as `de`; region and script do not matter.
    pub languages: MaybeUndefined<Vec<String>>,
}

impl From<TerritoryRulesInput> for RulesPatch {
    fn from(typed: TerritoryRulesInput) -> Self {
        let postal = |range: PostalRangeInput| PostalInput { country: range.country, from: range.from, to: range.to };
        let size = |range: CompanySizeRangeInput| SizeRange { from: range.from, to: range.to };
        Self {
            countries: change(typed.countries),
            subdivisions: change(typed.subdivisions),
            postal: change(typed.postal).map(|ranges| ranges.into_iter().map(postal).collect()),
            industries: change(typed.industries),
            products: change(typed.products),
            sizes: change(typed.sizes).map(|ranges| ranges.into_iter().map(size).collect()),
            languages: change(typed.languages),
        }
    }
}

/// A team that serves a territory.
#[derive(Clone, Debug, InputObject)]
pub struct TerritoryTeamInput {
    /// For which department; the team's own.
    pub department: Coded<Department>,
    /// The team.
    pub team: ID,
}

fn teams(faults: &mut Violations, typed: Vec<TerritoryTeamInput>) -> Vec<ServedBy> {
    let read = (0..).zip(typed).filter_map(|(place, served): (usize, _)| {
        let team = id(faults, &format!("teams.{place}.team"), &served.team)?;
        Some(ServedBy { department: served.department.0, team })
    });
    read.collect()
}

/// A new territory.
#[derive(Clone, Debug, InputObject)]
pub struct TerritoryCreateInput {
    /// Key; unique, also among archived ones. Letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Name.
    pub name: String,
    /// The territory it belongs to: its team serves where this one names none.
    pub parent: Option<ID>,
    /// Of two that are equally specific, the one with the lower rank wins; 0 to 65535, 100 when absent.
    pub rank: Option<u32>,
    /// What it takes; nothing itself when absent, as one that only holds others together.
    pub rules: MaybeUndefined<TerritoryRulesInput>,
    /// The teams that serve it, one a department at most. Managers name teams that they lead, and at least one.
    pub teams: Option<Vec<TerritoryTeamInput>>,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl TerritoryCreateInput {
    /// The territory for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<TerritoryInput, Violations> {
        let mut faults = Violations::new();
        let read = TerritoryInput {
            key: self.key,
            name: self.name,
            parent: optional_id(&mut faults, "parent", self.parent.as_ref()),
            rank: self.rank,
            rules: change(self.rules).map(Into::into),
            teams: teams(&mut faults, self.teams.unwrap_or_default()),
            idempotency_key: self.idempotency_key,
        };
        whole(faults, Some(read))
    }
}

/// A change of a territory. Omitted fields stay, null empties a field.
#[derive(Clone, Debug, InputObject)]
pub struct TerritoryUpdateInput {
    /// The territory.
    pub territory: ID,
    /// Name.
    pub name: MaybeUndefined<String>,
    /// The territory it belongs to; null for none.
    pub parent: MaybeUndefined<ID>,
    /// Of two that are equally specific, the one with the lower rank wins; 0 to 65535.
    pub rank: Option<u32>,
    /// What it takes; kinds that are not named stay, null empties all of them.
    pub rules: MaybeUndefined<TerritoryRulesInput>,
    /// The teams that serve it, all of them.
    pub teams: Option<Vec<TerritoryTeamInput>>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl TerritoryUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<TerritoryPatch, Violations> {
        let mut faults = Violations::new();
        let territory = id(&mut faults, "territory", &self.territory);
        let parent = id_change(&mut faults, "parent", self.parent);
        let teams = self.teams.map(|typed| teams(&mut faults, typed));
        let read = territory.map(|territory| TerritoryPatch {
            territory,
            expected_version: self.expected_version,
            name: change(self.name),
            parent,
            rank: self.rank,
            rules: change(self.rules).map(Into::into),
            teams,
        });
        whole(faults, read)
    }
}

/// Takes a territory out of use.
#[derive(Clone, Debug, InputObject)]
pub struct TerritoryArchiveInput {
    /// The territory; none in use may belong to it.
    pub territory: ID,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to archive whatever it is now.
    pub expected_version: Option<u32>,
}

impl TerritoryArchiveInput {
    /// The territory and the version.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(TerritoryId, Option<u32>), Violations> {
        let mut faults = Violations::new();
        let territory = id(&mut faults, "territory", &self.territory);
        whole(faults, territory.map(|territory| (territory, self.expected_version)))
    }
}
