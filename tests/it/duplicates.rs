//! Records that may be the same one: attached, fed, proposed, dismissed.

use fairfall_tests::factory::{Capture, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const PAIR: &str = "id kind state band score weight foundAt settledBy { id } leftPerson { id } rightPerson { id } leftCompany { id } rightCompany { id }
    explanation { field agreement similarity weight left right }";

/// The pairs that a caller sees.
async fn pairs(client: &Client, more: &str) -> Vec<Value> {
    let data = client.query(&format!("{{ duplicates(first: 100{more}) {{ nodes {{ {PAIR} }} }} }}"), Value::Null).await;
    data["duplicates"]["nodes"].as_array().unwrap().clone()
}

#[expect(clippy::needless_pass_by_value, reason = "written as a literal where it is called")]
fn described(given: &str, family: &str, more: Value) -> Value {
    let mut person = json!({ "givenName": given, "familyName": family, "country": "DE" });
    person.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "new": person })
}

async fn created(client: &Client, person: &Value) -> String {
    text(&client.mutate("personCreate", person["new"].clone(), "person { id }").await["person"]["id"])
}

async fn subject(client: &Client, lead: &str) -> Value {
    let query = "query($id: ID!) { lead(by: { id: $id }) { person { id } company { id } title bant { need }
        activities(first: 10) { nodes { kind channel } } } }";
    client.query(query, json!({ "id": lead })).await["lead"].clone()
}

/// The events of a kind that a caller sees.
async fn events(client: &Client, kind: &str) -> Vec<Value> {
    let query = format!(
        "{{ events(first: 100, filter: {{ kinds: [{kind}] }}) {{ nodes {{ type subject {{ id kind }} payload {{ matchBand changedFields }} lead {{ id }} }} }} }}"
    );
    client.query(&query, Value::Null).await["events"]["nodes"].as_array().unwrap().clone()
}

