//! Calendars among what is tried.

use fairfall_tests::TestApp;
use fairfall_tests::factory::text;
use serde_json::{Value, json};

/// The organisation's calendar and one of a team of inside sales.
pub(crate) struct Calendars {
    organisation: String,
    of_team: String,
    team: String,
    user: String,
}

impl Calendars {
    /// Makes them.
    pub(crate) async fn make(app: &TestApp) -> Self {
        let admin = app.actor("admin").await;
        let (user, team) = (app.organisation().user("inside"), app.organisation().team("inside-dach"));
        let organisation = admin.query("{ calendarFor { id } }", Value::Null).await;
        let input = json!({
            "owner": { "level": "TEAM", "team": team }, "name": "Inside", "timeZone": "Europe/Berlin",
            "weekly": [{ "day": "MONDAY", "from": "08:00", "to": "18:00" }],
        });
        let of_team = admin.mutate("calendarPut", input, "calendar { id } errors { code }").await;
        Self { organisation: text(&organisation["calendarFor"]["id"]), of_team: text(&of_team["calendar"]["id"]), team, user }
    }

    /// Every query with what it is asked for.
    pub(crate) fn queries(&self) -> Vec<(&'static str, String)> {
        vec![
            ("calendar", format!("calendar(id: \"{}\") {{ id }}", self.of_team)),
            ("calendarFor", format!("calendarFor(team: \"{}\") {{ id }}", self.team)),
            ("calendars", "calendars(first: 100) { nodes { id } }".to_owned()),
            ("holidays", "holidays(country: \"DE\", year: 2026) { name }".to_owned()),
        ]
    }

    /// Every mutation with an input that changes nothing even for those who may.
    pub(crate) fn mutations(&self) -> Vec<(&'static str, Value)> {
        let owner = json!({ "level": "TEAM", "team": self.team });
        vec![
            ("calendarDelete", json!({ "calendar": self.of_team, "expectedVersion": 999 })),
            ("calendarImport", json!({ "calendar": self.of_team, "ics": "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "rehearse": true })),
            ("calendarPut", json!({ "owner": owner, "expectedVersion": 999, "name": "Other" })),
        ]
    }

    /// Every mutation with an input that would work for somebody who may, by somebody who may not, and the code of the refusal.
    pub(crate) fn tries(&self) -> Vec<(&'static str, &'static str, Value, &'static str)> {
        let event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20300101\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n";
        let ics = json!({ "calendar": self.organisation, "ics": event, "expectedVersion": 1, "until": "2031-01-01" });
        let own = json!({ "owner": { "level": "USER", "user": self.user }, "name": "Mine", "timeZone": "UTC", "weekly": [{ "day": "MONDAY", "from": "08:00", "to": "18:00" }] });
        vec![
            ("calendarDelete", "field.manager", json!({ "calendar": self.of_team, "expectedVersion": 1 }), "NOT_ALLOWED"),
            ("calendarImport", "inside.manager", ics, "NOT_ALLOWED"),
            ("calendarPut", "inside", own, "NOT_ALLOWED"),
        ]
    }
}
