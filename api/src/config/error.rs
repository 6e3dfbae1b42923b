//! What can be wrong with a configuration, in words that say where and what to do.

use std::path::PathBuf;

/// Every fault that was found, one a line.
#[derive(Debug)]
pub struct ConfigError(Vec<ConfigFault>);

impl ConfigError {
    pub(super) const fn new(faults: Vec<ConfigFault>) -> Self {
        Self(faults)
    }

    /// The faults in the order in which the layers are read.
    pub fn faults(&self) -> &[ConfigFault] {
        &self.0
    }
}

impl From<ConfigFault> for ConfigError {
    fn from(fault: ConfigFault) -> Self {
        Self(vec![fault])
    }
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.first().and_then(std::error::Error::source)
    }
}

/// One fault of the configuration. No message repeats the value of a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// The named file cannot be read.
    #[error("the configuration file `{}` cannot be read", path.display())]
    FileUnreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("line {line} of the configuration file `{}` is not TOML: {reason}", path.display())]
    FileMalformed {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// The file has a key that does not exist.
    #[error("unknown key `{key}` in file `{}`: did you mean `{nearest}`?", path.display())]
    UnknownKey {
        /// The key with dots.
        key: String,
        /// The file.
        path: PathBuf,
        /// The known key that is nearest.
        nearest: String,
    },
    /// A variable starts with `FAIRFALL_` and is no known one.
    #[error("unknown variable `{name}`: did you mean `{nearest}`?")]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The known variable that is nearest.
        nearest: String,
    },
    /// A variable is not text.
    #[error("variable `{name}` is not valid UTF-8")]
    VariableNotText {
        /// The variable.
        name: String,
    },
    /// A value is not what the key takes.
    #[error("`{key}` ({origin}): {reason}")]
    Invalid {
        /// The key with dots.
        key: String,
        /// `default`, a file, a variable or a flag.
        origin: String,
        /// What is wrong and what would be right.
        reason: String,
    },
}
