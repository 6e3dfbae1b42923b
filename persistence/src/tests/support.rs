//! Databases of one test each, and leads to fill them with.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Actor, DepartmentSet, Grant};
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::campaign::Channel;
use fairfall_domain::company::Company;
use fairfall_domain::department::Department;
use fairfall_domain::id::{CompanyId, EventId, LeadId, PersonId, TeamId, UserId};
use fairfall_domain::origin::Origins;
use fairfall_domain::person::Person;
use fairfall_domain::routing::{Placement, QueueReason};
use fairfall_domain::scoring::Score;
use fairfall_domain::value::{Code, CompanyName, Currency, Money, PersonName, ShortText};
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::bant::{Bant, Budget};
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::event::LeadEvent;
use fairfall_domain::waterfall::lead::{AttributeValue, Demand, Direction, LastAct, Lead, Origin};
use fairfall_domain::waterfall::passage::Passage;
use fairfall_domain::waterfall::reason::{DisqualifyReason, LoseReason, RecycleReason};
use fairfall_domain::waterfall::shipped;
use fairfall_domain::waterfall::stage::OpenStage;
use fairfall_domain::waterfall::state::{Before, LeadState, Place};
use fairfall_domain::waterfall::track::Track;
use fairfall_domain::waterfall::transition::Transition;
use futures_util::future::BoxFuture;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::repo::lead::Stamp;
use crate::repo::{company, person, track};
use crate::{Backend, DatabaseConfig, Store, connect};

static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Makes two tests of an `async fn(Store)`: one for each database.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    $crate::tests::support::on_sqlite(|store| Box::pin(super::run::$name(store))).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    $crate::tests::support::on_postgres(|store| Box::pin(super::run::$name(store))).await;
                }
            }
        )+
    };
}

pub(super) use on_both;

type Test = fn(Store) -> BoxFuture<'static, ()>;

/// A fresh database with the whole schema; dropped with this.
pub(super) struct TestDatabase {
    pub(super) store: Store,
    _folder: Option<tempfile::TempDir>,
    dropped: Option<(DatabaseConfig, String)>,
}

impl TestDatabase {
    /// A SQLite file in a temporary folder.
    async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.db?mode=rwc", folder.path().display());
        let store = connect(&DatabaseConfig { acquire_ms: 20_000, ..DatabaseConfig::at(url) }).await.unwrap();
        store.migrate().await.unwrap();
        Self { store, _folder: Some(folder), dropped: None }
    }

    /// A database of the `PostgreSQL` that the environment names; nothing when it names none.
    async fn on_postgres() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where PostgreSQL is")]
        let Ok(server) = std::env::var("FAIRFALL_TEST_POSTGRES_URL") else {
            println!("SKIPPED: FAIRFALL_TEST_POSTGRES_URL is not set, nothing was tested on PostgreSQL");
            return None;
        };
        let server_config = DatabaseConfig { pool_max: 1, ..DatabaseConfig::at(&server) };
        let admin = connect(&server_config).await.unwrap();
        let name = format!("fairfall_p_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        admin.writer().execute_unprepared(&drop).await.unwrap();
        admin.writer().execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        admin.close().await.unwrap();
        let (before, _) = server.rsplit_once('/').unwrap();
        let url = format!("{before}/{name}");
        // a busy machine must not decide whether a test passes: the limits themselves are tested from outside
        let patient = DatabaseConfig { pool_max: 20, acquire_ms: 20_000, lock_wait_ms: 20_000, ..DatabaseConfig::at(url) };
        let store = connect(&DatabaseConfig { statement_ms: 20_000, ..patient }).await.unwrap();
        store.migrate().await.unwrap();
        Some(Self { store, _folder: None, dropped: Some((server_config, drop)) })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, drop)) = self.dropped.take() else { return };
        // a destructor cannot wait, and a test that fails must leave nothing behind either
        let done = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let admin = connect(&server).await.unwrap();
                admin.writer().execute_unprepared(&drop).await.unwrap();
            });
        });
        if done.join().is_err() {
            println!("a test database was left behind");
        }
    }
}

/// A fresh database of each kind at hand.
pub(super) async fn databases() -> Vec<TestDatabase> {
    let mut databases = vec![TestDatabase::on_sqlite().await];
    databases.extend(TestDatabase::on_postgres().await);
    databases
}

/// Runs a test on SQLite.
pub(super) async fn on_sqlite(test: Test) {
    let database = TestDatabase::on_sqlite().await;
    test(database.store.clone()).await;
}

