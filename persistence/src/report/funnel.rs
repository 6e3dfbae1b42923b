//! The funnel, counted from passages in one statement, so that all its figures are of one moment.
//!
//! Each passage is taken apart into a few numbers: one that says which stages it reached and how it ended, and one per known duration that says
//! which and in which bucket. The database counts equal numbers; there are few hundred of them for millions of passages. What a figure means is
//! told in [`fairfall_domain::report::funnel`].

use std::collections::BTreeMap;

use fairfall_domain::campaign::Channel;
use fairfall_domain::id::CampaignId;
use fairfall_domain::report::Histogram;
use fairfall_domain::report::funnel::{CampaignGroup, FunnelGroup, FunnelRow, GroupKey, OutcomeCounts};
use fairfall_domain::value::Code;
use fairfall_domain::waterfall::passage::{CohortMonth, PassageOutcome, StageSet};
use fairfall_domain::waterfall::stage::OpenStage;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::store::Backend;

/// Which passages are counted, and what rows are told apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelQuery {
    /// The first month.
    pub from_month: CohortMonth,
    /// The last month, inclusive.
    pub to_month: CohortMonth,
    /// What rows are told apart by; one row for all when empty.
    pub group_by: Vec<FunnelGroup>,
    /// Only passages on this track, whatever version.
    pub track: Option<Code>,
    /// Only passages of this campaign.
    pub campaign: Option<CampaignId>,
    /// Only passages through this channel.
    pub channel: Option<Channel>,
}

/// The bucket columns: one per stage in the order of [`OpenStage::index`], then the win.
const BUCKETS: [&str; 8] =
    ["bucket_lead", "bucket_mql", "bucket_srl", "bucket_tal", "bucket_tql", "bucket_sal", "bucket_sql", "bucket_won"];

/// Numbers per bucket column: more than there are buckets.
const BUCKETS_MAX: i32 = 2_048;

/// From here on a number says which stages were reached and how it ended.
const REACHED_FROM: i32 = 16_384;

/// The ways to end, by their place in a number; 0 is still open.
const OUTCOMES: [PassageOutcome; 4] =
    [PassageOutcome::Won, PassageOutcome::Lost, PassageOutcome::Recycled, PassageOutcome::Disqualified];

/// Numbers per set of reached stages.
const OUTCOMES_MAX: i32 = 8;

#[derive(Default)]
struct Gathered {
    leads: u64,
    reached: [u64; 7],
    outcomes: OutcomeCounts,
    durations: [Histogram; 8],
}

type Groups = BTreeMap<GroupKey, Gathered>;

/// The rows of the funnel, ordered by what they are of.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells; [`StoreError::Timeout`] when there is more to count than a statement may take.
pub async fn funnel(on: &impl Readable, query: &FunnelQuery) -> Result<Vec<FunnelRow>, StoreError> {
    let mut groups = Groups::new();
    // planned by its months: a plan for any months would expect few passages, and share them with no worker
    for row in statement(query, on.database()).all_planned(on).await? {
        let mut row = Columns::of(&row);
        let key = read_key(query, &mut row)?;
        let (number, count): (i32, i64) = (row.next()?, row.next()?);
        groups.entry(key).or_default().add(number, count.unsigned_abs());
    }
    Ok(groups.into_iter().map(|(key, gathered)| gathered.into_row(key)).collect())
}

const fn column(group: FunnelGroup) -> &'static str {
    match group {
        FunnelGroup::Month => "cohort_month",
        FunnelGroup::Channel => "channel",
        FunnelGroup::Campaign => "campaign_id",
        FunnelGroup::Track => "track_key",
    }
}

/// The dimensions asked for, each once and in their own order, each followed by a comma.
fn dimensions(query: &FunnelQuery) -> String {
    groups_of(query).flat_map(|group| [column(group), ", "]).collect()
}

fn groups_of(query: &FunnelQuery) -> impl Iterator<Item = FunnelGroup> + '_ {
    FunnelGroup::ALL.iter().copied().filter(|group| query.group_by.contains(group))
}

fn push_where(sql: &mut Sql, query: &FunnelQuery) {
    sql.push(" WHERE cohort_month >= ").bind(query.from_month.number());
    sql.push(" AND cohort_month <= ").bind(query.to_month.number());
    if let Some(track) = &query.track {
        sql.push(" AND track_key = ").bind(track.as_str());
    }
    if let Some(campaign) = query.campaign {
        sql.push(" AND campaign_id = ").bind(campaign.uuid());
    }
    if let Some(channel) = query.channel {
        sql.push(" AND channel = ").bind(channel.as_str());
    }
}

