//! Reads a row: all that can be said of it without the database. Every fault is told, named by the column that it is in.

use std::borrow::Cow;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use csv::StringRecord;
use fairfall_domain::attribute::AttributeBook;
use fairfall_domain::campaign::Channel;
use fairfall_domain::company::{CompanyDraft, CompanyFields};
use fairfall_domain::department::Department;
use fairfall_domain::person::{PersonDraft, PersonFields};
use fairfall_domain::quality::QualityPolicy;
use fairfall_domain::value::{Code, Currency, Money};
use fairfall_domain::violation::{ValueError, Violation, ViolationCode, Violations};
use fairfall_domain::waterfall::bant::Bant;
use fairfall_domain::waterfall::history::PastOutcome;
use fairfall_domain::waterfall::lead::Direction;
use fairfall_domain::waterfall::reason::{DisqualifyReason, LoseReason};

use crate::app::draft::{AttributeInput, DemandInput, DemandRead, MoneyInput};

use super::mapping::{AttributeKind, EndKind, Field, Fields, Mapping, Occurrence, Row, StepTarget, UserName};
use super::quality::{Desk, QualityCounts};

/// The longest external id, in characters.
const EXTERNAL_ID_CHARS_MAX: usize = 200;

/// A row without a fault of its own; the database may still object.
#[derive(Clone, Debug)]
pub(super) struct RowDraft {
    /// When the lead was captured.
    pub(super) captured_at: DateTime<Utc>,
    /// Whose it is.
    pub(super) person: PersonFields,
    /// The company.
    pub(super) company: Option<CompanyFields>,
    /// What their review found.
    pub(super) quality: QualityCounts,
    /// What is known of the demand.
    pub(super) demand: DemandRead,
    /// The amount it was won with.
    pub(super) won_amount: Option<Money>,
    /// The channel; the campaign's when absent.
    pub(super) channel: Option<Channel>,
    /// The key of the campaign.
    pub(super) campaign: Option<Code>,
    /// The key of the track; by price band when absent.
    pub(super) track: Option<String>,
    /// Who made the first step.
    pub(super) direction: Direction,
    /// The department that created it.
    pub(super) origin: Department,
    /// What happened after the capture, in the order of the mapping.
    pub(super) steps: Vec<StepDraft>,
    /// How it ended.
    pub(super) end: Option<EndDraft>,
}

/// A step of the past.
#[derive(Clone, Debug)]
pub(super) struct StepDraft {
    /// Where it led.
    pub(super) target: StepTarget,
    /// When, and by whom.
    pub(super) done: Done,
}

/// The end of the past.
#[derive(Clone, Debug)]
pub(super) struct EndDraft {
    /// How.
    pub(super) outcome: PastOutcome,
    /// When, and by whom.
    pub(super) done: Done,
}

/// When something happened, and by whom, with the columns that told it.
#[derive(Clone, Debug)]
pub(super) struct Done {
    /// When, UTC.
    pub(super) at: DateTime<Utc>,
    /// The column.
    pub(super) at_label: String,
    /// Who.
    pub(super) by: Option<(UserName, String)>,
}

impl RowDraft {
    /// The colleagues that the row names.
    pub(super) fn users(&self) -> impl Iterator<Item = &UserName> {
        let done = self.steps.iter().map(|step| &step.done).chain(self.end.as_ref().map(|end| &end.done));
        done.filter_map(|done| done.by.as_ref()).map(|(name, _)| name)
    }
}

/// The id of a row.
///
/// # Errors
/// When it is missing or too long.
pub(super) fn external_id(mapping: &Mapping, record: &StringRecord) -> Result<String, Violations> {
    let field = &mapping.external_id;
    let found = field.text(Row { record, external_id: "" }).and_then(|text| {
        let id = text.ok_or_else(ValueError::required)?;
        if id.chars().count() > EXTERNAL_ID_CHARS_MAX {
            Err(ValueError::too_long(EXTERNAL_ID_CHARS_MAX))
        } else {
            Ok(id.into_owned())
        }
    });
    let mut faults = Violations::new();
    faults.check(field.label(), found).ok_or(faults)
}

