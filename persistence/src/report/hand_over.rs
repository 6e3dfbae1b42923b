//! Hand-overs with what became of them, from transitions, passages, clocks and ratings. What a figure means is told in
//! [`fairfall_domain::report::hand_over`].
//!
//! The database counts hand-overs that are alike in all that matters; there are few hundred kinds of them for however many there are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::department::Department;
use fairfall_domain::report::commitment::CountedInTime;
use fairfall_domain::report::hand_over::{AtMql, CountedHandOvers, HandOverFate, HandOverKey, PassageProof, RatingOwed};
use fairfall_domain::report::sla::SlaCounts;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::passage::StageSet;
use fairfall_domain::waterfall::stage::OpenStage;
use sea_orm::QueryResult;

use super::Span;
use crate::error::StoreError;
use crate::mapper::feedback::rating;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::store::Backend;

/// Which hand-overs are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOverQuery {
    /// Made in one of these periods, which come one after the other: each ends where the next begins.
    pub periods: Vec<Span>,
    /// Only by this department.
    pub giving: Option<Department>,
    /// Only to this department.
    pub taking: Option<Department>,
    /// The time now: which ratings are owed, UTC.
    pub now: DateTime<Utc>,
}

/// The whole time of periods that come one after the other.
fn whole(periods: &[Span]) -> Option<Span> {
    Some(Span { from: periods.first()?.from, until: periods.last()?.until })
}

/// Adds the number of the period that `column` lies in.
fn push_period(sql: &mut Sql, periods: &[Span], column: &str) {
    sql.push("CASE");
    for (number, period) in periods.iter().enumerate() {
        sql.push(" WHEN ").push(column).push(" < ").bind(period.until).push(&format!(" THEN {number}"));
    }
    sql.push(" END AS period");
}

/// The act that ended an offer: the first answer after it. What needed no acceptance has none.
const ANSWER: &str = "(SELECT a.id FROM transition AS a WHERE a.passage_id = h.passage_id AND (a.lead_version, a.step) > (h.lead_version, \
    h.step) AND a.act IN ('ACCEPT', 'REJECT', 'WITHDRAW') ORDER BY a.lead_version, a.step LIMIT 1)";

/// The key of the agreement of a hand-over called `m`, as SQL.
const fn key(backend: Backend) -> &'static str {
    match backend {
        Backend::Postgres => "CAST(m.agreement AS json) ->> 'key'",
        Backend::Sqlite => "json_extract(m.agreement, '$.key')",
    }
}

/// Whether a hand-over called `m` with the answer `a` counts for its lead: the first of those of a passage to a department under an agreement, whatever
/// version, in a period, which was not taken back.
fn is_first(backend: Backend) -> String {
    let key = key(backend);
    format!(
        "CASE WHEN a.act = 'WITHDRAW' THEN 0 WHEN row_number() OVER (PARTITION BY m.period, m.passage_id, m.taking, {key}, CASE WHEN a.act = \
         'WITHDRAW' THEN 1 ELSE 0 END ORDER BY m.id) = 1 THEN 1 ELSE 0 END"
    )
}

/// The statement of [`hand_overs`].
pub(crate) fn statement(query: &HandOverQuery, span: Span, backend: Backend) -> Sql {
    let mut sql = Sql::new("WITH made AS (SELECT ");
    push_period(&mut sql, &query.periods, "h.at");
    sql.push(&format!(
        ", h.id, h.agreement, h.from_department AS giving, h.to_department AS taking, h.lead_id, h.passage_id, CASE WHEN h.from_stage = 'MQL' THEN \
         1 ELSE 0 END AS mql, CASE WHEN h.from_stage <> h.to_stage THEN 1 ELSE 0 END AS at_once, CASE WHEN h.from_stage = h.to_stage THEN {ANSWER} \
         END AS answer FROM transition AS h WHERE h.act = 'HAND_OVER' AND h.agreement IS NOT NULL AND "
    ));
    span.push(&mut sql, "h.at");
    for (column, department) in [("h.from_department", query.giving), ("h.to_department", query.taking)] {
        if let Some(department) = department {
            sql.push(" AND ").push(column).push(" = ").bind(department.as_str());
        }
    }
    let sql_bit = StageSet::EMPTY.with(OpenStage::Sql).bits();
    sql.push(&format!(
        "), told AS (SELECT m.period, m.agreement, m.giving, m.taking, m.mql, m.at_once, a.act, a.reason, CASE WHEN (p.reached & {sql_bit}) <> 0 OR \
         p.outcome = 'WON' THEN 'PROVEN' WHEN p.outcome IS NULL THEN 'UNDECIDED' ELSE 'FAILED' END AS proof, f.rating, CASE WHEN EXISTS (SELECT \
         1 FROM clock AS c WHERE c.lead_id = m.lead_id AND c.passage_id = m.passage_id AND c.department = m.taking AND c.kind = 'FEEDBACK' AND \
         (c.ended_how = 'MET' OR c.breached_at IS NOT NULL OR c.due_at < "
    ));
    sql.bind(query.now).push(&format!(
        ")) THEN 1 ELSE 0 END AS owed, {} AS is_first FROM made AS m JOIN passage AS p ON p.id = m.passage_id LEFT JOIN transition AS a ON a.id = \
         m.answer LEFT JOIN lead_feedback AS f ON f.passage_id = m.passage_id AND f.department = m.taking) SELECT period, agreement, giving, \
         taking, mql, at_once, act, reason, proof, rating, owed, count(*), CAST(sum(is_first) AS bigint) FROM told GROUP BY period, agreement, \
         giving, taking, mql, at_once, act, reason, proof, rating, owed ORDER BY period, agreement, giving, taking, mql, at_once, act, reason, \
         proof, rating, owed",
        is_first(backend)
    ));
    sql
}

