//! Tracks and price bands.

use async_graphql::{ID, Object, SimpleObject};
use fairfall_domain::department::Department;
use fairfall_domain::waterfall::band::PriceBands;
use fairfall_domain::waterfall::stage::OpenStage;
use fairfall_domain::waterfall::track::{Closing, Entry, Step, Track};

use crate::graphql::code::Coded;
use crate::graphql::scalar::{BigInt, id, int};

use super::label::LabelsObject;
use super::shows;

/// A version of a track.
#[derive(Clone, Debug)]
pub struct TrackObject(pub Track);

shows!(TrackObject(Track));

/// One version of a track: the ordered steps that a lead takes. A running lead keeps the version it started on.
#[Object(name = "Track")]
impl TrackObject {
    /// The id of this version.
    pub async fn id(&self) -> ID {
        id(self.0.id())
    }

    /// The key shared by all versions.
    async fn key(&self) -> &str {
        self.0.key().as_str()
    }

    /// The version, from 1.
    async fn version(&self) -> i32 {
        int(self.0.version())
    }

    /// Its name for people.
    async fn labels(&self) -> LabelsObject {
        self.0.labels().into()
    }

    /// The steps in their order.
    async fn steps(&self) -> Vec<StepObject> {
        self.0.steps().iter().map(Into::into).collect()
    }

    /// Who closes a lead at the last step.
    async fn closing(&self) -> Coded<Closing> {
        Coded(self.0.closing())
    }
}

/// One step of a track.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Step")]
pub struct StepObject {
    /// The stage at which a lead stands while in this step.
    pub stage: Coded<OpenStage>,
    /// The department that works on it.
    pub department: Coded<Department>,
    /// How the step is entered.
    pub entry: Coded<Entry>,
    /// Whether entering it opens the opportunity.
    pub opens_opportunity: bool,
}

impl From<&Step> for StepObject {
    fn from(step: &Step) -> Self {
        Self {
            stage: Coded(step.stage),
            department: Coded(step.department),
            entry: Coded(step.entry),
            opens_opportunity: step.opens_opportunity,
        }
    }
}

/// Which track a lead takes by its expected value.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PriceBands")]
pub struct PriceBandsObject {
    /// The currency in which values are compared (ISO 4217).
    pub currency: String,
    /// The bands from low to high.
    pub bands: Vec<BandObject>,
    /// The key of the track for leads whose value is unknown or in another currency.
    pub default_track: String,
}

/// A band of expected values.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PriceBand")]
pub struct BandObject {
    /// The lowest value of the band in minor units of the currency, inclusive.
    pub from_minor: BigInt,
    /// The key of the track that leads of the band take.
    pub track: String,
}

impl From<PriceBands> for PriceBandsObject {
    fn from(bands: PriceBands) -> Self {
        let band = |from_minor, track: &dyn ToString| BandObject { from_minor: BigInt(from_minor), track: track.to_string() };
        Self {
            currency: bands.currency().to_string(),
            bands: bands.bands().iter().map(|one| band(one.from_minor, &one.track)).collect(),
            default_track: bands.default_track().to_string(),
        }
    }
}
