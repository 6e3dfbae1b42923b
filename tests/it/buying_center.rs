//! Who takes part when a company buys, and who is missing.

use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const CENTER: &str = "query($id: ID!) { lead(by: { id: $id }) { person { id } company { id buyingCenter { missing } }
    buyingCenter { productArea missing coveredPercent roles { role needed count people { id } } } } }";

async fn center(client: &Client, lead: &str) -> Value {
    client.query(CENTER, json!({ "id": lead })).await["lead"].clone()
}

fn role<'a>(center: &'a Value, role: &str) -> &'a Value {
    center["roles"].as_array().unwrap().iter().find(|one| one["role"] == role).unwrap()
}

on_both_databases! {
    async fn a_lead_shows_who_is_missing(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        let seen = center(&way.inside, &lead).await;
        assert_eq!(seen["buyingCenter"]["missing"], json!(["USER", "INFLUENCER", "DECIDER", "BUYER"]));
        assert_eq!((&seen["buyingCenter"]["productArea"], &seen["buyingCenter"]["coveredPercent"]), (&json!("crm"), &json!(0)));
        let (company, person) = (text(&seen["company"]["id"]), text(&seen["person"]["id"]));
        let input = json!({ "company": company, "person": person, "productArea": "crm", "role": "DECIDER" });
        let put = way.inside.mutate("buyingRolePut", input.clone(), "alreadyDone buyingCenter { missing }").await;
        assert_eq!(put["alreadyDone"], false);
        assert_eq!(put["buyingCenter"]["missing"], json!(["USER", "INFLUENCER", "BUYER"]));
        let again = way.inside.mutate("buyingRolePut", input.clone(), "alreadyDone").await;
        assert_eq!(again["alreadyDone"], true, "the same twice changes nothing");
        let seen = center(&way.inside, &lead).await;
        let decider = role(&seen["buyingCenter"], "DECIDER");
        assert_eq!(decider, &json!({ "role": "DECIDER", "needed": true, "count": 1, "people": [{ "id": person }] }));
        assert_eq!(seen["buyingCenter"]["coveredPercent"], 25);
        let french = app.actor("inside.fr").await;
        let query = "query($id: ID!) { company(id: $id) { buyingCenter(productArea: \"crm\") { roles { role count people { id } } } } }";
        let foreign = french.query(query, json!({ "id": company })).await;
        let decider = role(&foreign["company"]["buyingCenter"], "DECIDER");
        assert_eq!((&decider["count"], &decider["people"]), (&json!(1), &json!([])), "known, and not by name");
        let gone = way.inside.mutate("buyingRoleRemove", input, "alreadyDone buyingCenter { coveredPercent }").await;
        assert_eq!((&gone["alreadyDone"], &gone["buyingCenter"]["coveredPercent"]), (&json!(false), &json!(0)));
    }

    async fn what_a_person_says_of_the_own_role_counts(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        let seen = center(&way.inside, &lead).await;
        let change = json!({ "person": seen["person"]["id"], "company": seen["company"]["id"], "buyingRole": "USER" });
        way.inside.mutate("personUpdate", change, "person { id }").await;
        let seen = center(&way.inside, &lead).await;
        assert_eq!(role(&seen["buyingCenter"], "USER")["count"], 1);
    }

    async fn the_needs_are_for_managers_to_set(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        let needs = json!({ "usual": ["DECIDER"], "byProductArea": [{ "productArea": "crm", "roles": ["GATEKEEPER"] }], "expectedVersion": 1 });
        let refused = way.inside.refused("buyingNeedsUpdate", needs.clone()).await;
        assert_eq!(refused[0]["__typename"], "NotAllowed");
        let manager = app.actor("inside.manager").await;
        let set = manager.mutate("buyingNeedsUpdate", needs.clone(), "buyingNeeds { version usual byProductArea { productArea roles } }").await;
        assert_eq!(
            set["buyingNeeds"],
            json!({ "version": 2, "usual": ["DECIDER"], "byProductArea": [{ "productArea": "crm", "roles": ["GATEKEEPER"] }] })
        );
        let stale = manager.refused("buyingNeedsUpdate", needs).await;
        assert_eq!((&stale[0]["__typename"], &stale[0]["current"]), (&json!("VersionConflict"), &json!(2)));
        let seen = center(&way.inside, &lead).await;
        assert_eq!(seen["buyingCenter"]["missing"], json!(["GATEKEEPER"]));
        assert_eq!(seen["company"]["buyingCenter"]["missing"], json!(["DECIDER"]), "without a product area the usual needs hold");
        let twice = json!({ "usual": [], "byProductArea": [{ "productArea": "crm", "roles": [] }, { "productArea": "crm", "roles": [] }] });
        let faults = manager.refused("buyingNeedsUpdate", twice).await;
        assert_eq!(faults[0]["field"], "byProductArea.1.productArea");
    }

    async fn strangers_and_foreign_people_do_not_exist(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let lead = way.accepted(1).await;
        let seen = center(&way.inside, &lead).await;
        let input = json!({ "company": seen["company"]["id"], "person": seen["person"]["id"], "role": "USER" });
        let [french, analyst] = app.actors(["inside.fr", "analyst"]).await;
        let refused = french.refused("buyingRolePut", input.clone()).await;
        assert_eq!((&refused[0]["__typename"], &refused[0]["field"]), (&json!("NotFound"), &json!("person")));
        let refused = analyst.refused("buyingRolePut", input).await;
        assert_eq!((&refused[0]["__typename"], &refused[0]["field"]), (&json!("NotFound"), &json!("company")));
        let none = json!({ "company": "lead_1", "person": "x", "productArea": "two words", "role": "USER" });
        let faults = way.inside.refused("buyingRolePut", none).await;
        let fields: Vec<_> = faults.as_array().unwrap().iter().map(|fault| text(&fault["field"])).collect();
        assert_eq!(fields, ["company", "person", "productArea"]);
    }
}