/// Reads a row.
///
/// # Errors
/// Every fault of the row, named by column.
pub(super) fn read(
    mapping: &Mapping,
    policy: &QualityPolicy,
    defined: &AttributeBook,
    record: &StringRecord,
    external_id: &str,
) -> Result<RowDraft, Violations> {
    let row = Row { record, external_id };
    let mut reader = Reader { row, faults: Violations::new(), desk: Desk::new(policy) };
    let lead = &mapping.lead;
    let captured_at = reader.required(mapping.captured_at.label(), mapping.captured_at.time(row));
    let person = reader.person(&mapping.person);
    let company = reader.company(&mapping.company);
    let demand = reader.demand(mapping, defined);
    let campaign = reader.parsed(lead, "campaign");
    let channel = reader.parsed(lead, "channel");
    let track = reader.text(lead, "track").map(Cow::into_owned);
    let direction = reader.parsed(lead, "direction").unwrap_or(Direction::Inbound);
    let origin = reader.parsed(lead, "origin").unwrap_or(Department::Marketing);
    let steps = mapping.steps.iter().filter_map(|step| {
        let done = reader.done(&step.occurrence)?;
        Some(StepDraft { target: step.target, done })
    });
    let steps = steps.collect();
    let (end, won_amount) = reader.end(mapping);
    let (Some(captured_at), Some(person), Some(demand), true) = (captured_at, person, demand, reader.faults.is_empty()) else {
        return Err(reader.faults);
    };
    let quality = reader.desk.counts;
    Ok(RowDraft {
        captured_at,
        person,
        company,
        quality,
        demand,
        won_amount,
        channel,
        campaign,
        track,
        direction,
        origin,
        steps,
        end,
    })
}

struct Reader<'a> {
    row: Row<'a>,
    faults: Violations,
    desk: Desk<'a>,
}

