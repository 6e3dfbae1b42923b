//! Snapshots: what was known of a passage when it opened.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::value::Code;
use crate::waterfall::lead::{AttributeValue, Lead};

use super::field::Field;

/// The longest text of an attribute that is taken as a category; longer ones are prose.
pub const VALUE_CHARS_MAX: usize = 64;

/// A value with the time from which it was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The category.
    pub value: String,
    /// Since when, UTC.
    pub at: DateTime<Utc>,
}

/// What was known of a passage at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Snapshot {
    /// When it was taken, UTC.
    pub taken_at: DateTime<Utc>,
    /// Whether a field that is missing was empty then; if not, nobody knows what it was.
    pub complete: bool,
    /// The values.
    pub fields: BTreeMap<Field, Known>,
}

/// The written form: times only where they differ from that of the snapshot.
#[derive(Serialize, Deserialize)]
struct Stored {
    at: DateTime<Utc>,
    complete: bool,
    fields: BTreeMap<Field, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    later: BTreeMap<Field, DateTime<Utc>>,
}

impl From<Stored> for Snapshot {
    fn from(stored: Stored) -> Self {
        let Stored { at, complete, fields, later } = stored;
        let known = |(field, value)| {
            let at = later.get(&field).copied().unwrap_or(at);
            (field, Known { value, at })
        };
        Self { taken_at: at, complete, fields: fields.into_iter().map(known).collect() }
    }
}

impl From<Snapshot> for Stored {
    fn from(snapshot: Snapshot) -> Self {
        let at = snapshot.taken_at;
        let other = snapshot.fields.iter().filter(|(_, known)| known.at != at);
        let later = other.map(|(field, known)| (field.clone(), known.at)).collect();
        let fields = snapshot.fields.into_iter().map(|(field, known)| (field, known.value)).collect();
        Self { at, complete: snapshot.complete, fields, later }
    }
}

/// What of the person and company counts. No name, address or number: nothing here tells who it was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// Whether the person's job title is known.
    pub has_title: bool,
    /// The industry of the company.
    pub industry: Option<&'a Code>,
    /// How many people work there.
    pub employees: Option<u32>,
}

impl Snapshot {
    /// What is known of a lead at a time: of where it came from, what it wants, its person and company.
    pub fn of(lead: &Lead, beside: &Beside<'_>, at: DateTime<Utc>) -> Self {
        let mut snapshot = Self::of_origin(lead, at);
        snapshot.complete = true;
        let demand = &lead.demand;
        snapshot.put("country", demand.country.map(|country| country.as_str().to_owned()));
        snapshot.put("language", demand.language.as_ref().map(|language| language.primary().to_owned()));
        snapshot.put("industry", beside.industry.map(|industry| industry.as_str().to_owned()));
        snapshot.put("companySize", beside.employees.map(|employees| size_band(employees).to_owned()));
        snapshot.put("company", Some(known_or_not(lead.company.is_some())));
        snapshot.put("title", Some(known_or_not(beside.has_title)));
        for (key, value) in &demand.attributes {
            snapshot.learn(Field::attribute(key), category(value), at);
        }
        snapshot
    }

    /// What is known of where a lead came from and nothing else: all that can be said of the opening of a passage whose history came in at
    /// once. What else such a record tells may have been learned on the way, or from the outcome.
    pub fn of_origin(lead: &Lead, at: DateTime<Utc>) -> Self {
        let mut snapshot = Self { taken_at: at, complete: false, fields: BTreeMap::new() };
        let origin = &lead.origin;
        snapshot.put("channel", Some(origin.channel.to_string()));
        snapshot.put("campaign", origin.campaign.map(|campaign| campaign.to_string()));
        snapshot.put("origin", Some(origin.department.to_string()));
        snapshot.put("direction", Some(origin.direction.to_string()));
        snapshot.put("productArea", Some(lead.demand.product_area.to_string()));
        snapshot
    }

