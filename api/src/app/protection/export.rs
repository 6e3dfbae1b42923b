//! Subject access: all that is known of a person, for machines and for people (Art. 15 and 20 GDPR).

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::id::PersonId;
use fairfall_persistence::repo::subject_access::{self, ROWS_MAX, Section};
use fairfall_persistence::repo::{self};
use serde_json::{Map, Value, json};

use crate::app::{App, AppError, Caller};

/// The language of the readable page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageLanguage {
    /// German.
    De,
    /// English.
    En,
}

/// All that is known of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Whose.
    pub person: PersonId,
    /// When it was put together.
    pub at: DateTime<Utc>,
    /// For machines: one JSON object with a list for each section.
    pub json: String,
    /// For people: a page of HTML that stands alone.
    pub page: String,
}

/// Puts together all that is known of a person.
///
/// # Errors
/// `NotFound`, `NotAllowed`.
#[tracing::instrument(name = "app.protection.export", skip_all)]
pub async fn export(app: &App, caller: &Caller, person: PersonId, language: PageLanguage) -> Result<Export, AppError> {
    let view = caller.may(Action::ViewPerson).ok_or_else(|| AppError::not_found("person"))?;
    let grant = caller.must(Action::ExportPerson)?;
    let at = app.now();
    let (person, sections) = app
        .store()
        .transact(move |uow| {
            let (caller, view, grant) = (caller.clone(), view.clone(), grant.clone());
            Box::pin(async move {
                let seen = repo::person::find(uow, &view, person).await?.ok_or_else(|| AppError::not_found("person"))?;
                if repo::person::find(uow, &grant, seen.id).await?.is_none() {
                    return Err(crate::app::Rejection::NotAllowed { action: Action::ExportPerson }.into());
                }
                caller.audit(uow, Action::ExportPerson, "person", seen.id.uuid(), at).await?;
                Ok::<_, AppError>((seen.id, subject_access::sections(uow, seen.id).await?))
            })
        })
        .await?;
    Ok(Export { person, at, json: machine(person, at, &sections), page: page(person, at, &sections, language) })
}

fn machine(person: PersonId, at: DateTime<Utc>, sections: &[Section]) -> String {
    let mut document = Map::new();
    document.insert("id".to_owned(), json!(person.to_string()));
    document.insert("exportedAt".to_owned(), json!(at));
    for section in sections {
        document.insert(section.key.to_owned(), Value::Array(section.rows.clone()));
    }
    let cut: Vec<&str> = sections.iter().filter(|section| section.is_cut).map(|section| section.key).collect();
    document.insert("cut".to_owned(), json!(cut));
    serde_json::to_string_pretty(&Value::Object(document)).unwrap_or_default()
}

/// The title of a section, in German and English.
fn title(key: &str, language: PageLanguage) -> &str {
    let (de, en) = match key {
        "person" => ("Zur Person", "The person"),
        "consents" => ("Einwilligungen und Widersprüche", "Consents and withdrawals"),
        "consentRequests" => ("Anfragen zur Einwilligung", "Requests for consent"),
        "mails" => ("E-Mails", "E-mails"),
        "leads" => ("Anfragen und Bedarf", "Enquiries and demand"),
        "transitions" => ("Verlauf der Bearbeitung", "How they were worked on"),
        "feedback" => ("Wie Anfragen bewertet wurden", "How enquiries were rated"),
        "activities" => ("Was Sie taten", "What you did"),
        "opportunities" => ("Angebote", "Offers"),
        "purchases" => ("Käufe", "Purchases"),
        "buyingRoles" => ("Rollen bei Käufen", "Roles in purchases"),
        "namesElsewhere" => ("Kennungen in anderen Systemen", "Names in other systems"),
        "merges" => ("Zusammengeführte Datensätze", "Merged records"),
        other => (other, other),
    };
    match language {
        PageLanguage::De => de,
        PageLanguage::En => en,
    }
}

fn page(person: PersonId, at: DateTime<Utc>, sections: &[Section], language: PageLanguage) -> String {
    let (lang, heading, nothing, cut) = match language {
        PageLanguage::De => ("de", "Was über Sie gespeichert ist", "Nichts gespeichert.", "Mehr Zeilen als hier gezeigt:"),
        PageLanguage::En => ("en", "What is stored about you", "Nothing stored.", "More rows than shown here:"),
    };
    let mut html = format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{heading}</title><style>body{{font-family:sans-serif;\
         max-width:60em;margin:2em auto}}table{{border-collapse:collapse;margin-bottom:1em}}th,td{{border:1px solid #999;padding:.2em .5em;\
         text-align:left;vertical-align:top}}</style></head><body><h1>{heading}</h1><p>{person} · {}</p>",
        at.format("%Y-%m-%d %H:%M UTC"),
    );
    for section in sections {
        write_section(&mut html, section, title(section.key, language), nothing);
        if section.is_cut {
            let _ = write!(html, "<p>{cut} {ROWS_MAX}</p>");
        }
    }
    html.push_str("</body></html>\n");
    html
}

fn write_section(html: &mut String, section: &Section, title: &str, nothing: &str) {
    let _ = write!(html, "<h2>{}</h2>", escape(title));
    if section.rows.is_empty() {
        let _ = write!(html, "<p>{nothing}</p>");
    }
    for row in section.rows.iter().filter_map(Value::as_object) {
        html.push_str("<table>");
        for (field, value) in row.iter().filter(|(_, value)| !value.is_null()) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let _ = write!(html, "<tr><th>{}</th><td>{}</td></tr>", escape(field), escape(&text));
        }
        html.push_str("</table>");
    }
}

/// Text that means itself in HTML: what people typed must not become markup.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_stays_text() {
        let rows = vec![json!({ "note": "<script>alert(1)</script>", "fit": 3, "title": null })];
        let sections = [Section { key: "leads", rows, is_cut: true }];
        let person = PersonId::from(uuid::Uuid::from_u128(1));
        let html = page(person, DateTime::UNIX_EPOCH, &sections, PageLanguage::En);
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script>"));
        assert!(html.contains("<th>fit</th><td>3</td>") && !html.contains("<th>title</th>"));
        assert!(html.contains("More rows than shown here: 10000"));
        let machine: Value = serde_json::from_str(&machine(person, DateTime::UNIX_EPOCH, &sections)).unwrap();
        assert_eq!((&machine["leads"][0]["fit"], &machine["cut"]), (&json!(3), &json!(["leads"])));
    }
}
