//! What can be loaded, and by which use case.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use chrono::{DateTime, NaiveDate, Utc};
use fairfall_domain::agreement::Agreement;
use fairfall_domain::buying_center::BuyingCenter;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::customer::Customer;
use fairfall_domain::feedback::Feedback;
use fairfall_domain::forecast::snapshot::Snapshot;
use fairfall_domain::forecast::training::Training;
use fairfall_domain::id::{
    AgreementId, CalendarId, CampaignId, CustomerId, ForecastModelId, LeadId, PassageId, PersonId, PoolId, RoutingDecisionId,
    ScoreModelId, TeamId, TerritoryId, TrackId, UserId,
};
use fairfall_domain::opportunity::Opportunity;
use fairfall_domain::routing::{MemberProfile, Pool, Territory};
use fairfall_domain::scoring::ScoreModel;
use fairfall_domain::sla::WorkCalendar;
use fairfall_domain::sla::calendar::HolidayRegion;
use fairfall_domain::team::Team;
use fairfall_domain::user::User;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::passage::Passage;
use fairfall_domain::waterfall::track::Track;
use fairfall_domain::waterfall::transition::Transition;
use fairfall_persistence::repo::protection::LegalHold;
use fairfall_persistence::repo::routing_decision::StoredDecision;

use crate::app::buying_center::CenterKey;
use crate::app::score_explain::Explained;
use crate::app::sla::clock::ClockReading;
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

/// The ratings of a lead, the first given first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FeedbackOf(pub LeadId);

/// The opportunity of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpportunityOf(pub PassageId);

/// What was known when the current passage of a lead opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpeningOf(pub LeadId);

/// The customer that a lead made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CustomerOf(pub LeadId);

/// The score of a lead as of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScoreOf(pub LeadId);

/// The teams of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TeamsOf(pub UserId);

/// The decisions about who gets a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecisionsOf(pub LeadId);

/// The clocks of a lead, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClocksOf(pub LeadId);

/// The open clock of a customer whom the viewer may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClockOfCustomer(pub CustomerId);

/// The pools of a team, by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PoolsOf(pub TeamId);

/// What routing knows of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProfileOf(pub UserId);

/// The public holidays of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DaysOffOf(pub HolidayRegion);

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
    CampaignId => Campaign, |app, caller, keys| app::campaign::find_many(app, caller, keys), |campaign| campaign.id;
    UserId => User, |app, caller, keys| app::user::find_many(app, caller, keys), |user| user.id;
    TeamId => Team, |app, caller, keys| app::team::find_many(app, caller, keys), |team| team.id;
    TrackId => Track, |app, caller, keys| app::track::find_many(app, caller, keys), |track| track.id();
    AgreementId => Agreement, |app, caller, keys| app::agreement::find_many(app, caller, keys), |agreement| agreement.id;
    ForecastModelId => Training, |app, caller, keys| app::forecast::find_many(app, caller, keys), |training| training.id;
    CustomerId => Customer, |app, caller, keys| app::customer::find_many(app, caller, keys), |customer| customer.id;
    CustomerOf => Customer, |app, caller, keys| app::customer::of_leads(app, caller, &plain(keys, |key| key.0)), |customer| CustomerOf(customer.lead);
    ScoreModelId => ScoreModel, |app, caller, keys| app::score_model::find_many(app, caller, keys), |model| model.id;
    ScoreOf => Explained, |app, caller, keys| app::score_explain::find_many(app, caller, &plain(keys, |key| key.0)), |score| ScoreOf(score.lead);
    CalendarId => WorkCalendar, |app, caller, keys| app::calendar::find_many(app, caller, keys), |calendar| calendar.id;
    TerritoryId => Territory, |app, caller, keys| app::routing::territory::find_many(app, caller, keys), |territory| territory.id;
    RoutingDecisionId => StoredDecision, |app, caller, keys| app::routing::decision::find_many(app, caller, keys),
        |stored| stored.decision.id;
    PoolId => Pool, |app, caller, keys| app::routing::pool::find_many(app, caller, keys), |pool| pool.id;
    ProfileOf => MemberProfile, |app, caller, keys| app::routing::member::find_many(app, caller, &plain(keys, |key| key.0)),
        |profile| ProfileOf(profile.user);
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