    /// Adds attributes of which it is told that they were known when the passage opened.
    #[must_use]
    pub fn with_attributes<'a>(mut self, lead: &Lead, known: impl IntoIterator<Item = &'a Code>) -> Self {
        let at = self.taken_at;
        for key in known {
            let value = lead.demand.attributes.get(key).and_then(category);
            self.learn(Field::attribute(key), Some(value.unwrap_or_default()), at);
        }
        self
    }

    /// Adds a value that was learned at a time; nothing is not added.
    pub fn learn(&mut self, field: Field, value: Option<String>, at: DateTime<Utc>) {
        if let Some(value) = value {
            self.fields.insert(field, Known { value, at });
        }
    }

    /// The category of a field: empty when it was known to be empty, nothing when nobody knows.
    pub fn level(&self, field: &Field) -> Option<&str> {
        match self.fields.get(field) {
            Some(known) => Some(&known.value),
            None => self.complete.then_some(""),
        }
    }

    fn put(&mut self, name: &'static str, value: Option<String>) {
        let at = self.taken_at;
        self.learn(Field::of(name), value, at);
    }
}

fn known_or_not(known: bool) -> String {
    if known { "KNOWN" } else { "UNKNOWN" }.to_owned()
}

/// The size of a company; up to 249 people as the European Commission divides them (recommendation 2003/361/EC).
const fn size_band(employees: u32) -> &'static str {
    match employees {
        0..=9 => "1-9",
        10..=49 => "10-49",
        50..=249 => "50-249",
        250..=999 => "250-999",
        1_000..=4_999 => "1000-4999",
        5_000.. => "5000+",
    }
}

/// An attribute as a category: numbers by their magnitude, texts only when they are short and have the form of a key. Prose, addresses and
/// telephone numbers are no categories, and may be personal.
fn category(value: &AttributeValue) -> Option<String> {
    match value {
        AttributeValue::Flag(flag) => Some(flag.to_string()),
        AttributeValue::Number(number) => Some(magnitude(*number)),
        AttributeValue::Text(text) => key_like(text.as_str()).then(|| text.as_str().to_owned()),
    }
}

fn magnitude(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    match number.unsigned_abs().checked_ilog10() {
        None => "0".to_owned(),
        Some(digits) => format!("{sign}1e{digits}"),
    }
}

fn key_like(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits > 5 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.' | b'+'));
    let lawful = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':' | '/' | '+');
    !is_number && !text.is_empty() && text.chars().count() <= VALUE_CHARS_MAX && text.chars().all(lawful)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::ShortText;

    #[test]
    fn attributes_become_categories_and_prose_does_not() {
        let text = |text: &str| category(&AttributeValue::Text(ShortText::parse(text).unwrap()));
        assert_eq!(text("lp001"), Some("lp001".to_owned()));
        assert_eq!(text("Größe-M"), Some("Größe-M".to_owned()));
        for prose in ["call her at noon", "ada@example.com", "+49-170-1234567", &"x".repeat(65)] {
            assert_eq!(text(prose), None, "{prose}");
        }
        let numbers = [-40, 0, 7, 10, 12_345].map(|number| category(&AttributeValue::Number(number)).unwrap());
        assert_eq!(numbers, ["-1e1", "0", "1e0", "1e1", "1e4"]);
    }

    #[test]
    fn is_read_back_as_it_was_written() {
        let at = DateTime::UNIX_EPOCH;
        let mut snapshot = Snapshot { taken_at: at, complete: true, fields: BTreeMap::new() };
        snapshot.learn(Field::of("channel"), Some("WEB".to_owned()), at);
        snapshot.learn(Field::of("country"), Some("DE".to_owned()), at + chrono::TimeDelta::days(3));
        let json = serde_json::to_string(&snapshot).unwrap();
        assert_eq!(serde_json::from_str::<Snapshot>(&json).unwrap(), snapshot);
        assert_eq!(snapshot.level(&Field::of("language")), Some(""));
        snapshot.complete = false;
        assert_eq!(snapshot.level(&Field::of("language")), None);
    }
}