impl<'a> Reader<'a> {
    fn field(&mut self, field: &'a Field) -> Option<Cow<'a, str>> {
        self.faults.check(field.label(), field.text(self.row)).flatten()
    }

    fn text(&mut self, fields: &'a Fields, name: &str) -> Option<Cow<'a, str>> {
        fields.get(name).and_then(|field| self.field(field))
    }

    fn owned(&mut self, fields: &'a Fields, name: &str) -> Option<String> {
        self.text(fields, name).map(Cow::into_owned)
    }

    fn parsed<T: FromStr<Err: Into<ValueError>>>(&mut self, fields: &'a Fields, name: &str) -> Option<T> {
        let text = self.text(fields, name)?;
        self.faults.check(fields.label(name), text.parse::<T>())
    }

    fn number<T: FromStr>(&mut self, fields: &'a Fields, name: &str) -> Option<T> {
        let text = self.text(fields, name)?;
        let read = whole(&text).parse().map_err(|_| not_whole());
        self.faults.check(fields.label(name), read)
    }

    fn required<T>(&mut self, label: &str, found: Result<Option<T>, ValueError>) -> Option<T> {
        self.faults.check(label, found.and_then(|value| value.ok_or_else(ValueError::required)))
    }

    /// Takes over faults that are named as the API names fields, with the names of columns.
    fn take_over(&mut self, faults: Violations, label: impl Fn(&str) -> String) {
        for Violation { field, code, message } in faults {
            self.faults.add(label(&field), code, message);
        }
    }

    fn person(&mut self, fields: &'a Fields) -> Option<PersonFields> {
        let mut typed = |name| self.owned(fields, name);
        let draft = PersonDraft {
            given_name: typed("given_name"),
            family_name: typed("family_name"),
            email: typed("email"),
            phone: typed("phone"),
            language: typed("language"),
            country: typed("country"),
            subdivision: typed("subdivision"),
            postal_code: typed("postal_code"),
            city: typed("city"),
            job_title: typed("job_title"),
            company: None,
            buying_role: typed("buying_role"),
        };
        let read = self.desk.person(draft);
        read.map_err(|faults| self.take_over(faults, |name| label_of(fields, "person", name))).ok()
    }

    fn company(&mut self, fields: &'a Fields) -> Option<CompanyFields> {
        let mut typed = |name| self.owned(fields, name);
        let draft = CompanyDraft {
            name: typed("name"),
            country: typed("country"),
            subdivision: typed("subdivision"),
            postal_code: typed("postal_code"),
            city: typed("city"),
            industry: typed("industry"),
            employees: typed("employees").map(|text| whole(&text).to_owned()),
            website: typed("website"),
            register_number: typed("register_number"),
            owner: None,
        };
        // a row without a company's name has no company, whatever constants are mapped
        draft.name.as_ref()?;
        let read = self.desk.company(draft);
        read.map_err(|faults| self.take_over(faults, |name| label_of(fields, "company", name))).ok()
    }

    fn demand(&mut self, mapping: &'a Mapping, defined: &AttributeBook) -> Option<DemandRead> {
        let fields = &mapping.lead;
        let amount = fields.get("value_amount").and_then(|field| self.money(mapping, field));
        let bant = Bant {
            budget: self.parsed(fields, "budget"),
            authority: self.parsed(fields, "authority"),
            need: self.parsed(fields, "need"),
            timeline_months: self.number(fields, "timeline_months"),
        };
        let input = DemandInput {
            product_area: self.owned(fields, "product_area").unwrap_or_default(),
            title: self.owned(fields, "title"),
            value: amount
                .map(|money| MoneyInput { amount_minor: money.amount_minor(), currency: money.currency().as_str().to_owned() }),
            bant,
            country: self.owned(fields, "country"),
            subdivision: self.owned(fields, "subdivision"),
            postal_code: self.owned(fields, "postal_code"),
            language: self.owned(fields, "language"),
            attributes: self.attributes(mapping),
        };
        let mut faults = Violations::new();
        let read = input.read(defined, &mut faults);
        self.take_over(faults, |name| match name.strip_prefix("attributes.") {
            Some(key) => attribute_label(mapping, key),
            None => label_of(fields, "lead", name),
        });
        read
    }

    /// An amount in the currency of the row.
    fn money(&mut self, mapping: &'a Mapping, field: &'a Field) -> Option<Money> {
        let amount = self.field(field)?;
        let currency = self.text(&mapping.lead, "value_currency");
        let label = mapping.lead.label("value_currency");
        let currency = self.required(label, currency.map(|code| Currency::parse(&code)).transpose())?;
        self.faults.check(field.label(), Money::parse_decimal(&amount, currency.as_str()))
    }

    fn attributes(&mut self, mapping: &'a Mapping) -> Vec<(String, AttributeInput)> {
        let mut read = Vec::with_capacity(mapping.attributes.len());
        for (key, kind, field) in &mapping.attributes {
            let Some(text) = self.field(field) else { continue };
            let value = match kind {
                AttributeKind::Text => Ok(AttributeInput::Text(text.into_owned())),
                AttributeKind::Number => whole(&text).parse().map(AttributeInput::Number).map_err(|_| not_whole()),
                AttributeKind::Flag => flag(&text).map(AttributeInput::Flag),
            };
            read.extend(self.faults.check(field.label(), value).map(|value| (key.clone(), value)));
        }
        read
    }

    /// Something that happened; nothing when it did not, or with a fault.
    fn done(&mut self, occurrence: &'a Occurrence) -> Option<Done> {
        let at_label = occurrence.at.label();
        let found = occurrence.at.time(self.row);
        let at = match &occurrence.when {
            Some(condition) if !condition.holds(self.row) => None,
            Some(_) => self.required(at_label, found),
            None => self.faults.check(at_label, found).flatten(),
        }?;
        let by = occurrence.by.as_ref().and_then(|field| {
            let name = self.faults.check(field.label(), field.name(self.row)).flatten()?;
            Some((name, field.label().to_owned()))
        });
        Some(Done { at, at_label: at_label.to_owned(), by })
    }

    fn end(&mut self, mapping: &'a Mapping) -> (Option<EndDraft>, Option<Money>) {
        let mut end: Option<EndDraft> = None;
        let mut amount = None;
        for map in &mapping.ends {
            let Some(done) = self.done(&map.occurrence) else { continue };
            let outcome = match &map.kind {
                EndKind::Won { amount: field } => {
                    amount = field.as_ref().and_then(|field| self.money(mapping, field));
                    PastOutcome::Won
                }
                EndKind::Lost { reason } => PastOutcome::Lost(self.reason(reason.as_ref()).unwrap_or(LoseReason::Other)),
                EndKind::Disqualified { reason } => {
                    PastOutcome::Disqualified(self.reason(reason.as_ref()).unwrap_or(DisqualifyReason::Other))
                }
            };
            if let Some(other) = &end {
                let message = format!("there is another end in `{}`; a lead ends once", other.done.at_label);
                self.faults.add(&done.at_label, ViolationCode::Conflict, message);
            }
            end = Some(EndDraft { outcome, done });
        }
        (end, amount)
    }

    fn reason<T: FromStr<Err: Into<ValueError>>>(&mut self, field: Option<&'a Field>) -> Option<T> {
        let field = field?;
        let text = self.field(field)?;
        self.faults.check(field.label(), text.parse::<T>())
    }
}

/// The column of a field that the API names `postalCode` or `value.currency`, or its path in the mapping.
fn label_of(fields: &Fields, table: &str, api: &str) -> String {
    let name = match api {
        "value.amountMinor" => "value_amount".to_owned(),
        "value.currency" => "value_currency".to_owned(),
        "bant.timelineMonths" => "timeline_months".to_owned(),
        other => snake_case(other),
    };
    fields.get(&name).map_or_else(|| format!("{table}.{name}"), |field| field.label().to_owned())
}

fn snake_case(api: &str) -> String {
    let mut name = String::with_capacity(api.len() + 4);
    for letter in api.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn attribute_label(mapping: &Mapping, key: &str) -> String {
    let mapped = mapping.attributes.iter().find(|(known, _, _)| known == key);
    mapped.map_or_else(|| format!("lead.attributes.{key}"), |(_, _, field)| field.label().to_owned())
}

/// A number without a fraction that is nothing, as spreadsheets write whole numbers: `100.0` is `100`.
fn whole(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) | None => text,
    }
}

fn not_whole() -> ValueError {
    ValueError::new(ViolationCode::Malformed, "expected a whole number")
}

fn flag(text: &str) -> Result<bool, ValueError> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err(ValueError::new(ViolationCode::Malformed, "expected `true` or `false`")),
    }
}

#[cfg(test)]
mod tests;
