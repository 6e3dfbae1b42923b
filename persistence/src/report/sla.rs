//! How promises were kept, from the stored clocks. What a figure means is told in [`fairfall_domain::report::sla`].

use fairfall_domain::department::Department;
use fairfall_domain::id::{AgreementId, TeamId, UserId};
use fairfall_domain::report::sla::{CountedClocks, SlaCounts, SlaGroup, SlaKey, TakenFigures};
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::ClockKind;
use fairfall_domain::value::Code;
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{Span, whole_seconds};
use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::store::Backend;

/// Which clocks are counted, and what rows are told apart by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaQuery {
    /// Started in this period.
    pub span: Span,
    /// What rows are told apart by; one row for all when empty.
    pub by: Vec<SlaGroup>,
    /// Which ones.
    pub filter: ClockCut,
}

/// Which clocks are counted; all when nothing is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockCut {
    /// Only promises of this kind.
    pub kind: Option<ClockKind>,
    /// Only of leads that this department gave.
    pub giving: Option<Department>,
    /// Only those that this department must keep.
    pub taking: Option<Department>,
    /// Only those of the agreement with this key, whatever version.
    pub agreement: Option<Code>,
    /// Only those that this team let lapse, must keep, or had to last.
    pub team: Option<TeamId>,
    /// Only those that this colleague let lapse, must keep, or had to last.
    pub member: Option<UserId>,
    /// Only of leads that had this tier.
    pub tier: Option<Tier>,
}

impl ClockCut {
    /// Adds its conditions on the table called `c`.
    pub(super) fn push(&self, sql: &mut Sql, whose: Whose) {
        let texts = [
            ("c.kind", self.kind.map(ClockKind::as_str)),
            ("c.giving", self.giving.map(Department::as_str)),
            ("c.department", self.taking.map(Department::as_str)),
            ("c.agreement_key", self.agreement.as_ref().map(Code::as_str)),
            ("c.tier", self.tier.map(Tier::as_str)),
        ];
        for (column, text) in texts {
            if let Some(text) = text {
                sql.push(" AND ").push(column).push(" = ").bind(text);
            }
        }
        let (of_team, of_member) = whose.columns();
        let ids = [(of_team, self.team.map(TeamId::uuid)), (of_member, self.member.map(UserId::uuid))];
        for (column, id) in ids {
            if let Some(id) = id {
                sql.push(" AND ").push(column).push(" = ").bind(id);
            }
        }
    }
}

/// Whose a clock is, when teams and members are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Those that let it lapse; those that have it, or had it last, when nobody did.
    Lapsed,
    /// Those that have it, or had it last.
    Held,
}

impl Whose {
    const fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Lapsed => (KEPT_TEAM, KEPT_BY),
            Self::Held => ("c.team_id", "c.user_id"),
        }
    }
}

/// Who had to keep a promise: whoever had the lead when it lapsed, not whoever got it because of that.
const KEPT_BY: &str = "CASE WHEN c.breached_at IS NULL THEN c.user_id ELSE c.breached_user_id END";
/// The same of teams.
const KEPT_TEAM: &str = "CASE WHEN c.breached_at IS NULL THEN c.team_id ELSE c.breached_team_id END";

/// What a column is worked out from.
fn worked_out(column: &str) -> String {
    match column {
        "team_id" => format!("{KEPT_TEAM} AS team_id, "),
        "user_id" => format!("{KEPT_BY} AS user_id, "),
        plain => format!("{plain}, "),
    }
}

const fn columns(group: SlaGroup) -> &'static [&'static str] {
    match group {
        SlaGroup::ClockKind => &["kind"],
        SlaGroup::AgreementVersion => &["agreement_key", "agreement_version", "agreement_id"],
        SlaGroup::Team => &["team_id"],
        SlaGroup::Member => &["user_id"],
        SlaGroup::Tier => &["tier"],
    }
}

/// What rows are told apart by, each once and in its own order.
fn groups(query: &SlaQuery) -> impl Iterator<Item = SlaGroup> + '_ {
    SlaGroup::ALL.iter().copied().filter(|group| query.by.contains(group))
}

/// How a clock went, as in [`SlaCounts`]: exactly one of these holds for each.
const ATTAINED: &str = "c.ended_how = 'MET' AND c.breached_at IS NULL";
const BREACHED: &str = "c.breached_at IS NOT NULL";
const RUNNING: &str = "c.ended_at IS NULL AND c.breached_at IS NULL";
const CANCELLED: &str = "c.ended_how = 'CANCELLED' AND c.breached_at IS NULL";

/// A sum of those that a condition holds for, called `name`.
fn flag(condition: &str, name: &str) -> String {
    format!("CASE WHEN {condition} THEN 1 ELSE 0 END AS {name}")
}

