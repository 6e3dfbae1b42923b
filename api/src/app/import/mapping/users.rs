//! Colleagues whom a file names, and what becomes of those who are not known here.

use std::collections::BTreeMap;

use fairfall_domain::access::Role;
use fairfall_domain::value::LanguageTag;
use fairfall_domain::violation::ValueError;

use super::fault::{MapFaults, did_you_mean};
use super::field::{Field, Header, Row};
use super::section::Section;

/// What stands for the text of the file in the templates of a group.
const VALUE: &str = "{value}";

/// A group of colleagues: how the texts that name them become users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct UserGroup {
    /// The address of a user, with `{value}` where the text goes.
    email: String,
    /// The name of a user who is made.
    name: String,
    /// How unknown ones are made; nothing when they are not.
    pub(in crate::app::import) made: Option<Made>,
}

/// How unknown colleagues are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct Made {
    /// Their role.
    pub(in crate::app::import) role: Role,
    /// Their language.
    pub(in crate::app::import) language: LanguageTag,
    /// The key of their team.
    pub(in crate::app::import) team: Option<String>,
}

impl UserGroup {
    /// Reads a group. One with faults is there nonetheless, so that those who name it are not told that it is not.
    fn read(mut section: Section, faults: &mut MapFaults) -> Self {
        let email = section.text("email", faults).unwrap_or_else(|| VALUE.to_owned());
        if !email.contains(VALUE) {
            faults.add(section.path_of("email"), format!("expected a template with `{VALUE}`"));
        }
        let name = section.text("name", faults).unwrap_or_else(|| VALUE.to_owned());
        let create = section.flag("create", faults);
        let role = section.parsed::<Role>("role", faults);
        let team = section.text("team", faults);
        let language = section.text("language", faults).unwrap_or_else(|| "en".to_owned());
        let language = LanguageTag::parse(&language).map_err(|error| faults.add(section.path_of("language"), error.message)).ok();
        if create && role.is_none() {
            faults.add(section.path_of("role"), "must be given to create users, for example `FIELD_SALES`");
        }
        section.close(faults);
        let made = role.zip(language).filter(|_| create).map(|(role, language)| Made { role, language, team });
        Self { email, name, made }
    }

    /// The address that a text stands for.
    pub(in crate::app::import) fn email_of(&self, value: &str) -> String {
        self.email.replace(VALUE, value)
    }

    /// The name that a text stands for.
    pub(in crate::app::import) fn name_of(&self, value: &str) -> String {
        self.name.replace(VALUE, value)
    }
}

/// Reads `[users.<group>]`.
pub(super) fn groups(root: &mut Section, faults: &mut MapFaults) -> BTreeMap<String, UserGroup> {
    let mut groups = BTreeMap::new();
    let Some(section) = root.section("users", faults) else { return groups };
    for (path, key, value) in section.free() {
        let toml::Value::Table(table) = value else {
            faults.add(path, "expected a table");
            continue;
        };
        groups.insert(key, UserGroup::read(Section::at(path, table), faults));
    }
    groups
}

/// A colleague as a file names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::app::import) struct UserName {
    /// The group.
    pub(in crate::app::import) group: String,
    /// The text in the file.
    pub(in crate::app::import) value: String,
}

impl UserName {
    /// What the user is called in external names.
    pub(in crate::app::import) fn external_id(&self) -> String {
        format!("{}:{}", self.group, self.value)
    }
}

/// A field that names a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app::import) struct UserField {
    field: Field,
    group: String,
}

impl UserField {
    /// Reads a field with `users`, the name of a group.
    pub(super) fn read(
        mut section: Section,
        header: Header<'_>,
        groups: &BTreeMap<String, UserGroup>,
        faults: &mut MapFaults,
    ) -> Option<Self> {
        let field = Field::read(&mut section, header, faults);
        let group = section.required("users", faults);
        if let Some(group) = group.as_ref().filter(|group| !groups.contains_key(*group)) {
            let hint = did_you_mean(group, groups.keys().map(String::as_str));
            faults.add(section.path_of("users"), format!("there is no table `users.{group}`{hint}"));
        }
        section.close(faults);
        Some(Self { field: field?, group: group? })
    }

    /// What a fault of the field is named by.
    pub(in crate::app::import) fn label(&self) -> &str {
        self.field.label()
    }

    /// The colleague in a row.
    pub(in crate::app::import) fn name(&self, row: Row<'_>) -> Result<Option<UserName>, ValueError> {
        Ok(self.field.text(row)?.map(|value| UserName { group: self.group.clone(), value: value.into_owned() }))
    }
}
