use async_graphql::{InputType, MaybeUndefined, Value, value};
use fairfall_domain::change::Change;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::command::Command;
use fairfall_domain::waterfall::reason::ReassignReason;

use super::campaign::{CampaignCreateInput, CampaignUpdateInput};
use super::command::{LeadAct, LeadQualifyInput, LeadReassignInput, LeadRetrackInput, LeadWinInput};
use super::lead::{LeadCaptureInput, LeadUpdateInput};
use super::person::{PersonCreateInput, PersonUpdateInput};
use crate::app::lead::PersonInput;

const LEAD: &str = "lead_00000000000000000000000001";

fn parsed<T: InputType>(value: Value) -> T {
    T::parse(Some(value)).map_err(|error| error.into_server_error(async_graphql::Pos::default())).unwrap()
}

fn fields(faults: &Violations) -> Vec<&str> {
    faults.iter().map(|fault| fault.field.as_str()).collect()
}

#[test]
fn an_act_is_read_with_what_accompanies_it() {
    let input: LeadQualifyInput = parsed(value!({ "lead": LEAD, "to": "MQL", "note": "warm", "expectedVersion": 4 }));
    let order = input.read().unwrap();
    assert_eq!(order.lead.to_string(), LEAD);
    assert!(matches!(order.command, Command::Qualify { .. }));
    assert_eq!((order.note.as_deref(), order.expected_version), (Some("warm"), Some(4)));
}

#[test]
fn every_malformed_id_of_an_act_is_told_by_its_field() {
    let input: LeadReassignInput =
        parsed(value!({ "lead": "x", "assignee": LEAD, "team": "team_!", "reason": (ReassignReason::Balance.as_str()) }));
    let faults = input.read().unwrap_err();
    assert_eq!(fields(&faults), ["lead", "assignee", "team"]);
    assert!(faults.iter().all(|fault| fault.code == ViolationCode::Malformed));
}

#[test]
fn arguments_of_acts_are_read_as_values() {
    let input: LeadWinInput = parsed(value!({ "lead": LEAD, "amount": { "amountMinor": -1, "currency": "EUR" } }));
    assert_eq!(fields(&input.read().unwrap_err()), ["amount.amountMinor"]);
    let input: LeadRetrackInput = parsed(value!({ "lead": LEAD, "track": "two words" }));
    assert_eq!(fields(&input.read().unwrap_err()), ["track"]);
}

#[test]
fn a_patch_tells_omitted_from_null() {
    let input: LeadUpdateInput =
        parsed(value!({ "lead": LEAD, "title": null, "country": "DE", "company": null, "bant": { "need": null } }));
    let patch = input.read().unwrap();
    assert_eq!((patch.title, patch.country), (Change::Clear, Change::Set("DE".to_owned())));
    assert_eq!((patch.product_area, patch.company), (Change::Keep, Change::Clear));
    assert_eq!((patch.need, patch.budget), (Change::Clear, Change::Keep));
    let input: LeadUpdateInput = parsed(value!({ "lead": LEAD, "bant": null }));
    let patch = input.read().unwrap();
    assert_eq!((patch.need, patch.timeline_months), (Change::Clear, Change::Clear));
}

#[test]
fn typed_fields_reach_the_drafts_as_text() {
    let input: PersonCreateInput = parsed(value!({
        "givenName": "Anna", "buyingRole": "DECIDER", "company": "company_00000000000000000000000001",
        "consents": [{ "purpose": "MARKETING", "channel": "EMAIL", "status": "GRANTED" }], "idempotencyKey": "k"
    }));
    let (draft, consents, key) = input.read();
    assert_eq!(draft.buying_role.as_deref(), Some("DECIDER"));
    assert_eq!((draft.given_name.as_deref(), draft.family_name.as_deref()), (Some("Anna"), None));
    assert_eq!((consents.len(), key.as_deref()), (1, Some("k")));
    assert!(draft.parse().is_ok());
    let person = "person_00000000000000000000000001";
    let input: PersonUpdateInput = parsed(value!({ "person": person, "email": null, "buyingRole": "BUYER" }));
    let (id, expected, patch) = input.read().unwrap();
    assert_eq!((id.to_string().as_str(), expected), (person, None));
    assert_eq!((patch.email, patch.buying_role), (Change::Clear, Change::Set("BUYER".to_owned())));
    assert!(patch.city.is_keep());
}

#[test]
fn a_person_is_either_known_or_new() {
    let capture = |person: Value| {
        LeadCaptureInput::parse(Some(value!({ "productArea": "crm", "person": person }))).map(LeadCaptureInput::read).ok()
    };
    let new = capture(value!({ "new": { "email": "anna@example.com" } })).unwrap().unwrap();
    assert!(matches!(new.person, PersonInput::Draft(_)));
    let faults = capture(value!({ "id": LEAD })).unwrap().unwrap_err();
    assert_eq!(fields(&faults), ["person.id"]);
    assert!(capture(value!({ "id": LEAD, "new": {} })).is_none());
    assert!(capture(value!({})).is_none());
}

#[test]
fn every_fault_of_a_campaign_is_told_beside_that_of_its_cost() {
    let money = value!({ "amountMinor": 1, "currency": "EURO" });
    let input: CampaignCreateInput = parsed(value!({ "key": "a b", "name": "Fair", "startsOn": "soon", "cost": money }));
    assert_eq!(fields(&input.read().unwrap_err()), ["cost.currency", "key", "startsOn"]);
    let input: CampaignUpdateInput = parsed(value!({ "campaign": "campaign_00000000000000000000000001", "cost": null }));
    let (_, _, patch) = input.read().unwrap();
    assert_eq!(patch.cost, Change::Clear);
}

#[test]
fn changes_follow_what_was_sent() {
    assert_eq!(super::change(MaybeUndefined::<u8>::Undefined), Change::Keep);
    assert_eq!(super::change(MaybeUndefined::<u8>::Null), Change::Clear);
    assert_eq!(super::change(MaybeUndefined::Value(1)), Change::Set(1));
}
