//! The mapping: a TOML file that tells which column of a CSV file is which field of a lead.
//!
//! It is read against the file's columns, whole: every fault is told at once, with its path.

mod fault;
mod field;
mod history;
mod section;
mod time;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use fairfall_domain::value::{Code, TimeZoneName};
use toml::Table;

pub use fault::{MapFault, MapFaults};
pub(super) use field::{Field, Row};
pub(super) use history::{EndKind, EndMap, Occurrence, StepMap, StepTarget};
pub(super) use time::TimeField;
pub(super) use users::{Made, UserGroup, UserName};

use field::{Header, field_section};
use history::{Around, required_time};
use section::Section;

/// The fields of a lead that hold a text.
const LEAD: [&str; 17] = [
    "campaign",
    "channel",
    "track",
    "direction",
    "origin",
    "product_area",
    "title",
    "value_amount",
    "value_currency",
    "budget",
    "authority",
    "need",
    "timeline_months",
    "country",
    "subdivision",
    "postal_code",
    "language",
];
const PERSON: [&str; 11] = [
    "given_name",
    "family_name",
    "email",
    "phone",
    "language",
    "country",
    "subdivision",
    "postal_code",
    "city",
    "job_title",
    "buying_role",
];
const COMPANY: [&str; 9] =
    ["name", "country", "subdivision", "postal_code", "city", "industry", "employees", "website", "register_number"];

/// What kind of value a custom attribute has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AttributeKind {
    /// `true` or `false`, `1` or `0`, `yes` or `no`.
    Flag,
    /// A whole number.
    Number,
    /// A short text.
    Text,
}

/// Fields by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(BTreeMap<&'static str, Field>);

impl Fields {
    /// A field, if it is mapped.
    pub(super) fn get(&self, name: &str) -> Option<&Field> {
        self.0.get(name)
    }

    /// What a fault of a field is named by: its column, else its path.
    pub(super) fn label<'a>(&'a self, name: &'a str) -> &'a str {
        self.get(name).map_or(name, Field::label)
    }
}

/// A mapping that fits a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    source: Option<String>,
    pub(super) header: Vec<String>,
    pub(super) external_id: Field,
    pub(super) captured_at: TimeField,
    pub(super) lead: Fields,
    pub(super) attributes: Vec<(String, AttributeKind, Field)>,
    /// Attributes that were known when the lead was captured, also of leads that have ended.
    pub(super) known_at_capture: BTreeSet<Code>,
    pub(super) person: Fields,
    pub(super) company: Fields,
    pub(super) steps: Vec<StepMap>,
    pub(super) ends: Vec<EndMap>,
    pub(super) users: BTreeMap<String, UserGroup>,
    pub(super) create_campaigns: bool,
}

impl Mapping {
    /// Reads a mapping for a file with these columns.
    ///
    /// # Errors
    /// Every fault with its path: unknown keys and columns with the nearest known name, wrong kinds of values, fields that are missing.
    pub fn read(text: &str, columns: &[String]) -> Result<Self, MapFaults> {
        let mut faults = MapFaults::default();
        let mapping = text.parse::<Table>().map_err(|error| faults.add("", syntax(text, &error))).ok();
        let mapping = mapping.and_then(|table| whole(table, columns, &mut faults));
        let read = faults.into_result();
        match mapping {
            Some(mapping) => read.map(|()| mapping),
            None => Err(read.err().unwrap_or_default()),
        }
    }

    /// The name of where the leads come from, if the mapping says it.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }
}

/// The character between the columns, as the mapping says it: a comma when it says nothing, or nothing that can be read.
pub fn delimiter(text: &str) -> u8 {
    let table = text.parse::<Table>().ok();
    let typed = table.as_ref().and_then(|table| table.get("csv")?.get("delimiter")?.as_str());
    typed.and_then(delimiter_of).unwrap_or(b',')
}

fn delimiter_of(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Some(*byte),
        _ => None,
    }
}

/// The message of a fault of TOML itself, with its line.
fn syntax(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", error.message())
}

fn whole(table: Table, columns: &[String], faults: &mut MapFaults) -> Option<Mapping> {
    let header = Header(columns);
    let mut root = Section::root(table);
    let source = root.text("source", faults);
    let zone = root.parsed("time_zone", faults).unwrap_or(TimeZoneName::UTC);
    let create_campaigns = root.flag("create_campaigns", faults);
    layout(&mut root, faults);
    let users = users::groups(&mut root, faults);
    let lead = root.section("lead", faults);
    if lead.is_none() {
        faults.add("lead", "must be given");
    }
    let lead = lead.and_then(|lead| lead_fields(lead, header, zone, faults));
    let person = root.section("person", faults).map(|section| texts(section, &PERSON, header, faults)).unwrap_or_default();
    if person.get("given_name").or_else(|| person.get("family_name")).is_none() {
        let hint = "must be mapped; for a file without names write `{ template = \"Lead {external_id:8}\" }`";
        faults.add("person.family_name", hint);
    }
    let company = root.section("company", faults).map(|section| texts(section, &COMPANY, header, faults)).unwrap_or_default();
    if company != Fields::default() && company.get("name").is_none() {
        faults.add("company.name", "must be mapped when other fields of the company are");
    }
    let around = Around { header, zone, groups: &users };
    let steps = history::steps(&mut root, around, faults);
    let ends = history::ends(&mut root, around, faults);
    root.close(faults);
    let lead = lead?;
    let amount = ends.iter().any(|end| matches!(&end.kind, EndKind::Won { amount: Some(_) }));
    if amount && lead.fields.get("value_currency").is_none() {
        faults.add("lead.value_currency", "must be mapped when `won.amount` is, for example `{ value = \"EUR\" }`");
    }
    Some(Mapping {
        source,
        header: columns.to_vec(),
        external_id: lead.external_id,
        captured_at: lead.captured_at,
        lead: lead.fields,
        attributes: lead.attributes,
        known_at_capture: lead.known_at_capture,
        person,
        company,
        steps,
        ends,
        users,
        create_campaigns,
    })
}

