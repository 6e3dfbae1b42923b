//! A data provider behind a plain interface: one POST with what is known, one answer with what the provider knows.
//!
//! The operator names the address and the hosts that may be asked; redirects are not followed, the answer is cut off at a size, and the whole
//! exchange at a time. An answer is untrusted input: each field is parsed like a typed one, and what does not parse is left out and told.

use std::fmt;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use fairfall_domain::company::{Company, CompanyDraft};
use fairfall_domain::person::{Person, PersonDraft};
use fairfall_domain::value::{Code, EmailAddress, ShortText};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// How to reach a data provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its key, kept as the origin of what it told.
    pub key: Code,
    /// The address that is asked: HTTPS, or HTTP on this machine.
    pub url: String,
    /// Sent as a bearer token.
    pub token: Option<SecretString>,
    /// The longest time for the whole exchange.
    pub timeout: Duration,
    /// The largest answer in bytes.
    pub answer_bytes_max: u64,
    /// Whether people may be asked about, and not only companies: names and addresses leave the house then.
    pub people: bool,
}

/// Why a provider gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderFault {
    /// None is configured, or not for this kind of record.
    #[error("no data provider is configured for this")]
    NotConfigured,
    /// It did not answer in time.
    #[error("the data provider did not answer in time")]
    Timeout,
    /// It could not be reached, or broke off.
    #[error("the data provider cannot be reached")]
    Unreachable,
    /// It answered another status than 200; 404 means that it does not know the record.
    #[error("the data provider answered status {0}")]
    Status(u16),
    /// Its answer is larger than allowed.
    #[error("the answer of the data provider is too large")]
    TooLarge,
    /// Its answer is no JSON object of the agreed form.
    #[error("the answer of the data provider cannot be read")]
    Malformed,
}

/// What a provider is asked.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Question<'a> {
    Company { name: &'a str, country: Option<String>, website: Option<String>, register_number: Option<&'a str> },
    Person { given_name: Option<&'a str>, family_name: Option<&'a str>, email: Option<&'a str>, country: Option<String> },
}

/// What a provider may tell of a company; other fields are passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CompanyAnswer {
    country: Option<String>,
    subdivision: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    industry: Option<String>,
    employees: Option<u32>,
    website: Option<String>,
    register_number: Option<String>,
}

/// What a provider may tell of a person; other fields are passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PersonAnswer {
    phone: Option<String>,
    language: Option<String>,
    country: Option<String>,
    subdivision: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    job_title: Option<String>,
}

/// A data provider.
#[derive(Clone)]
pub struct DataProvider(Arc<Inner>);

struct Inner {
    settings: ProviderSettings,
    agent: ureq::Agent,
}

impl fmt::Debug for DataProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DataProvider").field(&self.0.settings.key).finish()
    }
}

impl DataProvider {
    /// A provider; nothing is asked yet.
    pub fn new(settings: ProviderSettings) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(settings.timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .build();
        Self(Arc::new(Inner { settings, agent: config.new_agent() }))
    }

    /// Its key.
    pub fn key(&self) -> &Code {
        &self.0.settings.key
    }

    /// What it knows of a company, as a draft that names only what it told.
    ///
    /// # Errors
    /// [`ProviderFault`].
    pub async fn company(&self, company: &Company) -> Result<CompanyDraft, ProviderFault> {
        let question = Question::Company {
            name: company.name.as_str(),
            country: company.country.map(|country| country.to_string()),
            website: company.website.as_ref().map(ToString::to_string),
            register_number: company.register_number.as_ref().map(ShortText::as_str),
        };
        let told: CompanyAnswer = self.ask(&question).await?;
        Ok(CompanyDraft {
            country: told.country,
            subdivision: told.subdivision,
            postal_code: told.postal_code,
            city: told.city,
            industry: told.industry,
            employees: told.employees.map(|count| count.to_string()),
            website: told.website,
            register_number: told.register_number,
            ..CompanyDraft::default()
        })
    }

    /// What it knows of a person, as a draft that names only what it told.
    ///
    /// # Errors
    /// [`ProviderFault`]; not configured when people may not be asked about.
    pub async fn person(&self, person: &Person) -> Result<PersonDraft, ProviderFault> {
        if !self.0.settings.people {
            return Err(ProviderFault::NotConfigured);
        }
        let question = Question::Person {
            given_name: person.name.given(),
            family_name: person.name.family(),
            email: person.email.as_ref().map(EmailAddress::as_str),
            country: person.country.map(|country| country.to_string()),
        };
        let told: PersonAnswer = self.ask(&question).await?;
        Ok(PersonDraft {
            phone: told.phone,
            language: told.language,
            country: told.country,
            subdivision: told.subdivision,
            postal_code: told.postal_code,
            city: told.city,
            job_title: told.job_title,
            ..PersonDraft::default()
        })
    }

    async fn ask<A: for<'de> Deserialize<'de> + Send + 'static>(&self, question: &Question<'_>) -> Result<A, ProviderFault> {
        let body = serde_json::to_vec(question).map_err(|_| ProviderFault::Malformed)?;
        let provider = Arc::clone(&self.0);
        let asked = tokio::task::spawn_blocking(move || provider.exchange(&body)).await;
        let answer = asked.unwrap_or(Err(ProviderFault::Unreachable))?;
        serde_json::from_slice(&answer).map_err(|_| ProviderFault::Malformed)
    }
}

impl Inner {
    fn exchange(&self, body: &[u8]) -> Result<Vec<u8>, ProviderFault> {
        let mut request =
            self.agent.post(&self.settings.url).content_type("application/json").header("accept", "application/json");
        if let Some(token) = &self.settings.token {
            request = request.header("authorization", format!("Bearer {}", token.expose_secret()));
        }
        let mut response = request.send(body).map_err(|error| fault(&error))?;
        if response.status().as_u16() != 200 {
            return Err(ProviderFault::Status(response.status().as_u16()));
        }
        let limit = self.settings.answer_bytes_max;
        let mut answer = Vec::new();
        let read = response.body_mut().as_reader().take(limit.saturating_add(1)).read_to_end(&mut answer);
        let read = read.map_err(|error| {
            if error.kind() == std::io::ErrorKind::TimedOut { ProviderFault::Timeout } else { ProviderFault::Unreachable }
        })?;
        if u64::try_from(read).unwrap_or(u64::MAX) > limit { Err(ProviderFault::TooLarge) } else { Ok(answer) }
    }
}

fn fault(error: &ureq::Error) -> ProviderFault {
    if matches!(error, ureq::Error::Timeout(_)) { ProviderFault::Timeout } else { ProviderFault::Unreachable }
}
