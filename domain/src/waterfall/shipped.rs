//! The six tracks and the price bands that Fairfall ships. They are data: an organisation changes them, each with a test here.

use uuid::Uuid;

use crate::department::Department::{self, FieldSales, InsideSales, Marketing};
use crate::id::TrackId;
use crate::label::Labels;
use crate::value::{Code, Currency};
use crate::violation::Violations;

use super::band::{Band, PriceBands};
use super::stage::OpenStage::{self, Lead, Mql, Sal, Sql, Srl, Tal, Tql};
use super::track::{Closing, Entry, Step, Track};

type Row = (OpenStage, Department);

/// One shipped track as written down: key, labels, steps, the step that opens the opportunity, who closes.
struct Shipped {
    number: u128,
    key: &'static str,
    de: &'static str,
    en: &'static str,
    steps: &'static [Row],
    opens: OpenStage,
    closing: Closing,
}

const SHIPPED: [Shipped; 6] = [
    Shipped {
        number: 1,
        key: "field",
        de: "Außendienst (über 100.000)",
        en: "Field sales (over 100,000)",
        steps: &[
            (Lead, Marketing),
            (Mql, Marketing),
            (Tal, InsideSales),
            (Tql, InsideSales),
            (Sal, FieldSales),
            (Sql, FieldSales),
        ],
        opens: Sql,
        closing: Closing::Department,
    },
    Shipped {
        number: 2,
        key: "inside",
        de: "Vertriebsinnendienst (10.000 bis 100.000)",
        en: "Inside sales (10,000 to 100,000)",
        steps: &[(Lead, Marketing), (Mql, Marketing), (Tal, InsideSales), (Tql, InsideSales), (Sql, InsideSales)],
        opens: Sql,
        closing: Closing::Department,
    },
    Shipped {
        number: 3,
        key: "self-service",
        de: "Selbstbedienung (unter 10.000)",
        en: "Self-service (under 10,000)",
        steps: &[(Lead, Marketing), (Mql, Marketing)],
        opens: Mql,
        closing: Closing::Automated,
    },
    Shipped {
        number: 4,
        key: "two-step",
        de: "Zwei Schritte",
        en: "Two steps",
        steps: &[(Lead, Marketing), (Mql, Marketing), (Sal, FieldSales), (Sql, FieldSales)],
        opens: Sql,
        closing: Closing::Department,
    },
    Shipped {
        number: 5,
        key: "direct",
        de: "Direkt, ohne Annahme",
        en: "Direct, without acceptance",
        steps: &[(Lead, Marketing), (Mql, Marketing), (Sql, FieldSales)],
        opens: Sql,
        closing: Closing::Department,
    },
    Shipped {
        number: 6,
        key: "sales-ready",
        de: "Vertriebsreif",
        en: "Sales ready",
        steps: &[(Lead, Marketing), (Mql, Marketing), (Srl, Marketing), (Sql, FieldSales), (Sal, FieldSales)],
        opens: Sal,
        closing: Closing::Department,
    },
];

/// The shipped tracks, version 1 each, with ids that are the same in every installation.
///
/// # Errors
/// None in practice: each shipped track passes its own validation, which a test holds.
pub fn tracks() -> Result<Vec<Track>, Violations> {
    SHIPPED.iter().map(track).collect()
}

fn track(shipped: &Shipped) -> Result<Track, Violations> {
    let steps = shipped.steps.iter().enumerate().map(|(index, (stage, department))| Step {
        stage: *stage,
        department: *department,
        entry: match (index, stage.is_accepted()) {
            (0, _) => Entry::Capture,
            (_, true) => Entry::Accept,
            (_, false) => Entry::Qualify,
        },
        opens_opportunity: *stage == shipped.opens,
    });
    let key = code(shipped.key)?;
    Track::try_new(shipped_id(shipped.number), key, 1, Labels::new(shipped.de, shipped.en), steps.collect(), shipped.closing)
}

/// Ids of shipped tracks: a version 8 UUID (RFC 9562: for the vendor's own use) that carries the track's number.
fn shipped_id(number: u128) -> TrackId {
    TrackId::from(Uuid::from_u128(0x0000_0000_0000_8000_8000_0000_0000_0000 | number))
}

/// The shipped price bands in euro: under 10,000 `self-service`, to 100,000 `inside`, above `field`; `inside` when the value is unknown.
///
/// # Errors
/// None in practice: held by a test.
pub fn price_bands() -> Result<PriceBands, Violations> {
    let band = |from_minor, key: &str| Ok::<_, Violations>(Band { from_minor, track: code(key)? });
    let currency = Currency::parse("EUR").map_err(|error| Violations::one("currency", error.code, error.message))?;
    PriceBands::try_new(
        currency,
        vec![band(0, "self-service")?, band(1_000_000, "inside")?, band(10_000_001, "field")?],
        code("inside")?,
    )
}

fn code(key: &str) -> Result<Code, Violations> {
    Code::parse(key).map_err(|error| Violations::one("key", error.code, error.message))
}
