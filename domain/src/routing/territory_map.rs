//! Territories made ready for looking up: which one takes a lead, and which team serves it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::department::Department;
use crate::id::{TeamId, TerritoryId};
use crate::value::{Code, CountryCode, LanguageTag, PostalCode, SubdivisionCode};

use super::territory::{MatchRules, PostalRange, RoutingStatus, Territory, compact_postal, padded};

/// What territories look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spot<'a> {
    /// The country.
    pub country: Option<CountryCode>,
    /// The state: the one that is known, else each that the postal code lies in.
    pub subdivisions: &'a [SubdivisionCode],
    /// The postal code.
    pub postal_code: Option<&'a PostalCode>,
    /// The product area.
    pub product: Option<&'a Code>,
    /// The company's industry.
    pub industry: Option<&'a Code>,
    /// How many people work at the company.
    pub employees: Option<u32>,
    /// The contact's language.
    pub language: Option<&'a LanguageTag>,
}

/// How specific a match is, the least first: by postal code, by state, by country, by nothing; the narrower range of postal codes; more kinds of
/// rules beside the place; further down the tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specificity {
    place: u8,
    narrowness: u8,
    kinds: u8,
    depth: u8,
}

const BY_COUNTRY: u8 = 1;
const BY_SUBDIVISION: u8 = 2;
const BY_POSTAL: u8 = 3;

/// The territory that takes a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The territory whose rules hold.
    pub territory: TerritoryId,
    /// The team that serves it.
    pub team: TeamId,
    /// The territory that names the team: itself, or the nearest one above that does.
    pub served_by: TerritoryId,
    /// Others that are equally specific and of equal rank: only the order of their keys decided.
    pub equal: Vec<TerritoryId>,
}

/// A team and the territory that names it.
type Served = (TeamId, TerritoryId);

#[derive(Clone, Debug)]
struct Node {
    id: TerritoryId,
    key: Code,
    rank: u16,
    depth: u8,
    /// Itself and those above it, nearest first.
    lineage: Vec<TerritoryId>,
    rules: MatchRules,
    teams: BTreeMap<Department, Served>,
}

/// Postal codes of a country, cut where any range begins or ends: each piece knows the nodes that it lies in.
#[derive(Clone, Debug, Default)]
struct Pieces {
    starts: Vec<u128>,
    nodes: Vec<Vec<(usize, u8)>>,
}

/// All territories in use, made ready for looking up.
#[derive(Clone, Debug, Default)]
pub struct TerritoryMap {
    nodes: Vec<Node>,
    by_postal: HashMap<CountryCode, Pieces>,
    by_subdivision: HashMap<SubdivisionCode, Vec<usize>>,
    by_country: HashMap<CountryCode, Vec<usize>>,
    anywhere: Vec<usize>,
    served: BTreeSet<Department>,
}

impl TerritoryMap {
    /// Makes the territories in use ready. Those whose parent is not in use count as if they had none.
    pub fn new(territories: &[Territory]) -> Self {
        let active: BTreeMap<TerritoryId, &Territory> = territories
            .iter()
            .filter(|territory| territory.status == RoutingStatus::Active)
            .map(|territory| (territory.id, territory))
            .collect();
        let mut map = Self { nodes: active.values().map(|territory| node(territory, &active)).collect(), ..Self::default() };
        map.served = map.nodes.iter().flat_map(|node| node.teams.keys().copied()).collect();
        let mut ranges: HashMap<CountryCode, Vec<(&PostalRange, usize)>> = HashMap::new();
        for (index, node) in map.nodes.iter().enumerate() {
            node.rules.postal.iter().for_each(|range| ranges.entry(range.country).or_default().push((range, index)));
            for subdivision in &node.rules.subdivisions {
                map.by_subdivision.entry(*subdivision).or_default().push(index);
            }
            for country in &node.rules.countries {
                map.by_country.entry(*country).or_default().push(index);
            }
            if node.rules.takes_any() && !node.rules.says_where() {
                map.anywhere.push(index);
            }
        }
        map.by_postal = ranges.into_iter().map(|(country, ranges)| (country, Pieces::new(&ranges))).collect();
        map
    }

