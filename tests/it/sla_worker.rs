//! Promises that lapse: the whole sequence from the first warning to the return, each step once, in the journal and for those who may see it.

use chrono::TimeDelta;
use fairfall_domain::sla::clock::Clock;
use fairfall_domain::sla::pause::PauseReason;
use fairfall_domain::sla::{Basis, CalendarBook, ClockKind, ClockRule, Promise};
use fairfall_persistence::{Store, repo};
use fairfall_tests::agreement::promise;
use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

/// How long what is promised in these journeys may take, in seconds.
const PROMISED: u32 = 200;

/// A promise to answer an offer, with this ladder.
#[expect(clippy::needless_pass_by_value, reason = "values are written where they are used")]
pub(crate) fn accept_clock(ladder: Value) -> Value {
    json!([{ "kind": "ACCEPT", "promise": { "basis": "WALL", "seconds": PROMISED }, "ladder": ladder }])
}

pub(crate) fn step(at_percent: u16, act: &str) -> Value {
    json!({ "at_percent": at_percent, "act": act })
}

fn in_lap(lap: u8, at_percent: u16, act: &str) -> Value {
    json!({ "lap": lap, "at_percent": at_percent, "act": act })
}

/// A pool of inside sales that takes everything, with these members.
pub(crate) async fn pool(app: &TestApp, members: &[&str]) {
    let members: Vec<Value> = members.iter().map(|who| json!({ "user": app.organisation().user(who), "weight": 10 })).collect();
    let tiers = json!([{ "tier": "HOT", "prefer": null }, { "tier": "WARM" }, { "tier": "STANDARD", "prefer": null }, { "tier": "WEAK" }]);
    let team = app.organisation().team("inside-dach");
    let input = json!({ "key": "everything", "name": "Everything", "team": team, "tiers": tiers, "members": members });
    let made = app.actor("inside.manager").await.mutate("poolCreate", input, "errors { code field message }").await;
    assert_eq!(made["errors"], json!([]));
}

/// Puts the clock forward by so many percent of what is promised.
pub(crate) fn advance(app: &TestApp, percent: i64) {
    app.clock().advance(TimeDelta::seconds(i64::from(PROMISED) * percent / 100));
}

/// What the journal tells of a lead's promises, and how it went on because of them.
pub(crate) async fn story(client: &Client, lead: &str) -> Vec<String> {
    let query = "query($leads: [ID!]) { events(first: 100, filter: { leads: $leads }) {
        nodes { type actor { id } payload { lap percent escalation clock reason } } } }";
    let data = client.query(query, json!({ "leads": [lead] })).await;
    let shown = |event: &Value| {
        let (kind, told) = (text(&event["type"]), &event["payload"]);
        match (told["clock"].is_string(), told["reason"].as_str()) {
            (true, _) => {
                let percent = told["percent"].as_i64().map(|percent| format!(" {percent}")).unwrap_or_default();
                let act = told["escalation"].as_str().map(|act| format!(" {act}")).unwrap_or_default();
                Some(format!("{} {kind}{percent}{act}", told["lap"]))
            }
            (false, Some(reason @ ("ESCALATION" | "LAPSED"))) => Some(format!("{kind} {reason}")),
            (false, _) => None,
        }
    };
    data["events"]["nodes"].as_array().unwrap().iter().filter_map(shown).collect()
}

/// The story once it has so many parts.
pub(crate) async fn told(client: &Client, lead: &str, parts: usize) -> Vec<String> {
    until("the story goes on", || async { Some(story(client, lead).await).filter(|story| story.len() >= parts) }).await
}

const WHERE: &str = "query($id: ID!) { lead(by: { id: $id }) { stage owner { name }
    offer { queueReason assignee { name } team { key } } } }";

async fn offer_of(client: &Client, lead: &str) -> Value {
    client.query(WHERE, json!({ "id": lead })).await["lead"].clone()
}