/// One statement: each clock with what became of it and its place among those that were kept, then the groups.
pub(crate) fn statement(query: &SlaQuery, backend: Backend, groups_max: usize) -> Sql {
    let dimensions: String = groups(query).flat_map(columns).flat_map(|column| [*column, ", "]).collect();
    let sources: String = groups(query).flat_map(columns).map(|column| worked_out(column)).collect();
    let wall = whole_seconds(backend, "c.started_at", "c.ended_at");
    let fates = [flag(ATTAINED, "attained"), flag(BREACHED, "breached"), flag(RUNNING, "running"), flag(CANCELLED, "cancelled")];
    let mut sql = Sql::new(format!(
        "WITH counted AS (SELECT {sources}basis, {}, CASE WHEN c.ended_how = 'MET' THEN c.total_spent_us / 1000000 END AS took, \
         CASE WHEN c.ended_how = 'MET' THEN {wall} END AS wall FROM clock AS c WHERE ",
        fates.join(", ")
    ));
    query.span.push(&mut sql, "c.started_at");
    query.filter.push(&mut sql, Whose::Lapsed);
    let last = |column: &str| format!("CASE WHEN {column} IS NULL THEN 1 ELSE 0 END, {column}");
    let at = |nth: &str, of: &str, percent: u32, value: &str| {
        format!("CAST(max(CASE WHEN {nth} = ({of} * {percent} + 99) / 100 THEN {value} END) AS bigint)")
    };
    sql.push(&format!(
        "), ranked AS (SELECT counted.*, row_number() OVER (PARTITION BY {dimensions}basis ORDER BY {}) AS took_nth, \
         count(took) OVER (PARTITION BY {dimensions}basis) AS kept, row_number() OVER (PARTITION BY {dimensions}1 ORDER BY {}) AS wall_nth, \
         count(wall) OVER (PARTITION BY {dimensions}1) AS kept_all FROM counted) SELECT {dimensions}basis, CAST(sum(attained) AS bigint), \
         CAST(sum(breached) AS bigint), CAST(sum(running) AS bigint), CAST(sum(cancelled) AS bigint), max(kept), {}, {}, {}, {} FROM ranked \
         GROUP BY {dimensions}basis ORDER BY {dimensions}basis LIMIT {}",
        last("took"),
        last("wall"),
        at("took_nth", "kept", 50, "took"),
        at("took_nth", "kept", 90, "took"),
        at("wall_nth", "kept_all", 50, "wall"),
        at("wall_nth", "kept_all", 90, "wall"),
        groups_max.saturating_add(1),
    ));
    sql
}

/// The clocks that were started in a period, by group and basis; nothing when there are more than `groups_max` of these. Medians and 90th percentiles
/// are exact: the database sorts. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells; [`StoreError::Timeout`] when there is more to count than a statement may take.
pub async fn clocks(on: &impl Readable, query: &SlaQuery, groups_max: usize) -> Result<Option<Vec<CountedClocks>>, StoreError> {
    let rows = statement(query, on.database(), groups_max).all_planned(on).await?;
    if rows.len() > groups_max {
        return Ok(None);
    }
    rows.iter().map(|row| read(query, row)).collect::<Result<Vec<_>, _>>().map(Some)
}

fn read(query: &SlaQuery, row: &QueryResult) -> Result<CountedClocks, StoreError> {
    let mut row = Columns::of(row);
    let stored = Stored::new("clock", "a group");
    let key = read_key(query, &stored, &mut row)?;
    let basis = stored.text("basis", &row.next::<String>()?)?;
    let mut count = || row.next::<i64>().map(i64::unsigned_abs);
    let counts = SlaCounts { attained: count()?, breached: count()?, running: count()?, cancelled: count()? };
    let kept = count()?;
    let mut seconds = || row.next::<Option<i64>>().map(|seconds| seconds.map(|seconds| seconds.max(0).unsigned_abs()));
    let taken = TakenFigures { kept, median_seconds: seconds()?, p90_seconds: seconds()? };
    Ok(CountedClocks { key, basis, counts, taken, wall: [seconds()?, seconds()?] })
}

fn read_key(query: &SlaQuery, stored: &Stored, row: &mut Columns<'_>) -> Result<SlaKey, StoreError> {
    let mut key = SlaKey::default();
    for group in groups(query) {
        match group {
            SlaGroup::ClockKind => key.kind = Some(stored.text("kind", &row.next::<String>()?)?),
            SlaGroup::AgreementVersion => {
                let (name, version) = (row.next::<String>()?, stored.count("agreement_version", row.next()?)?);
                key.agreement = Some((name, version, AgreementId::from(row.next::<Uuid>()?)));
            }
            SlaGroup::Team => key.team = Some(row.next::<Option<Uuid>>()?.map(TeamId::from)),
            SlaGroup::Member => key.member = Some(row.next::<Option<Uuid>>()?.map(UserId::from)),
            SlaGroup::Tier => key.tier = Some(stored.text("tier", &row.next::<String>()?)?),
        }
    }
    Ok(key)
}
