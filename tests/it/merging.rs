//! Two records of one person or company become one, and two again.

use fairfall_tests::factory::{Capture, text};
use fairfall_tests::statements::during;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

/// The most that a page of companies and a page of people with the leads of each may send.
const STATEMENTS_MAX: usize = 6;

/// How often they are counted.
const MEASURED: usize = 20;

/// All that is shown of a person, but for version and time of change, with the leads.
const PERSON: &str =
    "id givenName familyName fullName email phone language country subdivision postalCode city jobTitle buyingRole createdAt
    company { id } consents { purpose channel status recordedAt }
    leads(first: 50) { nodes { id productArea person { id } company { id } score { fit engagement grade tier } } }";

async fn person(client: &Client, id: &str) -> Value {
    client.query(&format!("query($id: ID!) {{ person(id: $id) {{ {PERSON} }} }}"), json!({ "id": id })).await["person"].take()
}

/// Captures demand; answers the lead and its person and company.
async fn captured(client: &Client, capture: Capture) -> [String; 3] {
    let lead = capture.by(client).await;
    let query = "query($id: ID!) { lead(by: { id: $id }) { person { id } company { id } } }";
    let found = client.query(query, json!({ "id": lead })).await;
    [lead, text(&found["lead"]["person"]["id"]), text(&found["lead"]["company"]["id"])]
}

fn consent(purpose: &str, status: &str) -> Value {
    json!({ "purpose": purpose, "channel": "PHONE", "status": status })
}

/// Two people with a lead, consents and something that they did each.
async fn two(app: &TestApp, admin: &Client) -> [[String; 3]; 2] {
    let marketing = app.actor("marketing").await;
    let one = captured(&marketing, Capture::new(1)).await;
    let other = captured(&marketing, Capture::new(2)).await;
    for (person, service) in [(&one[1], "GRANTED"), (&other[1], "WITHDRAWN")] {
        let consents = json!([consent("SALES_CONTACT", "GRANTED"), consent("SERVICE", service)]);
        let done = admin.mutate("personConsentRecord", json!({ "person": person, "consents": consents }), "person { id }").await;
        assert_eq!(done["errors"], json!([]));
    }
    let done = json!({ "subject": { "person": other[1] }, "channel": "EVENT", "kind": "EVENT_ATTEND" });
    let recorded = admin.mutate("activityRecord", done, "activity { id }").await;
    assert_eq!(recorded["errors"], json!([]), "{recorded:#}");
    [one, other]
}

const MERGED: &str = "person { id } merge { id state } moved { leads activities consentRecords } conflicts { productArea survivorLead { id } loserLead { id } } alreadyDone";

async fn merge(client: &Client, survivor: &str, loser: &str) -> Value {
    client.mutate("personMerge", json!({ "survivor": survivor, "loser": loser }), MERGED).await
}

async fn unmerge(client: &Client, merge: &Value) -> Value {
    client
        .mutate(
            "personUnmerge",
            json!({ "merge": merge }),
            "survivor { id } loser { id } merge { state } moved { leads } alreadyDone",
        )
        .await
}

