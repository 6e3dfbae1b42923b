//! How the made-up organisation shares its leads: territories, a pool for each team of sales, and what is known of a colleague who is away.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::department::Department::{self, CustomerService, FieldSales, InsideSales};
use fairfall_domain::id::{TeamId, TerritoryId};
use fairfall_domain::routing::member::LanguageLevel;
use fairfall_domain::routing::pool::{Caps, LanguageRule, Otherwise, PoolMember, TierRule};
use fairfall_domain::routing::territory::{MatchRules, RoutingStatus};
use fairfall_domain::routing::{Absence, Directory, MemberProfile, Pool, Reference, RoutingPolicy, Territory};
use fairfall_domain::scoring::Tier;
use fairfall_domain::team::Team;
use fairfall_domain::value::{Code, CountryCode, LanguageTag, ShortText, SubdivisionCode};
use fairfall_domain::violation::Violations;

use super::organisation::Organisation;
use crate::clock::new_id;

/// A territory: key, name, the one it belongs to, countries, states, and the ending of its teams' keys when teams are named.
type Row =
    (&'static str, &'static str, Option<&'static str>, &'static [&'static str], &'static [&'static str], Option<&'static str>);

const TERRITORIES: [Row; 9] = [
    ("dach", "DACH", None, &[], &[], None),
    ("germany", "Deutschland", Some("dach"), &["DE"], &[], Some("de")),
    ("germany-south", "Süddeutschland", Some("germany"), &[], &["DE-BY", "DE-BW"], None),
    ("austria", "Österreich", Some("dach"), &["AT"], &[], Some("at")),
    ("switzerland", "Schweiz", Some("dach"), &["CH"], &[], Some("ch")),
    ("west", "Western Europe", None, &[], &[], None),
    ("france", "France", Some("west"), &["FR"], &[], Some("fr")),
    ("britain", "Great Britain", Some("west"), &["GB"], &[], Some("uk")),
    ("united-states", "United States", None, &["US"], &[], Some("us")),
];

/// How the leads are shared.
#[derive(Debug)]
pub(super) struct Sharing {
    pub(super) territories: Vec<Territory>,
    pub(super) pools: Vec<Pool>,
    /// What was said of colleagues beside what their accounts tell.
    pub(super) profiles: Vec<MemberProfile>,
    /// All of it, made ready.
    pub(super) directory: Directory,
}

/// Makes up how the leads are shared.
pub(super) fn sharing(organisation: &Organisation, now: DateTime<Utc>) -> Result<Sharing, Violations> {
    let territories = territories(&organisation.teams)?;
    let sales = organisation.teams.iter().filter(|team| matches!(team.department, InsideSales | FieldSales));
    let pools = sales.map(|team| pool(organisation, team)).collect::<Result<Vec<Pool>, Violations>>()?;
    let mut members: BTreeMap<_, MemberProfile> =
        organisation.users.iter().map(|user| (user.id, MemberProfile::of(user))).collect();
    // one colleague of the largest team is on holiday
    let away = organisation.teams.iter().find(|team| team.key.as_str() == "inside-de").map(|team| organisation.crew(team.id));
    let away = away.and_then(|crew| crew.last()).and_then(|user| members.get_mut(user));
    let profiles: Vec<MemberProfile> = away
        .map(|profile| {
            let absence = Absence { id: new_id(), from: now - TimeDelta::days(2), until: Some(now + TimeDelta::days(12)) };
            profile.absences.push(absence);
            profile.version = 1;
            profile.clone()
        })
        .into_iter()
        .collect();
    let zones = organisation.teams.iter().map(|team| (team.id, team.time_zone)).collect();
    let (policy, reference) = (RoutingPolicy::default(), Arc::new(Reference::default()));
    let directory = Directory::new(policy, &territories, pools.clone(), members.into_values(), zones, reference);
    Ok(Sharing { territories, pools, profiles, directory })
}

fn territories(teams: &[Team]) -> Result<Vec<Territory>, Violations> {
    let ids: BTreeMap<&str, TerritoryId> = TERRITORIES.iter().map(|(key, ..)| (*key, new_id())).collect();
    let mut faults = Violations::new();
    let mut made = Vec::with_capacity(TERRITORIES.len());
    for (key, name, parent, countries, states, ending) in TERRITORIES {
        let code = faults.check("key", Code::parse(key));
        let label = faults.check("name", ShortText::parse(name));
        let rules = MatchRules {
            countries: countries.iter().filter_map(|text| faults.check("countries", CountryCode::parse(text))).collect(),
            subdivisions: states.iter().filter_map(|text| faults.check("subdivisions", SubdivisionCode::parse(text))).collect(),
            ..MatchRules::default()
        };
        let (Some(code), Some(name), Some(id)) = (code, label, ids.get(key).copied()) else { continue };
        made.push(Territory {
            id,
            version: 1,
            key: code,
            name,
            parent: parent.and_then(|parent| ids.get(parent).copied()),
            rank: 100,
            rules,
            teams: ending.map(|ending| serving(teams, ending)).unwrap_or_default(),
            status: RoutingStatus::Active,
        });
    }
    faults.into_result().map(|()| made)
}

/// The teams of a country: of sales by their key's ending, of customer service as far as there is one for it.
fn serving(teams: &[Team], ending: &str) -> BTreeMap<Department, TeamId> {
    let named = |department, key: &str| teams.iter().find(|team| team.key.as_str() == key).map(|team| (department, team.id));
    let service = match ending {
        "de" | "at" | "ch" => "service-dach",
        "fr" => "service-fr",
        _english => "service-en",
    };
    [
        named(InsideSales, &format!("inside-{ending}")),
        named(FieldSales, &format!("field-{ending}")),
        named(CustomerService, service),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn pool(organisation: &Organisation, team: &Team) -> Result<Pool, Violations> {
    let mut faults = Violations::new();
    let key = faults.check("key", Code::parse(&format!("{}-pool", team.key)));
    let english = faults.check("language", LanguageTag::parse("en"));
    let weights = [10, 10, 10, 5];
    let members = organisation.crew(team.id).iter().zip(weights).map(|(user, weight)| PoolMember {
        user: *user,
        weight,
        day_max: None,
        open_max: None,
    });
    let (Some(key), Some(english)) = (key, english) else { return Err(faults) };
    let mut pool = Pool {
        id: new_id(),
        version: 1,
        key,
        name: team.name.clone(),
        team: team.id,
        tiers: [Tier::Standard, Tier::Warm, Tier::Hot].into_iter().map(TierRule::usual).collect(),
        members: members.collect(),
        caps: Caps { member_day_max: Some(10), ..Caps::default() },
        language: Some(LanguageRule { level: LanguageLevel::B2, fallbacks: vec![english], otherwise: Otherwise::Anybody }),
        channels: vec![ContactChannel::Email, ContactChannel::Phone],
        balances_worth: team.department == FieldSales,
        status: RoutingStatus::Active,
    };
    pool.sort();
    pool.check().map(|()| pool)
}