/// The clock of a lead that is promised one answer.
async fn running(client: &Client, lead: &str) -> Value {
    let query = "query($id: ID!) { lead(by: { id: $id }) { clocks { id state lap total promiseSecondsLeft holder { name } } } }";
    client.query(query, json!({ "id": lead })).await["lead"]["clocks"][0].clone()
}

/// The seconds of a length of less than a day, such as `PT5M3S`.
fn seconds(length: &Value) -> i64 {
    let mut rest = length.as_str().unwrap().strip_prefix("PT").unwrap();
    let mut sum = 0;
    for (unit, worth) in [('H', 3_600), ('M', 60), ('S', 1)] {
        if let Some((count, after)) = rest.split_once(unit) {
            sum += count.parse::<i64>().unwrap() * worth;
            rest = after;
        }
    }
    sum
}

/// A clock of a lead to answer an offer, which a test began itself.
fn a_clock(app: &TestApp, lead: &fairfall_domain::waterfall::lead::Lead) -> Clock {
    use fairfall_domain::sla::clock::Start;
    let rule = ClockRule {
        kind: ClockKind::Accept,
        tiers: vec![],
        promise: Promise::try_new(Basis::Wall, PROMISED).unwrap(),
        pause_seconds_max: Some(100_000),
        ladder: vec![],
    };
    let start = Start {
        id: fairfall::clock::new_id(),
        lead: lead.id,
        passage: lead.passage,
        customer: None,
        agreement: fairfall_domain::agreement::AgreementRef {
            id: fairfall_domain::agreement::shipped::agreements(app.clock().now()).unwrap()[0].id,
            key: "marketing-to-inside-sales".parse().unwrap(),
            version: 1,
        },
        tier: lead.demand.score.tier(),
        giving: fairfall_domain::department::Department::Marketing,
        department: lead.state.department(),
        holder: lead.state.placement(),
    };
    Clock::start(start, &rule, &CalendarBook::default(), app.clock().now())
}

/// Changes the first open clock of a lead by hand, or begins one.
async fn change(app: &TestApp, lead: &str, change: impl Fn(Option<Clock>, &fairfall_domain::waterfall::lead::Lead) -> Clock) {
    let store: &Store = app.app().store();
    let uow = store.begin().await.unwrap();
    let dossier = repo::lead::load_for_command(&uow, lead.parse().unwrap()).await.unwrap().unwrap();
    let changed = change(dossier.clocks.first().cloned(), &dossier.lead);
    repo::clock::put(&uow, &[changed]).await.unwrap();
    uow.commit().await.unwrap();
}