    /// Whether territories decide who takes a department's leads: they do as soon as one of them names a team of it.
    pub fn serves(&self, department: Department) -> bool {
        self.served.contains(&department)
    }

    /// The most specific territory that takes a lead and is served by the department. Of equally specific ones the lower rank wins, then the key
    /// that comes first.
    pub fn find(&self, spot: &Spot<'_>, department: Department) -> Option<Found> {
        let mut best: Option<(Specificity, &Node)> = None;
        let mut equal = Vec::new();
        for (index, specificity) in self.matching(spot) {
            let Some(node) = self.nodes.get(index).filter(|node| node.teams.contains_key(&department)) else { continue };
            let Some((leading, leader)) = best else {
                best = Some((specificity, node));
                continue;
            };
            if node.id == leader.id {
                best = Some((leading.max(specificity), leader));
                continue;
            }
            match specificity.cmp(&leading).then(leader.rank.cmp(&node.rank)) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Greater => {
                    equal.clear();
                    best = Some((specificity, node));
                }
                std::cmp::Ordering::Equal if node.key < leader.key => {
                    equal.push(leader.id);
                    best = Some((specificity, node));
                }
                std::cmp::Ordering::Equal => equal.push(node.id),
            }
        }
        let (_, node) = best?;
        let (team, served_by) = node.teams.get(&department).copied()?;
        equal.sort_unstable();
        equal.dedup();
        Some(Found { territory: node.id, team, served_by, equal })
    }

    /// The most specific territory that takes a lead, whoever serves it, and those above it, nearest first; by the same tie-break as [`Self::find`].
    pub fn lineage(&self, spot: &Spot<'_>) -> &[TerritoryId] {
        let nodes = self.matching(spot).filter_map(|(index, specificity)| Some((specificity, self.nodes.get(index)?)));
        let best = nodes.max_by(|(one, a), (other, b)| one.cmp(other).then(b.rank.cmp(&a.rank)).then_with(|| b.key.cmp(&a.key)));
        best.map_or(&[], |(_, node)| &node.lineage)
    }

    /// The nodes whose rules hold, each with how specific the match is; a node may come twice, by two of its rules.
    fn matching<'a>(&'a self, spot: &'a Spot<'a>) -> impl Iterator<Item = (usize, Specificity)> + 'a {
        let postal = spot.country.zip(spot.postal_code).and_then(|(country, code)| {
            let at = padded(&compact_postal(code.as_str()), 0);
            self.by_postal.get(&country).map(|pieces| pieces.at(at))
        });
        let postal = postal.unwrap_or_default().iter().map(|(index, narrowness)| (*index, BY_POSTAL, *narrowness));
        let state = spot.subdivisions.iter().filter_map(|code| self.by_subdivision.get(code)).flatten();
        let country = spot.country.and_then(|country| self.by_country.get(&country)).into_iter().flatten();
        let places = postal
            .chain(state.map(|index| (*index, BY_SUBDIVISION, 0)))
            .chain(country.map(|index| (*index, BY_COUNTRY, 0)))
            .chain(self.anywhere.iter().map(|index| (*index, 0, 0)));
        places.filter_map(|(index, place, narrowness)| {
            let node = self.nodes.get(index).filter(|node| holds(&node.rules, spot))?;
            Some((index, Specificity { place, narrowness, kinds: node.rules.kinds(), depth: node.depth }))
        })
    }
}

/// Whether the rules beside the place hold.
fn holds(rules: &MatchRules, spot: &Spot<'_>) -> bool {
    let among = |codes: &[Code], found: Option<&Code>| codes.is_empty() || found.is_some_and(|found| codes.contains(found));
    let speaks = |tag: &LanguageTag| spot.language.is_some_and(|language| language.primary() == tag.primary());
    among(&rules.products, spot.product)
        && among(&rules.industries, spot.industry)
        && (rules.languages.is_empty() || rules.languages.iter().any(speaks))
        && (rules.sizes.is_empty()
            || spot
                .employees
                .is_some_and(|count| rules.sizes.iter().any(|size| size.from <= count && size.to.is_none_or(|to| count <= to))))
}

