//! Figures of hand-overs, and promises for months.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::department::Department;
use fairfall_domain::feedback::FeedbackRating;
use fairfall_domain::id::AgreementId;
use fairfall_domain::report::commitment::{Commitment, CommitmentKind, CommitmentRow, CommitmentStatus};
use fairfall_domain::report::hand_over::{HandOverFigures, HandOverKey};
use fairfall_domain::waterfall::reason::RejectReason;

use crate::app::report::hand_over::{CommitmentReport, HandOvers};
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::int;

use super::agreement::AgreementObject;
use super::report::{Definition, defined, share};

const QUALITY_DEFINITIONS: [(&str, &str); 10] = [
    (
        "offered",
        "offers under an agreement that were made in the period, by UTC days; a lead that is offered again counts again, imported histories do not",
    ),
    (
        "transferred",
        "hand-overs that needed no acceptance, as the track says; they are rated, and are no part of the accept rate",
    ),
    ("accepted, rejected, withdrawn, open", "offers by the first answer to them; with lapsed they add up to offered"),
    ("rejected, reasons", "offers that somebody of the taking department returned, by the reason given"),
    (
        "lapsed",
        "offers that went back by themselves because nobody answered; they say nothing about the lead and are no part of the accept rate",
    ),
    ("acceptRate", "accepted divided by accepted and rejected; absent while none is answered"),
    (
        "mqlPrecision",
        "of the accepted offers that were made at the stage MQL (mqlAccepted), the share whose passage reached SQL or was won by now (mqlProven); \
         rises as long as some are undecided (mqlUndecided): open, and not at SQL yet",
    ),
    ("ratings, ratingAverage", "what takers said about what they took, by rating; the average is of the points, 1 to 5"),
    (
        "feedbackDue, feedbackGiven",
        "what was taken and was promised to be rated, once it was rated or the time for it is over; of these, those that were rated, late ones too",
    ),
    ("feedbackShare", "feedbackGiven divided by feedbackDue; absent while none is due"),
];

/// How good hand-overs were.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "HandOverQualityReport")]
pub struct HandOverReportObject {
    /// A row for each giver, taker and version of an agreement, those with the most hand-overs first, at most 250.
    pub rows: Vec<HandOverRowObject>,
    /// How many rows are not told because there are more.
    pub more_rows: i32,
    /// How many rows are withheld because they hold fewer than 5 hand-overs and the viewer may not see personal data.
    pub withheld_rows: i32,
    /// What each figure means.
    pub definitions: Vec<Definition>,
}

/// The hand-overs from one department to another under a version of an agreement.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "HandOverQualityRow", complex)]
pub struct HandOverRowObject {
    /// The department that gives.
    pub giving: Coded<Department>,
    /// The department that takes.
    pub taking: Coded<Department>,
    /// The key of the agreement.
    pub agreement_key: String,
    /// Its version.
    pub agreement_version: i32,
    /// Offers.
    pub offered: i32,
    /// Hand-overs that needed no acceptance.
    pub transferred: i32,
    /// Offers that were accepted.
    pub accepted: i32,
    /// Offers that somebody of the taking department returned.
    pub rejected: i32,
    /// Why, the most frequent first; LAPSED is told apart.
    pub reasons: Vec<RejectReasonCount>,
    /// Offers that went back by themselves because nobody answered.
    pub lapsed: i32,
    /// Offers that were taken back.
    pub withdrawn: i32,
    /// Offers that wait for an answer.
    pub open: i32,
    /// Accepted divided by accepted and rejected, 0 to 1; absent while none is answered.
    pub accept_rate: Option<f64>,
    /// Accepted offers that were made at the stage MQL.
    pub mql_accepted: i32,
    /// Of these, those whose passage reached SQL or was won.
    pub mql_proven: i32,
    /// Of these, those whose passage is open and has not reached SQL.
    pub mql_undecided: i32,
    /// Proven divided by accepted at MQL, 0 to 1; absent when there are none. It rises as long as some are undecided.
    pub mql_precision: Option<f64>,
    /// How many ratings there are of each kind, the worst first.
    pub ratings: Vec<RatingCount>,
    /// The average of the points of all ratings, 1 to 5; absent when there are none.
    pub rating_average: Option<f64>,
    /// What was taken and should be rated by now, or is.
    pub feedback_due: i32,
    /// Of these, those that were rated.
    pub feedback_given: i32,
    /// Given divided by due, 0 to 1; absent while none is due.
    pub feedback_share: Option<f64>,
    #[graphql(skip)]
    agreement_id: AgreementId,
}

#[ComplexObject]
impl HandOverRowObject {
    /// The version of the agreement; absent when the viewer may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.agreement_id)).await
    }
}

/// How often offers were returned for a reason.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct RejectReasonCount {
    /// The reason.
    pub reason: Coded<RejectReason>,
    /// How often.
    pub count: i32,
}

/// How often leads were rated so.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct RatingCount {
    /// The rating.
    pub rating: Coded<FeedbackRating>,
    /// How often.
    pub count: i32,
}

