//! A real funnel of 8,000 leads through the command line, and the figures that come out.

use std::path::{Path, PathBuf};

use fairfall_tests::app::environment;
use fairfall_tests::cli::{Outcome, run};
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::environment::{note, real_funnel, repository};
use fairfall_tests::process::ServerProcess;
use fairfall_tests::{Client, actor};
use fairfall_tests::{app::prepare, clock::TestClock};
use serde_json::{Value, json};

/// Leads and won ones of the cohorts January to May 2018 in the real file.
const COHORTS: [(u32, u32); 5] = [(1141, 152), (1028, 149), (1173, 166), (1352, 183), (1303, 130)];

struct House {
    database: TestDatabase,
    file: PathBuf,
}

impl House {
    /// A database with an organisation, and a copy of the file beside it.
    async fn with(kind: Kind, source: &Path) -> Option<Self> {
        let database = TestDatabase::of(kind).await?;
        prepare(&database, &TestClock::default()).await;
        let file = database.file("funnel.csv");
        std::fs::copy(source, &file).unwrap();
        Some(Self { database, file })
    }

    async fn import(&self, more: &[&str]) -> Outcome {
        let variables = environment(self.database.url(), &[]);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // the organisation of these tests has another team for those who closed the deals
        let mapping = std::fs::read_to_string(repository().join("tests/data/olist.toml")).unwrap();
        let map = self.database.file("olist.toml");
        std::fs::write(&map, mapping.replace("field-br", "field-dach")).unwrap();
        let arguments: Vec<&str> =
            ["import", self.file.to_str().unwrap(), "--map", map.to_str().unwrap()].iter().chain(more).copied().collect();
        run(&self.database, &arguments, &variables).await
    }

    fn rejected(&self) -> Vec<csv::StringRecord> {
        // what was not UTF-8 stands there as it came
        let path = self.database.file("funnel.rejected.csv");
        if !path.exists() {
            return Vec::new();
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
        reader.byte_records().map(|row| csv::StringRecord::from_byte_record_lossy(row.unwrap())).collect()
    }

    async fn analyst(&self) -> (ServerProcess, Client) {
        let server = ServerProcess::serve(&self.database, &[]).await;
        // small cohorts are withheld from an analyst
        let analyst = actor::sign_in(&server.client(), "marketing").await;
        (server, analyst)
    }
}

async fn cohorts(analyst: &Client, from: &str, to: &str) -> Vec<(String, u32, u32)> {
    let query = "query($from: Date!, $to: Date!) { report { funnel(from: $from, to: $to, groupBy: [MONTH]) { rows { month leads won } } } }";
    let data = analyst.query(query, json!({ "from": from, "to": to })).await;
    let number = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
    let row = |row: &Value| (row["month"].as_str().unwrap().to_owned(), number(&row["leads"]), number(&row["won"]));
    data["report"]["funnel"]["rows"].as_array().unwrap().iter().map(row).collect()
}

/// What the file itself says of a month: rows and won ones, those that were won before they came left out.
fn counted(file: &Path, month: &str) -> (u32, u32) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (day, won, at) = (column("first_contact_date"), column("won"), column("won_at_utc"));
    let (mut leads, mut closed) = (0, 0);
    for row in reader.records().map(Result::unwrap).filter(|row| row[day].starts_with(month)) {
        let is_won = &row[won] == "1";
        if is_won && row[at][..10] < row[day] {
            continue;
        }
        leads += 1;
        closed += u32::from(is_won);
    }
    (leads, closed)
}

