//! Demand to capture, and leads that are on their way.

use serde_json::{Map, Value, json};

use crate::app::TestApp;
use crate::client::Client;

/// The input of a capture, to be changed before it is sent.
#[derive(Clone, Debug)]
pub struct Capture(Map<String, Value>);

impl Capture {
    /// Demand of the n-th person, in Germany, worth 120,000 euro: it runs on the track `field`.
    pub fn new(n: usize) -> Self {
        let Value::Object(input) = json!({
            "person": { "new": {
                "givenName": "Erika", "familyName": format!("Muster{n}"), "email": format!("erika{n}@kunde{n}.example"),
                "language": "de", "country": "DE", "jobTitle": "Leiterin Einkauf",
            } },
            "company": { "new": { "name": format!("Kunde {n} GmbH"), "country": "DE", "employees": 120 } },
            "channel": "CONTACT_FORM",
            "productArea": "crm",
            "title": format!("{n} seats"),
            "value": { "amountMinor": 12_000_000, "currency": "EUR" },
        }) else {
            panic!("an object was written")
        };
        Self(input)
    }

    /// Sets a field.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.0.insert(field.to_owned(), value);
        self
    }

    /// Leaves a field out.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.0.remove(field);
        self
    }

    /// In another country.
    #[must_use]
    pub fn in_country(mut self, country: &str) -> Self {
        for part in ["person", "company"] {
            self.0[part]["new"]["country"] = country.into();
        }
        self
    }

    /// Worth another amount, in euro cents.
    #[must_use]
    pub fn worth(self, amount_minor: i64) -> Self {
        self.with("value", json!({ "amountMinor": amount_minor, "currency": "EUR" }))
    }

    /// The input.
    pub fn input(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// Captures it; answers the whole payload.
    pub async fn payload(&self, client: &Client) -> Value {
        client.act("leadCapture", self.input()).await
    }

    /// Captures it, which must succeed; answers the lead's id.
    pub async fn by(&self, client: &Client) -> String {
        let lead = client.done("leadCapture", self.input()).await;
        text(&lead["id"])
    }
}

/// Budget, authority, need and timeline that meet every shipped gate.
pub fn ready_to_buy() -> Value {
    json!({ "budget": "PLANNED", "authority": "DECIDER", "need": "RECOGNISED", "timelineMonths": 3 })
}

/// A text of an answer.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("expected a text: {value}")).to_owned()
}

/// Brings leads to where a test begins.
#[derive(Clone, Debug)]
pub struct Waterfall {
    /// The marketing member.
    pub marketing: Client,
    /// The inside-sales member.
    pub inside: Client,
    /// The field-sales member.
    pub field: Client,
}

impl Waterfall {
    /// With the members of the DACH teams.
    pub async fn new(app: &TestApp) -> Self {
        let [marketing, inside, field] = app.actors(["marketing", "inside", "field"]).await;
        Self { marketing, inside, field }
    }

    /// Captured: LEAD with marketing.
    pub async fn captured(&self, n: usize) -> String {
        Capture::new(n).by(&self.marketing).await
    }

    /// Qualified: MQL with marketing.
    pub async fn qualified(&self, n: usize) -> String {
        let lead = self.captured(n).await;
        self.marketing.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        lead
    }

    /// Offered to inside sales.
    pub async fn offered(&self, n: usize) -> String {
        let lead = self.qualified(n).await;
        self.marketing.done("leadHandOver", json!({ "lead": lead })).await;
        lead
    }

    /// Accepted: TAL with inside sales.
    pub async fn accepted(&self, n: usize) -> String {
        let lead = self.offered(n).await;
        self.inside.done("leadAccept", json!({ "lead": lead })).await;
        lead
    }

    /// Accepted by field sales: SAL.
    pub async fn with_field(&self, n: usize) -> String {
        let lead = self.accepted(n).await;
        self.inside.done("leadUpdate", json!({ "lead": lead, "bant": ready_to_buy() })).await;
        self.inside.done("leadQualify", json!({ "lead": lead, "to": "TQL" })).await;
        self.inside.done("leadHandOver", json!({ "lead": lead })).await;
        self.field.done("leadAccept", json!({ "lead": lead })).await;
        lead
    }

    /// At the closing step: SQL with field sales.
    pub async fn at_closing(&self, n: usize) -> String {
        let lead = self.with_field(n).await;
        self.field.done("leadQualify", json!({ "lead": lead, "to": "SQL" })).await;
        lead
    }

    /// Won.
    pub async fn won(&self, n: usize) -> String {
        let lead = self.at_closing(n).await;
        self.field.done("leadWin", json!({ "lead": lead })).await;
        lead
    }
}