impl From<(HandOverKey, HandOverFigures)> for HandOverRowObject {
    fn from((key, figures): (HandOverKey, HandOverFigures)) -> Self {
        let (rated, points) = (figures.rated(), figures.points());
        let mut reasons: Vec<_> = figures.reasons.iter().map(|(reason, count)| (*reason, *count)).collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let rating = |rating: &FeedbackRating| RatingCount {
            rating: Coded(*rating),
            count: int(figures.ratings.get(rating).copied().unwrap_or_default()),
        };
        Self {
            giving: Coded(key.giving),
            taking: Coded(key.taking),
            agreement_key: key.agreement,
            agreement_version: int(key.version),
            offered: int(figures.offered),
            transferred: int(figures.transferred),
            accepted: int(figures.accepted),
            rejected: int(figures.rejected),
            reasons: reasons
                .into_iter()
                .map(|(reason, count)| RejectReasonCount { reason: Coded(reason), count: int(count) })
                .collect(),
            lapsed: int(figures.lapsed),
            withdrawn: int(figures.withdrawn),
            open: int(figures.open),
            accept_rate: share(figures.accepted, figures.answered()),
            mql_accepted: int(figures.mql_accepted),
            mql_proven: int(figures.mql_proven),
            mql_undecided: int(figures.mql_undecided),
            mql_precision: share(figures.mql_proven, figures.mql_accepted),
            ratings: FeedbackRating::ALL.iter().map(rating).collect(),
            rating_average: share(points, rated),
            feedback_due: int(figures.feedback_due),
            feedback_given: int(figures.feedback_given),
            feedback_share: share(figures.feedback_given, figures.feedback_due),
            agreement_id: key.id,
        }
    }
}

impl From<HandOvers> for HandOverReportObject {
    fn from(found: HandOvers) -> Self {
        Self {
            rows: found.rows.into_iter().map(Into::into).collect(),
            more_rows: int(found.more_rows),
            withheld_rows: int(found.withheld),
            definitions: defined(&QUALITY_DEFINITIONS),
        }
    }
}

const COMMITMENT_DEFINITIONS: [(&str, &str); 6] = [
    (
        "month",
        "calendar months in the time zone of the organisation's calendar, UTC while there is none; judged by the version in force when the month began, \
         else by the first that came into force within it",
    ),
    (
        "VOLUME",
        "leads that were handed over in the month under the agreement, whatever version, with and without acceptance; a passage counts once in a month \
         however often it was handed over, and offers that were taken back do not count",
    ),
    (
        "ACCEPTED_SHARE",
        "of the offers that were made in the month and answered, those that were accepted; what lapsed was not answered",
    ),
    (
        "IN_TIME_SHARE",
        "of the clocks of the agreement that were started in the month and are judged, those that were kept in time",
    ),
    ("FEEDBACK_SHARE", "of what was taken of the month's hand-overs and should be rated by now, what is rated"),
    (
        "status",
        "KEPT or MISSED once the month is over, as known now: what is answered, kept or rated later still counts for the month in which it began; a \
         share of nothing is kept",
    ),
];

/// What departments promised each other for months, and whether they kept it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CommitmentReport")]
pub struct CommitmentReportObject {
    /// A row for each agreement and month for which it promises something, by key and month.
    pub rows: Vec<CommitmentRowObject>,
    /// How many promises are withheld because they rest on fewer than 5 cases and the viewer may not see personal data.
    pub withheld_commitments: i32,
    /// What each figure means.
    pub definitions: Vec<Definition>,
}

/// What an agreement promises for a month.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CommitmentRow", complex)]
pub struct CommitmentRowObject {
    /// The key of the agreement.
    pub agreement_key: String,
    /// The version by which the month is judged.
    pub agreement_version: i32,
    /// The department that gives.
    pub giving: Coded<Department>,
    /// The department that takes.
    pub taking: Coded<Department>,
    /// The month, such as `2026-03`.
    pub month: String,
    /// Each promise.
    pub commitments: Vec<CommitmentObject>,
    #[graphql(skip)]
    agreement_id: AgreementId,
}

#[ComplexObject]
impl CommitmentRowObject {
    /// The version of the agreement; absent when the viewer may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.agreement_id)).await
    }
}

/// A promise for a month, and what came of it.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "CommitmentFigures")]
pub struct CommitmentObject {
    /// What is promised.
    pub kind: Coded<CommitmentKind>,
    /// How much: leads for VOLUME, else percent.
    pub promised: i32,
    /// The leads that were handed over, each once; for a share what counts for it.
    pub count: i32,
    /// What the share is of; absent for VOLUME.
    pub of: Option<i32>,
    /// Count divided by what it is of, 0 to 1; absent for VOLUME, and while there is nothing to count.
    pub share: Option<f64>,
    /// Whether it was kept.
    pub status: Coded<CommitmentStatus>,
}

impl From<&Commitment> for CommitmentObject {
    fn from(commitment: &Commitment) -> Self {
        Self {
            kind: Coded(commitment.kind),
            promised: int(commitment.promised),
            count: int(commitment.part),
            of: commitment.whole.map(int),
            share: commitment.whole.and_then(|whole| share(commitment.part, whole)),
            status: Coded(commitment.status),
        }
    }
}

impl From<CommitmentRow> for CommitmentRowObject {
    fn from(row: CommitmentRow) -> Self {
        Self {
            agreement_key: row.agreement,
            agreement_version: int(row.version),
            giving: Coded(row.giving),
            taking: Coded(row.taking),
            month: row.month.to_string(),
            commitments: row.commitments.iter().map(Into::into).collect(),
            agreement_id: row.id,
        }
    }
}

impl From<CommitmentReport> for CommitmentReportObject {
    fn from(report: CommitmentReport) -> Self {
        Self {
            rows: report.rows.into_iter().map(Into::into).collect(),
            withheld_commitments: int(report.withheld),
            definitions: defined(&COMMITMENT_DEFINITIONS),
        }
    }
}
