//! Where the text of one field comes from: a column, a constant or a template, perhaps by way of a list of replacements.

use std::borrow::Cow;
use std::collections::BTreeMap;

use csv::StringRecord;
use fairfall_domain::violation::{ValueError, ViolationCode};
use toml::Value;

use super::fault::{MapFaults, did_you_mean};
use super::section::{Section, scalar};

/// How much of a value that no list knows is shown, in characters.
const SHOWN_CHARS_MAX: usize = 64;

/// A row of the file while its fields are read.
#[derive(Clone, Copy, Debug)]
pub(in crate::app::import) struct Row<'a> {
    /// What stands in the file.
    pub(in crate::app::import) record: &'a StringRecord,
    /// The row's id, once it is known.
    pub(in crate::app::import) external_id: &'a str,
}

impl<'a> Row<'a> {
    /// The text of a column without surrounding space, if there is any.
    fn given(self, column: &Column) -> Option<&'a str> {
        self.record.get(column.index).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// The names of the file's columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header<'a>(pub(super) &'a [String]);

/// A column that the file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    name: String,
    index: usize,
}

impl Header<'_> {
    /// The column of a name; a fault when the file has none.
    pub(super) fn column(self, name: &str, path: &str, faults: &mut MapFaults) -> Option<Column> {
        let index = self.0.iter().position(|known| known == name);
        if index.is_none() {
            let hint = did_you_mean(name, self.0.iter().map(String::as_str));
            faults.add(path, format!("the file has no column `{name}`{hint}"));
        }
        Some(Column { name: name.to_owned(), index: index? })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    ExternalId { chars_max: usize },
    Column { column: Column, chars_max: usize },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum From {
    Column(Column),
    Constant(String),
    Template(Vec<Part>),
}

/// The source of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct Field {
    path: String,
    from: From,
    map: Option<BTreeMap<String, String>>,
    default: Option<String>,
}

impl Field {
    /// Reads `{ column | value | template, map, default }` out of a table; other keys stay in it.
    pub(super) fn read(section: &mut Section, header: Header<'_>, faults: &mut MapFaults) -> Option<Self> {
        let path = section.path_of("");
        let column = section.text("column", faults);
        let value = section.scalar("value", faults);
        let template = section.text("template", faults);
        let map = section.section("map", faults).map(|map| replacements(map, faults));
        let default = section.scalar("default", faults);
        let from = match (column, value, template) {
            (Some(name), None, None) => From::Column(header.column(&name, &section.path_of("column"), faults)?),
            (None, Some(value), None) => From::Constant(value),
            (None, None, Some(text)) => From::Template(template_of(&text, header, &section.path_of("template"), faults)?),
            (None, None, None) | (Some(_), _, _) | (_, Some(_), _) => {
                faults.add(path, "expected exactly one of `column`, `value` and `template`");
                return None;
            }
        };
        Some(Self { path, from, map, default })
    }

    /// Reads a field that has no other keys.
    pub(super) fn plain(path: String, value: Value, header: Header<'_>, faults: &mut MapFaults) -> Option<Self> {
        let mut section = field_section(path, value, faults)?;
        let field = Self::read(&mut section, header, faults);
        section.close(faults);
        field
    }

    /// What a fault of the field is named by: its column, else its path in the mapping.
    pub(in crate::app::import) fn label(&self) -> &str {
        match &self.from {
            From::Column(column) => &column.name,
            From::Constant(_) | From::Template(_) => &self.path,
        }
    }

    /// The field's value, if every row has the same.
    pub(super) fn constant(&self) -> Option<&str> {
        match (&self.from, &self.map) {
            (From::Constant(value), None) => Some(value),
            (From::Constant(_) | From::Column(_) | From::Template(_), _) => None,
        }
    }

