//! What territories leave open, and where they meet: leads that none of them would take, and leads that two would take equally well, so that only
//! the order of their keys decides.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::department::Department;
use crate::id::{LeadId, TeamId, TerritoryId};
use crate::value::{Code, CountryCode, LanguageTag, PostalCode, SubdivisionCode};

use super::directory::Directory;
use super::roster::Roster;
use super::territory::compact_postal;
use super::territory_map::Spot;

/// Most groups that are told of each kind, the largest first.
pub const GROUPS_MAX: usize = 100;
/// Most leads of each kind whose ids are kept.
pub const SAMPLE_MAX: usize = 250;
/// So many characters of a postal code tell groups apart.
pub const PREFIX_CHARS: usize = 2;

/// What territories look at of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// The country.
    pub country: Option<CountryCode>,
    /// The state, as far as it is told.
    pub subdivision: Option<SubdivisionCode>,
    /// The postal code.
    pub postal_code: Option<PostalCode>,
    /// The contact's language, as far as it is told.
    pub language: Option<LanguageTag>,
    /// The product area.
    pub product_area: Code,
    /// The company's industry.
    pub industry: Option<Code>,
    /// How many people work at the company.
    pub employees: Option<u32>,
}

/// What territories say of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// One takes it, whose team serves it.
    Taken {
        /// The territory.
        territory: TerritoryId,
        /// The team.
        team: TeamId,
    },
    /// Several take it equally well; the first one gets it because of its key.
    Equally {
        /// The one that gets it, then the others.
        territories: Vec<TerritoryId>,
    },
    /// None takes it, or the team that would serve it is not one of the department any more.
    Nothing,
}

/// What the territories in use say of a lead: the same that routing finds.
pub fn fit(lead: &Whereabouts, department: Department, directory: &Directory, roster: &Roster) -> Fit {
    let states = states(lead, directory);
    let language = directory.language(lead.language.as_ref(), lead.country);
    let spot = Spot {
        country: lead.country,
        subdivisions: &states,
        postal_code: lead.postal_code.as_ref(),
        product: Some(&lead.product_area),
        industry: lead.industry.as_ref(),
        employees: lead.employees,
        language: language.as_ref(),
    };
    let found = directory.territories.find(&spot, department);
    match found.filter(|found| roster.team(found.team).is_some_and(|team| team.department == department)) {
        None => Fit::Nothing,
        Some(found) if found.equal.is_empty() => Fit::Taken { territory: found.territory, team: found.team },
        Some(found) => {
            let territories = std::iter::once(found.territory).chain(found.equal).collect();
            Fit::Equally { territories }
        }
    }
}

fn states(lead: &Whereabouts, directory: &Directory) -> Vec<SubdivisionCode> {
    directory.reference.regions.of(lead.subdivision, lead.country, lead.postal_code.as_ref())
}

/// Where leads are that are told together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceGroup {
    /// The country.
    pub country: Option<CountryCode>,
    /// The state: the one that is told, or the only one that the postal code lies in.
    pub subdivision: Option<SubdivisionCode>,
    /// The first [`PREFIX_CHARS`] characters of the postal code.
    pub postal_prefix: Option<String>,
}

impl PlaceGroup {
    fn of(lead: &Whereabouts, directory: &Directory) -> Self {
        let states = states(lead, directory);
        let code = lead.postal_code.as_ref().map(|code| compact_postal(code.as_str()));
        Self {
            country: lead.country,
            subdivision: if let [only] = states.as_slice() { Some(*only) } else { None },
            postal_prefix: code.map(|code| code.chars().take(PREFIX_CHARS).collect()),
        }
    }
}

/// Leads of one kind: how many, in which groups, and the first ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind<G> {
    /// How many.
    pub leads: u64,
    groups: BTreeMap<G, u64>,
    /// The ids of the first ones that were looked at, at most [`SAMPLE_MAX`].
    pub sample: Vec<LeadId>,
}

impl<G: Ord> Default for Kind<G> {
    fn default() -> Self {
        Self { leads: 0, groups: BTreeMap::new(), sample: Vec::new() }
    }
}

impl<G: Ord + Clone> Kind<G> {
    fn add(&mut self, lead: LeadId, group: G) {
        self.leads = self.leads.saturating_add(1);
        let count = self.groups.entry(group).or_default();
        *count = count.saturating_add(1);
        if self.sample.len() < SAMPLE_MAX {
            self.sample.push(lead);
        }
    }

    /// The largest groups, at most [`GROUPS_MAX`], and how many leads are in the others.
    pub fn groups(&self) -> (Vec<(G, u64)>, u64) {
        let mut groups: Vec<(G, u64)> = self.groups.iter().map(|(group, count)| (group.clone(), *count)).collect();
        groups.sort_by(|one, other| Reverse(one.1).cmp(&Reverse(other.1)).then_with(|| one.0.cmp(&other.0)));
        let rest = groups.iter().skip(GROUPS_MAX).map(|(_, count)| count).sum();
        groups.truncate(GROUPS_MAX);
        (groups, rest)
    }
}

/// What was found over many leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Leads that were looked at.
    pub leads: u64,
    /// Leads that no territory takes, by where they are.
    pub gaps: Kind<PlaceGroup>,
    /// Leads that several take equally well, by these: the one that gets them, then the others.
    pub overlaps: Kind<Vec<TerritoryId>>,
}

