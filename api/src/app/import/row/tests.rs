use super::*;

const MAP: &str = r#"
[lead]
external_id = { column = "id" }
captured_at = { column = "created", format = "date" }
product_area = { column = "area" }
channel = { column = "origin" }
value_amount = { column = "value" }
value_currency = { value = "EUR" }
country = { value = "DE" }
subdivision = { column = "state" }
budget = { column = "budget" }

[lead.attributes]
seats = { column = "seats", type = "number" }
pilot = { column = "pilot", type = "flag" }

[person]
family_name = { column = "name" }
email = { column = "mail" }

[company]
name = { column = "company" }
country = { value = "DE" }
employees = { column = "people" }

[[history]]
stage = "MQL"
at = { column = "qualified", format = "date" }
by = { column = "who", users = "marketing" }

[won]
when = { column = "result", equals = ["won", "sold"] }
at = { column = "ended", format = "date" }

[lost]
when = { column = "result", equals = "lost" }
at = { column = "ended", format = "date" }
reason = { column = "why" }

[disqualified]
at = { column = "binned", format = "date" }

[users.marketing]
email = "{value}@example.com"
"#;

const COLUMNS: [&str; 18] = [
    "id",
    "created",
    "area",
    "origin",
    "value",
    "state",
    "budget",
    "seats",
    "pilot",
    "name",
    "mail",
    "company",
    "people",
    "qualified",
    "who",
    "result",
    "ended",
    "why",
];

fn good() -> Vec<(&'static str, &'static str)> {
    vec![("id", "7"), ("created", "2024-02-01"), ("area", "crm"), ("name", "Muster")]
}

fn read_with(changes: &[(&str, &str)]) -> Result<RowDraft, Violations> {
    let columns: Vec<String> = COLUMNS.iter().copied().chain(["binned"]).map(str::to_owned).collect();
    let mapping = Mapping::read(MAP, &columns).unwrap_or_else(|faults| panic!("{faults}"));
    let typed = good();
    let text =
        |name: &str| changes.iter().rev().chain(typed.iter().rev()).find(|(key, _)| *key == name).map_or("", |(_, text)| *text);
    let record: StringRecord = columns.iter().map(|name| text(name)).collect();
    let id = external_id(&mapping, &record)?;
    read(&mapping, &QualityPolicy::shipped(), &fairfall_domain::attribute::AttributeBook::default(), &record, &id)
}

fn told(changes: &[(&str, &str)]) -> Vec<String> {
    read_with(changes).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_not_mapped_or_blank_is_absent() {
    let draft = read_with(&[]).unwrap();
    assert_eq!((draft.channel, draft.direction, draft.origin), (None, Direction::Inbound, Department::Marketing));
    assert!(draft.company.is_none() && draft.steps.is_empty() && draft.end.is_none());
}

#[test]
fn a_row_is_read_whole() {
    let draft = read_with(&[
        ("origin", "EVENT"),
        ("value", "1200.50"),
        ("state", "by"),
        ("seats", "40.0"),
        ("pilot", "Yes"),
        ("company", "Kunde GmbH"),
        ("people", "250.0"),
        ("qualified", "2024-02-02"),
        ("who", "anna"),
        ("result", "sold"),
        ("ended", "2024-02-03"),
    ])
    .unwrap();
    assert_eq!(draft.channel, Some(Channel::Event));
    assert_eq!(draft.company.as_ref().unwrap().employees, Some(250));
    let name = UserName { group: "marketing".to_owned(), value: "anna".to_owned() };
    assert_eq!(draft.users().collect::<Vec<_>>(), [&name]);
    assert_eq!(name.external_id(), "marketing:anna");
    assert_eq!(draft.steps[0].target, StepTarget::Stage(fairfall_domain::waterfall::stage::OpenStage::Mql));
    assert_eq!(draft.end.as_ref().unwrap().outcome, PastOutcome::Won);
}

#[test]
fn every_fault_is_named_by_its_column() {
    let told = told(&[
        ("created", "soon"),
        ("area", "two words"),
        ("origin", "PIGEON"),
        ("value", "12,50"),
        ("state", "ZZ"),
        ("budget", "some"),
        ("seats", "4.5"),
        ("pilot", "perhaps"),
        ("name", ""),
        ("mail", "max"),
        ("company", "Kunde GmbH"),
        ("people", "many"),
        ("qualified", "then"),
        ("result", "won"),
    ]);
    let expected = [
        "`created`: expected a time like `2026-03-31`",
        "`name`: must be given",
        "`mail`: expected an e-mail address such as `name@example.com`",
        "`people`: expected a whole number of people",
        "`value`: expected an amount such as `1234.50` with at most 2 digits after the point",
        "`budget`: unknown budget `some`",
        "`pilot`: expected `true` or `false`",
        "`seats`: expected a whole number",
        "`area`: expected letters a to z, digits, `-`, `_` and `.` only",
        "`state`: `DE-ZZ` is no region code of ISO 3166-2",
        "`origin`: unknown channel `PIGEON`",
        "`qualified`: expected a time like `2026-03-31`",
        "`ended`: must be given",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_row_without_an_id_has_no_other_fault() {
    assert_eq!(told(&[("id", " "), ("created", "soon")]), ["`id`: must be given"]);
    assert_eq!(told(&[("id", &"x".repeat(201))]), ["`id`: at most 200 characters are allowed"]);
}

#[test]
fn a_lead_ends_once() {
    let told = told(&[("result", "lost"), ("ended", "2024-02-03"), ("why", "PRICE"), ("binned", "2024-02-04")]);
    assert_eq!(told, ["`binned`: there is another end in `ended`; a lead ends once"]);
    let lost = read_with(&[("result", "lost"), ("ended", "2024-02-03"), ("why", "PRICE")]).unwrap();
    assert_eq!(lost.end.unwrap().outcome, PastOutcome::Lost(LoseReason::Price));
    // the time alone makes no end where a condition is mapped
    assert!(read_with(&[("result", "open"), ("ended", "2024-02-03")]).unwrap().end.is_none());
}

#[test]
fn whole_numbers_may_be_written_as_spreadsheets_do() {
    assert_eq!([whole("100.0"), whole("100"), whole("100.5"), whole("100.")], ["100", "100", "100.5", "100."]);
}
