//! The known keys with their kinds, read from the serialised defaults, and the nearest of them to a mistyped one.

use std::collections::BTreeMap;

use figment::value::{Dict, Empty, Value};

/// What every variable starts with.
pub(super) const VARIABLE_PREFIX: &str = "FAIRFALL_";

/// Keys whose values are never shown.
const SECRETS: [&str; 5] = ["demo_password", "enrichment.token", "mail.smtp_url", "token_key", "token_key_previous"];

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Whole,
    Decimal,
    Switch,
    List,
}

impl Kind {
    fn of(default: &Value) -> Self {
        match default {
            Value::Num(_, number) if number.to_u128_lossy().is_some() => Self::Whole,
            Value::Num(..) => Self::Decimal,
            Value::Bool(..) => Self::Switch,
            Value::Array(..) => Self::List,
            Value::String(..) | Value::Char(..) | Value::Dict(..) | Value::Empty(_, Empty::None | Empty::Unit) => Self::Text,
        }
    }

    /// The sentence for a value of another kind.
    pub(super) const fn expectation(self) -> &'static str {
        match self {
            Self::Text => "expected a text",
            Self::Whole => "expected a whole number that is not negative",
            Self::Decimal => "expected a number",
            Self::Switch => "expected true or false",
            Self::List => "expected a list of texts",
        }
    }

    /// Reads the text of a variable or flag.
    pub(super) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(Value::from(text)),
            Self::Whole => text.trim().parse::<u64>().ok().map(Value::from),
            Self::Decimal => text.trim().parse::<f64>().ok().map(Value::from),
            Self::Switch => text.trim().parse::<bool>().ok().map(Value::from),
            Self::List => {
                let items: Vec<&str> = text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
                Some(Value::from(items))
            }
        }
    }
}

/// Every key there is, with dots.
pub(super) struct KnownKeys(BTreeMap<String, Kind>);

impl KnownKeys {
    pub(super) fn new(defaults: &Dict) -> Self {
        Self(leaves(defaults).map(|(key, value)| (key, Kind::of(value))).collect())
    }

    pub(super) fn kind(&self, key: &str) -> Option<Kind> {
        self.0.get(key).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The known key most like `key`, compared as a whole and by its last word, so that a forgotten table is found as well.
    pub(super) fn nearest(&self, key: &str) -> &str {
        let likeness = |known: &str| {
            let whole = strsim::normalized_damerau_levenshtein(key, known);
            let last = known.rsplit('.').next().unwrap_or(known);
            whole.max(strsim::normalized_damerau_levenshtein(key, last) * 0.95)
        };
        self.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other))).unwrap_or_default()
    }
}

/// Whether the key's value is never shown.
pub(super) fn is_secret(key: &str) -> bool {
    SECRETS.contains(&key)
}

/// `limits.depth_max` to `FAIRFALL_LIMITS__DEPTH_MAX`.
pub(super) fn variable_of(key: &str) -> String {
    format!("{VARIABLE_PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// `FAIRFALL_LIMITS__DEPTH_MAX` to `limits.depth_max`.
pub(super) fn key_of(variable: &str) -> String {
    variable.strip_prefix(VARIABLE_PREFIX).unwrap_or(variable).to_lowercase().replace("__", ".")
}

/// Every value that is not a table, with its key.
pub(super) fn leaves(dict: &Dict) -> Box<dyn Iterator<Item = (String, &Value)> + '_> {
    Box::new(dict.iter().flat_map(|(name, value)| -> Box<dyn Iterator<Item = (String, &Value)>> {
        match value {
            Value::Dict(_, inner) if !inner.is_empty() => {
                Box::new(leaves(inner).map(move |(rest, value)| (format!("{name}.{rest}"), value)))
            }
            other => Box::new(std::iter::once((name.clone(), other))),
        }
    }))
}
