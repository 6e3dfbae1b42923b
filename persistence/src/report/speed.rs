//! How fast leads were contacted and what came of them, from clocks of first contacts and what followed. What a figure means is told in
//! [`fairfall_domain::report::speed`].

use fairfall_domain::campaign::Channel;
use fairfall_domain::report::speed::{SpeedBand, SpeedFigures, SpeedStart};
use sea_orm::QueryResult;

use super::sla::{ClockCut, Whose};
use super::{Span, whole_seconds};
use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::store::Backend;

/// Which leads are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeedQuery {
    /// Given to a department in this period: only what was promised in it is looked at.
    pub span: Span,
    /// Of which clocks; those of first contacts alone are looked at, whatever kind it names.
    pub filter: ClockCut,
    /// Only leads that came through this channel.
    pub channel: Option<Channel>,
    /// From when on the time until the contact is taken.
    pub since: SpeedStart,
}

/// When the last offer to the department of a clock called `c` was made before it was started; when it was started, where there is none. The hand-over
/// of what is not offered is the start itself.
const OFFERED: &str = "COALESCE((SELECT max(h.at) FROM transition AS h WHERE h.passage_id = c.passage_id AND h.act = 'HAND_OVER' AND \
    h.to_department = c.department AND h.at <= c.started_at), c.started_at)";

/// The time from which on the speed of a clock called `c` of a passage called `p` is told, as SQL.
const fn start(since: SpeedStart) -> &'static str {
    match since {
        SpeedStart::Inquiry => "p.opened_at",
        SpeedStart::Offer => OFFERED,
        SpeedStart::Acceptance => "c.started_at",
    }
}

/// The place of a clock called `c` among those of its passage: the first contact that was made, then what is still to be done, then the first that came
/// to nothing. Only the first counts.
const NTH: &str = "row_number() OVER (PARTITION BY c.passage_id ORDER BY CASE WHEN c.ended_how = 'MET' THEN 0 WHEN c.ended_at IS NULL THEN 1 ELSE 2 END, CASE WHEN c.ended_how \
    = 'MET' THEN c.ended_at ELSE c.started_at END, c.started_at, c.id)";

/// The band of a clock called `c` whose contact took `wall` seconds, as SQL.
fn band() -> String {
    let timed: Vec<String> =
        SpeedBand::ALL.iter().filter_map(|band| Some(format!("WHEN c.wall <= {} THEN '{band}'", band.seconds_max()?))).collect();
    format!(
        "CASE WHEN c.ended_at IS NULL THEN '{}' WHEN c.ended_how <> 'MET' THEN '{}' {} ELSE '{}' END",
        SpeedBand::NotYet,
        SpeedBand::Never,
        timed.join(" "),
        SpeedBand::Longer
    )
}

/// What the department of a clock called `c` did with the lead after it was given: it took it to another step by criteria.
const QUALIFIED: &str = "EXISTS (SELECT 1 FROM transition AS q WHERE q.passage_id = c.passage_id AND q.act = 'QUALIFY' AND \
    q.from_department = c.department AND q.at >= c.started_at)";

/// The statement of [`bands`].
pub(crate) fn statement(query: &SpeedQuery, backend: Backend) -> Sql {
    let mut sql = Sql::new(format!(
        "WITH ranked AS (SELECT c.passage_id, c.department, c.started_at, c.ended_at, c.ended_how, p.outcome, CASE WHEN c.ended_how = 'MET' THEN {} \
         END AS wall, {NTH} AS nth FROM clock AS c JOIN passage AS p ON p.id = c.passage_id WHERE ",
        whole_seconds(backend, start(query.since), "c.ended_at")
    ));
    query.span.push(&mut sql, "c.started_at");
    sql.push(" AND c.kind = 'FIRST_CONTACT'");
    ClockCut { kind: None, ..query.filter.clone() }.push(&mut sql, Whose::Held);
    if let Some(channel) = query.channel {
        sql.push(" AND p.channel = ").bind(channel.as_str());
    }
    sql.push(&format!(
        ") SELECT band, count(*), CAST(sum(qualified) AS bigint), CAST(sum(won) AS bigint) FROM (SELECT {} AS band, CASE WHEN {QUALIFIED} THEN 1 \
         ELSE 0 END AS qualified, CASE WHEN c.outcome = 'WON' THEN 1 ELSE 0 END AS won FROM ranked AS c WHERE c.nth = 1) AS told GROUP BY band \
         ORDER BY band",
        band()
    ));
    sql
}

/// Passages given in a period by how fast their person was reached, each once; bands without any are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells; [`StoreError::Timeout`] when there is more to count than a statement may take.
pub async fn bands(on: &impl Readable, query: &SpeedQuery) -> Result<Vec<(SpeedBand, SpeedFigures)>, StoreError> {
    statement(query, on.database()).all_planned(on).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<(SpeedBand, SpeedFigures), StoreError> {
    let mut row = Columns::of(row);
    let band: SpeedBand = Stored::new("clock", "a band").text("band", &row.next::<String>()?)?;
    let mut count = || row.next::<i64>().map(i64::unsigned_abs);
    let (leads, qualified, won) = (count()?, count()?, count()?);
    let contacted = if band.is_contacted() { leads } else { 0 };
    Ok((band, SpeedFigures { leads, contacted, qualified, won }))
}
