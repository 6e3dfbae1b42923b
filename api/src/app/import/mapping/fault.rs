//! Faults of a mapping. All are told at once, each with the path of the key in the TOML file.

use std::fmt;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapFault {
    /// The key, with the tables that it lies in joined by dots; empty for the file as a whole.
    pub path: String,
    /// What is wrong, and what is expected.
    pub message: String,
}

/// Every fault that a mapping has, in the order of reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapFaults(Vec<MapFault>);

impl MapFaults {
    /// Notes a fault.
    pub(in crate::app::import) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(MapFault { path: path.into(), message: message.into() });
    }

    /// The faults.
    pub fn as_slice(&self) -> &[MapFault] {
        &self.0
    }

    /// `Ok` when no fault was noted.
    ///
    /// # Errors
    /// All noted faults.
    pub(in crate::app::import) fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for MapFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "`{}`: {}", self.path, self.message) }
    }
}

impl fmt::Display for MapFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for MapFaults {}

/// How alike two names must be for one to be proposed for the other.
const ALIKE_MIN: f64 = 0.5;

/// The known name that is most like a mistyped one.
pub(super) fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let scored = known.into_iter().map(|name| (strsim::normalized_damerau_levenshtein(&typed, &name.to_lowercase()), name));
    scored.filter(|(alike, _)| *alike >= ALIKE_MIN).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

/// ``, did you mean `name`?``, if there is a name like the typed one.
pub(super) fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, known).map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}
