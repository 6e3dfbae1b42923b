//! What became of leads that were given by turn, and what was given beside the count, from the stored decisions. What a figure means is told in
//! [`fairfall_domain::report::fairness`].

use fairfall_domain::id::{PoolId, TeamId, UserId};
use fairfall_domain::report::fairness::{BesideFigures, CountedBeside, CountedTurns, TurnFigures};
use fairfall_domain::routing::{ChosenBy, Pool};
use fairfall_domain::scoring::Tier;
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{Span, whole_seconds};
use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::recordset::push_among;
use crate::sql::{Columns, Sql};

/// What figures are told apart by, beside pool and tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Each {
    Member,
    Tier,
}

/// Leads that count as turns of some pools' members, by member and for all together. Two statements.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells; [`StoreError::Timeout`] when there is more to count than a statement may take.
pub async fn turns(on: &impl Readable, pools: &[PoolId], span: Span) -> Result<Vec<CountedTurns>, StoreError> {
    let mut counted = Vec::new();
    if pools.is_empty() {
        return Ok(counted);
    }
    for each in [Each::Member, Each::Tier] {
        for row in turns_of(on, pools, span, each).all_planned(on).await? {
            counted.push(read_turns(&row)?);
        }
    }
    Ok(counted)
}

/// Each decision with the first acceptance by whom it counts for, up to the next decision that counts for the same one, and whether it is the
/// last of a won passage in its department: a later one that only notes that this person was asked for changes nothing.
const DECIDED: &str = "SELECT d.pool_id, d.tier, d.counts_for, d.at, (SELECT min(t.at) FROM transition AS t WHERE t.lead_id = d.lead_id \
    AND t.passage_id = d.passage_id AND t.act = 'ACCEPT' AND t.actor_id = d.counts_for AND t.at >= d.at AND NOT EXISTS (SELECT 1 FROM \
    routing_decision AS n WHERE n.lead_id = d.lead_id AND n.passage_id = d.passage_id AND n.counts_for = d.counts_for AND n.at > d.at AND \
    n.at <= t.at)) AS accepted_at, CASE WHEN p.outcome = 'WON' AND NOT EXISTS (SELECT 1 FROM routing_decision AS n WHERE n.lead_id = \
    d.lead_id AND n.passage_id = d.passage_id AND n.department = d.department AND (n.at, n.id) > (d.at, d.id) AND (n.counts_for IS NOT NULL \
    OR n.user_id IS NULL OR n.user_id <> d.counts_for)) THEN 1 ELSE 0 END AS won FROM routing_decision AS d JOIN passage AS p ON p.id = \
    d.passage_id WHERE d.counts_for IS NOT NULL AND ";

fn turns_of(on: &impl Readable, pools: &[PoolId], span: Span, each: Each) -> Sql {
    let seconds = whole_seconds(on.database(), "at", "accepted_at");
    let (by, user) = match each {
        Each::Member => ("pool_id, tier, counts_for", "counts_for"),
        Each::Tier => ("pool_id, tier", "NULL"),
    };
    let mut sql = Sql::new("WITH decided AS (");
    sql.push(DECIDED);
    push_among(&mut sql, on, "d.pool_id", pools.iter().map(|pool| pool.uuid()));
    sql.push(" AND ");
    span.push(&mut sql, "d.at");
    sql.push(&format!(
        "), timed AS (SELECT pool_id, tier, counts_for, won, CASE WHEN accepted_at IS NULL THEN NULL ELSE {seconds} END AS seconds FROM \
         decided), ranked AS (SELECT pool_id, tier, counts_for, won, seconds, row_number() OVER (PARTITION BY {by} ORDER BY CASE WHEN \
         seconds IS NULL THEN 1 ELSE 0 END, seconds) AS nth, count(seconds) OVER (PARTITION BY {by}) AS accepted FROM timed) SELECT \
         pool_id, tier, {user}, count(*), max(accepted), max(CASE WHEN nth = (accepted + 1) / 2 THEN seconds END), CAST(sum(won) AS bigint) \
         FROM ranked GROUP BY {by} ORDER BY {by}"
    ));
    sql
}

