//! Imports as use cases: taken once, gone on with after a crash, checked without a trace.

use std::io;

use chrono::{TimeDelta, Utc};
use csv::{ByteRecord, ByteRecordsIntoIter, ReaderBuilder};
use fairfall::app::App;
use fairfall::app::import::mapping::Mapping;
use fairfall::app::import::{
    CHUNK_ROWS, ImportActor, ImportError, ImportOrder, Mode, Observer, Progress, Summary, fingerprint, line_of, run,
};
use fairfall::app::rules::RULES_MS_MAX;
use fairfall::clock::new_id;
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::department::Department;
use fairfall_domain::report::FunnelGroup;
use fairfall_domain::team::Team;
use fairfall_domain::user::UserStatus;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::passage::CohortMonth;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead::{LeadFilter, LeadSort};
use fairfall_persistence::report::funnel::{FunnelQuery, funnel};
use fairfall_persistence::{PageArgs, repo::user::UserFilter};
use fairfall_tests::{TestApp, on_both_databases};
use sea_orm::ConnectionTrait as _;

const MAP: &str = include_str!("../data/olist.toml");
const MADE: &[u8] = include_bytes!("../data/funnel_made.csv");
const BAD: &[u8] = include_bytes!("../data/funnel_bad.csv");

/// What is told of each bad row; a column that two fields are read from is told twice.
const BAD_ROWS: &str = "\
3: `lead_id`: must be given
4: `first_contact_date`: expected a time like `2026-03-31`; `first_contact_date`: expected a time like `2026-03-31`
5: `first_contact_date`: must be given
6: `origin`: `carrier_pigeon` is not in the map of this field, which has no default
7: `won_at_utc`: must be given
8: `won_at_utc`: expected a time like `%Y-%m-%d %H:%M:%S`
9: `won_at_utc`: lies before `first_contact_date`
10: `seller_state`: `BR-XX` is no region code of ISO 3166-2
11: `first_contact_date`: lies in the future; `first_contact_date`: lies in the future
12: `declared_catalog_size`: expected a whole number; `has_company`: expected `true` or `false`; `origin`: `carrier_pigeon` is not in the map of this field, which has no default
13: `sr`: expected an e-mail address such as `name@example.com`
15: `first_contact_date`: lies before 1970; `first_contact_date`: lies before 1970
17: `row`: has 3 columns, the first line has 17
18: `row`: has 19 columns, the first line has 17
19: `landing_page`: is not UTF-8";

/// A mapping with a campaign, a company, an address, hand-overs and every end.
const RICH_MAP: &str = r#"
source = "old-crm"
create_campaigns = true

[lead]
external_id = { column = "id" }
captured_at = { column = "created", format = "%d.%m.%Y %H:%M", time_zone = "Europe/Berlin" }
product_area = { column = "area" }
campaign = { column = "campaign" }
channel = { value = "EVENT" }
value_amount = { column = "value" }
value_currency = { value = "EUR" }
country = { value = "DE" }

[person]
family_name = { column = "name" }
email = { column = "email" }

[company]
name = { column = "company" }
country = { value = "DE" }

[[handed_over]]
to = "INSIDE_SALES"
at = { column = "taken", format = "date" }
by = { column = "inside", users = "colleagues" }

[[history]]
stage = "MQL"
at = { column = "qualified", format = "date" }

[won]
at = { column = "won", format = "date" }
by = { column = "inside", users = "colleagues" }
amount = { column = "won_value" }

[lost]
at = { column = "lost", format = "date" }
reason = { column = "why", map = { price = "PRICE" }, default = "OTHER" }

[users.colleagues]
email = "{value}@fairfall.example"
"#;

const RICH: &str = "\
id,created,area,campaign,value,name,email,company,qualified,taken,inside,won,won_value,lost,why
1,01.02.2024 09:30,crm,fair-2024,20000,Muster,max@kunde.example,Kunde GmbH,2024-02-02,2024-02-03,inside,2024-02-10,25000.50,,
2,02.02.2024 09:30,crm,fair-2024,20000,Muster,MAX@kunde.example,Kunde AG,,,,,,2024-03-01,price
3,03.02.2024 09:30,crm,,200,Muster,max@kunde.example,,2024-02-04,,,,,,
4,04.02.2024 09:30,crm,,200,Muster,max@kunde.example,,,,,,,,
5,05.02.2024 09:30,erp,,20000,Muster,max@kunde.example,,2024-02-07,2024-02-06,nobody,,,,
";