/// Checks `[csv]`; the delimiter itself was read before the columns were.
fn layout(root: &mut Section, faults: &mut MapFaults) {
    let Some(mut section) = root.section("csv", faults) else { return };
    if section.text("delimiter", faults).is_some_and(|text| delimiter_of(&text).is_none()) {
        faults.add(section.path_of("delimiter"), "expected one ASCII character such as `;`");
    }
    if section.text("encoding", faults).is_some_and(|name| !name.eq_ignore_ascii_case("utf-8")) {
        faults.add(section.path_of("encoding"), "only `utf-8` is read; convert the file first");
    }
    section.close(faults);
}

struct LeadSection {
    external_id: Field,
    captured_at: TimeField,
    fields: Fields,
    attributes: Vec<(String, AttributeKind, Field)>,
    known_at_capture: BTreeSet<Code>,
}

fn lead_fields(mut section: Section, header: Header<'_>, zone: TimeZoneName, faults: &mut MapFaults) -> Option<LeadSection> {
    let path = section.path_of("external_id");
    let external_id = section.take("external_id");
    if external_id.is_none() {
        faults.add(path.as_str(), "must be mapped: by it a row is known again");
    }
    let external_id = external_id.and_then(|value| Field::plain(path.clone(), value, header, faults));
    if external_id.as_ref().is_some_and(|field| field.constant().is_some()) {
        faults.add(path, "must not be the same in every row");
    }
    let captured_at = required_time(&mut section, "captured_at", header, zone, faults);
    let (attributes, known_at_capture) =
        section.section("attributes", faults).map(|inner| attributes(inner, header, faults)).unwrap_or_default();
    let fields = texts(section, &LEAD, header, faults);
    if fields.get("product_area").is_none() {
        faults.add("lead.product_area", "must be mapped, for example `{ value = \"crm\" }`");
    }
    if fields.get("value_amount").is_some() && fields.get("value_currency").is_none() {
        faults.add("lead.value_currency", "must be mapped when `value_amount` is, for example `{ value = \"EUR\" }`");
    }
    Some(LeadSection { external_id: external_id?, captured_at: captured_at?, fields, attributes, known_at_capture })
}

fn texts(mut section: Section, names: &[&'static str], header: Header<'_>, faults: &mut MapFaults) -> Fields {
    let mut fields = BTreeMap::new();
    for name in names {
        let path = section.path_of(name);
        if let Some(field) = section.take(name).and_then(|value| Field::plain(path, value, header, faults)) {
            fields.insert(*name, field);
        }
    }
    section.close(faults);
    Fields(fields)
}

/// Attributes by key, and the keys of those that were known when the lead was captured.
type Attributes = (Vec<(String, AttributeKind, Field)>, BTreeSet<Code>);

fn attributes(section: Section, header: Header<'_>, faults: &mut MapFaults) -> Attributes {
    let mut attributes = Vec::new();
    let mut known_at_capture = BTreeSet::new();
    for (path, key, value) in section.free() {
        let code = Code::parse(&key).map_err(|error| faults.add(path.as_str(), error.message)).ok();
        let Some(mut inner) = field_section(path, value, faults) else { continue };
        let field = Field::read(&mut inner, header, faults);
        let kind = match inner.text("type", faults).as_deref() {
            None | Some("text") => Some(AttributeKind::Text),
            Some("number") => Some(AttributeKind::Number),
            Some("flag") => Some(AttributeKind::Flag),
            Some(_) => None,
        };
        if kind.is_none() {
            faults.add(inner.path_of("type"), "expected `text`, `number` or `flag`");
        }
        match inner.text("known", faults).as_deref() {
            None | Some("now") => {}
            Some("at_capture") => known_at_capture.extend(code),
            Some(_) => faults.add(inner.path_of("known"), "expected `at_capture` or `now`"),
        }
        inner.close(faults);
        attributes.extend(field.zip(kind).map(|(field, kind)| (key, kind, field)));
    }
    (attributes, known_at_capture)
}

#[cfg(test)]
mod tests;
