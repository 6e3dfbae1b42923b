//! Persons and companies by their ids, which may be those of records that were merged into them, and the leads that belong to them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::person::Person;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_persistence::{Page, PageArgs};

use super::{BATCH_MAX, Source};
use crate::app::{self, AppError};

/// A page of the leads of a person or company.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeadsOf<Id> {
    /// Whose.
    pub whose: Id,
    /// Which page.
    pub args: PageArgs,
}

type Loaded<K, V> = Result<HashMap<K, V>, Arc<AppError>>;

impl Loader<PersonId> for Source {
    type Value = Person;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[PersonId]) -> Loaded<PersonId, Person> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            loaded.extend(app::merge::people_by_id(&self.app, &self.caller, keys).await.map_err(Arc::new)?);
        }
        Ok(loaded)
    }
}

impl Loader<CompanyId> for Source {
    type Value = Company;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[CompanyId]) -> Loaded<CompanyId, Company> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            loaded.extend(app::merge::companies_by_id(&self.app, &self.caller, keys).await.map_err(Arc::new)?);
        }
        Ok(loaded)
    }
}

/// The keys of one page each: those of the fields of one selection ask for the same page, so that one statement answers them all.
fn by_page<Id: Copy>(keys: &[LeadsOf<Id>]) -> HashMap<&PageArgs, Vec<Id>> {
    let mut pages: HashMap<&PageArgs, Vec<Id>> = HashMap::new();
    for key in keys {
        pages.entry(&key.args).or_default().push(key.whose);
    }
    pages
}

impl Loader<LeadsOf<PersonId>> for Source {
    type Value = Page<Lead>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[LeadsOf<PersonId>]) -> Loaded<LeadsOf<PersonId>, Page<Lead>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for (args, people) in by_page(keys) {
            for people in people.chunks(BATCH_MAX) {
                let found = app::lead::of_people(&self.app, &self.caller, people, args).await.map_err(Arc::new)?;
                loaded.extend(found.into_iter().map(|(whose, page)| (LeadsOf { whose, args: args.clone() }, page)));
            }
        }
        Ok(loaded)
    }
}

impl Loader<LeadsOf<CompanyId>> for Source {
    type Value = Page<Lead>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[LeadsOf<CompanyId>]) -> Loaded<LeadsOf<CompanyId>, Page<Lead>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for (args, companies) in by_page(keys) {
            for companies in companies.chunks(BATCH_MAX) {
                let found = app::lead::of_companies(&self.app, &self.caller, companies, args).await.map_err(Arc::new)?;
                loaded.extend(found.into_iter().map(|(whose, page)| (LeadsOf { whose, args: args.clone() }, page)));
            }
        }
        Ok(loaded)
    }
}
