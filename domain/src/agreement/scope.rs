//! For which leads an agreement holds. Of several that fit, the narrowest governs.

use serde::{Deserialize, Serialize};

use crate::company::Company;
use crate::id::TerritoryId;
use crate::routing::Directory;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::lead::{Demand, Lead};

/// Most entries of each kind in a scope.
pub const ENTRIES_MAX: usize = 50;

/// For which leads an agreement holds; each empty list means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgreementScope {
    /// The keys of tracks.
    pub tracks: Vec<Code>,
    /// Territories; each includes those below it.
    pub territories: Vec<TerritoryId>,
    /// Product areas.
    pub product_areas: Vec<Code>,
}

/// What of a lead decides which agreement governs it.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    /// The key of its track.
    pub track: &'a Code,
    /// What is known of the demand.
    pub demand: &'a Demand,
    /// The company.
    pub company: Option<&'a Company>,
    /// Tells the territories it lies in; asked only when a scope names some.
    pub directory: &'a Directory,
}

impl<'a> Matter<'a> {
    /// That of a lead.
    pub const fn of(lead: &'a Lead, company: Option<&'a Company>, directory: &'a Directory) -> Self {
        Self { track: &lead.track.key, demand: &lead.demand, company, directory }
    }

    /// How near the nearest of some territories is to the lead; more is nearer, and nothing when it lies in none of them.
    fn nearness(&self, territories: &[TerritoryId]) -> Option<usize> {
        self.directory.at_spot(self.demand, self.company, |spot| {
            let lineage = self.directory.territories.lineage(spot);
            let steps = lineage.iter().position(|one| territories.contains(one))?;
            Some(lineage.len().saturating_sub(steps))
        })
    }
}

/// How narrowly a scope fits; more is narrower. A territory counts for more than a product, a product for more than a track; of two territories the
/// one nearer to the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    territory: usize,
    product: bool,
    track: bool,
}

impl AgreementScope {
    /// How narrowly it fits; nothing when it does not.
    pub fn fit(&self, matter: &Matter<'_>) -> Option<Fit> {
        let listed = |list: &[Code], one: &Code| list.is_empty() || list.contains(one);
        if !listed(&self.tracks, matter.track) || !listed(&self.product_areas, &matter.demand.product_area) {
            return None;
        }
        let territory = if self.territories.is_empty() { 0 } else { matter.nearness(&self.territories)? };
        Some(Fit { territory, product: !self.product_areas.is_empty(), track: !self.tracks.is_empty() })
    }

    /// Whether some lead may fit both with none of the two narrower. Of territories only the same count: one within another is nearer.
    pub fn is_as_narrow_for_some(&self, other: &Self) -> bool {
        fn meet<T: PartialEq>(one: &[T], other: &[T]) -> bool {
            (one.is_empty() && other.is_empty()) || one.iter().any(|entry| other.contains(entry))
        }
        meet(&self.tracks, &other.tracks)
            && meet(&self.territories, &other.territories)
            && meet(&self.product_areas, &other.product_areas)
    }

    /// Checks the size.
    pub fn check(&self, faults: &mut Violations) {
        let sizes = [
            ("scope.tracks", self.tracks.len()),
            ("scope.territories", self.territories.len()),
            ("scope.productAreas", self.product_areas.len()),
        ];
        for (field, size) in sizes {
            if size > ENTRIES_MAX {
                faults.add(field, ViolationCode::TooLong, format!("at most {ENTRIES_MAX} are allowed"));
            }
        }
    }
}