fn node(territory: &Territory, active: &BTreeMap<TerritoryId, &Territory>) -> Node {
    let mut teams: BTreeMap<Department, Served> = BTreeMap::new();
    let mut lineage = Vec::new();
    let (mut depth, mut at) = (0_u8, Some(territory));
    // a circle cannot be stored; should one be, the count of territories ends it
    while let Some(here) = at.filter(|_| usize::from(depth) < active.len().min(250)) {
        for (department, team) in &here.teams {
            teams.entry(*department).or_insert((*team, here.id));
        }
        lineage.push(here.id);
        at = here.parent.and_then(|parent| active.get(&parent).copied());
        depth = depth.saturating_add(1);
    }
    let (id, key, rank, rules) = (territory.id, territory.key.clone(), territory.rank, territory.rules.clone());
    Node { id, key, rank, depth, lineage, rules, teams }
}

impl Pieces {
    fn new(ranges: &[(&PostalRange, usize)]) -> Self {
        let mut cuts: BTreeMap<u128, Vec<(bool, usize, u8)>> = BTreeMap::new();
        for (range, node) in ranges {
            let (low, high) = range.ends();
            let narrowness = range.narrowness();
            cuts.entry(low).or_default().push((true, *node, narrowness));
            if let Some(after) = high.checked_add(1) {
                cuts.entry(after).or_default().push((false, *node, narrowness));
            }
        }
        let mut open: Vec<(usize, u8)> = Vec::new();
        let mut pieces = Self::default();
        for (at, changes) in cuts {
            for (opens, node, narrowness) in changes {
                if opens {
                    open.push((node, narrowness));
                } else if let Some(place) = open.iter().position(|known| *known == (node, narrowness)) {
                    open.swap_remove(place);
                }
            }
            pieces.starts.push(at);
            pieces.nodes.push(open.clone());
        }
        pieces
    }