fn read_turns(row: &QueryResult) -> Result<CountedTurns, StoreError> {
    let mut row = Columns::of(row);
    let (pool, tier) = (PoolId::from(row.next::<Uuid>()?), row.next::<String>()?);
    let user = row.next::<Option<Uuid>>()?.map(UserId::from);
    let (leads, accepted): (i64, i64) = (row.next()?, row.next()?);
    let (median, won): (Option<i64>, i64) = (row.next()?, row.next()?);
    let figures = TurnFigures {
        leads: leads.unsigned_abs(),
        accepted: accepted.unsigned_abs(),
        response_median_seconds: median.map(|seconds| seconds.max(0).unsigned_abs()),
        won: won.unsigned_abs(),
    };
    Ok(CountedTurns { pool, tier: Stored::new("routing_decision", pool).text("tier", &tier)?, user, figures })
}

/// Leads beside the count, of some pools: those got because somebody asked for the person or because of the company, each told with the pool of the
/// team that takes the tier, and those taken away again. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn beside(on: &impl Readable, pools: &[Pool], span: Span) -> Result<Vec<CountedBeside>, StoreError> {
    if pools.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql =
        Sql::new("SELECT d.pool_id, d.team_id, d.tier, d.user_id, d.chosen_by, count(*) FROM routing_decision AS d WHERE ");
    span.push(&mut sql, "d.at");
    sql.push(" AND d.counts_for IS NULL AND d.user_id IS NOT NULL AND ");
    push_among(&mut sql, on, "d.team_id", pools.iter().map(|pool| pool.team.uuid()));
    // whoever is asked for in the place of a colleague of the pool has the colleague's turn
    sql.push(
        " AND (d.chosen_by = 'TURN' OR NOT EXISTS (SELECT 1 FROM routing_decision AS e WHERE e.lead_id = d.lead_id AND e.passage_id = \
         d.passage_id AND e.department = d.department AND e.counts_for = d.user_id AND e.at <= d.at)) GROUP BY d.pool_id, d.team_id, d.tier, \
         d.user_id, d.chosen_by ORDER BY d.team_id, d.tier, d.user_id, d.chosen_by",
    );
    let mut counted = Vec::new();
    for row in sql.all_planned(on).await? {
        counted.extend(read_beside(&row, pools)?);
    }
    Ok(counted)
}

fn read_beside(row: &QueryResult, pools: &[Pool]) -> Result<Option<CountedBeside>, StoreError> {
    let mut row = Columns::of(row);
    let pool = row.next::<Option<Uuid>>()?.map(PoolId::from);
    let (team, tier) = (TeamId::from(row.next::<Uuid>()?), row.next::<String>()?);
    let (user, chosen_by) = (UserId::from(row.next::<Uuid>()?), row.next::<String>()?);
    let count = row.next::<i64>()?.unsigned_abs();
    let stored = Stored::new("routing_decision", user);
    let (tier, chosen_by): (Tier, ChosenBy) = (stored.text("tier", &tier)?, stored.text("chosen_by", &chosen_by)?);
    let nothing = BesideFigures::default();
    let figures = match chosen_by {
        ChosenBy::Wish => BesideFigures { wished: count, ..nothing },
        ChosenBy::Owner => BesideFigures { owned: count, ..nothing },
        ChosenBy::Turn => BesideFigures { taken_back: count, ..nothing },
    };
    let of_team = || pools.iter().find(|pool| pool.team == team && pool.tier(tier).is_some()).map(|pool| pool.id);
    let pool = match pool {
        Some(pool) => pools.iter().find(|known| known.id == pool).map(|known| known.id),
        None => of_team(),
    };
    Ok(pool.map(|pool| CountedBeside { pool, tier, user, figures }))
}
