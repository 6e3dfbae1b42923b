use csv::StringRecord;
use fairfall_domain::violation::ViolationCode;

use super::fault::nearest;
use super::*;

const MAP: &str = r#"
source = "crm"

[lead]
external_id = { column = "id" }
captured_at = { column = "created", format = "date" }
product_area = { value = "crm" }
channel = { column = "origin", map = { search = "ORGANIC_SEARCH", "" = "UNKNOWN" } }
title = { template = "Lead {external_id:3} of {city}" }

[person]
family_name = { column = "name", default = "Unknown" }
"#;

fn columns() -> Vec<String> {
    ["id", "created", "origin", "name", "city"].map(str::to_owned).to_vec()
}

fn mapping(text: &str) -> Mapping {
    Mapping::read(text, &columns()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn faults(text: &str) -> Vec<String> {
    Mapping::read(text, &columns()).unwrap_err().as_slice().iter().map(ToString::to_string).collect()
}

#[test]
fn a_field_is_a_column_a_constant_or_a_template() {
    let mapping = mapping(MAP);
    let record = StringRecord::from(vec!["abcdef", "2024-02-01", " search ", " ", "Köln"]);
    let row = Row { record: &record, external_id: "abcdef" };
    let text = |name: &str| mapping.lead.get(name).unwrap().text(row).unwrap().map(std::borrow::Cow::into_owned);
    assert_eq!(text("product_area").as_deref(), Some("crm"));
    assert_eq!(text("channel").as_deref(), Some("ORGANIC_SEARCH"));
    assert_eq!(text("title").as_deref(), Some("Lead abc of Köln"));
    assert_eq!(mapping.person.get("family_name").unwrap().text(row).unwrap().as_deref(), Some("Unknown"));
    let blank = StringRecord::from(vec!["abcdef", "2024-02-01", "pigeon", "Muster", ""]);
    let row = Row { record: &blank, external_id: "abcdef" };
    assert_eq!(mapping.lead.get("channel").unwrap().text(row).unwrap_err().code, ViolationCode::UnknownValue);
    // a template with a blank is none
    assert_eq!(mapping.lead.get("title").unwrap().text(row).unwrap(), None);
    let blank = StringRecord::from(vec!["abcdef", "2024-02-01", "", "Muster", ""]);
    let row = Row { record: &blank, external_id: "abcdef" };
    assert_eq!(mapping.lead.get("channel").unwrap().text(row).unwrap().as_deref(), Some("UNKNOWN"));
}

#[test]
fn every_fault_is_told_with_its_path_and_the_nearest_name() {
    let text = r#"
sauce = "crm"
create_campaigns = "yes"

[csv]
delimiter = ";;"
encoding = "latin-1"

[lead]
external_id = { column = "ids" }
captured_at = { column = "created", format = "%H:%M" }
titel = { column = "name" }
channel = { column = "origin", value = "SOCIAL" }
country = "DE"
value_amount = { column = "city" }

[lead.attributes]
"a b" = { column = "city", type = "date", known = "later" }

[[history]]
stage = "MQLL"
at = { column = "created", time_zone = "Berlin" }
by = { column = "name", users = "sales" }

[won]
when = { column = "city" }

[users.sale]
email = "nobody"
create = true
"#;
    let expected = [
        "`create_campaigns`: expected true or false, found string",
        "`csv.delimiter`: expected one ASCII character such as `;`",
        "`csv.encoding`: only `utf-8` is read; convert the file first",
        "`users.sale.email`: expected a template with `{value}`",
        "`users.sale.role`: must be given to create users, for example `FIELD_SALES`",
        "`lead.external_id.column`: the file has no column `ids`, did you mean `id`?",
        "`lead.captured_at.format`: expected `rfc3339`, `date`, or a pattern with a whole date such as `%d.%m.%Y %H:%M`",
        "`lead.attributes.a b`: expected letters a to z, digits, `-`, `_` and `.` only",
        "`lead.attributes.a b.type`: expected `text`, `number` or `flag`",
        "`lead.attributes.a b.known`: expected `at_capture` or `now`",
        "`lead.channel`: expected exactly one of `column`, `value` and `template`",
        "`lead.country`: expected a table such as `{ column = \"name\" }`, found string",
        "`lead.titel`: unknown key, did you mean `title`?",
        "`lead.product_area`: must be mapped, for example `{ value = \"crm\" }`",
        "`lead.value_currency`: must be mapped when `value_amount` is, for example `{ value = \"EUR\" }`",
        "`person.family_name`: must be mapped; for a file without names write `{ template = \"Lead {external_id:8}\" }`",
        "`history[0].stage`: unknown open stage `MQLL`, expected the code of a stage such as `MQL`",
        "`history[0].at.time_zone`: expected a time zone of the IANA database such as `Europe/Berlin`",
        "`history[0].by.users`: there is no table `users.sales`, did you mean `sale`?",
        "`won.when.equals`: expected a text, or a list of texts",
        "`won.at`: must be mapped, for example `{ column = \"created\", format = \"date\" }`",
        "`sauce`: unknown key, did you mean `source`?",
    ];
    assert_eq!(faults(text), expected);
}

#[test]
fn a_fault_of_toml_is_told_with_its_line() {
    let told = faults("source = \"a\"\n[lead\n");
    assert!(told[0].starts_with("line 2: "), "{told:?}");
}

#[test]
fn times_are_read_on_the_clock_of_their_zone() {
    let read = |format: &str, zone: &str, typed: &str| {
        let text = MAP.replace("format = \"date\"", &format!("format = \"{format}\", time_zone = \"{zone}\""));
        let mapping = mapping(&text);
        let record = StringRecord::from(vec!["abcdef", typed, "", "Muster", ""]);
        let time = mapping.captured_at.time(Row { record: &record, external_id: "abcdef" });
        time.map(|time| time.unwrap().to_rfc3339()).map_err(|error| error.message)
    };
    let good = |format, zone, typed| read(format, zone, typed).unwrap();
    assert_eq!(good("rfc3339", "UTC", "2024-02-01T09:30:00+02:00"), "2024-02-01T07:30:00+00:00");
    assert_eq!(good("date", "UTC", "2024-02-01"), "2024-02-01T00:00:00+00:00");
    assert_eq!(good("%d.%m.%Y %H:%M", "Europe/Berlin", "01.07.2024 09:30"), "2024-07-01T07:30:00+00:00");
    assert_eq!(good("%d.%m.%Y", "Europe/Berlin", "01.02.2024"), "2024-01-31T23:00:00+00:00");
    assert_eq!(good("%Y-%m-%d %H:%M:%S %z", "Europe/Berlin", "2024-02-01 00:00:00 +0000"), "2024-02-01T00:00:00+00:00");
    // clocks were put forward at midnight: the day began at one
    assert_eq!(good("date", "America/Sao_Paulo", "2017-10-15"), "2017-10-15T03:00:00+00:00");
    // an hour that came twice is the first of the two
    assert_eq!(good("%Y-%m-%d %H:%M", "Europe/Berlin", "2024-10-27 02:30"), "2024-10-27T00:30:00+00:00");
    assert_eq!(read("date", "UTC", "01.02.2024").unwrap_err(), "expected a time like `2026-03-31`");
    assert_eq!(read("%d.%m.%Y", "UTC", "2024-02-01").unwrap_err(), "expected a time like `%d.%m.%Y`");
    assert_eq!(read("date", "UTC", "1900-01-01").unwrap_err(), "lies before 1970");
}

#[test]
fn the_delimiter_is_known_before_the_columns() {
    assert_eq!(delimiter("[csv]\ndelimiter = \";\""), b';');
    assert_eq!(delimiter("[csv]\ndelimiter = \"\\t\""), b'\t');
    assert_eq!(delimiter("[csv]\ndelimiter = \"::\""), b',');
    assert_eq!(delimiter("not toml ["), b',');
}

#[test]
fn only_alike_names_are_proposed() {
    assert_eq!(nearest("titel", ["title", "track"]), Some("title"));
    assert_eq!(nearest("zzz", ["title", "track"]), None);
}