/// Runs a test on `PostgreSQL`, if there is one.
pub(super) async fn on_postgres(test: Test) {
    if let Some(database) = TestDatabase::on_postgres().await {
        test(database.store.clone()).await;
    }
}

/// The same time in every test.
pub(super) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap()
}

/// Minutes after [`start`].
pub(super) fn at(minutes: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minutes)
}

/// An id of any kind.
pub(super) fn id<T: From<Uuid>>(kind: u128, number: u128) -> T {
    T::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + (kind << 40) + number))
}

pub(super) fn user(number: u128) -> UserId {
    id(1, number)
}

pub(super) fn team(number: u128) -> TeamId {
    id(2, number)
}

pub(super) fn person_id(number: u128) -> PersonId {
    id(3, number)
}

pub(super) fn company_id(number: u128) -> CompanyId {
    id(4, number)
}

pub(super) fn lead_id(number: u128) -> LeadId {
    id(5, number)
}

/// A permission to see everything.
pub(super) fn all() -> Grant {
    Grant::system(Action::ViewLead)
}

/// Whoever is not named otherwise.
pub(super) fn actor(role: fairfall_domain::access::Role) -> Actor {
    Actor { user: user(1), role, teams: vec![team(1)], managed: vec![team(2)], partner_scopes: vec![] }
}

pub(super) fn new_person(number: u128, given: &str, family: &str) -> Person {
    Person {
        id: person_id(number),
        version: 1,
        name: PersonName::parse(Some(given), Some(family)).unwrap(),
        email: Some(format!("p{number}@example.com").parse().unwrap()),
        phone: None,
        language: Some("de".parse().unwrap()),
        country: Some("DE".parse().unwrap()),
        subdivision: None,
        postal_code: None,
        city: None,
        job_title: None,
        company: Some(company_id(1)),
        buying_role: None,
        consents: vec![],
        origins: Origins::default(),
        created_at: start(),
        updated_at: start(),
    }
}

pub(super) fn new_company(number: u128, name: &str) -> Company {
    Company {
        id: company_id(number),
        version: 1,
        name: CompanyName::parse(name).unwrap(),
        country: Some("DE".parse().unwrap()),
        subdivision: None,
        postal_code: None,
        city: None,
        industry: None,
        employees: None,
        website: None,
        register_number: None,
        owner: None,
        origins: Origins::default(),
        created_at: start(),
        updated_at: start(),
    }
}

/// The shipped track that the leads of these tests run on.
pub(super) fn field_track() -> Track {
    shipped::tracks().unwrap().into_iter().next().unwrap()
}

/// Stores the tracks, a company and a person.
pub(super) async fn prepare(store: &Store) {
    let uow = store.begin().await.unwrap();
    for shipped in shipped::tracks().unwrap() {
        track::insert_version(&uow, &shipped, start()).await.unwrap();
    }
    company::insert(&uow, &new_company(1, "Müller & Söhne GmbH")).await.unwrap();
    person::insert(&uow, &new_person(1, "Änne", "Groß")).await.unwrap();
    uow.commit().await.unwrap();
}

pub(super) fn place(stage: OpenStage, department: Department, placement: Placement) -> Place {
    Place { stage, department, placement }
}

/// One state of each kind.
pub(super) fn every_state() -> Vec<LeadState> {
    let mine = place(OpenStage::Mql, Department::Marketing, Placement::with(Some(team(1)), user(1)));
    let queued = place(OpenStage::Lead, Department::Marketing, Placement::queued(None, QueueReason::NoTeam));
    vec![
        LeadState::Working { place: mine },
        LeadState::Working { place: queued },
        offered(mine, Placement::queued(Some(team(2)), QueueReason::AwaitingPickUp)),
        LeadState::Nurturing { reason: RecycleReason::NotNow, resume_at: Some(at(60)), placement: mine.placement },
        LeadState::Won { at: at(3), place: mine, customer: id(6, 1) },
        LeadState::Lost { at: at(3), reason: LoseReason::Price, place: mine },
        LeadState::Disqualified { at: at(3), reason: DisqualifyReason::Spam, was: Before::Working { place: mine } },
        LeadState::Disqualified {
            at: at(3),
            reason: DisqualifyReason::Spam,
            was: Before::Nurturing { reason: RecycleReason::NoResponse, resume_at: None, placement: mine.placement },
        },
    ]
}

