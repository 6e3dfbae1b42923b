//! Double opt-in and withdrawal by the links of mails, against a mail server on this machine.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_tests::cli::run;
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::factory::Capture;
use fairfall_tests::mail_server::{self, Mail, Mood};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, Reply, TestApp, on_both_databases};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::consent::{known, permission, person_of};

const SENDER: (&str, &str) = ("MAIL__FROM", "noreply@fairfall.example");
const PUBLIC: (&str, &str) = ("MAIL__PUBLIC_URL", "https://leads.fairfall.example/");

/// Asks for consent to news by e-mail and telephone.
async fn ask(client: &Client, person: &str) -> Value {
    let input = json!({
        "person": person, "purpose": "MARKETING", "channels": ["EMAIL", "PHONE"], "text": "Ja, ich möchte\nNeuigkeiten.",
        "textVersion": "2026-11", "address": "203.0.113.7",
    });
    client.mutate("consentRequest", input, "request { id state expiresAt proof { text address } }").await
}

/// The mails that arrived, once there are so many.
async fn mails(count: usize) -> Vec<Mail> {
    until("mails", || async { Some(mail_server::taken()).filter(|mails| mails.len() >= count) }).await
}

/// Presses the button of a page.
async fn press(client: &Client, path: &str, body: String) -> Reply {
    let request = client.request("POST", path).header("content-type", "application/x-www-form-urlencoded").body(body);
    client.send(request).await
}

/// What stands in a column of the outbox.
async fn outbox(app: &TestApp, column: &str) -> Vec<Option<String>> {
    let connection = app.connection().await;
    let statement = format!("SELECT CAST({column} AS text) AS found FROM mail_outbox ORDER BY created_at, id");
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), statement)).await.unwrap();
    rows.iter().map(|row| row.try_get("", "found").unwrap()).collect()
}

/// When the newest mail is tried next.
async fn due(app: &TestApp) -> DateTime<Utc> {
    let connection = app.connection().await;
    let statement = "SELECT due_at FROM mail_outbox ORDER BY created_at DESC, id DESC LIMIT 1";
    let row = connection.query_one_raw(Statement::from_string(connection.get_database_backend(), statement)).await.unwrap();
    row.unwrap().try_get("", "due_at").unwrap()
}

async fn told(client: &Client, field: &str, token: &str) -> Value {
    client.mutate(field, json!({ "token": token }), "received").await
}

