use csv::ReaderBuilder;
use fairfall_domain::department::Department;
use fairfall_domain::id::{TeamId, TerritoryId};
use fairfall_domain::routing::Territory;
use fairfall_domain::routing::reference::PostalRegions;
use fairfall_domain::routing::territory::{MatchRules, RoutingStatus};
use fairfall_domain::routing::territory_map::{Found, Spot, TerritoryMap};
use fairfall_domain::value::{Code, ShortText};
use uuid::Uuid;

use super::*;
use crate::app::reference::recognise;

fn country(code: &str) -> CountryCode {
    CountryCode::parse(code).unwrap()
}

fn of(file: &str, country: Option<CountryCode>) -> Result<Reading, ReadError> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(file.as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    read(&recognise(&columns).unwrap(), country, reader.byte_records())
}

fn codes(reading: &Reading) -> Vec<(String, Vec<String>)> {
    let ReferenceRows::Postal { rows, .. } = &reading.rows else { panic!("postal codes") };
    rows.iter().map(|row| (row.code.clone(), row.states.iter().map(ToString::to_string).collect())).collect()
}

fn rejected(reading: &Reading) -> Vec<(u64, String)> {
    let told = |(row, faults): &(ByteRecord, Violations)| (crate::app::import::line_of(row), faults.to_string());
    reading.rejected.iter().map(told).collect()
}

#[test]
fn codes_are_taken_with_their_states_and_faults_are_told() {
    let file = "plz,iso\n55252,DE-RP|DE-HE\n80331,DE-BY\n1067,DE-SN\n80333,DE-XX\n80335,AT-9\n01067,\n55252,DE-HE\n80331,DE-BW\n";
    let reading = of(file, None).unwrap();
    assert_eq!(reading.rows.key(), "postal-codes-de");
    // what stands twice lies in the states of both
    let expected = [("55252", vec!["DE-HE", "DE-RP"]), ("80331", vec!["DE-BW", "DE-BY"])];
    assert_eq!(
        codes(&reading),
        expected.map(|(code, states)| (code.to_owned(), states.into_iter().map(str::to_owned).collect()))
    );
    assert_eq!(reading.in_several_states(), 2);
    let told = rejected(&reading);
    assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5, 6, 7]);
    assert!(told[0].1.contains("`99999`") && told[1].1.contains("`DE-XX`") && told[2].1.contains("does not belong"), "{told:?}");
    assert!(told[3].1.contains("must be given"), "{told:?}");
}

#[test]
fn the_country_is_that_of_the_first_state_unless_it_is_named() {
    let file = "plz,iso\n6844,XX-1\n6844,AT-8\n80331,DE-BY\n";
    let austrian = of(file, None).unwrap();
    assert_eq!((austrian.rows.key().as_str(), austrian.rejected.len()), ("postal-codes-at", 2));
    let german = of(file, Some(country("DE"))).unwrap();
    assert_eq!((german.rows.key().as_str(), german.rejected.len()), ("postal-codes-de", 2));
    assert!(matches!(of("plz,iso\n1,nowhere\n", None), Err(ReadError::NoCountry)));
}

#[test]
fn a_code_lies_in_eight_states_at_most() {
    let nine = "DE-BW|DE-BY|DE-BE|DE-BB|DE-HB|DE-HH|DE-HE|DE-MV|DE-NI";
    let reading = of(&format!("plz,iso\n10115,{nine}\n10117,DE-BE\n"), None).unwrap();
    assert_eq!((reading.rows.len(), reading.rejected.len()), (1, 1));
}