pub(super) fn offered(giver: Place, placement: Placement) -> LeadState {
    LeadState::Offered {
        giver,
        taker: Department::InsideSales,
        enters: OpenStage::Tal,
        placement,
        offered_at: at(2),
        agreement: AgreementRef { id: id(7, 1), key: "marketing-inside".parse().unwrap(), version: 1 },
    }
}

/// A lead with most of what one can have.
pub(super) fn new_lead(number: u128, state: LeadState) -> Lead {
    let code = |text: &str| text.parse::<Code>().unwrap();
    let attributes = BTreeMap::from([
        (code("seats"), AttributeValue::Number(40)),
        (code("pilot"), AttributeValue::Flag(true)),
        (code("note"), AttributeValue::Text("ä".parse().unwrap())),
    ]);
    Lead {
        id: lead_id(number),
        version: 1,
        person: person_id(1),
        company: Some(company_id(1)),
        origin: Origin {
            department: Department::Marketing,
            direction: Direction::Inbound,
            channel: Channel::ContactForm,
            campaign: None,
            captured_by: Some(user(1)),
        },
        demand: Demand {
            product_area: code("crm"),
            title: Some(ShortText::parse("40 seats").unwrap()),
            value: Some(Money::try_new(12_000_000, Currency::EUR).unwrap()),
            bant: Bant { budget: Some(Budget::Planned), timeline_months: Some(6), ..Bant::default() },
            score: a_score(i64::try_from(number % 7 * 10).unwrap(), 50),
            country: Some("DE".parse().unwrap()),
            subdivision: Some("DE-BY".parse().unwrap()),
            postal_code: None,
            language: Some("de-AT".parse().unwrap()),
            attributes,
        },
        track: field_track().reference(),
        passage: id(8, number),
        passage_number: 1,
        touched: DepartmentSet::only(state.department()),
        state,
        last_act: Some(LastAct { act: Act::Capture, digest: u64::MAX, actor: Some(user(1)) }),
        next_due: None,
        captured_at: start(),
        stage_since: at(1),
        updated_at: at(2),
    }
}

/// Points with what the shipped model reads from them.
pub(super) fn a_score(fit: i64, engagement: i64) -> Score {
    Score::try_new(fit, engagement, fairfall_domain::scoring::shipped::model().unwrap().grading()).unwrap()
}

/// What storing a lead for the first time takes.
pub(super) fn captured(lead: Lead) -> Change {
    let passage = Passage::open(&lead, lead.captured_at);
    let transition = Transition {
        id: id(9, lead.id.uuid().as_u128() & 0xff_ffff),
        lead: lead.id,
        passage: passage.id,
        lead_version: lead.version,
        step: 0,
        at: lead.captured_at,
        act: Act::Capture,
        from_stage: None,
        to_stage: lead.state.stage(),
        from_department: None,
        to_department: lead.state.department(),
        actor: lead.origin.captured_by,
        placement: lead.state.placement(),
        reason: None,
        note: Some("called in".parse().unwrap()),
        agreement: None,
    };
    Change {
        lead,
        passage,
        opened: None,
        opportunity: None,
        customer: None,
        transitions: vec![transition],
        events: vec![LeadEvent::Updated { fields: vec!["title".to_owned()] }],
        routing: None,
        clocks: vec![],
        clock_steps: vec![],
    }
}

/// Traces with ids of their own.
pub(super) fn stamp(number: u128) -> Stamp {
    Stamp {
        actor: Some(user(1)),
        at: at(5),
        request_id: Some("request".to_owned()),
        event_ids: (0..3).map(|event| id::<EventId>(10, number * 10 + event)).collect(),
        audit_id: id(11, number),
        action: Action::CaptureLead,
    }
}

/// Stores leads, each in a unit of work of its own.
pub(super) async fn store_leads(store: &Store, leads: &[Lead]) {
    let uow = store.begin().await.unwrap();
    for lead in leads {
        let number = lead.id.uuid().as_u128() & 0xff_ffff;
        crate::repo::lead::insert(&uow, &captured(lead.clone()), &stamp(number)).await.unwrap();
    }
    uow.commit().await.unwrap();
    if store.backend() == Backend::Postgres {
        crate::journal::stamp(store).await.unwrap();
    }
}

/// Numbers that look random and are the same in every run (splitmix64).
pub(super) struct Draws(pub(super) u64);

impl Draws {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
