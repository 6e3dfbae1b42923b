//! Reference data of places: loaded, seen with its notices by whoever sees routing, kept in memory, and what comes of it for a lead.

use std::path::Path;
use std::sync::Arc;

use fairfall::app::reference::{Provenance, REFERENCE_MS_MAX, Reading, load, read, recognise};
use fairfall_domain::value::{CountryCode, PostalCode};
use fairfall_persistence::repo::reference::{ReferenceSet, replace};
use fairfall_tests::environment::{note, real_places};
use fairfall_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

fn country(code: &str) -> CountryCode {
    CountryCode::parse(code).unwrap()
}

/// Reads a text as the command reads a file.
fn reading(text: &[u8]) -> (Reading, Option<Provenance>) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let shape = recognise(&columns).expect("a file that is known");
    let reading = read(&shape, None, reader.byte_records()).unwrap();
    (reading, shape.provenance(None))
}

async fn load_text(app: &TestApp, text: &str) -> ReferenceSet {
    let (reading, provenance) = reading(text.as_bytes());
    assert!(reading.rejected.is_empty(), "{:?}", reading.rejected);
    load(app.app(), reading.rows, provenance.unwrap()).await.unwrap()
}

/// A set of one code, so that there is something to see.
pub(crate) async fn load_one(app: &TestApp) {
    load_text(app, "plz,iso\n1010,AT-9\n").await;
}

/// The states that a node knows a postal code to lie in.
async fn states(app: &TestApp, of: &str, code: &str) -> Vec<String> {
    let code = PostalCode::parse(code, Some(country(of))).unwrap();
    let reference = app.app().reference().await.unwrap();
    reference.regions.states(country(of), &code).iter().map(ToString::to_string).collect()
}

on_both_databases! {
    async fn sets_are_seen_with_their_notices(app: TestApp) {
        let [marketing, partner] = app.actors(["marketing", "partner"]).await;
        let query = "{ referenceSets { key source licence notice rows loadedAt } }";
        assert_eq!(marketing.query(query, Value::Null).await["referenceSets"], json!([]));
        load_text(&app, "plz,iso\n21039,DE-HH|DE-SH\n20095,DE-HH\n").await;
        load_text(&app, "country,language,population_percent,official_status\nCH,de,73,official\nCH,fr,21,official\n").await;
        let seen = marketing.query(query, Value::Null).await["referenceSets"].clone();
        let told: Vec<_> = seen.as_array().unwrap().iter().map(|set| (set["key"].as_str().unwrap(), set["rows"].as_i64().unwrap())).collect();
        assert_eq!(told, [("country-languages", 2), ("postal-codes-de", 2)]);
        assert_eq!((&seen[0]["licence"], &seen[1]["licence"]), (&json!("Unicode-3.0"), &json!("ODbL-1.0")));
        assert!(seen[1]["notice"].as_str().unwrap().contains("© OpenStreetMap contributors"), "{seen}");
        assert!(seen[1]["loadedAt"].as_str().unwrap().ends_with('Z') && !seen[1]["source"].as_str().unwrap().is_empty());
        assert_eq!(partner.query(query, Value::Null).await["referenceSets"], json!([]));
    }

    async fn what_is_loaded_is_known_at_once_here_and_within_a_minute_elsewhere(app: TestApp) {
        assert_eq!(states(&app, "DE", "21039").await, [""; 0]);
        load_text(&app, "plz,iso\n21039,DE-HH|DE-SH\n").await;
        assert_eq!(states(&app, "DE", "21039").await, ["DE-HH", "DE-SH"]);
        let before = app.app().reference().await.unwrap();
        // another node loads
        let (reading, _) = reading(b"plz,iso\n21039,DE-SH\n");
        app.clock().advance(chrono::TimeDelta::seconds(1));
        let now = app.app().now();
        let set = ReferenceSet { key: reading.rows.key(), source: "s".into(), licence: "l".into(), notice: String::new(), rows: 1, loaded_at: now };
        let uow = app.app().store().begin().await.unwrap();
        replace(&uow, &set, &reading.rows).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(states(&app, "DE", "21039").await, ["DE-HH", "DE-SH"]);
        app.clock().advance(chrono::TimeDelta::milliseconds(REFERENCE_MS_MAX + 1));
        assert_eq!(states(&app, "DE", "21039").await, ["DE-SH"]);
        // nothing was loaded since: a look finds that, and reads no row again
        let known = app.app().reference().await.unwrap();
        app.clock().advance(chrono::TimeDelta::milliseconds(REFERENCE_MS_MAX + 1));
        assert!(Arc::ptr_eq(&known, &app.app().reference().await.unwrap()) && !Arc::ptr_eq(&known, &before));
    }

    async fn the_real_places_are_loaded(app: TestApp) {
        let Some(folder) = real_places() else {
            note("the real postal codes and languages are not there (FAIRFALL_TEST_REFERENCE): only made ones were loaded");
            return;
        };
        let postal = folder.join("plz_bundesland_ODbL");
        for (file, key, rows, several, rejected) in [
            (postal.join("plz_to_land.csv"), "postal-codes-de", 8_170, 16, 0),
            (postal.join("plz_to_region_AT.csv"), "postal-codes-at", 2_233, 31, 0),
            (postal.join("plz_to_region_CH.csv"), "postal-codes-ch", 3_181, 29, 0),
            // seven territories of the CLDR are no countries of ISO 3166-1
            (folder.join("cldr_geo/country_languages.csv"), "country-languages", 1_582, 0, 7),
        ] {
            real_file(&app, &file, key, [rows, several, rejected]).await;
        }
        assert_eq!(states(&app, "DE", "21039").await, ["DE-HH", "DE-SH"]);
        assert_eq!(states(&app, "AT", "6844").await, ["AT-8"]);
        let reference = app.app().reference().await.unwrap();
        let main = |of| reference.languages.main(country(of)).map(ToString::to_string);
        assert_eq!(["DE", "AT", "FR", "BR"].map(main), ["de", "de", "fr", "pt"].map(|tag| Some(tag.to_owned())));
    }
}

async fn real_file(app: &TestApp, file: &Path, key: &str, [rows, several, rejected]: [usize; 3]) {
    let (reading, provenance) = reading(&std::fs::read(file).unwrap());
    let found = [reading.rows.len(), reading.in_several_states(), reading.rejected.len()];
    assert_eq!(found, [rows, several, rejected], "{}", file.display());
    let set = load(app.app(), reading.rows, provenance.unwrap()).await.unwrap();
    assert_eq!((set.key.as_str(), set.licence.is_empty(), set.notice.is_empty()), (key, false, false));
}
