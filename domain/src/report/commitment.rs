//! What departments promised each other for each month, and whether it was kept.
//!
//! A month is judged by the version that was in force when it began, so that nobody changes a promise while it runs; by the first one that came into
//! force within it when there was none before. Months are calendar months in the time zone of the organisation's calendar.
//!
//! A volume is of leads: one that was returned and handed over again within the month counts once, one that was taken back does not count.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::agreement::{Agreement, Commitments};
use crate::code::codes;
use crate::department::Department;
use crate::id::AgreementId;
use crate::waterfall::passage::CohortMonth;

use super::hand_over::{CountedHandOvers, HandOverFigures};
use super::sla::SlaCounts;

codes! {
    /// What can be promised for a month.
    pub enum CommitmentKind {
        /// The giver: at least so many leads are handed over.
        Volume = "VOLUME",
        /// The giver: at least so many percent of the answered offers are accepted.
        AcceptedShare = "ACCEPTED_SHARE",
        /// The taker: at least so many percent of the clocks are kept in time.
        InTimeShare = "IN_TIME_SHARE",
        /// The taker: at least so many percent of what it took is rated.
        FeedbackShare = "FEEDBACK_SHARE",
    }
}

codes! {
    /// Whether a promise for a month was kept.
    pub enum CommitmentStatus {
        /// It was.
        Kept = "KEPT",
        /// It was not.
        Missed = "MISSED",
        /// The month is not over.
        Running = "RUNNING",
    }
}

/// A month with its moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitmentMonth {
    /// The month.
    pub month: CohortMonth,
    /// When it begins, UTC.
    pub from: DateTime<Utc>,
    /// When the next one begins, UTC.
    pub until: DateTime<Utc>,
}

/// The first moment of a day in a zone, which may come after midnight.
fn begin(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let mut moments = (0..48).map(|half_hours| midnight + chrono::TimeDelta::minutes(30 * half_hours));
    let found = moments.find_map(|moment| zone.from_local_datetime(&moment).earliest());
    found.map_or_else(|| midnight.and_utc(), |moment| moment.with_timezone(&Utc))
}

/// Most months that [`months`] tells.
const MONTHS_MAX: usize = 1_200;

/// The months from the one of a day to the one of another, inclusive, at most a hundred years; none when the second comes first.
pub fn months(zone: Tz, from: NaiveDate, to: NaiveDate) -> Vec<CommitmentMonth> {
    let mut months = Vec::new();
    let mut first = from.with_day(1);
    while let Some(day) = first.filter(|day| *day <= to && months.len() < MONTHS_MAX) {
        let next = day.checked_add_days(Days::new(31)).and_then(|next| next.with_day(1));
        let number = i32::try_from(day.month()).ok().and_then(|month| day.year().checked_mul(100)?.checked_add(month));
        let (Some(after), Some(month)) = (next, number.and_then(CohortMonth::from_number)) else { break };
        months.push(CommitmentMonth { month, from: begin(zone, day), until: begin(zone, after) });
        first = next;
    }
    months
}

/// A promise and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// What is promised.
    pub kind: CommitmentKind,
    /// How much: leads, or percent.
    pub promised: u32,
    /// The leads that were handed over, each once; for a share what counts for it.
    pub part: u64,
    /// What the share is of; nothing for a volume.
    pub whole: Option<u64>,
    /// Whether it was kept.
    pub status: CommitmentStatus,
}

impl Commitment {
    /// How many cases it rests on.
    pub fn basis(&self) -> u64 {
        self.whole.unwrap_or(self.part)
    }
}

/// What a version promised for a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentRow {
    /// The key of the agreement.
    pub agreement: String,
    /// The version by which the month is judged.
    pub version: u32,
    /// Its id.
    pub id: AgreementId,
    /// The department that gives.
    pub giving: Department,
    /// The department that takes.
    pub taking: Department,
    /// The month.
    pub month: CohortMonth,
    /// Each promise.
    pub commitments: Vec<Commitment>,
}

