//! Everything that is known of a person, as rows to be read by that person (Art. 15 GDPR).
//!
//! To add a table that holds something of a person: add a section. What colleagues are called by is not the person's data and stays out.

use fairfall_domain::id::PersonId;
use sea_orm::{FromQueryResult as _, JsonValue, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};

/// Most rows of one section.
pub const ROWS_MAX: usize = 10_000;

/// A part of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its key.
    pub key: &'static str,
    /// The rows, each an object of texts and figures.
    pub rows: Vec<JsonValue>,
    /// Whether there are more rows than are told.
    pub is_cut: bool,
}

/// Key and question of each section; `{people}` stands for the ids of the person's records.
const SECTIONS: &[(&str, &str)] = &[
    (
        "person",
        "SELECT given_name, family_name, email, phone, language, person.country, person.subdivision, person.postal_code, person.city, job_title, \
         company.name AS company, buying_role, person.origins, person.created_at, person.updated_at \
         FROM person LEFT JOIN company ON company.id = person.company_id WHERE person.id IN ({people}) ORDER BY person.created_at",
    ),
    (
        "consents",
        "SELECT at, purpose, channel, status, basis, expires_at, how, text, text_version, language, given_at, address, user_agent, confirmed_at, \
         confirmed_from, grounds FROM consent_record WHERE person_id IN ({people}) ORDER BY at",
    ),
    (
        "consentRequests",
        "SELECT requested_at, purpose, channels, state, expires_at, closed_at FROM consent_optin WHERE person_id IN ({people}) ORDER BY requested_at",
    ),
    (
        "mails",
        "SELECT created_at, kind, recipient, state, closed_at FROM mail_outbox WHERE person_id IN ({people}) ORDER BY created_at",
    ),
    (
        "leads",
        "SELECT captured_at, product_area, title, lead.channel, direction, origin_department, lead.country, lead.subdivision, lead.postal_code, \
         lead.language, value_minor, value_currency, budget, authority, need, timeline_months, attributes, stage, state, fit, engagement, grade, \
         tier, company.name AS company, campaign.name AS campaign, lead.updated_at FROM lead LEFT JOIN company ON company.id = lead.company_id \
         LEFT JOIN campaign ON campaign.id = lead.campaign_id WHERE person_id IN ({people}) ORDER BY captured_at",
    ),
    (
        "transitions",
        "SELECT transition.at, act, from_stage, to_stage, from_department, to_department, reason, note FROM transition \
         JOIN lead ON lead.id = transition.lead_id WHERE lead.person_id IN ({people}) ORDER BY transition.at",
    ),
    (
        "feedback",
        "SELECT lead_feedback.at, lead_feedback.updated_at, lead_feedback.department, giving, rating, reasons, note FROM lead_feedback \
         JOIN lead ON lead.id = lead_feedback.lead_id WHERE lead.person_id IN ({people}) ORDER BY lead_feedback.at",
    ),
    (
        "activities",
        "SELECT occurred_at, recorded_at, channel, kind, outcome, note, source, external_id FROM activity WHERE person_id IN ({people}) ORDER BY occurred_at",
    ),
    (
        "opportunities",
        "SELECT opened_at, amount_minor, amount_currency, state, closed_at FROM opportunity WHERE person_id IN ({people}) ORDER BY opened_at",
    ),
    (
        "purchases",
        "SELECT handed_over_at, state, taken_over_at FROM customer WHERE person_id IN ({people}) ORDER BY handed_over_at",
    ),
    (
        "buyingRoles",
        "SELECT company.name AS company, product_area, role, noted_at FROM buying_role JOIN company ON company.id = buying_role.company_id \
         WHERE person_id IN ({people}) ORDER BY noted_at",
    ),
    (
        "namesElsewhere",
        "SELECT source, external_id FROM external_ref WHERE subject_id IN ({people}) \
         OR subject_id IN (SELECT id FROM lead WHERE person_id IN ({people})) ORDER BY source, external_id",
    ),
    (
        "merges",
        "SELECT merged_at, undone_at FROM merge WHERE survivor_id IN ({people}) OR loser_id IN ({people}) ORDER BY merged_at",
    ),
];

/// Everything that is known of a person and of the records that were merged into it.
///
/// # Errors
/// When the database fails.
pub async fn sections(on: &impl Readable, person: PersonId) -> Result<Vec<Section>, StoreError> {
    let mut known = Sql::new("SELECT id FROM person WHERE id = ");
    known.bind(person.uuid()).push(" OR merged_into = ").bind(person.uuid());
    let ids = known.all(on).await?.iter().map(|row| Columns::of(row).next::<Uuid>()).collect::<Result<Vec<_>, _>>()?;
    let mut sections = Vec::with_capacity(SECTIONS.len());
    if ids.is_empty() {
        return Ok(sections);
    }
    for (key, question) in SECTIONS {
        sections.push(section(on, key, question, &ids).await?);
    }
    Ok(sections)
}

async fn section(on: &impl Readable, key: &'static str, question: &str, ids: &[Uuid]) -> Result<Section, StoreError> {
    let mut parts = question.split("{people}");
    let mut sql = Sql::new(parts.next().unwrap_or_default());
    for part in parts {
        sql.bind_list(ids.iter().map(|id| Value::from(*id))).push(part);
    }
    sql.push(" LIMIT ").push(&ROWS_MAX.saturating_add(1).to_string());
    let found = sql.all(on).await?;
    let rows = found.iter().take(ROWS_MAX).map(|row| JsonValue::from_query_result(row, ""));
    Ok(Section { key, rows: rows.collect::<Result<_, _>>()?, is_cut: found.len() > ROWS_MAX })
}
