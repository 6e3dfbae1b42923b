//! The country of an address, from a file in the format of `MaxMind` that the operator gives. Nothing is asked over the network.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use fairfall_domain::value::CountryCode;
use maxminddb::{MaxMindDbError, Reader, geoip2};

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the file of countries `{}` cannot be read as a MaxMind database", file.display())]
pub struct GeoFault {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    #[source]
    pub source: MaxMindDbError,
}

/// A file of countries by address, held in memory (a country file has 6 to 10 MB).
pub struct GeoDatabase(Reader<Vec<u8>>);

impl fmt::Debug for GeoDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeoDatabase").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

impl GeoDatabase {
    /// Reads the file.
    ///
    /// # Errors
    /// [`GeoFault`] when it does not exist or is none.
    pub fn open(file: &Path) -> Result<Self, GeoFault> {
        Reader::open_readfile(file).map(Self).map_err(|source| GeoFault { file: file.to_owned(), source })
    }

    /// What the file says it is, such as `GeoLite2-Country`.
    pub fn kind(&self) -> &str {
        &self.0.metadata().database_type
    }

    /// The country of an address; nothing when the file does not tell.
    pub fn country(&self, address: IpAddr) -> Option<CountryCode> {
        let found = self.0.lookup(address.to_canonical()).ok()?;
        let record: geoip2::Country<'_> = found.decode().ok()??;
        CountryCode::parse(record.country.iso_code?).ok()
    }
}