on_both_databases! {
    settings [("MAIL__SMTP_URL", mail_server::url()), SENDER, PUBLIC]
    async fn consent_is_given_by_the_button_behind_the_link_and_taken_back_by_one_click(app: TestApp) {
        let [marketing, nobody] = [app.actor("marketing").await, app.anonymous()];
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        let asked = ask(&marketing, &person).await;
        assert_eq!(asked["errors"], json!([]));
        assert_eq!(asked["request"]["proof"], json!({ "text": "Ja, ich möchte\nNeuigkeiten.", "address": "203.0.113.7" }));

        let mail = mails(1).await.remove(0);
        assert_eq!((mail.to.as_str(), mail.header("To")), ("erika1@kunde1.example", "erika1@kunde1.example"));
        assert_eq!(mail.header("Content-Language"), "de");
        assert!(mail.text.contains("> Ja, ich möchte\n> Neuigkeiten.\n"), "{}", mail.text);
        let unsubscribe = mail.header("List-Unsubscribe").trim_matches(['<', '>']).to_owned();
        assert!(unsubscribe.starts_with("https://leads.fairfall.example/consent/withdraw?token=ffw_"), "{unsubscribe}");
        assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");

        // a mail scanner opens every link
        for path in ["/consent/confirm", "/consent/withdraw"] {
            assert_eq!(nobody.get(&mail.link(path)).await.status, 200);
        }
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONFIRMATION_PENDING");
        let page = press(&nobody, "/consent/confirm", format!("token={}&lang=de", mail.token("/consent/confirm"))).await;
        assert!(page.status == 200 && page.text.contains("Vielen Dank"), "{}", page.text);
        for channel in ["EMAIL", "PHONE"] {
            assert_eq!(permission(&marketing, &person, "MARKETING", channel).await, "CONSENT");
        }
        // the same box ticked in another form takes nothing from what was confirmed
        let ticked = json!([{ "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED", "proof": { "how": "WEB_FORM" } }]);
        Capture::new(1).with("productArea", json!("erp")).with("consents", ticked).by(&marketing).await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONSENT");
        let again = press(&nobody, "/consent/confirm", format!("token={}&lang=de", mail.token("/consent/confirm"))).await;
        assert_eq!(again.text, page.text, "a link that was used looks the same");
        let history = known(&marketing, &person, "MARKETING", "EMAIL").await["consentHistory"]["nodes"].clone();
        assert_eq!(history.as_array().unwrap().len(), 2, "once a channel: {history}");
        let proof = &history[0]["proof"];
        assert_eq!((&proof["how"], &proof["address"]), (&json!("DOUBLE_OPT_IN"), &json!("203.0.113.7")));
        assert_eq!(proof["confirmedFrom"], "127.0.0.1");
        assert!(proof["confirmedAt"].is_string() && proof["text"].is_string());
        assert_eq!((&history[0]["request"], &history[0]["recordedBy"]), (&asked["request"]["id"], &Value::Null));

        let path = unsubscribe.trim_start_matches("https://leads.fairfall.example").to_owned();
        for _ in 0..2 {
            assert_eq!(press(&nobody, &path, "List-Unsubscribe=One-Click".to_owned()).await.status, 200);
        }
        for channel in ["EMAIL", "PHONE", "POST", "SMS"] {
            assert_eq!(permission(&marketing, &person, "MARKETING", channel).await, "WITHDRAWN");
        }
        assert_eq!(permission(&marketing, &person, "SERVICE", "EMAIL").await, "NEVER_ASKED", "the link was about news only");
        let history = known(&marketing, &person, "MARKETING", "EMAIL").await["consentHistory"]["nodes"].clone();
        assert_eq!(history.as_array().unwrap().len(), 6, "twice says no more than once: {history}");

        until("the outbox is emptied", || async { (outbox(&app, "state").await == [Some("SENT".to_owned())]).then_some(()) }).await;
        for column in ["recipient", "content"] {
            assert_eq!(outbox(&app, column).await, [None], "{column}");
        }
        assert_eq!(mail_server::taken().len(), 1);
    }

    settings [("MAIL__SMTP_URL", mail_server::url()), SENDER, PUBLIC]
    async fn programs_confirm_and_withdraw_without_a_session_and_learn_nothing(app: TestApp) {
        let [marketing, nobody] = [app.actor("marketing").await, app.anonymous()];
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        ask(&marketing, &person).await;
        let mail = mails(1).await.remove(0);
        let (confirm, withdraw) = (mail.token("/consent/confirm"), mail.token("/consent/withdraw"));
        let same = json!({ "received": true, "errors": [] });
        for token in ["", "x", &confirm.replace("ffc_", "ffc_A"), &withdraw, &confirm, &confirm] {
            assert_eq!(told(&nobody, "consentConfirm", token).await, same);
        }
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONSENT");
        for token in ["", &confirm, &withdraw, &withdraw] {
            assert_eq!(told(&nobody, "consentWithdraw", token).await, same);
        }
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "WITHDRAWN");
        let everything = json!({ "token": withdraw, "purposes": ["SALES_CONTACT", "SERVICE"] });
        assert_eq!(nobody.mutate("consentWithdraw", everything, "received").await, same);
        assert_eq!(permission(&marketing, &person, "SERVICE", "POST").await, "WITHDRAWN");
        // links that are none of ours slow down whoever sends them; a good one is refused no longer than that
        let mut throttled = Value::Null;
        for _ in 0..40 {
            throttled = told(&nobody, "consentConfirm", "x").await["errors"].clone();
            if throttled != json!([]) {
                break;
            }
        }
        assert_eq!(throttled[0]["code"], "THROTTLED");
        assert_eq!(press(&nobody, "/consent/confirm", "token=x".to_owned()).await.status, 429);
    }

    settings [("MAIL__SMTP_URL", mail_server::url()), SENDER, PUBLIC]
    async fn a_link_ends_after_a_hundred_hours_and_with_a_newer_one(app: TestApp) {
        let [marketing, nobody] = [app.actor("marketing").await, app.anonymous()];
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        ask(&marketing, &person).await;
        ask(&marketing, &person).await;
        let mails_seen = until("the newest mail", || async {
            let states = outbox(&app, "state").await;
            (states.len() == 2 && states[1].as_deref() == Some("SENT")).then(mail_server::taken)
        })
        .await;
        let newest = mails_seen.last().unwrap();
        if let [first, _] = &mails_seen[..] {
            told(&nobody, "consentConfirm", &first.token("/consent/confirm")).await;
            assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONFIRMATION_PENDING");
        }
        ask(&marketing, &person).await;
        let refused = ask(&marketing, &person).await;
        assert_eq!((&refused["request"], &refused["errors"][0]["code"]), (&Value::Null, &json!("ASKED_TOO_OFTEN")));
        told(&nobody, "consentConfirm", &newest.token("/consent/confirm")).await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONFIRMATION_PENDING");

        app.clock().advance(TimeDelta::hours(25));
        let marketing = app.actor("marketing").await;
        let before = mail_server::taken().len();
        assert_eq!(ask(&marketing, &person).await["errors"], json!([]), "a day later");
        let mail = mails(before + 1).await.pop().unwrap();
        app.clock().advance(TimeDelta::hours(100));
        told(&nobody, "consentConfirm", &mail.token("/consent/confirm")).await;
        let marketing = app.actor("marketing").await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONFIRMATION_EXPIRED");
        // what was mailed long ago still withdraws
        told(&nobody, "consentWithdraw", &newest.token("/consent/withdraw")).await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "WITHDRAWN");
        let ours = json!({ "person": person, "purpose": "MARKETING", "channels": ["EMAIL"], "text": "Doch?" });
        let refused = marketing.mutate("consentRequest", ours, "request { id }").await;
        assert_eq!((&refused["errors"][0]["code"], &refused["errors"][0]["field"]), (&json!("INVALID_INPUT"), &json!("address")));
    }

    settings [("MAIL__SMTP_URL", mail_server::url()), SENDER, PUBLIC]
    async fn a_link_proves_the_address_it_went_to_and_no_other(app: TestApp) {
        let [marketing, nobody] = [app.actor("marketing").await, app.anonymous()];
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        ask(&marketing, &person).await;
        let mail = mails(1).await.remove(0);
        let moved = json!({ "person": person, "email": "erika@elsewhere.example" });
        assert_eq!(marketing.mutate("personUpdate", moved, "person { id }").await["errors"], json!([]));
        told(&nobody, "consentConfirm", &mail.token("/consent/confirm")).await;
        assert_eq!(permission(&marketing, &person, "MARKETING", "EMAIL").await, "CONFIRMATION_PENDING");
    }

    settings [("MAIL__SMTP_URL", mail_server::url()), SENDER, PUBLIC]
    async fn a_mail_server_that_fails_delays_mails_and_nothing_else(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let person = person_of(&marketing, &Capture::new(1).by(&marketing).await).await;
        let moods = [(Mood::Gone, "UNREACHABLE"), (Mood::Busy, "DEFERRED"), (Mood::Shut, "UNWILLING")];
        for (tries, (mood, fault)) in moods.into_iter().enumerate() {
            mail_server::set_mood(mood);
            if tries == 0 {
                assert_eq!(ask(&marketing, &person).await["errors"], json!([]));
            } else {
                app.clock().advance(TimeDelta::minutes(2));
            }
            until("a try", || async { (outbox(&app, "fault").await[0].as_deref() == Some(fault)).then_some(()) }).await;
            Capture::new(2 + tries).by(&marketing).await;
        }
        assert_eq!(outbox(&app, "state").await, [Some("WAITING".to_owned())]);
        mail_server::set_mood(Mood::Willing);
        app.clock().advance(TimeDelta::minutes(5));
        let mail = mails(1).await.remove(0);
        assert_eq!(mail.to, "erika1@kunde1.example");
        until("it is done", || async { (outbox(&app, "state").await == [Some("SENT".to_owned())]).then_some(()) }).await;

        mail_server::set_mood(Mood::Unwilling);
        let marketing = app.actor("marketing").await;
        let other = person_of(&marketing, &Capture::new(9).by(&marketing).await).await;
        ask(&marketing, &other).await;
        // one refusal may be about the sender: hours later it is tried again, and once more
        for _ in 0..2 {
            until("a refusal", || async { (due(&app).await > app.clock().now() + TimeDelta::hours(1)).then_some(()) }).await;
            assert_eq!(outbox(&app, "fault").await.last().unwrap().as_deref(), Some("REFUSED"));
            assert_eq!(outbox(&app, "recipient").await.last().unwrap().as_deref(), Some("erika9@kunde9.example"));
            app.clock().advance(TimeDelta::hours(6));
        }
        until("it is given up", || async { (outbox(&app, "state").await.last()? == &Some("DEAD".to_owned())).then_some(()) }).await;
        assert_eq!(outbox(&app, "recipient").await, [None, None]);
        assert_eq!(outbox(&app, "fault").await.last().unwrap().as_deref(), Some("REFUSED"));
    }
}

#[tokio::test]
async fn doctor_looks_at_the_mail_server() {
    let folder = TestDatabase::of(Kind::Sqlite).await.unwrap();
    let doctor = ["doctor", "--listen", "127.0.0.1:0"];
    let told = run(&folder, &doctor, &[]).await.well();
    assert!(told.output.contains("mails wait in the outbox"), "{}", told.output);
    let with = |server: &'static str| {
        [
            ("FAIRFALL_MAIL__SMTP_URL", server),
            ("FAIRFALL_MAIL__FROM", "noreply@fairfall.example"),
            ("FAIRFALL_MAIL__PUBLIC_URL", "https://leads.fairfall.example"),
        ]
    };
    let told = run(&folder, &doctor, &with(mail_server::url())).await.well();
    assert!(told.output.contains("the mail server answers"), "{}", told.output);
    let told = run(&folder, &doctor, &with("smtp://somebody:secret-word@127.0.0.1:1")).await;
    assert_eq!(told.code, Some(1));
    assert!(told.output.contains("UNREACHABLE") && !told.output.contains("secret-word"), "{}", told.output);
}