/// The version of one agreement by which a month is judged.
pub fn judged_by<'a>(versions: &[&'a Agreement], month: &CommitmentMonth) -> Option<&'a Agreement> {
    let signed = |one: &&&Agreement| one.signed_giving.is_some() && one.signed_taking.is_some();
    let since = |one: &&'a Agreement| Some((one.in_force_from?, *one));
    let known = || versions.iter().filter(signed).filter_map(since);
    let before = known().filter(|(from, _)| *from <= month.from).max_by_key(|(from, one)| (*from, one.version));
    let within = || known().filter(|(from, _)| *from < month.until).min_by_key(|(from, one)| (*from, one.version));
    before.or_else(within).map(|(_, one)| one)
}

/// What was counted of clocks: by period and key of the agreement.
pub type CountedInTime = BTreeMap<(usize, String), SlaCounts>;

/// Judges each month of each agreement that promises something for it, by key and month.
pub fn assemble(
    agreements: &[Agreement],
    months: &[CommitmentMonth],
    hand_overs: &[CountedHandOvers],
    clocks: &CountedInTime,
    now: DateTime<Utc>,
) -> Vec<CommitmentRow> {
    let mut figures: BTreeMap<(usize, &str), HandOverFigures> = BTreeMap::new();
    for counted in hand_overs {
        figures.entry((counted.period, counted.key.agreement.as_str())).or_default().add(counted);
    }
    let mut by_key: BTreeMap<&str, Vec<&Agreement>> = BTreeMap::new();
    for agreement in agreements {
        by_key.entry(agreement.key.as_str()).or_default().push(agreement);
    }
    let mut rows = Vec::new();
    for (key, versions) in by_key {
        for (period, month) in months.iter().enumerate().filter(|(_, month)| month.from <= now) {
            let Some(judge) = judged_by(&versions, month) else { continue };
            let given = figures.remove(&(period, key)).unwrap_or_default();
            let kept = clocks.get(&(period, key.to_owned())).copied().unwrap_or_default();
            let commitments = judge_all(&judge.commitments, &given, kept, now < month.until);
            if !commitments.is_empty() {
                rows.push(CommitmentRow {
                    agreement: key.to_owned(),
                    version: judge.version,
                    id: judge.id,
                    giving: judge.giving,
                    taking: judge.taking,
                    month: month.month,
                    commitments,
                });
            }
        }
    }
    rows
}