on_both_databases! {
    async fn the_whole_sequence_of_a_lapse_is_told(app: TestApp) {
        let ladder = json!([
            step(50, "NOTIFY_ASSIGNEE"), step(80, "NOTIFY_ASSIGNEE"), step(100, "NOTIFY_MANAGER"), in_lap(1, 120, "REASSIGN"),
            in_lap(2, 120, "RETURN_TO_GIVER"),
        ]);
        promise(&app, "marketing-to-inside-sales", accept_clock(ladder)).await;
        pool(&app, &["inside", "inside.colleague"]).await;
        let way = Waterfall::new(&app).await;
        let lead = way.offered(1).await;
        let first = text(&offer_of(&way.marketing, &lead).await["offer"]["assignee"]["name"]);
        let mut expected = Vec::new();
        for (percent, parts) in [
            (50, vec!["1 SLA_WARNED 50 NOTIFY_ASSIGNEE"]),
            (30, vec!["1 SLA_WARNED 80 NOTIFY_ASSIGNEE"]),
            (20, vec!["1 SLA_BREACHED 100", "1 SLA_ESCALATED 100 NOTIFY_MANAGER"]),
            (20, vec!["LEAD_REASSIGNED ESCALATION", "1 SLA_ESCALATED 120 REASSIGN"]),
        ] {
            advance(&app, percent);
            expected.extend(parts);
            assert_eq!(told(&way.marketing, &lead, expected.len()).await, expected);
        }
        let second = text(&offer_of(&way.marketing, &lead).await["offer"]["assignee"]["name"]);
        assert_ne!(first, second, "whoever let it lapse does not get it again");
        // nobody looked in between: the warnings of the second lap are not told with the lapse
        advance(&app, 120);
        expected.extend(["2 SLA_BREACHED 100", "2 SLA_ESCALATED 100 NOTIFY_MANAGER", "LEAD_REJECTED LAPSED", "2 SLA_ESCALATED 120 RETURN_TO_GIVER"]);
        assert_eq!(told(&way.marketing, &lead, expected.len()).await, expected);
        let after = offer_of(&way.marketing, &lead).await;
        assert_eq!((&after["stage"], &after["owner"]["name"], &after["offer"]), (&json!("MQL"), &json!("marketing"), &Value::Null));
        // whoever loses it to the giver is told as whoever loses it to a colleague
        for (who, kinds) in [(&first, vec!["LEAD_TAKEN", "PROMISE_WARNED", "PROMISE_WARNED"]), (&second, vec!["LEAD_TAKEN", "LEAD_GIVEN"])] {
            let told = app.actor(who).await.query("{ notifications { nodes { kind } } }", Value::Null).await["notifications"]["nodes"].clone();
            assert_eq!(told, kinds.iter().map(|kind| json!({ "kind": kind })).collect::<Value>(), "{who}");
        }
        advance(&app, 300);
        let marketing = app.actor("marketing").await;
        assert_eq!(story(&marketing, &lead).await, expected, "a clock that has ended is left alone");
    }

    async fn the_total_goes_on_over_all_who_had_the_lead(app: TestApp) {
        promise(&app, "marketing-to-inside-sales", accept_clock(json!([in_lap(1, 100, "REASSIGN")]))).await;
        pool(&app, &["inside", "inside.colleague"]).await;
        let way = Waterfall::new(&app).await;
        let lead = way.offered(1).await;
        let first = running(&way.marketing, &lead).await;
        advance(&app, 100);
        told(&way.marketing, &lead, 3).await;
        advance(&app, 50);
        let second = running(&way.marketing, &lead).await;
        assert_eq!((&second["lap"], &second["id"]), (&json!(2), &first["id"]), "the same promise in another lap");
        assert_ne!(second["holder"], first["holder"]);
        let promised = i64::from(PROMISED);
        let in_lap = promised - second["promiseSecondsLeft"].as_i64().unwrap();
        assert!((promised / 2..promised).contains(&in_lap), "the second one has had half of a whole promise: {second}");
        // figures are cut to seconds
        let total = seconds(&second["total"]);
        assert!(total >= promised + in_lap - 2, "what the first one had counts as well: {second}");
        let taker = app.actor(&text(&second["holder"]["name"])).await;
        taker.done("leadAccept", json!({ "lead": lead })).await;
        let kept = running(&way.marketing, &lead).await;
        assert_eq!((&kept["state"], &kept["lap"]), (&json!("MET_LATE"), &json!(2)), "a colleague's answer does not mend it");
        assert!(seconds(&kept["total"]) >= total, "{kept}");
    }

    async fn without_anybody_else_the_team_gets_it_and_its_time_runs(app: TestApp) {
        promise(&app, "marketing-to-inside-sales", accept_clock(json!([step(100, "REASSIGN")]))).await;
        pool(&app, &["inside"]).await;
        let way = Waterfall::new(&app).await;
        let lead = way.offered(1).await;
        advance(&app, 100);
        assert_eq!(told(&way.marketing, &lead, 3).await, ["1 SLA_BREACHED 100", "LEAD_REASSIGNED ESCALATION", "1 SLA_ESCALATED 100 REASSIGN"]);
        let offer = offer_of(&way.marketing, &lead).await["offer"].clone();
        assert_eq!(offer, json!({ "queueReason": "NOBODY_ELSE", "assignee": null, "team": { "key": "inside-dach" } }));
        advance(&app, 100);
        let again = told(&way.marketing, &lead, 6).await;
        assert_eq!(again[3..], ["2 SLA_BREACHED 100", "LEAD_REASSIGNED ESCALATION", "2 SLA_ESCALATED 100 REASSIGN"]);
        // whoever let it lapse may still take it by hand
        way.inside.done("leadAccept", json!({ "lead": lead })).await;
        advance(&app, 300);
        assert_eq!(told(&app.actor("marketing").await, &lead, 7).await[6..], ["3 SLA_MET"]);
    }

    async fn a_step_that_cannot_be_done_is_told_to_the_managers(app: TestApp) {
        promise(&app, "marketing-to-inside-sales", accept_clock(json!([step(100, "RETURN_TO_GIVER")]))).await;
        let way = Waterfall::new(&app).await;
        // a lead that nobody was offered: there is nothing to return
        let lead = way.captured(1).await;
        change(&app, &lead, |_, lead| a_clock(&app, lead)).await;
        advance(&app, 100);
        assert_eq!(told(&way.marketing, &lead, 2).await, ["1 SLA_BREACHED 100", "1 SLA_ESCALATED 100 NOTIFY_MANAGER"]);
        let manager = app.actor("marketing.manager").await;
        let query = "{ notifications { nodes { kind lead { id } } } }";
        let notifications = manager.query(query, Value::Null).await["notifications"]["nodes"].clone();
        assert_eq!(notifications, json!([{ "kind": "STEP_FAILED", "lead": { "id": lead } }]));
    }

    async fn a_clock_in_trouble_does_not_hold_up_the_others(app: TestApp) {
        promise(&app, "marketing-to-inside-sales", accept_clock(json!([step(50, "NOTIFY_ASSIGNEE")]))).await;
        let way = Waterfall::new(&app).await;
        let (broken, whole) = (way.offered(1).await, way.offered(2).await);
        let connection = app.connection().await;
        connection.execute_unprepared("UPDATE clock SET tier = 'DREAMT' WHERE next_at = (SELECT min(next_at) FROM clock)").await.unwrap();
        advance(&app, 51);
        assert_eq!(told(&way.marketing, &whole, 1).await, ["1 SLA_WARNED 50 NOTIFY_ASSIGNEE"]);
        assert_eq!(story(&way.marketing, &broken).await, Vec::<String>::new());
        connection.execute_unprepared("UPDATE clock SET tier = 'STANDARD' WHERE tier = 'DREAMT'").await.unwrap();
        advance(&app, 40);
        assert_eq!(told(&way.marketing, &broken, 1).await, ["1 SLA_WARNED 50 NOTIFY_ASSIGNEE"], "put off, not forgotten");
    }

    async fn a_pause_that_is_over_runs_on_by_itself(app: TestApp) {
        promise(&app, "marketing-to-inside-sales", accept_clock(json!([]))).await;
        let way = Waterfall::new(&app).await;
        let lead = way.offered(1).await;
        let rule = ClockRule {
            kind: ClockKind::Accept,
            tiers: vec![],
            promise: Promise::try_new(Basis::Wall, PROMISED).unwrap(),
            pause_seconds_max: Some(10_000),
            ladder: vec![],
        };
        let now = app.clock().now();
        change(&app, &lead, |clock, _| {
            let mut clock = clock.unwrap();
            let until = Some(now + TimeDelta::seconds(i64::from(PROMISED) / 2));
            clock.pause(PauseReason::ContactAway, until, &rule, &CalendarBook::default(), now).unwrap();
            clock
        }).await;
        advance(&app, 50);
        assert_eq!(told(&way.marketing, &lead, 1).await, ["1 SLA_RESUMED"]);
        advance(&app, 101);
        assert_eq!(told(&way.marketing, &lead, 2).await, ["1 SLA_RESUMED", "1 SLA_BREACHED 100"]);
    }
}