/// The number of the stages reached and the outcome, as SQL.
fn reached_number() -> String {
    let cases: Vec<String> = OUTCOMES.iter().zip(1..).map(|(outcome, place)| format!("WHEN '{outcome}' THEN {place}")).collect();
    format!("{REACHED_FROM} + reached * {OUTCOMES_MAX} + CASE outcome {} ELSE 0 END", cases.join(" "))
}

/// The number of a duration, as SQL; null when it is not known.
fn bucket_numbers() -> impl Iterator<Item = String> {
    BUCKETS.iter().zip(0..).map(|(name, place)| format!("{} + {name}", place * BUCKETS_MAX))
}

/// On `PostgreSQL` one scan that workers share; SQLite reads its index once per number.
fn statement(query: &FunnelQuery, backend: Backend) -> Sql {
    let by = dimensions(query);
    let numbers: Vec<String> = std::iter::once(reached_number()).chain(bucket_numbers()).collect();
    match backend {
        Backend::Postgres => {
            let numbers = numbers.join(", ");
            let mut sql = Sql::new(format!(
                "SELECT {by}number, count(*) FROM (SELECT {by}unnest(array_remove(ARRAY[{numbers}], NULL)) AS number FROM passage"
            ));
            push_where(&mut sql, query);
            sql.push(&format!(") AS numbers GROUP BY {by}number"));
            sql
        }
        Backend::Sqlite => {
            let mut sql = Sql::new("");
            for (place, number) in numbers.iter().enumerate() {
                sql.push(if place > 0 { " UNION ALL " } else { "" });
                sql.push(&format!("SELECT {by}{number} AS number, count(*) FROM passage"));
                push_where(&mut sql, query);
                sql.push(&format!(" AND {number} IS NOT NULL GROUP BY {by}{number}"));
            }
            sql
        }
    }
}

fn read_key(query: &FunnelQuery, row: &mut Columns<'_>) -> Result<GroupKey, StoreError> {
    let stored = Stored::new("passage", "a group");
    let mut key = GroupKey::default();
    for group in groups_of(query) {
        match group {
            FunnelGroup::Month => {
                let month = CohortMonth::from_number(row.next()?).ok_or_else(|| stored.corrupt("cohort_month"))?;
                key.month = Some(month);
            }
            FunnelGroup::Channel => key.channel = Some(stored.text("channel", &row.next::<String>()?)?),
            FunnelGroup::Campaign => {
                let campaign: Option<Uuid> = row.next()?;
                key.campaign = Some(campaign.map_or(CampaignGroup::None, |id| CampaignGroup::Of(id.into())));
            }
            FunnelGroup::Track => key.track = Some(stored.text("track_key", &row.next::<String>()?)?),
        }
    }
    Ok(key)
}

impl Gathered {
    fn add(&mut self, number: i32, count: u64) {
        if number < REACHED_FROM {
            let place = usize::try_from(number / BUCKETS_MAX).unwrap_or(usize::MAX);
            let bucket = i16::try_from(number % BUCKETS_MAX).unwrap_or(i16::MAX);
            if let Some(histogram) = self.durations.get_mut(place) {
                histogram.add(bucket, count);
            }
            return;
        }
        let (bits, outcome) = ((number - REACHED_FROM) / OUTCOMES_MAX, (number - REACHED_FROM) % OUTCOMES_MAX);
        let reached = StageSet::from_bits(u8::try_from(bits).unwrap_or(0));
        self.leads += count;
        for (stage, figure) in OpenStage::ALL.iter().zip(&mut self.reached) {
            if reached.contains(*stage) {
                *figure += count;
            }
        }
        let outcome = usize::try_from(outcome).ok().and_then(|place| place.checked_sub(1)).and_then(|place| OUTCOMES.get(place));
        *self.outcomes_of(outcome.copied()) += count;
    }

    const fn outcomes_of(&mut self, outcome: Option<PassageOutcome>) -> &mut u64 {
        match outcome {
            Some(PassageOutcome::Won) => &mut self.outcomes.won,
            Some(PassageOutcome::Lost) => &mut self.outcomes.lost,
            Some(PassageOutcome::Recycled) => &mut self.outcomes.recycled,
            Some(PassageOutcome::Disqualified) => &mut self.outcomes.disqualified,
            None => &mut self.outcomes.open,
        }
    }

    fn into_row(self, key: GroupKey) -> FunnelRow {
        let figures = self.durations.each_ref().map(Into::into);
        let [lead, mql, srl, tal, tql, sal, sql, to_won] = figures;
        FunnelRow {
            key,
            leads: self.leads,
            reached: self.reached,
            outcomes: self.outcomes,
            in_stage: [lead, mql, srl, tal, tql, sal, sql],
            to_won,
        }
    }
}