on_both_databases! {
    async fn the_same_person_feeds_the_open_lead(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let lead = Capture::new(1).without("title").by(&marketing).await;
        let again = Capture::new(1).with("bant", json!({ "need": "URGENT" })).with("external", json!({ "source": "forms", "id": "77" }));
        let fed = again.payload(&marketing).await;
        assert_eq!(fed["errors"], json!([]), "{fed:#}");
        assert_eq!((&fed["lead"]["id"], &fed["alreadyDone"]), (&json!(lead), &json!(true)));
        let now = subject(&marketing, &lead).await;
        assert_eq!((&now["title"], &now["bant"]["need"]), (&json!("1 seats"), &json!("URGENT")));
        assert_eq!(now["activities"]["nodes"], json!([{ "kind": "CONTACT_REQUEST", "channel": "CONTACT_FORM" }]));
        // what is known stays, and the name of the other system leads to the lead from now on
        let other = Capture::new(1).with("title", json!("other")).with("bant", json!({ "need": "NONE" }));
        other.payload(&marketing).await;
        let now = subject(&marketing, &lead).await;
        assert_eq!((&now["title"], &now["bant"]["need"]), (&json!("1 seats"), &json!("URGENT")));
        let query = "{ lead(by: { external: { source: \"forms\", id: \"77\" } }) { id } leads { totalCount } }";
        let data = marketing.query(query, Value::Null).await;
        assert_eq!((&data["lead"]["id"], &data["leads"]["totalCount"]), (&json!(lead), &json!(1)));
        let told = events(&marketing, "LEAD_FED").await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[0]["payload"]["changedFields"], json!(["title", "bant"]));
        assert_eq!(told[0]["lead"]["id"], json!(lead));
    }

    async fn phone_and_name_attach_to_the_person(app: TestApp) {
        let marketing = app.actor("marketing").await;
        let phone = json!({ "phone": "089 12345678" });
        let first = Capture::new(1).with("person", described("Jörg", "Groß", phone.clone())).by(&marketing).await;
        let erp = |person: Value| Capture::new(1).with("person", person).with("productArea", json!("erp"));
        let same = erp(described("JOERG", "Gross", phone.clone())).by(&marketing).await;
        assert_eq!(subject(&marketing, &same).await["person"], subject(&marketing, &first).await["person"]);
        assert_eq!(pairs(&marketing, "").await, Vec::<Value>::new());
        let relative = Capture::new(1).with("person", described("Anna", "Groß", phone)).by(&marketing).await;
        assert_ne!(subject(&marketing, &relative).await["person"], subject(&marketing, &first).await["person"]);
        let found = pairs(&marketing, "").await;
        assert_eq!((found.len(), &found[0]["band"]), (1, &json!("POSSIBLE")));
        assert_eq!(pairs(&marketing, ", minScore: 100, band: LIKELY").await.len(), 0);
    }

    async fn a_likely_person_is_queued_with_its_explanation(app: TestApp) {
        let [marketing, admin] = app.actors(["marketing", "admin"]).await;
        let at = |phone: &str| json!({ "phone": phone, "city": "München", "postalCode": "80331" });
        let known = Capture::new(1).with("person", described("Jörg", "Meyer", at("089 12345678"))).by(&marketing).await;
        let likely = Capture::new(1).with("person", described("Joerg", "Maier", at("089 12345687"))).by(&marketing).await;
        let (known, likely) = (subject(&marketing, &known).await, (likely.clone(), subject(&marketing, &likely).await));
        assert_ne!(known["person"], likely.1["person"]);
        let found = pairs(&marketing, "").await;
        assert_eq!(found.len(), 1);
        let pair = &found[0];
        assert_eq!((&pair["kind"], &pair["state"], &pair["band"]), (&json!("PERSON"), &json!("OPEN"), &json!("LIKELY")));
        assert!(pair["score"].as_f64().unwrap() > 99.0);
        let mut sides = [text(&pair["leftPerson"]["id"]), text(&pair["rightPerson"]["id"])];
        sides.sort_unstable();
        let mut expected = [text(&known["person"]["id"]), text(&likely.1["person"]["id"])];
        expected.sort_unstable();
        assert_eq!(sides, expected);
        let why = pair["explanation"].as_array().unwrap();
        let of = |field: &str| why.iter().find(|one| one["field"] == field).unwrap_or_else(|| panic!("{field}: {why:?}"));
        assert_eq!((&of("GIVEN_NAME")["agreement"], &of("FAMILY_NAME")["agreement"]), (&json!("SAME"), &json!("CLOSE")));
        let mut names = [text(&of("FAMILY_NAME")["left"]), text(&of("FAMILY_NAME")["right"])];
        names.sort_unstable();
        assert_eq!(names, ["Maier", "Meyer"]);
        assert!(of("PHONE")["weight"].as_f64().unwrap() > 0.0);
        let told = events(&marketing, "DUPLICATE_FOUND").await;
        assert_eq!((told.len(), &told[0]["payload"]["matchBand"]), (1, &json!("LIKELY")));
        assert_eq!((&told[0]["subject"]["id"], &told[0]["lead"]["id"]), (&pair["id"], &json!(likely.0)));
        let query = format!("query($id: ID!) {{ person(id: $id) {{ duplicates {{ nodes {{ id }} }} }} duplicate(id: \"{}\") {{ id }} }}", text(&pair["id"]));
        let data = admin.query(&query, json!({ "id": sides[0] })).await;
        assert_eq!((&data["person"]["duplicates"]["nodes"][0]["id"], &data["duplicate"]["id"]), (&pair["id"], &pair["id"]));
    }

    async fn a_pair_does_not_exist_for_who_sees_one_side(app: TestApp) {
        let [marketing, french, analyst, partner] = app.actors(["marketing", "inside.fr", "analyst", "partner"]).await;
        let at = |phone: &str| json!({ "phone": phone, "city": "München", "postalCode": "80331" });
        Capture::new(1).with("person", described("Jörg", "Meyer", at("089 12345678"))).by(&marketing).await;
        Capture::new(1).with("person", described("Joerg", "Maier", at("089 12345687"))).by(&marketing).await;
        let pair = text(&pairs(&marketing, "").await[0]["id"]);
        for nobody in [&french, &analyst, &partner] {
            assert_eq!(pairs(nobody, ", kind: PERSON").await, Vec::<Value>::new());
            let data = nobody.query(&format!("{{ duplicate(id: \"{pair}\") {{ id }} }}"), Value::Null).await;
            assert_eq!(data["duplicate"], Value::Null);
            let refused = nobody.mutate("duplicateDismiss", json!({ "duplicate": pair }), "duplicate { id }").await;
            assert_eq!(refused["errors"][0]["code"], "NOT_FOUND");
        }
        assert_eq!(events(&french, "DUPLICATE_FOUND").await, Vec::<Value>::new());
        let refused = marketing.mutate("duplicateDismiss", json!({ "duplicate": pair }), "duplicate { id }").await;
        assert_eq!(refused["errors"][0]["code"], "NOT_ALLOWED");
    }

    async fn a_dismissed_pair_is_not_proposed_again(app: TestApp) {
        let admin = app.actor("admin").await;
        let phone = |number: &str| json!({ "phone": number, "city": "Köln", "postalCode": "50667" });
        let one = created(&admin, &described("Jörg", "Meyer", phone("089 12345678"))).await;
        created(&admin, &described("Jörg", "Meier", phone("089 12345678"))).await;
        let pair = text(&pairs(&admin, "").await[0]["id"]);
        let selection = "duplicate { id state settledBy { id } } alreadyDone";
        let done = admin.mutate("duplicateDismiss", json!({ "duplicate": pair }), selection).await;
        assert_eq!((&done["duplicate"]["state"], &done["alreadyDone"]), (&json!("DISMISSED"), &json!(false)));
        let again = admin.mutate("duplicateDismiss", json!({ "duplicate": pair }), selection).await;
        assert_eq!((&again["alreadyDone"], &again["errors"]), (&json!(true), &json!([])));
        admin.mutate("personUpdate", json!({ "person": one, "city": "Bonn" }), "person { id }").await;
        assert_eq!(pairs(&admin, "").await, Vec::<Value>::new());
        assert_eq!(pairs(&admin, ", state: DISMISSED").await.len(), 1);
    }

    async fn a_change_finds_and_a_change_loses(app: TestApp) {
        let admin = app.actor("admin").await;
        let one = created(&admin, &described("Jörg", "Meyer", json!({ "phone": "089 12345678" }))).await;
        let other = created(&admin, &described("Otto", "Vogel", json!({ "phone": "089 87654321" }))).await;
        assert_eq!(pairs(&admin, "").await.len(), 0);
        let change = json!({ "person": other, "givenName": "Jörg", "familyName": "Maier", "phone": "089 12345678" });
        admin.mutate("personUpdate", change, "person { id }").await;
        let found = pairs(&admin, &format!(", record: \"{one}\"")).await;
        assert_eq!(found.len(), 1);
        let change = json!({ "person": other, "givenName": "Otto", "familyName": "Vogel" });
        admin.mutate("personUpdate", change, "person { id }").await;
        assert_eq!(pairs(&admin, "").await.len(), 0);
    }

    async fn a_merge_settles_the_pair_and_taking_it_back_keeps_it_settled(app: TestApp) {
        let admin = app.actor("admin").await;
        let at = json!({ "phone": "089 12345678", "city": "Köln", "postalCode": "50667" });
        let mut people = Vec::new();
        for family in ["Meyer", "Maier", "Mayr"] {
            people.push(created(&admin, &described("Jörg", family, at.clone())).await);
        }
        assert_eq!(pairs(&admin, "").await.len(), 3);
        let merged = admin.mutate("personMerge", json!({ "survivor": people[0], "loser": people[1] }), "merge { id }").await;
        assert_eq!(merged["errors"], json!([]), "{merged:#}");
        assert_eq!(pairs(&admin, "").await.len(), 1, "the two that live");
        assert_eq!(pairs(&admin, ", state: MERGED").await.len(), 1);
        admin.mutate("personUnmerge", json!({ "merge": merged["merge"]["id"] }), "merge { id }").await;
        assert_eq!(pairs(&admin, ", state: DISMISSED").await.len(), 1);
        assert_eq!(pairs(&admin, "").await.len(), 2);
    }

    async fn companies_are_known_by_register_domain_and_name(app: TestApp) {
        let [marketing, admin] = app.actors(["marketing", "admin"]).await;
        let house = json!({ "name": "Müller & Söhne GmbH", "country": "DE", "registerNumber": "HRB 4711", "website": "https://www.mueller.example", "city": "Köln" });
        let house = text(&admin.mutate("companyCreate", house, "company { id }").await["company"]["id"]);
        let works_for = |n: usize, company: Value| Capture::new(n).with("company", json!({ "new": company }));
        let by_register = works_for(1, json!({ "name": "Mueller + Söhne KG", "country": "AT", "registerNumber": "HRB 4711" }));
        let by_name = works_for(2, json!({ "name": "MUELLER SOEHNE" }));
        let lead = by_name.by(&marketing).await;
        assert_eq!(subject(&marketing, &lead).await["company"]["id"], json!(house));
        // the register of another country is another one
        let lead = by_register.by(&marketing).await;
        assert_ne!(subject(&marketing, &lead).await["company"]["id"], json!(house));
        let german = works_for(3, json!({ "name": "Müller und Söhne Verwaltung", "country": "DE", "registerNumber": "hrb-4711" }));
        let lead = german.by(&marketing).await;
        assert_eq!(subject(&marketing, &lead).await["company"]["id"], json!(house));
        let twin = json!({ "name": "Müller Söhne GmbH", "country": "DE", "city": "Köln" });
        let twin = text(&admin.mutate("companyCreate", twin, "company { id }").await["company"]["id"]);
        let query = "query($id: ID!) { company(id: $id) { duplicates { nodes { band explanation { field left right } leftCompany { id } rightCompany { id } } } } }";
        let data = admin.query(query, json!({ "id": twin })).await;
        let found = data["company"]["duplicates"]["nodes"].as_array().unwrap().clone();
        assert!(found.iter().any(|pair| pair["leftCompany"]["id"] == json!(house) || pair["rightCompany"]["id"] == json!(house)), "{found:#?}");
    }
}