on_both_databases! {
    async fn a_merge_taken_back_leaves_no_trace(app: TestApp) {
        let admin = app.actor("admin").await;
        let [one, other] = two(&app, &admin).await;
        let before = [person(&admin, &one[1]).await, person(&admin, &other[1]).await];

        let done = merge(&admin, &one[1], &other[1]).await;
        assert_eq!(done["errors"], json!([]), "{done:#}");
        assert_eq!((&done["person"]["id"], &done["alreadyDone"]), (&json!(one[1]), &json!(false)));
        assert_eq!(done["moved"], json!({ "leads": 1, "activities": 1, "consentRecords": 2 }));
        assert_eq!(done["conflicts"], json!([{ "productArea": "crm", "survivorLead": { "id": one[0] }, "loserLead": { "id": other[0] } }]));

        let merged = person(&admin, &one[1]).await;
        let leads = merged["leads"]["nodes"].as_array().unwrap();
        assert_eq!(leads.len(), 2);
        // each lead keeps its company
        let company = |lead: &str| leads.iter().find(|node| node["id"] == lead).unwrap()["company"]["id"].clone();
        assert_eq!((company(&one[0]), company(&other[0])), (json!(one[2]), json!(other[2])));
        let status = |purpose: &str| {
            let states = merged["consents"].as_array().unwrap();
            states.iter().find(|state| state["purpose"] == purpose && state["channel"] == "PHONE").map(|state| state["status"].clone())
        };
        assert_eq!((status("SALES_CONTACT"), status("SERVICE")), (Some(json!("GRANTED")), Some(json!("WITHDRAWN"))));

        let again = merge(&admin, &one[1], &other[1]).await;
        assert_eq!((&again["alreadyDone"], &again["merge"]["id"]), (&json!(true), &done["merge"]["id"]));

        let back = unmerge(&admin, &done["merge"]["id"]).await;
        assert_eq!(back["errors"], json!([]), "{back:#}");
        assert_eq!((&back["survivor"]["id"], &back["loser"]["id"]), (&json!(one[1]), &json!(other[1])));
        assert_eq!([person(&admin, &one[1]).await, person(&admin, &other[1]).await], before);
        let again = unmerge(&admin, &done["merge"]["id"]).await;
        assert_eq!((&again["alreadyDone"], &again["merge"]["state"]), (&json!(true), &json!("UNDONE")));
    }

    async fn a_preview_shows_what_a_merge_would_do(app: TestApp) {
        let admin = app.actor("admin").await;
        let [one, other] = two(&app, &admin).await;
        let query = "query($one: ID!, $other: ID!, $choices: [MergeChoice!]) { personMergePreview(survivor: $one, loser: $other, choices: $choices) {
            person { familyName email } survivorVersion loserVersion fields { field from rule kept givenUp }
            consents { purpose channel survivor loser result } moves { leads names } conflicts { productArea }
        } }";
        let choices = json!([{ "field": "EMAIL", "side": "SURVIVOR" }]);
        let shown = admin.query(query, json!({ "one": one[1], "other": other[1], "choices": choices })).await;
        let preview = &shown["personMergePreview"];
        assert_eq!(preview["person"]["email"], "erika1@kunde1.example");
        let fields = preview["fields"].as_array().unwrap();
        let email = fields.iter().find(|field| field["field"] == "EMAIL").unwrap();
        assert_eq!(email, &json!({
            "field": "EMAIL", "from": "SURVIVOR", "rule": "CHOSEN", "kept": "erika1@kunde1.example", "givenUp": "erika2@kunde2.example",
        }));
        let language = fields.iter().find(|field| field["field"] == "LANGUAGE").unwrap();
        assert_eq!((&language["rule"], &language["givenUp"]), (&json!("SAME"), &Value::Null));
        assert_eq!(preview["consents"], json!([
            { "purpose": "SALES_CONTACT", "channel": "PHONE", "survivor": "GRANTED", "loser": "GRANTED", "result": "GRANTED" },
            { "purpose": "SERVICE", "channel": "PHONE", "survivor": "GRANTED", "loser": "WITHDRAWN", "result": "WITHDRAWN" },
        ]));
        assert_eq!((&preview["moves"]["leads"], &preview["conflicts"]), (&json!(1), &json!([{ "productArea": "crm" }])));
        // nothing was written
        assert_eq!(person(&admin, &other[1]).await["id"], json!(other[1]));
        let foreign = json!([{ "field": "OWNER", "side": "LOSER" }]);
        let wrong = admin.ask(query, json!({ "one": one[1], "other": other[1], "choices": foreign })).await;
        assert_eq!(wrong.code(), "BAD_USER_INPUT");
    }

    async fn ids_names_and_addresses_lead_to_who_lives(app: TestApp) {
        let admin = app.actor("admin").await;
        let marketing = app.actor("marketing").await;
        let [one, other] = two(&app, &admin).await;
        let done = merge(&admin, &one[1], &other[1]).await;
        assert_eq!(person(&admin, &other[1]).await["id"], json!(one[1]));
        let query = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } people(first: 50) { nodes { id } } }";
        let found = admin.query(query, json!({ "id": other[1] })).await;
        assert_eq!((&found["node"]["id"], &found["nodes"][0]["id"]), (&json!(one[1]), &json!(one[1])));
        assert_eq!(found["people"]["nodes"], json!([{ "id": one[1] }]));
        // demand from the address of whoever was merged away is that of who lives
        let later = captured(&marketing, Capture::new(2).with("productArea", json!("erp"))).await;
        assert_eq!(later[1], one[1]);
        let refused = admin.mutate("personUpdate", json!({ "person": other[1], "city": "Bonn" }), "person { id }").await;
        let error = &refused["errors"][0];
        assert_eq!((&error["refusal"], &error["into"], &error["merge"]), (&json!("MERGED_AWAY"), &json!(one[1]), &done["merge"]["id"]));
        // what came since stays with the survivor
        unmerge(&admin, &done["merge"]["id"]).await;
        let leads = |person: &Value| person["leads"]["nodes"].as_array().unwrap().iter().map(|lead| text(&lead["id"])).collect::<Vec<_>>();
        assert_eq!(leads(&person(&admin, &other[1]).await), [other[0].clone()]);
        assert!(leads(&person(&admin, &one[1]).await).contains(&later[0]));
    }

    async fn what_cannot_be_merged_is_told(app: TestApp) {
        let admin = app.actor("admin").await;
        let marketing = app.actor("marketing").await;
        let [one, other] = two(&app, &admin).await;
        let third = captured(&marketing, Capture::new(3)).await;
        let refusal = |payload: &Value| (payload["errors"][0]["code"].clone(), payload["errors"][0]["refusal"].clone());
        assert_eq!(refusal(&merge(&admin, &one[1], &one[1]).await), (json!("MERGE_REFUSED"), json!("SAME_RECORD")));
        let stale = json!({ "survivor": one[1], "loser": other[1], "loserExpectedVersion": 99 });
        let stale = admin.mutate("personMerge", stale, MERGED).await;
        assert_eq!((refusal(&stale).1, &stale["errors"][0]["side"]), (json!("STALE"), &json!("LOSER")));
        assert_eq!(refusal(&merge(&admin, &one[1], "person_00000000000000000000000000").await).0, "NOT_FOUND");
        assert_eq!(refusal(&merge(&marketing, &one[1], &other[1]).await).0, "NOT_ALLOWED");

        let first = merge(&admin, &one[1], &other[1]).await;
        let second = merge(&admin, &one[1], &third[1]).await;
        let gone = merge(&admin, &third[1], &other[1]).await;
        assert_eq!((refusal(&gone).1, &gone["errors"][0]["into"]), (json!("MERGED_AWAY"), &json!(one[1])));
        let blocked = unmerge(&admin, &first["merge"]["id"]).await;
        assert_eq!((refusal(&blocked).1, &blocked["errors"][0]["merge"]), (json!("BLOCKED"), &second["merge"]["id"]));
        let foreign = admin.mutate("companyUnmerge", json!({ "merge": first["merge"]["id"] }), "alreadyDone").await;
        assert_eq!(refusal(&foreign).0, "NOT_FOUND");
        for merge in [&second, &first] {
            assert_eq!(unmerge(&admin, &merge["merge"]["id"]).await["errors"], json!([]));
        }
        let query = "query($id: ID!) { merges(first: 10, record: $id, state: UNDONE) { nodes { kind mergedBy { id } undoneAt fields { field } } } }";
        let told = admin.query(query, json!({ "id": one[1] })).await;
        assert_eq!(told["merges"]["nodes"].as_array().unwrap().len(), 2);
        let kinds = admin.query("{ events(first: 100) { nodes { type payload { merge mergedAway } } } }", Value::Null).await;
        let kinds: Vec<&Value> = kinds["events"]["nodes"].as_array().unwrap().iter().filter(|event| event["payload"]["merge"].is_string()).collect();
        let types: Vec<_> = kinds.iter().map(|event| text(&event["type"])).collect();
        assert_eq!(types, ["PERSON_MERGED", "PERSON_MERGED", "PERSON_UNMERGED", "PERSON_UNMERGED"]);
        assert_eq!(kinds[0]["payload"], json!({ "merge": first["merge"]["id"], "mergedAway": other[1] }));
    }

    async fn accounts_own_leads_through_merges(app: TestApp) {
        let admin = app.actor("admin").await;
        let marketing = app.actor("marketing").await;
        let [one, other] = two(&app, &admin).await;
        let owner = app.organisation().user("field");
        let owned = admin.mutate("companyUpdate", json!({ "company": other[2], "owner": owner }), "company { owner { id } }").await;
        assert_eq!(owned["company"]["owner"]["id"], json!(owner));
        let selection = "company { id owner { id } leads(first: 1) { nodes { id company { id owner { id } } } pageInfo { hasNextPage endCursor } } }
            merge { id } moved { leads people } alreadyDone";
        let done = admin.mutate("companyMerge", json!({ "survivor": one[2], "loser": other[2] }), selection).await;
        assert_eq!(done["errors"], json!([]), "{done:#}");
        assert_eq!(done["moved"], json!({ "leads": 1, "people": 1 }));
        let company = &done["company"];
        assert_eq!((&company["id"], &company["owner"]["id"]), (&json!(one[2]), &json!(owner)));
        let page = &company["leads"];
        assert_eq!((page["nodes"].as_array().unwrap().len(), &page["pageInfo"]["hasNextPage"]), (1, &json!(true)));
        assert_eq!(page["nodes"][0]["company"], json!({ "id": one[2], "owner": { "id": owner } }));
        let query = "query($id: ID!, $after: String) { company(id: $id) { leads(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage } } } }";
        let next = marketing.query(query, json!({ "id": one[2], "after": page["pageInfo"]["endCursor"] })).await;
        let next = &next["company"]["leads"];
        assert_eq!(next["pageInfo"]["hasNextPage"], json!(false));
        assert_ne!(next["nodes"][0]["id"], page["nodes"][0]["id"]);
        // the person works for the company that lives, and for the own one again when it is taken back
        assert_eq!(person(&admin, &other[1]).await["company"]["id"], json!(one[2]));
        let back = admin.mutate("companyUnmerge", json!({ "merge": done["merge"]["id"] }), "loser { owner { id } } survivor { owner { id } }").await;
        assert_eq!((&back["loser"]["owner"]["id"], &back["survivor"]["owner"]), (&json!(owner), &Value::Null));
        let home = person(&admin, &other[1]).await;
        assert_eq!((&home["company"]["id"], &home["leads"]["nodes"][0]["company"]["id"]), (&json!(other[2]), &json!(other[2])));
        // whoever sees none of the leads sees none here
        let french = app.actor("inside.fr").await;
        let seen = french.query(query, json!({ "id": one[2] })).await;
        assert_eq!(seen["company"]["leads"]["nodes"], json!([]));
    }

    async fn the_leads_of_many_cost_one_statement(app: TestApp) {
        let marketing = app.actor("marketing").await;
        for n in 0..30 {
            Capture::new(n).by(&marketing).await;
        }
        let page = "{ companies(first: 30) { nodes { id leads(first: 5) { nodes { id } } } } people(first: 30) { nodes { id leads(first: 5) { nodes { id } } } } }";
        marketing.query(page, Value::Null).await;
        // whatever else the process does meanwhile only adds to the count
        let (mut least, mut data) = (usize::MAX, Value::Null);
        for _ in 0..MEASURED {
            let (count, answer) = during(marketing.query(page, Value::Null)).await;
            (least, data) = (least.min(count), answer);
        }
        assert!((1..=STATEMENTS_MAX).contains(&least), "{least} statements");
        for list in ["companies", "people"] {
            let nodes = data[list]["nodes"].as_array().unwrap();
            assert_eq!(nodes.len(), 30);
            assert!(nodes.iter().all(|node| node["leads"]["nodes"].as_array().unwrap().len() == 1), "{list}");
        }
    }
}