/// Hears a run, and ends it after some chunks as a crash would.
#[derive(Debug, Default)]
struct Ear {
    rejected: Vec<(u64, String)>,
    chunks: usize,
    chunks_max: Option<usize>,
    /// Whether the rejected rows of an interrupted run are lost.
    forgetful: bool,
}

impl Observer for Ear {
    fn resumed(&mut self, last_line: u64) -> io::Result<u64> {
        self.rejected.retain(|(line, _)| *line <= last_line && !self.forgetful);
        Ok(u64::try_from(self.rejected.len()).unwrap())
    }

    fn started(&mut self) -> io::Result<()> {
        self.rejected.clear();
        Ok(())
    }

    fn rejected(&mut self, row: &ByteRecord, reasons: &Violations) -> io::Result<()> {
        self.rejected.push((line_of(row), reasons.to_string()));
        Ok(())
    }

    fn advanced(&mut self, _: &Progress) -> io::Result<()> {
        self.chunks += 1;
        if self.chunks_max == Some(self.chunks) { Err(io::Error::other("killed")) } else { Ok(()) }
    }
}

fn rows(file: &[u8]) -> ByteRecordsIntoIter<&[u8]> {
    ReaderBuilder::new().flexible(true).from_reader(file).into_byte_records()
}

async fn import(app: &App, map: &str, file: &[u8], mode: Mode, ear: &mut Ear) -> Result<Summary, ImportError> {
    let header = ReaderBuilder::new().flexible(true).from_reader(file).headers().unwrap().clone();
    let columns: Vec<String> = header.iter().map(str::to_owned).collect();
    let mapping = Mapping::read(map, &columns).unwrap_or_else(|faults| panic!("{faults}"));
    let source = mapping.source().unwrap().to_owned();
    let order = ImportOrder { source, fingerprint: fingerprint(file, map).unwrap(), mapping, mode };
    run(app, ImportActor::default(), order, || Ok(rows(file)), ear).await
}

/// The team that the mapping of the funnel names.
async fn field_team(app: &TestApp) {
    let team = Team {
        id: new_id(),
        version: 1,
        key: "field-br".parse().unwrap(),
        name: "Field Brazil".parse().unwrap(),
        department: Department::FieldSales,
        countries: vec!["BR".parse().unwrap()],
        time_zone: "America/Sao_Paulo".parse().unwrap(),
        members: vec![],
    };
    let uow = app.app().store().begin().await.unwrap();
    repo::team::insert(&uow, &team, app.app().now()).await.unwrap();
    uow.commit().await.unwrap();
    // it was written past the use cases, and workers keep the rules that they read for a moment
    app.clock().advance(TimeDelta::milliseconds(RULES_MS_MAX + 1));
}

/// How many rows each table has that an import writes to.
async fn sizes(app: &TestApp) -> Vec<(&'static str, i64)> {
    let connection = app.connection().await;
    let mut sizes = Vec::new();
    for table in [
        "lead",
        "passage",
        "transition",
        "person",
        "company",
        "opportunity",
        "customer",
        "external_ref",
        "journal",
        "audit",
        "user_account",
        "team_member",
        "campaign",
        "import_run",
        "search_token",
    ] {
        let row = connection.query_one_raw(sea_orm::Statement::from_string(
            connection.get_database_backend(),
            format!("SELECT COUNT(*) AS size FROM {table}"),
        ));
        sizes.push((table, row.await.unwrap().unwrap().try_get::<i64>("", "size").unwrap()));
    }
    sizes
}