/// When a person was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ErasedOf(pub PersonId);

/// The legal hold of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HoldOf(pub PersonId);

impl Loader<ErasedOf> for Source {
    type Value = DateTime<Utc>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[ErasedOf]) -> Loaded<ErasedOf, DateTime<Utc>> {
        let people = plain(keys, |key| key.0);
        let found = app::protection::find_erased(&self.app, &self.caller, &people).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(person, at)| (ErasedOf(person), at)).collect())
    }
}

impl Loader<HoldOf> for Source {
    type Value = LegalHold;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[HoldOf]) -> Loaded<HoldOf, LegalHold> {
        let people = plain(keys, |key| key.0);
        let found = app::protection::holds(&self.app, &self.caller, &people).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|hold| (HoldOf(hold.person), hold)).collect())
    }
}

impl Loader<DaysOffOf> for Source {
    type Value = BTreeSet<NaiveDate>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[DaysOffOf]) -> Loaded<DaysOffOf, BTreeSet<NaiveDate>> {
        let regions: BTreeSet<HolidayRegion> = keys.iter().map(|key| key.0).collect();
        let found = app::calendar::days_off(&self.app, &regions).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(region, days)| (DaysOffOf(region), days)).collect())
    }
}

impl Loader<CenterKey> for Source {
    type Value = BuyingCenter;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[CenterKey]) -> Loaded<CenterKey, BuyingCenter> {
        let found = app::buying_center::find_many(&self.app, &self.caller, keys).await.map_err(Arc::new)?;
        Ok(found.into_iter().collect())
    }
}

impl Loader<OpeningOf> for Source {
    type Value = Snapshot;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[OpeningOf]) -> Loaded<OpeningOf, Snapshot> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found = app::forecast::openings(&self.app, &self.caller, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            loaded.extend(found.into_iter().map(|(lead, opening)| (OpeningOf(lead), opening)));
        }
        Ok(loaded)
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

impl Loader<FeedbackOf> for Source {
    type Value = Vec<Feedback>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[FeedbackOf]) -> Loaded<FeedbackOf, Vec<Feedback>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found = app::feedback::of_leads(&self.app, &self.caller, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            gather(&mut loaded, found, |feedback| FeedbackOf(feedback.lead));
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

impl Loader<DecisionsOf> for Source {
    type Value = Vec<StoredDecision>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[DecisionsOf]) -> Loaded<DecisionsOf, Vec<StoredDecision>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let leads = plain(keys, |key| key.0);
            let found = app::routing::decision::of_leads(&self.app, &self.caller, &leads).await.map_err(Arc::new)?;
            gather(&mut loaded, found, |stored| DecisionsOf(stored.decision.lead));
        }
        Ok(loaded)
    }
}

impl Loader<ClocksOf> for Source {
    type Value = Vec<ClockReading>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[ClocksOf]) -> Loaded<ClocksOf, Vec<ClockReading>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found = app::sla::clock::of_leads(&self.app, &self.caller, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            gather(&mut loaded, found, |reading| ClocksOf(reading.clock.lead));
        }
        Ok(loaded)
    }
}

impl Loader<ClockOfCustomer> for Source {
    type Value = ClockReading;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[ClockOfCustomer]) -> Loaded<ClockOfCustomer, ClockReading> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found = app::sla::clock::of_customers(&self.app, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            loaded.extend(found.into_iter().filter_map(|reading| Some((ClockOfCustomer(reading.clock.customer?), reading))));
        }
        Ok(loaded)
    }
}

impl Loader<PoolsOf> for Source {
    type Value = Vec<Pool>;
    type Error = Arc<AppError>;

    async fn load(&self, keys: &[PoolsOf]) -> Loaded<PoolsOf, Vec<Pool>> {
        let mut loaded = HashMap::with_capacity(keys.len());
        for keys in keys.chunks(BATCH_MAX) {
            let found =
                app::routing::pool::of_teams(&self.app, &self.caller, &plain(keys, |key| key.0)).await.map_err(Arc::new)?;
            gather(&mut loaded, found, |pool| PoolsOf(pool.team));
        }
        Ok(loaded)
    }
}