async fn the_figures_of_2018(kind: Kind) {
    let real = real_funnel();
    if real.is_none() {
        note("the real funnel is not there (FAIRFALL_TEST_OLIST): a made file in the same shape was imported instead");
    }
    let source = real.clone().unwrap_or_else(|| repository().join("tests/data/funnel_made.csv"));
    let Some(house) = House::with(kind, &source).await else { return };
    let checked = house.import(&["--check"]).await.well();
    assert!(checked.output.contains("nothing was written"), "{}", checked.output);
    assert_eq!(house.rejected().len(), 0, "a check writes no file of an import");
    house.import(&[]).await.well();
    let rejected = house.rejected();
    assert_eq!(rejected.len(), 1, "{rejected:?}");
    let (id, reasons) = (rejected[0].get(0).unwrap(), rejected[0].iter().next_back().unwrap());
    assert!(reasons.contains("before"), "won before it came: {reasons}");
    let (server, analyst) = house.analyst().await;
    let found = cohorts(&analyst, "2018-01-01", "2018-05-31").await;
    let months = ["2018-01", "2018-02", "2018-03", "2018-04", "2018-05"];
    let expected = months.iter().zip(COHORTS).map(|(month, real_figures)| {
        let (leads, won) = if real.is_some() { real_figures } else { counted(&house.file, month) };
        ((*month).to_owned(), leads, won)
    });
    assert_eq!(found, expected.collect::<Vec<_>>());
    if real.is_some() {
        assert!(id.starts_with("b91cf881"), "{id}");
        for (month, (leads, won)) in months.iter().zip(COHORTS) {
            assert_eq!(counted(&house.file, month), (leads, won), "the file itself says so: {month}");
        }
    }
    changes_nothing_again(&house, &analyst).await;
    the_history_has_its_own_times(&server, &house).await;
}

async fn changes_nothing_again(house: &House, analyst: &Client) {
    let all = || cohorts(analyst, "2017-01-01", "2019-12-31");
    let before = all().await;
    let total: u32 = before.iter().map(|(_, leads, _)| leads).sum();
    let rows = csv::Reader::from_path(&house.file).unwrap().records().count();
    assert_eq!(usize::try_from(total).unwrap(), rows - 1, "every row but one is a passage");
    let again = house.import(&[]).await.well();
    assert!(again.output.contains(" 0 imported"), "{}", again.output);
    assert_eq!(all().await, before);
    assert_eq!(house.rejected().len(), 1);
}

/// A won lead of the file: captured, qualified and won when the file says.
async fn the_history_has_its_own_times(server: &ServerProcess, house: &House) {
    let mut reader = csv::Reader::from_path(&house.file).unwrap();
    let won = reader.records().map(Result::unwrap).find(|row| &row[4] == "1" && row[1] < row[5][..10]).unwrap();
    let admin = actor::sign_in(&server.client(), "admin").await;
    let query = "query($id: String!) { lead(by: { external: { source: \"olist\", id: $id } }) {
        stage capturedAt closing { at stage } passages { cohort openedAt outcome closedAt }
    } }";
    let data = admin.query(query, json!({ "id": &won[0] })).await;
    let lead = &data["lead"];
    assert_eq!((&lead["stage"], &lead["passages"][0]["outcome"]), (&json!("WON"), &json!("WON")), "{lead}");
    let at = |value: &Value| value.as_str().unwrap()[..10].to_owned();
    assert_eq!((at(&lead["capturedAt"]), at(&lead["closing"]["at"])), (won[1].to_owned(), won[5][..10].to_owned()));
    assert_eq!(lead["passages"][0]["cohort"], won[1][..7]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_of_2018_on_sqlite() {
    the_figures_of_2018(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figures_of_2018_on_postgres() {
    the_figures_of_2018(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_with_faults_are_told_with_line_and_reasons() {
    let house = House::with(Kind::Sqlite, &repository().join("tests/data/funnel_bad.csv")).await.unwrap();
    let outcome = house.import(&[]).await.well();
    let rejected = house.rejected();
    let mut source = csv::Reader::from_path(&house.file).unwrap();
    let (columns, rows) = (source.headers().unwrap().len(), source.byte_records().count());
    assert!(rejected.len() > 5 && rejected.len() < rows, "{} of {rows}: {}", rejected.len(), outcome.errors);
    for row in &rejected {
        // what a row has beyond the named columns follows the reasons
        let line: usize = row[columns].parse().unwrap();
        assert!((2..=rows + 1).contains(&line) && !row[columns + 1].is_empty(), "{row:?}");
    }
    assert!(outcome.errors.contains("WARNING"), "{}", outcome.errors);
}