fn judge_all(promised: &Commitments, given: &HandOverFigures, clocks: SlaCounts, running: bool) -> Vec<Commitment> {
    let told = |kind, promised: u32, part: u64, whole: Option<u64>| {
        let kept = match whole {
            // nothing was there that could have broken it
            Some(whole) => part.saturating_mul(100) >= u64::from(promised).saturating_mul(whole),
            None => part >= u64::from(promised),
        };
        let ended = if kept { CommitmentStatus::Kept } else { CommitmentStatus::Missed };
        Commitment { kind, promised, part, whole, status: if running { CommitmentStatus::Running } else { ended } }
    };
    let volume = promised.volume_per_month.map(|least| told(CommitmentKind::Volume, least, given.leads, None));
    let share = |percent: Option<u8>, kind, part, whole| percent.map(|percent| told(kind, percent.into(), part, Some(whole)));
    let accepted = share(promised.accepted_percent, CommitmentKind::AcceptedShare, given.accepted, given.answered());
    let in_time = share(promised.in_time_percent, CommitmentKind::InTimeShare, clocks.attained, clocks.judged());
    let rated = share(promised.feedback_percent, CommitmentKind::FeedbackShare, given.feedback_given, given.feedback_due);
    [volume, accepted, in_time, rated].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::{AgreementRef, AgreementState, shipped};
    use crate::feedback::FeedbackRating;
    use crate::report::hand_over::{AtMql, HandOverFate, HandOverKey, PassageProof, RatingOwed};
    use crate::waterfall::reason::RejectReason;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn version(version: u32, from: &str, commitments: Commitments) -> Agreement {
        let first = shipped::agreements(at(from)).unwrap().remove(0);
        let id = AgreementId::from(uuid::Uuid::from_u128(u128::from(version)));
        Agreement { id, version, in_force_from: Some(at(from)), commitments, ..first }
    }

    #[test]
    fn months_are_those_of_the_zone() {
        let found = months(chrono_tz::Europe::Berlin, day("2026-02-17"), day("2026-04-01"));
        let told: Vec<_> =
            found.iter().map(|month| (month.month.to_string(), month.from.to_rfc3339(), month.until.to_rfc3339())).collect();
        let month = |month: &str, from: &str, until: &str| {
            (month.to_owned(), format!("{from}:00:00+00:00"), format!("{until}:00:00+00:00"))
        };
        assert_eq!(
            told,
            [
                month("2026-02", "2026-01-31T23", "2026-02-28T23"),
                month("2026-03", "2026-02-28T23", "2026-03-31T22"),
                month("2026-04", "2026-03-31T22", "2026-04-30T22"),
            ]
        );
        assert_eq!(months(chrono_tz::UTC, day("2026-02-17"), day("2026-01-31")), []);
        assert_eq!(months(chrono_tz::UTC, day("2025-12-31"), day("2026-01-01")).len(), 2);
        // a month that begins at a gap of the clock begins when the clock goes on
        let paraguay = months(chrono_tz::America::Asuncion, day("2017-10-01"), day("2017-10-01"));
        assert_eq!(paraguay[0].from, at("2017-10-01T04:00:00Z"));
    }

    #[test]
    fn a_month_is_judged_by_what_was_in_force_when_it_began() {
        let months = months(chrono_tz::UTC, day("2026-01-01"), day("2026-04-01"));
        let none = Commitments::default();
        let [one, two, three] = [
            Agreement { state: AgreementState::Superseded, ..version(1, "2026-02-10T00:00:00Z", none) },
            version(2, "2026-03-01T00:00:00Z", none),
            version(3, "2026-03-02T00:00:00Z", none),
        ];
        let unsigned = Agreement { signed_taking: None, ..version(4, "2026-01-01T00:00:00Z", none) };
        let versions = [&unsigned, &three, &two, &one];
        let judges: Vec<_> = months.iter().map(|month| judged_by(&versions, month).map(|judge| judge.version)).collect();
        assert_eq!(judges, [None, Some(1), Some(2), Some(3)]);
    }

    fn counted(
        agreement: &Agreement,
        period: usize,
        fate: HandOverFate,
        rating: Option<FeedbackRating>,
        count: u64,
    ) -> CountedHandOvers {
        let reference: AgreementRef = agreement.reference();
        CountedHandOvers {
            period,
            key: HandOverKey::of(agreement.giving, agreement.taking, &reference),
            fate,
            at_mql: AtMql::Yes,
            proof: PassageProof::Undecided,
            rating,
            owed: RatingOwed::Due,
            count,
            leads: if fate == HandOverFate::Withdrawn { 0 } else { count },
        }
    }

    #[test]
    fn promises_are_kept_or_missed_or_running() {
        let promised = Commitments {
            volume_per_month: Some(10),
            accepted_percent: Some(80),
            in_time_percent: Some(90),
            feedback_percent: Some(50),
        };
        let agreement = version(1, "2025-12-01T00:00:00Z", promised);
        let months = months(chrono_tz::UTC, day("2026-01-01"), day("2026-05-01"));
        let rejected = HandOverFate::Rejected(RejectReason::NoCapacity);
        let hand_overs = [
            counted(&agreement, 0, HandOverFate::Accepted, Some(FeedbackRating::Fair), 4),
            counted(&agreement, 0, HandOverFate::Accepted, None, 4),
            counted(&agreement, 0, rejected, None, 2),
            counted(&agreement, 1, HandOverFate::Accepted, None, 7),
            counted(&agreement, 1, rejected, None, 2),
            counted(&agreement, 2, HandOverFate::Accepted, None, 1),
        ];
        let clocks = |attained, breached| SlaCounts { attained, breached, running: 3, cancelled: 3 };
        let key = agreement.key.to_string();
        let in_time = BTreeMap::from([((0, key.clone()), clocks(9, 1)), ((1, key), clocks(89, 11))]);
        let now = at("2026-03-15T00:00:00Z");
        let rows = assemble(std::slice::from_ref(&agreement), &months, &hand_overs, &in_time, now);
        assert_eq!(
            rows.iter().map(|row| row.month.number()).collect::<Vec<_>>(),
            [202_601, 202_602, 202_603],
            "none of the future"
        );
        let told =
            |row: &CommitmentRow| -> Vec<_> { row.commitments.iter().map(|one| (one.part, one.whole, one.status)).collect() };
        let (kept, missed, running) = (CommitmentStatus::Kept, CommitmentStatus::Missed, CommitmentStatus::Running);
        assert_eq!(told(&rows[0]), [(10, None, kept), (8, Some(10), kept), (9, Some(10), kept), (4, Some(8), kept)]);
        assert_eq!(told(&rows[1]), [(9, None, missed), (7, Some(9), missed), (89, Some(100), missed), (0, Some(7), missed)]);
        assert_eq!(told(&rows[2]), [(1, None, running), (1, Some(1), running), (0, Some(0), running), (0, Some(1), running)]);
        assert_eq!(rows[0].commitments.iter().map(|one| one.kind).collect::<Vec<_>>(), CommitmentKind::ALL);
    }

    #[test]
    fn a_volume_is_of_leads_and_not_of_hand_overs() {
        let promised = Commitments { volume_per_month: Some(4), ..Commitments::default() };
        let agreement = version(1, "2025-12-01T00:00:00Z", promised);
        let months = months(chrono_tz::UTC, day("2026-01-01"), day("2026-02-01"));
        let again = |period, fate, count| CountedHandOvers { leads: 0, ..counted(&agreement, period, fate, None, count) };
        let hand_overs = [
            counted(&agreement, 0, HandOverFate::Rejected(RejectReason::IncompleteRecord), None, 3),
            again(0, HandOverFate::Accepted, 3),
            counted(&agreement, 0, HandOverFate::Withdrawn, None, 9),
            // what was handed over in another month counts there again
            counted(&agreement, 1, HandOverFate::Open, None, 4),
        ];
        let now = at("2026-03-15T00:00:00Z");
        let rows = assemble(std::slice::from_ref(&agreement), &months, &hand_overs, &BTreeMap::new(), now);
        let told: Vec<_> = rows.iter().flat_map(|row| &row.commitments).map(|one| (one.part, one.status)).collect();
        assert_eq!(told, [(3, CommitmentStatus::Missed), (4, CommitmentStatus::Kept)]);
    }

    #[test]
    fn where_nothing_was_given_no_share_is_broken() {
        let shares = Commitments { accepted_percent: Some(80), in_time_percent: Some(90), ..Commitments::default() };
        let months = months(chrono_tz::UTC, day("2026-01-01"), day("2026-01-01"));
        let now = at("2026-03-15T00:00:00Z");
        let rows = assemble(&[version(1, "2025-12-01T00:00:00Z", shares)], &months, &[], &BTreeMap::new(), now);
        assert!(rows[0].commitments.iter().all(|one| one.status == CommitmentStatus::Kept && one.whole == Some(0)));
        let silent = version(1, "2025-12-01T00:00:00Z", Commitments::default());
        assert_eq!(assemble(&[silent], &months, &[], &BTreeMap::new(), now), []);
    }
}
