//! Reading the layers and laying one over the other, so that each value remembers where it came from.

use std::path::Path;

use figment::error::Kind as FaultKind;
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::error::{ConfigError, ConfigFault};
use super::keys::{KnownKeys, VARIABLE_PREFIX, is_secret, key_of, leaves, variable_of};
use super::raw::Raw;
use super::{ConfigFlags, Sources};

/// The variable that names the file; no key of the file itself.
pub(super) const FILE_VARIABLE: &str = "FAIRFALL_CONFIG";

/// Variables of the project's own tests, which run in the same environment.
const TEST_PREFIX: &str = "FAIRFALL_TEST_";

/// What the values are said to come from when nothing was set.
const DEFAULT_ORIGIN: &str = "default";

/// The layers on top of each other.
pub(super) struct Merged {
    figment: Figment,
    known: KnownKeys,
    pub(super) raw: Raw,
}

impl Merged {
    /// Where the key's value comes from.
    pub(super) fn origin(&self, key: &str) -> String {
        self.figment.find_metadata(key).map_or_else(|| DEFAULT_ORIGIN.to_owned(), |metadata| metadata.name.to_string())
    }

    /// The fault of a key whose value was read but will not do.
    pub(super) fn invalid(&self, key: &str, reason: impl std::fmt::Display) -> ConfigFault {
        ConfigFault::Invalid { key: key.to_owned(), origin: self.origin(key), reason: reason.to_string() }
    }

    /// Every known key with its value.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, Value)> {
        self.known.iter().filter_map(|key| Some((key, self.figment.find_value(key).ok()?)))
    }
}

struct Layer {
    origin: String,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// The `FAIRFALL_*` variables of this process.
pub(super) fn process_environment() -> Result<Vec<(String, String)>, ConfigError> {
    let mut variables = Vec::new();
    let mut faults = Vec::new();
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if !name.starts_with(VARIABLE_PREFIX) {
            continue;
        }
        match value.into_string() {
            Ok(value) => variables.push((name, value)),
            Err(_) => faults.push(ConfigFault::VariableNotText { name }),
        }
    }
    variables.sort();
    if faults.is_empty() { Ok(variables) } else { Err(ConfigError::new(faults)) }
}

/// The text of the configuration file.
pub(super) fn read_file(path: &Path) -> Result<String, ConfigFault> {
    std::fs::read_to_string(path).map_err(|source| ConfigFault::FileUnreadable { path: path.to_owned(), source })
}

/// Lays file, variables and flags over the defaults.
pub(super) fn merge(sources: &Sources) -> Result<Merged, ConfigError> {
    let defaults = defaults();
    let known = KnownKeys::new(&defaults);
    let mut layers = vec![Layer { origin: DEFAULT_ORIGIN.to_owned(), values: defaults }];
    let mut faults = Vec::new();
    if let Some((path, text)) = &sources.file {
        layers.push(from_file(&known, path, text, &mut faults)?);
    }
    layers.extend(sources.environment.iter().filter_map(|(name, value)| from_variable(&known, name, value, &mut faults)));
    layers.extend(from_flags(&sources.flags));
    if !faults.is_empty() {
        return Err(ConfigError::new(faults));
    }
    let figment = layers.into_iter().fold(Figment::new(), Figment::merge);
    match figment.extract::<Raw>() {
        Ok(raw) => Ok(Merged { figment, known, raw }),
        Err(error) => Err(ConfigError::new(error.into_iter().map(|error| mistyped(&known, &error)).collect())),
    }
}

fn defaults() -> Dict {
    Value::serialize(Raw::default()).ok().and_then(Value::into_dict).unwrap_or_default()
}

fn from_file(known: &KnownKeys, path: &Path, text: &str, faults: &mut Vec<ConfigFault>) -> Result<Layer, ConfigFault> {
    let values: Dict = toml::from_str(text).map_err(|error| ConfigFault::FileMalformed {
        path: path.to_owned(),
        line: error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1),
        // the whole message would repeat the line, which may hold a secret
        reason: error.message().to_owned(),
    })?;
    for (key, _) in leaves(&values) {
        if known.kind(&key).is_some() {
            continue;
        }
        let table = format!("{key}.");
        let nearest = known.iter().find(|known| known.starts_with(&table)).unwrap_or_else(|| known.nearest(&key));
        faults.push(ConfigFault::UnknownKey { nearest: nearest.to_owned(), key, path: path.to_owned() });
    }
    Ok(Layer { origin: format!("file `{}`", path.display()), values })
}

fn from_variable(known: &KnownKeys, name: &str, value: &str, faults: &mut Vec<ConfigFault>) -> Option<Layer> {
    if !name.starts_with(VARIABLE_PREFIX) || name.starts_with(TEST_PREFIX) || name == FILE_VARIABLE {
        return None;
    }
    let key = key_of(name);
    let Some(kind) = known.kind(&key) else {
        faults.push(ConfigFault::UnknownVariable { name: name.to_owned(), nearest: variable_of(known.nearest(&key)) });
        return None;
    };
    if value.is_empty() {
        return None;
    }
    let origin = format!("variable `{name}`");
    let Some(read) = kind.read(value) else {
        let reason = kind.expectation().to_owned();
        faults.push(ConfigFault::Invalid { key, origin, reason });
        return None;
    };
    Some(Layer { origin, values: nested(&key, read) })
}

fn from_flags(flags: &ConfigFlags) -> impl Iterator<Item = Layer> {
    let set = [
        ("database_url", "--database-url", &flags.database_url),
        ("listen", "--listen", &flags.listen),
        ("log", "--log", &flags.log),
    ];
    set.into_iter().filter_map(|(key, flag, value)| {
        value.as_ref().map(|value| Layer { origin: format!("flag `{flag}`"), values: nested(key, Value::from(value.as_str())) })
    })
}

fn nested(key: &str, value: Value) -> Dict {
    figment::util::nest(key, value).into_dict().unwrap_or_default()
}

/// A value of the wrong kind, in our words: the library's name types of the program and repeat the value.
fn mistyped(known: &KnownKeys, error: &figment::Error) -> ConfigFault {
    let mut key = error.path.join(".");
    // an item of a list is told by the list's key
    while known.kind(&key).is_none() {
        let Some((list, _)) = key.rsplit_once('.') else { break };
        key = list.to_owned();
    }
    let expectation = known.kind(&key).map_or("this is a table of keys", |kind| kind.expectation());
    let reason = match &error.kind {
        FaultKind::UnknownVariant(found, allowed) if !is_secret(&key) => {
            format!("`{found}` is not one of {}", allowed.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "))
        }
        FaultKind::InvalidValue(..) => format!("{expectation} and fits"),
        FaultKind::Message(message) if !is_secret(&key) => message.clone(),
        _ => expectation.to_owned(),
    };
    let origin = error.metadata.as_ref().map_or(DEFAULT_ORIGIN, |metadata| metadata.name.as_ref()).to_owned();
    ConfigFault::Invalid { key, origin, reason }
}