fn size(sizes: &[(&'static str, i64)], table: &str) -> i64 {
    sizes.iter().find(|(name, _)| *name == table).unwrap().1
}

async fn cohorts(app: &App, from: i32, to: i32) -> Vec<(String, u64, u64)> {
    let month = |number| CohortMonth::from_number(number).unwrap();
    let query = FunnelQuery {
        from_month: month(from),
        to_month: month(to),
        group_by: vec![FunnelGroup::Month],
        track: None,
        campaign: None,
        channel: None,
    };
    let rows = funnel(&app.store().reader(), &query).await.unwrap();
    rows.iter().map(|row| (row.key.month.unwrap().to_string(), row.leads, row.outcomes.won)).collect()
}

fn figures(summary: &Summary) -> (u64, u64, u64, u64) {
    (summary.rows, summary.imported, summary.known, summary.rejected)
}

on_both_databases! {
    async fn a_funnel_is_imported_once(app: TestApp) {
        field_team(&app).await;
        let mut ear = Ear::default();
        let summary = import(app.app(), MAP, MADE, Mode::Write, &mut ear).await.unwrap();
        assert_eq!(figures(&summary), (400, 399, 0, 1));
        assert_eq!(ear.rejected, [(213, "`won_at_utc`: lies before `first_contact_date`".to_owned())]);
        let expected = [("2018-01", 80, 10), ("2018-02", 70, 8), ("2018-03", 79, 10), ("2018-04", 72, 11), ("2018-05", 68, 11)];
        assert_eq!(cohorts(app.app(), 201_801, 201_805).await, expected.map(|(month, leads, won)| (month.to_owned(), leads, won)));
        let before = sizes(&app).await;
        let again = import(app.app(), MAP, MADE, Mode::Write, &mut ear).await.unwrap();
        assert_eq!(figures(&again), (400, 0, 399, 1));
        assert_eq!(ear.rejected.len(), 1);
        assert_eq!(sizes(&app).await, before);
        // another mapping is another run, and still knows the rows
        let other = format!("{MAP}\n# changed\n");
        assert_eq!(figures(&import(app.app(), &other, MADE, Mode::Write, &mut ear).await.unwrap()), (400, 0, 399, 1));
    }

    async fn who_closed_deals_owns_them_and_cannot_sign_in(app: TestApp) {
        field_team(&app).await;
        import(app.app(), MAP, MADE, Mode::Write, &mut Ear::default()).await.unwrap();
        let reader = app.app().store().reader();
        let grant = Grant::system(Action::ViewUser);
        let filter = UserFilter { status: Some(UserStatus::Disabled), role: None };
        let users = repo::user::page(&reader, &grant, filter, &PageArgs::first(50)).await.unwrap();
        let names: Vec<_> = users.items.iter().map(|(_, user)| (user.name.to_string(), user.email.to_string())).collect();
        assert_eq!(names.len(), 7);
        assert!(names.contains(&("outer02".to_owned(), "outer02@import.invalid".to_owned())), "{names:?}");
        let team = repo::team::find_by_key(&reader, &Grant::system(Action::ViewTeam), "field-br").await.unwrap().unwrap();
        assert_eq!(team.members.len(), 7);
        let won = LeadFilter { stages: vec![fairfall_domain::waterfall::stage::Stage::Won], ..LeadFilter::default() };
        let leads = repo::lead::page(&reader, &Grant::system(Action::ViewLead), &won, LeadSort::default(), &PageArgs::first(100)).await;
        let leads = leads.unwrap().items;
        assert_eq!(leads.len(), 56);
        for (_, lead) in &leads {
            let placement = lead.state.placement();
            assert_eq!(placement.team, Some(team.id));
            assert!(team.members.iter().any(|member| Some(member.user) == placement.person));
        }
        let open = LeadFilter { stages: vec![fairfall_domain::waterfall::stage::Stage::Mql], ..LeadFilter::default() };
        assert_eq!(repo::lead::count(&reader, &Grant::system(Action::ViewLead), &open, 1000).await.unwrap(), 399 - 56);
    }

    async fn an_import_that_was_killed_goes_on(app: TestApp) {
        field_team(&app).await;
        let file = large(2 * CHUNK_ROWS + 300);
        let mut ear = Ear { chunks_max: Some(2), ..Ear::default() };
        let killed = import(app.app(), MAP, &file, Mode::Write, &mut ear).await;
        assert!(matches!(killed, Err(ImportError::Output(_))));
        assert_eq!(size(&sizes(&app).await, "lead"), 2 * 500 - 2);
        assert_eq!(ear.rejected.len(), 2);
        let mut ear = Ear { rejected: ear.rejected, ..Ear::default() };
        let summary = import(app.app(), MAP, &file, Mode::Write, &mut ear).await.unwrap();
        assert_eq!((summary.resumed_after, ear.chunks), (1000, 1));
        assert_eq!(figures(&summary), (1300, 299, 998, 3));
        let lines: Vec<u64> = ear.rejected.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [102, 602, 1102]);
        assert_eq!(size(&sizes(&app).await, "lead"), 1297);
        assert_eq!(size(&sizes(&app).await, "import_run"), 1);
    }

    async fn an_import_whose_rejected_rows_are_lost_looks_again_at_all(app: TestApp) {
        field_team(&app).await;
        let file = large(CHUNK_ROWS + 200);
        let mut ear = Ear { chunks_max: Some(1), ..Ear::default() };
        assert!(import(app.app(), MAP, &file, Mode::Write, &mut ear).await.is_err());
        let mut ear = Ear { forgetful: true, ..Ear::default() };
        let summary = import(app.app(), MAP, &file, Mode::Write, &mut ear).await.unwrap();
        assert_eq!((summary.resumed_after, ear.rejected.len()), (0, 2));
        assert_eq!(figures(&summary), (700, 199, 499, 2));
        assert_eq!(size(&sizes(&app).await, "lead"), 698);
    }

    async fn a_check_writes_nothing(app: TestApp) {
        field_team(&app).await;
        let before = sizes(&app).await;
        let mut ear = Ear::default();
        let summary = import(app.app(), MAP, MADE, Mode::Check, &mut ear).await.unwrap();
        assert_eq!(figures(&summary), (400, 399, 0, 1));
        assert_eq!(ear.rejected.len(), 1);
        assert_eq!(sizes(&app).await, before);
    }

    async fn each_bad_row_is_told_with_all_its_faults(app: TestApp) {
        field_team(&app).await;
        let mut ear = Ear::default();
        let summary = import(app.app(), MAP, BAD, Mode::Write, &mut ear).await.unwrap();
        // one row stands in the file twice
        assert_eq!(figures(&summary), (19, 3, 1, 15));
        let told: Vec<String> = ear.rejected.iter().map(|(line, reasons)| format!("{line}: {reasons}")).collect();
        assert_eq!(told.join("\n"), BAD_ROWS);
    }

    async fn a_team_that_is_not_there_fails_before_the_first_row(app: TestApp) {
        let failed = import(app.app(), MAP, MADE, Mode::Write, &mut Ear::default()).await.unwrap_err();
        let ImportError::Mapping(faults) = failed else { panic!("{failed}") };
        assert_eq!(faults.to_string(), "`users.sr.team`: there is no team with the key `field-br`");
        assert_eq!(size(&sizes(&app).await, "import_run"), 0);
    }

    async fn persons_companies_and_campaigns_are_found_again(app: TestApp) {
        let mut ear = Ear::default();
        let summary = import(app.app(), RICH_MAP, RICH.as_bytes(), Mode::Write, &mut ear).await.unwrap();
        assert_eq!(figures(&summary), (5, 3, 0, 2));
        assert_eq!(
            ear.rejected,
            [
                (5, "`email`: the person has an open lead of the same product area".to_owned()),
                (6, "`inside`: nobody here goes by this name or address".to_owned()),
            ]
        );
        let sizes = sizes(&app).await;
        assert_eq!((size(&sizes, "person"), size(&sizes, "company"), size(&sizes, "campaign")), (1, 1, 1));
        let reader = app.app().store().reader();
        let grant = Grant::system(Action::ViewLead);
        let page = PageArgs::first(10);
        let all = repo::lead::page(&reader, &grant, &LeadFilter::default(), LeadSort::CreatedAsc, &page).await.unwrap();
        let leads = all.items;
        let seen: Vec<String> = leads.iter().map(|(_, lead)| format!("{} {} {}", lead.track.key, lead.state.stage(), lead.captured_at)).collect();
        assert_eq!(
            seen,
            ["inside WON 2024-02-01 08:30:00 UTC", "inside LOST 2024-02-02 08:30:00 UTC", "self-service MQL 2024-02-03 08:30:00 UTC"]
        );
        let won = &leads[0].1;
        assert_eq!(won.demand.value.unwrap().amount_minor(), 2_500_050);
        assert_eq!(won.state.placement().person.map(|user| user.to_string()), Some(app.organisation().user("inside")));
        let passages = repo::lead::find_passages(&reader, &grant, &[won.id]).await.unwrap();
        let day = TimeDelta::days(1).num_seconds();
        assert_eq!(passages[0].seconds_to_won(), Some(8 * day + (23 - 8) * 3600 + 1800));
        // a rejected row is taken once what was wrong with it is not any more
        let fixed = RICH.replace("2024-02-06,nobody", "2024-02-08,inside");
        let summary = import(app.app(), RICH_MAP, fixed.as_bytes(), Mode::Write, &mut ear).await.unwrap();
        assert_eq!(figures(&summary), (5, 1, 3, 1));
        assert!(app.clock().now() <= Utc::now() + TimeDelta::hours(1));
    }
}

/// So many rows in the shape of the funnel; each 500th from the 101st on was won before its first contact.
fn large(count: usize) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut file = String::from_utf8(MADE.split(|byte| *byte == b'\n').next().unwrap().to_vec()).unwrap();
    for number in 0..count {
        let won = match number % 500 {
            100 => "1,2018-01-31 10:00:00,,inner01,outer01",
            5 => "1,2018-03-01 10:00:00,,inner01,outer02",
            _ => "0,,,,",
        };
        write!(file, "\nlarge-{number:06},2018-02-01,social,page01,{won},,,,,,,,").unwrap();
    }
    file.push('\n');
    file.into_bytes()
}
