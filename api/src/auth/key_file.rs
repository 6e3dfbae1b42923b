//! Where the token key comes from: the configuration, else a file beside the embedded database, made at the first start.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::token::TokenKeys;
use super::{SECRET_BYTES, random_bytes};
use crate::config::{Config, Database, TokenSecret};

/// Why there is no token key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileFault {
    /// Nodes that share a server must share a key, so none is made up.
    #[error(
        "a token key is required with PostgreSQL, the same for all nodes: set `FAIRFALL_TOKEN_KEY` or `token_key` in the file; make one with \
         `openssl rand -base64 32`"
    )]
    Required,
    /// The key file cannot be made.
    #[error("the key file `{}` cannot be written; make its folder writable or set `FAIRFALL_TOKEN_KEY`", path.display())]
    Unwritable {
        /// The key file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The key file is there and cannot be read.
    #[error("the key file `{}` cannot be read; give this user the right to, or set `FAIRFALL_TOKEN_KEY`", path.display())]
    Unreadable {
        /// The key file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The key file does not hold a key.
    #[error("the key file `{}` does not hold a key; delete it to have a new one made, which signs everybody out", path.display())]
    Malformed {
        /// The key file.
        path: PathBuf,
    },
}

/// The keys that sign and verify access tokens for this configuration. May make the key file beside an embedded database.
///
/// # Errors
/// [`KeyFileFault`], each with what to do.
pub fn token_keys(config: &Config) -> Result<TokenKeys, KeyFileFault> {
    let current = match (&config.token_key, config.database_url.database()) {
        (Some(secret), _) => secret.clone(),
        (None, Database::SqliteFile(database)) => read_or_make(&key_path(database))?,
        (None, Database::SqliteMemory) => TokenSecret::from_random(random_bytes()),
        (None, Database::Postgres) => return Err(KeyFileFault::Required),
    };
    Ok(TokenKeys::new(&current, config.token_key_previous.as_ref()))
}

/// The key file of an embedded database: its own name with `.key` after it.
pub fn key_path(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(".key");
    PathBuf::from(name)
}

/// The key in the file; when there is no file, it is made with a fresh key. Of several processes that start at once all end with the same key.
///
/// # Errors
/// [`KeyFileFault`] when the file can be neither read nor made.
pub fn read_or_make(path: &Path) -> Result<TokenSecret, KeyFileFault> {
    if let Some(secret) = read(path)? {
        return Ok(secret);
    }
    let unwritable = |source| KeyFileFault::Unwritable { path: path.to_owned(), source };
    match make(path) {
        Ok(()) => {}
        // another process was quicker: its key holds
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unwritable(error)),
    }
    read(path)?.ok_or_else(|| unwritable(io::Error::from(io::ErrorKind::NotFound)))
}

fn read(path: &Path) -> Result<Option<TokenSecret>, KeyFileFault> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(KeyFileFault::Malformed { path: path.to_owned() });
        }
        Err(source) => {
            return Err(KeyFileFault::Unreadable { path: path.to_owned(), source });
        }
    };
    warn_when_open(path);
    TokenSecret::parse(&text).map(Some).map_err(|_| KeyFileFault::Malformed { path: path.to_owned() })
}

/// Writes the key under a name of its own, whole and on disk, then gives it the real name unless that is taken: no reader ever sees half a key.
fn make(path: &Path) -> io::Result<()> {
    let mut draft = OsString::from(path);
    draft.push(format!(".{}", hex::encode(random_bytes::<8>())));
    let draft = PathBuf::from(draft);
    let text = format!("{}\n", STANDARD.encode(random_bytes::<SECRET_BYTES>()));
    let made = write_private(&draft, &text)
        .and_then(|()| std::fs::hard_link(&draft, path))
        .or_else(|error| if has_no_links(&error) && !path.exists() { write_private(path, &text) } else { Err(error) });
    // a draft that was never made need not be removed, and one that stays harms nobody
    let _ = std::fs::remove_file(&draft);
    made?;
    sync_folder(path)
}

