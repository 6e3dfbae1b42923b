//! Names of people.

use serde::{Deserialize, Serialize};

use crate::value::fold::{Umlauts, fold, words};
use crate::value::text::single_line;
use crate::violation::{ValueError, Violations};

/// A person's given name, family name or both.
///
/// INVARIANT: at least one of the two is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct PersonName {
    given: Option<String>,
    family: Option<String>,
}

/// The written form of [`PersonName`], which is checked when read.
#[derive(Serialize, Deserialize)]
struct Stored {
    given: Option<String>,
    family: Option<String>,
}

impl TryFrom<Stored> for PersonName {
    type Error = Violations;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        Self::parse(stored.given.as_deref(), stored.family.as_deref())
    }
}

impl From<PersonName> for Stored {
    fn from(name: PersonName) -> Self {
        Self { given: name.given, family: name.family }
    }
}

impl PersonName {
    /// Most characters each part may have.
    pub const CHARS_MAX: usize = 100;

    /// Reads the two parts; blank ones count as absent.
    ///
    /// # Errors
    /// Under `givenName` and `familyName`: too long, or with control characters; under `familyName`: both absent.
    pub fn parse(given: Option<&str>, family: Option<&str>) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        let part = |text: &str| single_line(text, Self::CHARS_MAX);
        let given = faults.check_optional("givenName", given, part);
        let family = faults.check_optional("familyName", family, part);
        if given.is_none() && family.is_none() && faults.is_empty() {
            faults.check::<(), _>("familyName", Err(ValueError::required()));
        }
        faults.into_result()?;
        Ok(Self { given, family })
    }

    /// The given name or names.
    pub fn given(&self) -> Option<&str> {
        self.given.as_deref()
    }

    /// The family name.
    pub fn family(&self) -> Option<&str> {
        self.family.as_deref()
    }

    /// Both parts as one line, given name first.
    pub fn full(&self) -> String {
        let parts: Vec<&str> = [self.given(), self.family()].into_iter().flatten().collect();
        parts.join(" ")
    }

    /// The form for comparison: folded words parted by one space, given name first.
    pub fn key(&self) -> String {
        words(&fold(&self.full(), Umlauts::Expanded)).collect::<Vec<_>>().join(" ")
    }
}

impl std::fmt::Display for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.full())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::ViolationCode;
    use proptest::prelude::*;

    #[test]
    fn one_part_is_enough() {
        let name = PersonName::parse(Some(" Anna  Maria "), Some("Müller-Lüdenscheidt")).unwrap();
        assert_eq!(name.full(), "Anna Maria Müller-Lüdenscheidt");
        assert_eq!(name.key(), "anna maria mueller luedenscheidt");
        assert_eq!(PersonName::parse(None, Some("O’Neill")).unwrap().key(), "oneill");
        assert_eq!(PersonName::parse(Some("Björk"), Some(" ")).unwrap().family(), None);
        let faults = PersonName::parse(Some(" "), None).unwrap_err();
        assert_eq!(faults.as_slice()[0].code, ViolationCode::Required);
    }

    #[test]
    fn both_parts_are_checked() {
        let long = "x".repeat(101);
        assert_eq!(PersonName::parse(Some(&long), Some(&long)).unwrap_err().len(), 2);
    }

    proptest! {
        #[test]
        fn never_panics_and_the_key_is_its_own_key(given in any::<String>(), family in "\\PC{0,20}") {
            if let Ok(name) = PersonName::parse(Some(&given), Some(&family)) {
                let again = PersonName::parse(name.given(), name.family()).unwrap();
                prop_assert_eq!(&again, &name);
                if let Ok(keyed) = PersonName::parse(None, Some(&name.key())) {
                    prop_assert_eq!(keyed.key(), name.key());
                }
            }
        }
    }
}
