//! What can be loaded, and by which use case.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use fairfall_domain::agreement::Agreement;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::company::Company;
use fairfall_domain::customer::Customer;
use fairfall_domain::id::{AgreementId, CampaignId, CompanyId, CustomerId, LeadId, PassageId, PersonId, TeamId, TrackId, UserId};
use fairfall_domain::opportunity::Opportunity;
use fairfall_domain::person::Person;
use fairfall_domain::team::Team;
use fairfall_domain::user::User;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::passage::Passage;
use fairfall_domain::waterfall::track::Track;
use fairfall_domain::waterfall::transition::Transition;

use crate::app::{self, App, AppError, Caller};

use super::BATCH_MAX;

/// Loads through the use cases, on behalf of a caller.
pub struct Source {
    pub(super) app: App,
    pub(super) caller: Caller,
}

/// The passages of a lead, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PassagesOf(pub LeadId);

/// The transitions of a lead, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransitionsOf(pub LeadId);

/// The opportunity of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpportunityOf(pub PassageId);

/// The customer that a lead made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CustomerOf(pub LeadId);

/// The teams of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TeamsOf(pub UserId);

type Loaded<K, V> = Result<HashMap<K, V>, Arc<AppError>>;

/// One thing by its key.
macro_rules! singles {
    ($( $key:ty => $value:ty, |$app:ident, $caller:ident, $keys:ident| $load:expr, |$item:ident| $of:expr; )+) => {
        $(
            impl Loader<$key> for Source {
                type Value = $value;
                type Error = Arc<AppError>;

                async fn load(&self, keys: &[$key]) -> Loaded<$key, $value> {
                    let mut loaded = HashMap::with_capacity(keys.len());
                    for $keys in keys.chunks(BATCH_MAX) {
                        let ($app, $caller) = (&self.app, &self.caller);
                        let items = $load.await.map_err(Arc::new)?;
                        loaded.extend(items.into_iter().map(|$item| ($of, $item)));
                    }
                    Ok(loaded)
                }
            }
        )+
    };
}

singles! {
    LeadId => Lead, |app, caller, keys| app::lead::find_many(app, caller, keys), |lead| lead.id;
    PersonId => Person, |app, caller, keys| app::person::find_many(app, caller, keys), |person| person.id;
    CompanyId => Company, |app, caller, keys| app::company::find_many(app, caller, keys), |company| company.id;
    CampaignId => Campaign, |app, caller, keys| app::campaign::find_many(app, caller, keys), |campaign| campaign.id;
    UserId => User, |app, caller, keys| app::user::find_many(app, caller, keys), |user| user.id;
    TeamId => Team, |app, caller, keys| app::team::find_many(app, caller, keys), |team| team.id;
    TrackId => Track, |app, caller, keys| app::track::find_many(app, caller, keys), |track| track.id();
    AgreementId => Agreement, |app, caller, keys| app::agreement::find_many(app, caller, keys), |agreement| agreement.id;
    CustomerId => Customer, |app, caller, keys| app::customer::find_many(app, caller, keys), |customer| customer.id;
    CustomerOf => Customer, |app, caller, keys| app::customer::of_leads(app, caller, &plain(keys, |key| key.0)), |customer| CustomerOf(customer.lead);
    OpportunityOf => Opportunity, |app, caller, keys| app::lead::opportunities(app, caller, &plain(keys, |key| key.0)),
        |opportunity| OpportunityOf(opportunity.passage);
}

fn plain<K, I>(keys: &[K], id: impl Fn(&K) -> I) -> Vec<I> {
    keys.iter().map(id).collect()
}

fn gather<K: Eq + Hash, V>(loaded: &mut HashMap<K, Vec<V>>, items: Vec<V>, key: impl Fn(&V) -> K) {
    for item in items {
        loaded.entry(key(&item)).or_default().push(item);
    }
}

impl Loader<PassagesOf> for Source {
    type Value = Vec<Passage>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[PassagesOf]) -> Loaded<PassagesOf, Vec<Passage>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found = app::lead::passages(&self.app, &self.caller, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            gather(&mut loaded, found, |passage| PassagesOf(passage.lead));
        }
        Ok(loaded)
    }
}

impl Loader<TransitionsOf> for Source {
    type Value = Vec<Transition>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[TransitionsOf]) -> Loaded<TransitionsOf, Vec<Transition>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found = app::lead::transitions(&self.app, &self.caller, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            gather(&mut loaded, found, |transition| TransitionsOf(transition.lead));
        }
        Ok(loaded)
    }
}

impl Loader<TeamsOf> for Source {
    type Value = Vec<Team>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[TeamsOf]) -> Loaded<TeamsOf, Vec<Team>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found = app::team::of_users(&self.app, &self.caller, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            loaded.extend(found.into_iter().map(|(user, teams)| (TeamsOf(user), teams)));
        }
        Ok(loaded)
    }
}
