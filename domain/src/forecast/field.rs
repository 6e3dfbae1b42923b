//! Fields: what a probability may be learned from.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::value::Code;

/// The name of something known of a passage, such as `channel` or `attribute.landing_page`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Field(String);

/// What stands before the key of a custom attribute.
const ATTRIBUTE: &str = "attribute.";

/// Names under which systems keep who works on a lead, without the marks between their words.
const OWNERS: &[&str] = &[
    "owner",
    "ownerid",
    "leadowner",
    "dealowner",
    "accountowner",
    "accountmanager",
    "accountexecutive",
    "assignee",
    "assignedto",
    "assignedrep",
    "salesrep",
    "salesperson",
    "salesrepresentative",
    "salesowner",
    "rep",
    "repid",
    "seller",
    "sellerid",
    "agent",
    "sdr",
    "sdrid",
    "sr",
    "srid",
    "bdr",
    "ae",
    "closer",
    "user",
    "userid",
];

impl Field {
    /// One of the fields that every passage has.
    pub(crate) fn of(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// A custom attribute.
    pub fn attribute(key: &Code) -> Self {
        Self(format!("{ATTRIBUTE}{key}"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of the custom attribute, if it is one.
    pub fn attribute_key(&self) -> Option<&str> {
        self.0.strip_prefix(ATTRIBUTE)
    }

    /// Whether it says who works on the lead: a probability of that would steer leads by who had them, not by what they are.
    pub fn names_owner(&self) -> bool {
        let key = self.attribute_key().unwrap_or(&self.0);
        let plain: String = key.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
        OWNERS.contains(&plain.as_str())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_owner_in_every_spelling() {
        for key in ["owner", "Lead_Owner", "sales-rep", "sdr", "SR.id", "assigned_to"] {
            assert!(Field::attribute(&Code::parse(key).unwrap()).names_owner(), "{key}");
        }
        for key in ["landing_page", "ownership", "agency", "user_count"] {
            assert!(!Field::attribute(&Code::parse(key).unwrap()).names_owner(), "{key}");
        }
        assert!(!Field::of("channel").names_owner());
    }
}