    /// The field's text in a row.
    ///
    /// # Errors
    /// When the list of replacements does not know what is found and there is no default.
    pub(in crate::app::import) fn text<'a>(&'a self, row: Row<'a>) -> Result<Option<Cow<'a, str>>, ValueError> {
        let found = match &self.from {
            From::Column(column) => row.given(column).map(Cow::Borrowed),
            From::Constant(value) => Some(Cow::Borrowed(value.as_str())),
            From::Template(parts) => fill(parts, row).map(Cow::Owned),
        };
        let default = || self.default.as_deref().map(Cow::Borrowed);
        let text = match (&self.map, found) {
            (None, found) => found.or_else(default),
            (Some(map), found) => match (map.get(found.as_deref().unwrap_or("")), found) {
                (Some(replacement), _) => Some(Cow::Borrowed(replacement.as_str())),
                (None, None) => default(),
                (None, Some(unknown)) => Some(default().ok_or_else(|| not_in_map(&unknown))?),
            },
        };
        Ok(text.filter(|text| !text.is_empty()))
    }
}

/// The table of a field.
pub(super) fn field_section(path: String, value: Value, faults: &mut MapFaults) -> Option<Section> {
    match value {
        Value::Table(table) => Some(Section::at(path, table)),
        other => {
            faults.add(path, format!("expected a table such as `{{ column = \"name\" }}`, found {}", other.type_str()));
            None
        }
    }
}

fn not_in_map(found: &str) -> ValueError {
    let shown: String = found.chars().take(SHOWN_CHARS_MAX).collect();
    ValueError::new(ViolationCode::UnknownValue, format!("`{shown}` is not in the map of this field, which has no default"))
}

fn replacements(map: Section, faults: &mut MapFaults) -> BTreeMap<String, String> {
    let mut read = BTreeMap::new();
    for (path, key, value) in map.free() {
        match scalar(&value) {
            Some(text) => {
                read.insert(key, text);
            }
            None => faults.add(path, format!("expected a text, found {}", value.type_str())),
        }
    }
    read
}

/// Fills a template; nothing when one of its placeholders is blank.
fn fill(parts: &[Part], row: Row<'_>) -> Option<String> {
    let mut filled = String::new();
    for part in parts {
        let (text, chars_max) = match part {
            Part::Text(text) => (text.as_str(), usize::MAX),
            Part::ExternalId { chars_max } => (row.external_id, *chars_max),
            Part::Column { column, chars_max } => (row.given(column)?, *chars_max),
        };
        filled.extend(text.chars().take(chars_max));
    }
    Some(filled)
}

/// Reads a template: text with `{column}` or `{column:8}` for the first eight characters; `{external_id}` is the mapped id.
fn template_of(text: &str, header: Header<'_>, path: &str, faults: &mut MapFaults) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((placeholder, later)) = after.split_once('}') else {
            faults.add(path, "a `{` has no `}`");
            return None;
        };
        parts.push(Part::Text(before.to_owned()));
        let (name, cut) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        let chars_max = if cut.is_empty() { Some(usize::MAX) } else { cut.parse().ok().filter(|chars_max| *chars_max > 0) };
        let Some(chars_max) = chars_max else {
            faults.add(path, format!("`{cut}` is no number of characters"));
            return None;
        };
        parts.push(if name == "external_id" {
            Part::ExternalId { chars_max }
        } else {
            Part::Column { column: header.column(name, path, faults)?, chars_max }
        });
        rest = later;
    }
    parts.push(Part::Text(rest.to_owned()));
    Some(parts)
}

/// When something counts as having happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct Condition {
    column: Column,
    equals: Vec<String>,
}

impl Condition {
    /// Reads `{ column, equals }`; `equals` is a text or several.
    pub(super) fn read(mut section: Section, header: Header<'_>, faults: &mut MapFaults) -> Option<Self> {
        let name = section.required("column", faults);
        let column = name.and_then(|name| header.column(&name, &section.path_of("column"), faults));
        let equals: Option<Vec<String>> = match section.take("equals") {
            None => None,
            Some(Value::Array(items)) => items.iter().map(scalar).collect(),
            Some(one) => scalar(&one).map(|one| vec![one]),
        };
        if equals.is_none() {
            faults.add(section.path_of("equals"), "expected a text, or a list of texts");
        }
        section.close(faults);
        Some(Self { column: column?, equals: equals? })
    }

    /// Whether it holds in a row.
    pub(in crate::app::import) fn holds(&self, row: Row<'_>) -> bool {
        let found = row.given(&self.column).unwrap_or("");
        self.equals.iter().any(|wanted| wanted == found)
    }
}