    fn at(&self, code: u128) -> &[(usize, u8)] {
        let before = self.starts.partition_point(|start| *start <= code);
        before.checked_sub(1).and_then(|piece| self.nodes.get(piece)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::routing::territory::SizeRange;
    use crate::value::ShortText;

    fn id(number: u128) -> TerritoryId {
        TerritoryId::from(Uuid::from_u128(number))
    }

    fn team(number: u128) -> TeamId {
        TeamId::from(Uuid::from_u128(number))
    }

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    fn country(text: &str) -> CountryCode {
        CountryCode::parse(text).unwrap()
    }

    fn territory(number: u128, key: &str, parent: Option<u128>, rules: MatchRules) -> Territory {
        Territory {
            id: id(number),
            version: 1,
            key: code(key),
            name: ShortText::parse(key).unwrap(),
            parent: parent.map(id),
            rank: 10,
            rules,
            teams: BTreeMap::new(),
            status: RoutingStatus::Active,
        }
    }

    fn with_team(number: u128, mut territory: Territory) -> Territory {
        territory.teams.insert(Department::FieldSales, team(number));
        territory
    }

    fn postal(from: &str, to: &str) -> MatchRules {
        MatchRules { postal: vec![PostalRange::parse(country("DE"), from, to).unwrap()], ..MatchRules::default() }
    }

    fn states(codes: &[&str]) -> MatchRules {
        let subdivisions = codes.iter().map(|text| SubdivisionCode::parse(text).unwrap()).collect();
        MatchRules { subdivisions, ..MatchRules::default() }
    }

    fn countries(codes: &[&str]) -> MatchRules {
        MatchRules { countries: codes.iter().map(|text| country(text)).collect(), ..MatchRules::default() }
    }

    fn found(map: &TerritoryMap, postal: &str, subdivisions: &[SubdivisionCode], more: Spot<'_>) -> Option<Found> {
        let postal = PostalCode::parse(postal, Some(country("DE"))).ok();
        let spot = Spot { country: Some(country("DE")), subdivisions, postal_code: postal.as_ref(), ..more };
        map.find(&spot, Department::FieldSales)
    }

    #[test]
    fn the_most_specific_wins_and_the_parent_lends_its_team() {
        let all = [
            with_team(1, territory(1, "de", None, countries(&["DE"]))),
            territory(2, "south", Some(1), states(&["DE-BY", "DE-BW"])),
            with_team(3, territory(3, "munich", Some(2), postal("80", "81"))),
            territory(4, "schwabing", Some(3), postal("80801", "80805")),
        ];
        let map = TerritoryMap::new(&all);
        let bavaria = [SubdivisionCode::parse("DE-BY").unwrap()];
        let of = |code, states: &[SubdivisionCode]| {
            let found = found(&map, code, states, Spot::default()).unwrap();
            (found.territory, found.team, found.served_by, found.equal.len())
        };
        assert_eq!(of("10115", &[]), (id(1), team(1), id(1), 0));
        assert_eq!(of("97070", &bavaria), (id(2), team(1), id(1), 0));
        assert_eq!(of("80331", &bavaria), (id(3), team(3), id(3), 0));
        assert_eq!(of("80803", &bavaria), (id(4), team(3), id(3), 0));
        assert!(map.serves(Department::FieldSales) && !map.serves(Department::Marketing));
        let abroad = Spot { country: Some(country("FR")), ..Spot::default() };
        assert_eq!(map.find(&abroad, Department::FieldSales), None);
        assert_eq!(map.find(&Spot { country: Some(country("DE")), ..Spot::default() }, Department::InsideSales), None);
    }

    #[test]
    fn other_rules_must_all_hold_and_make_it_more_specific() {
        let rules = MatchRules {
            industries: vec![code("machinery")],
            sizes: vec![SizeRange { from: 500, to: None }],
            languages: vec![LanguageTag::parse("de").unwrap()],
            ..countries(&["DE"])
        };
        let all =
            [with_team(1, territory(1, "de", None, countries(&["DE"]))), with_team(2, territory(2, "key-accounts", None, rules))];
        let map = TerritoryMap::new(&all);
        let (machinery, austrian) = (code("machinery"), LanguageTag::parse("de-AT").unwrap());
        let whole = Spot { industry: Some(&machinery), employees: Some(500), language: Some(&austrian), ..Spot::default() };
        assert_eq!(found(&map, "10115", &[], whole).unwrap().territory, id(2));
        for less in [Spot { industry: None, ..whole }, Spot { employees: Some(499), ..whole }, Spot { language: None, ..whole }] {
            assert_eq!(found(&map, "10115", &[], less).unwrap().territory, id(1));
        }
    }

    #[test]
    fn of_equals_the_rank_decides_then_the_key_and_the_others_are_told() {
        let mut all = vec![
            with_team(1, territory(1, "north", None, states(&["DE-HE"]))),
            with_team(2, territory(2, "middle", None, states(&["DE-RP"]))),
        ];
        // a postal code that lies in two states belongs to both
        let both = [SubdivisionCode::parse("DE-HE").unwrap(), SubdivisionCode::parse("DE-RP").unwrap()];
        let at = |all: &[Territory]| found(&TerritoryMap::new(all), "55252", &both, Spot::default()).unwrap();
        assert_eq!((at(&all).territory, at(&all).equal), (id(2), vec![id(1)]));
        all[0].rank = 5;
        assert_eq!((at(&all).territory, at(&all).equal), (id(1), vec![]));
        all[0].status = RoutingStatus::Archived;
        assert_eq!((at(&all).territory, at(&all).equal), (id(2), vec![]));
    }

    #[test]
    fn nested_ranges_are_cut_into_pieces() {
        let all = [
            with_team(1, territory(1, "wide", None, postal("1", "4"))),
            with_team(2, territory(2, "inner", None, postal("20", "25"))),
            with_team(3, territory(3, "code", None, postal("22041", "22041"))),
        ];
        let map = TerritoryMap::new(&all);
        let of = |postal| found(&map, postal, &[], Spot::default()).map(|found| found.territory);
        for (code, expected) in [
            ("10115", Some(id(1))),
            ("20095", Some(id(2))),
            ("22041", Some(id(3))),
            ("22042", Some(id(2))),
            ("26121", Some(id(1))),
            ("49999", Some(id(1))),
            ("50667", None),
        ] {
            assert_eq!(of(code), expected, "{code}");
        }
    }
}
