//! How promises were kept, and how fast leads were contacted.

use fairfall_domain::access::Action;
use fairfall_domain::campaign::Channel;
use fairfall_domain::report::sla::{SlaGroup, SlaRow, assemble};
use fairfall_domain::report::speed::{SpeedBand, SpeedFigures, SpeedStart, SpeedToLead};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::report::sla::{ClockCut, SlaQuery as Counted, clocks};
use fairfall_persistence::report::speed::{SpeedQuery as CountedSpeed, bands};

use super::{Period, SMALL_COHORT_LEADS};
use crate::app::{App, AppError, Caller};

/// Most rows of the report, those with the most clocks first.
pub const SLA_ROWS_MAX: usize = 250;
/// Most groups that are counted at all.
pub const SLA_GROUPS_MAX: usize = 10_000;

/// Which clocks, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaQuery {
    /// The period in which they were started.
    pub period: Period,
    /// What rows are told apart by.
    pub by: Vec<SlaGroup>,
    /// Which ones.
    pub filter: ClockCut,
}

/// The figures as a caller may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sla {
    /// The rows, those with the most clocks first.
    pub rows: Vec<SlaRow>,
    /// How many rows are not told because there are more than [`SLA_ROWS_MAX`].
    pub more_rows: usize,
    /// How many rows were withheld: they hold fewer than [`SMALL_COHORT_LEADS`] clocks, or tell of single colleagues whom the caller may not see.
    pub withheld: usize,
}

/// How the promises of a period were kept; nothing for roles that may not see reports.
///
/// # Errors
/// A period that is too long; more groups than [`SLA_GROUPS_MAX`].
#[tracing::instrument(name = "app.report.sla", skip_all)]
pub async fn sla(app: &App, caller: &Caller, query: &SlaQuery) -> Result<Option<Sla>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let counted = Counted { span: query.period.span()?, by: query.by.clone(), filter: query.filter.clone() };
    let found = clocks(&app.reader(), &counted, SLA_GROUPS_MAX).await?;
    let Some(found) = found else {
        let message = format!("more than {SLA_GROUPS_MAX} rows: tell them apart by less, or look at a part");
        return Err(Violations::one("by", ViolationCode::OutOfRange, message).into());
    };
    let mut rows = assemble(found);
    let all = rows.len();
    let of_colleagues = query.by.contains(&SlaGroup::Member) || query.filter.member.is_some();
    if of_colleagues && caller.may(Action::ViewUser).is_none() {
        rows.clear();
    }
    if caller.may(Action::ViewPerson).is_none() {
        rows.retain(|row| row.counts.started() >= SMALL_COHORT_LEADS);
    }
    let withheld = all - rows.len();
    rows.sort_by_key(|row| std::cmp::Reverse(row.counts.started()));
    let more_rows = rows.len().saturating_sub(SLA_ROWS_MAX);
    rows.truncate(SLA_ROWS_MAX);
    Ok(Some(Sla { rows, more_rows, withheld }))
}

/// Which leads, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeedQuery {
    /// The period in which they were given to a department.
    pub period: Period,
    /// Of which clocks.
    pub filter: ClockCut,
    /// Only leads that came through this channel.
    pub channel: Option<Channel>,
    /// From when on the time until the contact is taken.
    pub since: SpeedStart,
}

/// The figures as a caller may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speed {
    /// All together; nothing when withheld.
    pub total: Option<SpeedFigures>,
    /// By band.
    pub bands: Vec<(SpeedBand, SpeedFigures)>,
    /// How many of these were withheld because they hold 1 to 4 leads.
    pub withheld: usize,
}

/// How fast leads were contacted, and what came of them; nothing for roles that may not see reports.
///
/// # Errors
/// A period that is too long.
#[tracing::instrument(name = "app.report.speed_to_lead", skip_all)]
pub async fn speed_to_lead(app: &App, caller: &Caller, query: &SpeedQuery) -> Result<Option<Speed>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let SpeedQuery { period, filter, channel, since } = query;
    let counted = CountedSpeed { span: period.span()?, filter: filter.clone(), channel: *channel, since: *since };
    let SpeedToLead { total, bands } = SpeedToLead::of(&bands(&app.reader(), &counted).await?);
    let sees_all = caller.may(Action::ViewPerson).is_some();
    // none at all tells of nobody
    let is_told = |figures: &SpeedFigures| sees_all || figures.leads == 0 || figures.leads >= SMALL_COHORT_LEADS;
    let total = Some(total).filter(is_told);
    let all = bands.len();
    let mut bands: Vec<_> = bands.into_iter().filter(|(_, figures)| is_told(figures)).collect();
    if total.is_some() && all - bands.len() == 1 {
        hide_smallest(&mut bands);
    }
    Ok(Some(Speed { withheld: all - bands.len() + usize::from(total.is_none()), total, bands }))
}

/// Withholds the smallest band that holds any leads: where one alone is missing, it is what the others leave of the whole.
fn hide_smallest(bands: &mut Vec<(SpeedBand, SpeedFigures)>) {
    let smallest = bands.iter().filter(|(_, figures)| figures.leads > 0).min_by_key(|(_, figures)| figures.leads);
    let Some(band) = smallest.map(|(band, _)| *band) else { return };
    bands.retain(|(other, _)| *other != band);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_band_that_holds_any_is_hidden() {
        let of = |leads| SpeedFigures { leads, ..SpeedFigures::default() };
        let mut bands = vec![(SpeedBand::FiveMinutes, of(9)), (SpeedBand::Hour, of(6)), (SpeedBand::Day, of(0))];
        hide_smallest(&mut bands);
        assert_eq!(bands, [(SpeedBand::FiveMinutes, of(9)), (SpeedBand::Day, of(0))]);
        let mut none = vec![(SpeedBand::Day, of(0))];
        hide_smallest(&mut none);
        assert_eq!(none.len(), 1);
    }
}