impl Coverage {
    /// Looks at a lead.
    pub fn look(&mut self, (id, lead): (LeadId, &Whereabouts), department: Department, directory: &Directory, roster: &Roster) {
        self.leads = self.leads.saturating_add(1);
        match fit(lead, department, directory, roster) {
            Fit::Taken { .. } => {}
            Fit::Equally { territories } => self.overlaps.add(id, territories),
            Fit::Nothing => self.gaps.add(id, PlaceGroup::of(lead, directory)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::*;
    use crate::routing::reference::{CountryLanguages, PostalRegions};
    use crate::routing::territory::{MatchRules, RoutingStatus};
    use crate::routing::{Reference, RosterTeam, RoutingPolicy, Territory};

    fn id<T: From<Uuid>>(number: u128) -> T {
        T::from(Uuid::from_u128(number))
    }

    fn country() -> CountryCode {
        CountryCode::parse("DE").unwrap()
    }

    fn territory(number: u128, team: u128, states: &[&str]) -> Territory {
        let subdivisions = states.iter().map(|state| SubdivisionCode::parse(state).unwrap()).collect();
        Territory {
            id: id(number),
            version: 1,
            key: Code::parse(&format!("t{number}")).unwrap(),
            name: format!("T{number}").parse().unwrap(),
            parent: None,
            rank: 10,
            rules: MatchRules { subdivisions, ..MatchRules::default() },
            teams: BTreeMap::from([(Department::FieldSales, id(team))]),
            status: RoutingStatus::Active,
        }
    }

    fn directory() -> Directory {
        let state = |text| SubdivisionCode::parse(text).unwrap();
        let rows = [("80331", vec![state("DE-BY")]), ("55252", vec![state("DE-HE"), state("DE-RP")])];
        let regions = PostalRegions::new(rows.map(|(code, states)| (country(), code.to_owned(), states)));
        let reference = Reference { regions, languages: CountryLanguages::default() };
        let territories = [
            territory(1, 11, &["DE-BY"]),
            territory(2, 11, &["DE-HE"]),
            territory(3, 11, &["DE-RP"]),
            territory(4, 12, &["DE-NI"]),
        ];
        Directory::new(RoutingPolicy::default(), &territories, [], [], BTreeMap::new(), Arc::new(reference))
    }

    fn roster() -> Roster {
        // the team of Lower Saxony belongs to another department by now
        let team = |number, department| RosterTeam { id: id(number), department, countries: vec![], members: vec![] };
        Roster::new(vec![team(11, Department::FieldSales), team(12, Department::InsideSales)])
    }

    fn lead(postal: Option<&str>, state: Option<&str>) -> Whereabouts {
        Whereabouts {
            country: Some(country()),
            subdivision: state.map(|state| SubdivisionCode::parse(state).unwrap()),
            postal_code: postal.map(|code| PostalCode::parse(code, Some(country())).unwrap()),
            language: None,
            product_area: Code::parse("pumps").unwrap(),
            industry: None,
            employees: None,
        }
    }

    #[test]
    fn a_lead_is_taken_or_met_by_two_or_by_none() {
        let (directory, roster) = (directory(), roster());
        let fit = |lead: &Whereabouts| fit(lead, Department::FieldSales, &directory, &roster);
        assert_eq!(fit(&lead(Some("80331"), None)), Fit::Taken { territory: id(1), team: id(11) });
        assert_eq!(fit(&lead(Some("55252"), None)), Fit::Equally { territories: vec![id(2), id(3)] });
        assert_eq!(fit(&lead(Some("55252"), Some("DE-HE"))), Fit::Taken { territory: id(2), team: id(11) });
        assert_eq!(fit(&lead(Some("10115"), None)), Fit::Nothing);
        assert_eq!(fit(&lead(None, Some("DE-NI"))), Fit::Nothing);
    }

    #[test]
    fn gaps_are_told_by_place_and_overlaps_by_territories() {
        let (directory, roster) = (directory(), roster());
        let mut coverage = Coverage::default();
        let leads = [lead(Some("10115"), None), lead(Some("10999"), None), lead(None, Some("DE-NI")), lead(Some("55252"), None)];
        for (number, lead) in (1..).zip(&leads) {
            coverage.look((id(number), lead), Department::FieldSales, &directory, &roster);
        }
        coverage.look((id(9), &lead(Some("80331"), None)), Department::FieldSales, &directory, &roster);
        let place = |state: Option<&str>, prefix: Option<&str>| PlaceGroup {
            country: Some(country()),
            subdivision: state.map(|state| SubdivisionCode::parse(state).unwrap()),
            postal_prefix: prefix.map(str::to_owned),
        };
        assert_eq!((coverage.leads, coverage.gaps.leads, coverage.overlaps.leads), (5, 3, 1));
        assert_eq!(coverage.gaps.groups(), (vec![(place(None, Some("10")), 2), (place(Some("DE-NI"), None), 1)], 0));
        assert_eq!(coverage.gaps.sample, [id(1), id(2), id(3)]);
        assert_eq!(coverage.overlaps.groups(), (vec![(vec![id(2), id(3)], 1)], 0));
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut kind: Kind<usize> = Kind::default();
        for number in 0..1_000 {
            kind.add(id(number), usize::try_from(number).unwrap() / 2);
        }
        let (groups, rest) = kind.groups();
        assert_eq!((groups.len(), rest, kind.sample.len(), kind.leads), (GROUPS_MAX, 800, SAMPLE_MAX, 1_000));
    }
}
