use std::fs;
use std::path::Path;

use super::*;
use crate::clock::new_id;
use crate::config::Sources;

/// A folder with files, and a configuration with a database in it.
struct House {
    folder: PathBuf,
    config: Config,
}

impl House {
    fn with(files: &[(&str, &str)]) -> Self {
        let id: uuid::Uuid = new_id();
        let folder = std::env::temp_dir().join(format!("fairfall-reference-{id}"));
        fs::create_dir(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        let url = format!("sqlite://{}/test.db?mode=rwc", folder.display());
        let environment = vec![("FAIRFALL_DATABASE_URL".to_owned(), url)];
        let config = Config::from_sources(&Sources { file: None, environment, ..Sources::default() }).unwrap();
        Self { folder, config }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    async fn load(&self, paths: &[&Path], more: &ReferenceLoadArgs) -> Result<(), CliError> {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        load(&self.config, &ReferenceLoadArgs { paths, ..more.clone() }).await
    }

    async fn sets(&self) -> Vec<ReferenceSet> {
        let app = open_app(&self.config).await.unwrap();
        let sets = all(&app).await.unwrap();
        app.store().close().await.unwrap();
        sets
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

fn plain() -> ReferenceLoadArgs {
    ReferenceLoadArgs { paths: Vec::new(), country: None, source: None, licence: None, notice: None }
}

const GERMAN: &str =
    "plz,iso,n_laender,iso_second_source,range_table_mit,range_ok\n55252,DE-HE|DE-RP,2,,,\n80331,DE-BY,1,,,\n80333,Bayern,1,,,\n";
const AUSTRIAN: &str = "plz,iso\n1010,AT-9\n";
const LANGUAGES: &str = "country,language,population_percent,official_status\nCH,de,73.0,official\n";

#[tokio::test]
async fn a_folder_is_loaded_with_notices_and_rejected_rows_stand_beside() {
    let house =
        House::with(&[("de.csv", GERMAN), ("at.csv", AUSTRIAN), ("languages.csv", LANGUAGES), ("towns.csv", "plz,ort\n1,a\n")]);
    house.load(&[&house.folder], &plain()).await.unwrap();
    let sets = house.sets().await;
    let told: Vec<(&str, u64, &str)> = sets.iter().map(|set| (set.key.as_str(), set.rows, set.licence.as_str())).collect();
    assert_eq!(
        told,
        [("country-languages", 1, "Unicode-3.0"), ("postal-codes-at", 1, "ODbL-1.0"), ("postal-codes-de", 2, "ODbL-1.0")]
    );
    assert!(sets.iter().all(|set| !set.source.is_empty() && set.notice.contains('©')));
    let rejected = fs::read_to_string(house.path("de.rejected.csv")).unwrap();
    assert!(rejected.contains("80333,Bayern,1,,,,4,\"`states`: expected"), "{rejected}");
    assert!(!house.path("at.rejected.csv").exists());

    // again: nothing but the time, and the rejected rows are no set of their own
    house.load(&[&house.folder], &plain()).await.unwrap();
    let again = house.sets().await;
    let untimed = |set: &ReferenceSet| ReferenceSet { loaded_at: chrono::DateTime::UNIX_EPOCH, ..set.clone() };
    assert_eq!(again.iter().map(untimed).collect::<Vec<_>>(), sets.iter().map(untimed).collect::<Vec<_>>());
}

#[tokio::test]
async fn who_made_an_unknown_file_must_be_told() {
    let house = House::with(&[("codes.csv", "postal_code,states\n1010,AT-9\n")]);
    let codes = house.path("codes.csv");
    let untold = house.load(&[&codes], &plain()).await.unwrap_err();
    assert!(matches!(&untold, CliError::Usage(text) if text.contains("--source and --licence")), "{untold:?}");
    let told = ReferenceLoadArgs { source: Some("the post".into()), licence: Some("CC-BY-4.0".into()), ..plain() };
    house.load(&[&codes], &told).await.unwrap();
    let sets = house.sets().await;
    assert_eq!((sets[0].source.as_str(), sets[0].licence.as_str(), sets[0].notice.as_str()), ("the post", "CC-BY-4.0", ""));
}

#[tokio::test]
async fn nothing_is_loaded_when_a_file_is_not_as_it_should_be() {
    let house =
        House::with(&[("a.csv", AUSTRIAN), ("b.csv", AUSTRIAN), ("towns.csv", "plz,ort\n1,a\n"), ("empty.csv", "plz,iso\n")]);
    let towns = house.path("towns.csv");
    let cases = [
        (vec![house.path("a.csv"), house.path("b.csv")], "both hold `postal-codes-at`"),
        (vec![towns], "is no file that is known"),
        (vec![house.path("empty.csv")], "no row tells which country"),
        (vec![house.path("none.csv")], "none.csv"),
    ];
    for (paths, expected) in cases {
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let (CliError::Usage(text) | CliError::Failed(text)) = house.load(&paths, &plain()).await.unwrap_err() else {
            panic!("{expected}")
        };
        assert!(text.contains(expected), "{text}");
    }
    let country = ReferenceLoadArgs { country: Some("Germany".into()), ..plain() };
    assert!(matches!(house.load(&[&house.path("a.csv")], &country).await, Err(CliError::Usage(_))));
    // a set that would be empty does not take the place of another
    house.load(&[&house.path("a.csv")], &plain()).await.unwrap();
    fs::write(house.path("empty.csv"), "plz,iso\nx,AT-9\n").unwrap();
    let empty = house.load(&[&house.path("empty.csv")], &plain()).await.unwrap_err();
    assert!(matches!(&empty, CliError::Failed(text) if text.contains("what was loaded before stays")), "{empty:?}");
    assert_eq!(house.sets().await.len(), 1);
}