/// File systems without hard links, such as FAT and some shared folders.
fn has_no_links(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied)
}

/// A new file that only its owner may read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn warn_when_open(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let open = std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if open {
        tracing::warn!(path = %path.display(), "the key file can be read by others: `chmod 600` it");
    }
}

#[cfg(not(unix))]
fn warn_when_open(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;
    use secrecy::ExposeSecret;

    /// A folder of its own for each test, removed at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("fairfall-key-file-{}", hex::encode(random_bytes::<8>())));
            std::fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn key(&self) -> PathBuf {
            self.0.join("fairfall.db.key")
        }

        fn names(&self) -> Vec<String> {
            std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    fn config(environment: &[(&str, &str)]) -> Config {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from_sources(&Sources { environment, ..Sources::default() }).unwrap()
    }

    #[test]
    fn makes_a_private_file_once_and_reads_it_again() {
        let folder = Folder::new();
        let first = read_or_make(&folder.key()).unwrap();
        let second = read_or_make(&folder.key()).unwrap();
        assert_eq!(first.expose_secret(), second.expose_secret());
        assert_eq!(first.expose_secret().len(), 32);
        assert_eq!(folder.names(), ["fairfall.db.key"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(folder.key()).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn processes_that_start_at_once_end_with_the_same_key() {
        let folder = Folder::new();
        let path = folder.key();
        let gate = std::sync::Barrier::new(8);
        let keys: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        gate.wait();
                        read_or_make(&path).unwrap().expose_secret().to_vec()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
        assert_eq!(folder.names(), ["fairfall.db.key"]);
    }

    #[test]
    fn says_what_is_wrong_with_the_file() {
        let folder = Folder::new();
        std::fs::write(folder.key(), "half a k").unwrap();
        assert!(matches!(read_or_make(&folder.key()), Err(KeyFileFault::Malformed { .. })));
        std::fs::write(folder.key(), [0xff; 40]).unwrap();
        assert!(matches!(read_or_make(&folder.key()), Err(KeyFileFault::Malformed { .. })));
        let nowhere = folder.0.join("no such folder").join("x.key");
        assert!(matches!(read_or_make(&nowhere), Err(KeyFileFault::Unwritable { .. })));
        std::fs::create_dir(folder.0.join("folder.key")).unwrap();
        assert!(matches!(read_or_make(&folder.0.join("folder.key")), Err(KeyFileFault::Unreadable { .. })));
    }

    #[test]
    fn an_embedded_database_has_its_key_beside_it() {
        let folder = Folder::new();
        let url = format!("sqlite://{}?mode=rwc", folder.0.join("fairfall.db").display());
        let first = token_keys(&config(&[("FAIRFALL_DATABASE_URL", &url)])).unwrap();
        let second = token_keys(&config(&[("FAIRFALL_DATABASE_URL", &url)])).unwrap();
        assert_eq!(first.current().kid(), second.current().kid());
        assert!(folder.key().exists());
    }

    #[test]
    fn a_configured_key_needs_no_file() {
        let folder = Folder::new();
        let url = format!("sqlite://{}", folder.0.join("fairfall.db").display());
        let key = STANDARD.encode(random_bytes::<32>());
        token_keys(&config(&[("FAIRFALL_DATABASE_URL", &url), ("FAIRFALL_TOKEN_KEY", &key)])).unwrap();
        assert!(folder.names().is_empty());
    }

    #[test]
    fn memory_has_a_key_of_its_own_and_a_server_wants_one() {
        let memory = config(&[("FAIRFALL_DATABASE_URL", "sqlite::memory:")]);
        assert_ne!(token_keys(&memory).unwrap().current().kid(), token_keys(&memory).unwrap().current().kid());
        let server = config(&[("FAIRFALL_DATABASE_URL", "postgres://localhost/fairfall")]);
        let fault = token_keys(&server).unwrap_err();
        assert!(matches!(fault, KeyFileFault::Required) && fault.to_string().contains("openssl rand -base64 32"));
    }
}