/// The hand-overs of some periods under an agreement, those that are alike counted together. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells; [`StoreError::Timeout`] when there is more to count than a statement may take.
pub async fn hand_overs(on: &impl Readable, query: &HandOverQuery) -> Result<Vec<CountedHandOvers>, StoreError> {
    let Some(span) = whole(&query.periods) else { return Ok(Vec::new()) };
    statement(query, span, on.database()).all_planned(on).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<CountedHandOvers, StoreError> {
    let mut row = Columns::of(row);
    let stored = Stored::new("transition", "a group");
    let period = usize::try_from(row.next::<i32>()?).map_err(|_| stored.corrupt("at"))?;
    let agreement: AgreementRef = stored.json("agreement", &row.next::<String>()?)?;
    let giving = stored.maybe("from_department", row.next::<Option<String>>()?.as_deref())?;
    let giving = giving.ok_or_else(|| stored.corrupt("from_department"))?;
    let taking = stored.text("to_department", &row.next::<String>()?)?;
    let (mql, at_once): (i32, i32) = (row.next()?, row.next()?);
    let (act, reason): (Option<String>, Option<String>) = (row.next()?, row.next()?);
    let fate = match (at_once, stored.maybe("act", act.as_deref())?) {
        (1, _) => HandOverFate::Transferred,
        (_, None) => HandOverFate::Open,
        (_, Some(Act::Accept)) => HandOverFate::Accepted,
        (_, Some(Act::Withdraw)) => HandOverFate::Withdrawn,
        (_, Some(_)) => HandOverFate::Rejected(stored.text("reason", reason.as_deref().unwrap_or_default())?),
    };
    let proof = match row.next::<String>()?.as_str() {
        "PROVEN" => PassageProof::Proven,
        "UNDECIDED" => PassageProof::Undecided,
        _ => PassageProof::Failed,
    };
    let told = row.next::<Option<i16>>()?.map(|points| rating(&Stored::new("lead_feedback", "a group"), points)).transpose()?;
    let owed: i32 = row.next()?;
    let (count, leads): (i64, i64) = (row.next()?, row.next()?);
    Ok(CountedHandOvers {
        period,
        key: HandOverKey::of(giving, taking, &agreement),
        fate,
        at_mql: if mql == 1 { AtMql::Yes } else { AtMql::No },
        proof,
        rating: told,
        owed: if owed == 1 { RatingOwed::Due } else { RatingOwed::NotDue },
        count: count.unsigned_abs(),
        leads: leads.unsigned_abs(),
    })
}

/// How the clocks of some periods went, by period and key of the agreement. One statement.
///
/// # Errors
/// As the database tells; [`StoreError::Timeout`] when there is more to count than a statement may take.
pub async fn in_time(on: &impl Readable, periods: &[Span]) -> Result<CountedInTime, StoreError> {
    let Some(span) = whole(periods) else { return Ok(BTreeMap::new()) };
    let mut sql =
        Sql::new("SELECT period, agreement_key, CAST(sum(attained) AS bigint), CAST(sum(breached) AS bigint) FROM (SELECT ");
    push_period(&mut sql, periods, "c.started_at");
    sql.push(
        ", c.agreement_key, CASE WHEN c.ended_how = 'MET' AND c.breached_at IS NULL THEN 1 ELSE 0 END AS attained, CASE WHEN c.breached_at IS NOT \
         NULL THEN 1 ELSE 0 END AS breached FROM clock AS c WHERE ",
    );
    span.push(&mut sql, "c.started_at");
    sql.push(") AS told GROUP BY period, agreement_key");
    let read = |row: &QueryResult| {
        let mut row = Columns::of(row);
        let period = usize::try_from(row.next::<i32>()?).map_err(|_| Stored::new("clock", "a group").corrupt("started_at"))?;
        let key: String = row.next()?;
        let (attained, breached): (i64, i64) = (row.next()?, row.next()?);
        let counts = SlaCounts { attained: attained.unsigned_abs(), breached: breached.unsigned_abs(), ..SlaCounts::default() };
        Ok(((period, key), counts))
    };
    sql.all_planned(on).await?.iter().map(read).collect()
}