#[test]
fn languages_are_taken_with_their_share() {
    let file = "country,language,population_percent,official_status\nCH,de,73.0,official\nCH,gsw,64.12345,\nAC,en,99.0,\nCH,DE,1,\nFR,fr,100.1,\nFR,zh_Hant,0.0096,\n";
    let reading = of(file, None).unwrap();
    let ReferenceRows::Languages(rows) = &reading.rows else { panic!("languages") };
    let shares: Vec<(&str, u32)> = rows.iter().map(|row| (row.language.as_str(), row.share_millionths)).collect();
    assert_eq!(shares, [("de", 730_000), ("gsw", 641_234), ("zh-Hant", 96)]);
    // AC is no country of ISO 3166-1, and German was there
    assert_eq!(rejected(&reading).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5, 6]);
}

#[test]
fn percentages_are_cut_after_four_decimals() {
    for (typed, expected) in [("100", 1_000_000), ("0.0001", 1), ("9.6", 96_000), ("12.34567", 123_456), ("0", 0)] {
        assert_eq!(millionths(typed).unwrap(), expected, "{typed}");
    }
    for typed in ["", "-1", "1e2", "101", ".5", "5.", "NaN"] {
        assert!(millionths(typed).is_err(), "{typed}");
    }
}

fn territory(number: u128, key: &str, rank: u16, state: &str) -> Territory {
    Territory {
        id: TerritoryId::from(Uuid::from_u128(number)),
        version: 1,
        key: Code::parse(key).unwrap(),
        name: ShortText::parse(key).unwrap(),
        parent: None,
        rank,
        rules: MatchRules { subdivisions: vec![SubdivisionCode::parse(state).unwrap()], ..MatchRules::default() },
        teams: BTreeMap::from([(Department::FieldSales, TeamId::from(Uuid::from_u128(number)))]),
        status: RoutingStatus::Active,
    }
}

/// Which territory takes a lead with this code and, if known, state.
fn taken(regions: &PostalRegions, all: &[Territory], code: &str, known: Option<&str>) -> Option<Found> {
    let germany = country("DE");
    let code = PostalCode::parse(code, Some(germany)).unwrap();
    let known = known.map(|state| SubdivisionCode::parse(state).unwrap());
    let states = regions.of(known, Some(germany), Some(&code));
    let spot = Spot { country: Some(germany), subdivisions: &states, postal_code: Some(&code), ..Spot::default() };
    TerritoryMap::new(all).find(&spot, Department::FieldSales)
}

/// The rule for postal codes in two states, from the row of the file to the territory.
#[test]
fn a_code_in_two_states_belongs_to_both_and_the_rank_decides_then_the_key() {
    let reading = of("plz,iso\n21039,DE-HH|DE-SH\n20095,DE-HH\n", None).unwrap();
    let ReferenceRows::Postal { country, rows } = reading.rows else { panic!("postal codes") };
    let regions = PostalRegions::new(rows.into_iter().map(|row| (country, row.code, row.states)));
    let id = |number| TerritoryId::from(Uuid::from_u128(number));
    let found = |all: &[Territory], code, known| taken(&regions, all, code, known).map(|found| (found.territory, found.equal));

    let holstein = || territory(1, "schleswig-holstein", 10, "DE-SH");
    // each state alone takes it
    assert_eq!(found(&[holstein()], "21039", None), Some((id(1), vec![])));
    assert_eq!(found(&[territory(2, "hamburg", 10, "DE-HH")], "21039", None), Some((id(2), vec![])));
    // of both, of equal rank, the key that comes first, and the other is told
    let equal = [holstein(), territory(2, "hamburg", 10, "DE-HH")];
    assert_eq!(found(&equal, "21039", None), Some((id(2), vec![id(1)])));
    // the rank stands above the key, and nothing is equal any more
    let ranked = [territory(1, "schleswig-holstein", 5, "DE-SH"), territory(2, "hamburg", 10, "DE-HH")];
    assert_eq!(found(&ranked, "21039", None), Some((id(1), vec![])));
    // a state that is known ends the question
    assert_eq!(found(&equal, "21039", Some("DE-SH")), Some((id(1), vec![])));
    // a code in one state was never in question
    assert_eq!(found(&ranked, "20095", None), Some((id(2), vec![])));
}
