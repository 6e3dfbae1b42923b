//! Public holidays: the country's, those that a state adds, without those that the state does not keep.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::value::{CountryCode, ShortText, SubdivisionCode};

use super::calendar::HolidayRegion;

/// Whether a holiday is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Observance {
    /// It is a day off.
    Kept,
    /// It is a day off elsewhere in the country, but not here.
    NotKept,
}

/// What is said of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayRow {
    /// The country.
    pub country: CountryCode,
    /// The state of which it is said; of the whole country when absent.
    pub subdivision: Option<SubdivisionCode>,
    /// The day.
    pub day: NaiveDate,
    /// What it is called.
    pub name: ShortText,
    /// Whether it is kept.
    pub observance: Observance,
}

/// The days off of a region with their names, out of what is said of its country; rows of other states and countries do not matter.
pub fn of_region<'a>(rows: impl IntoIterator<Item = &'a HolidayRow>, region: &HolidayRegion) -> BTreeMap<NaiveDate, ShortText> {
    let in_country = |row: &&HolidayRow| row.country == region.country;
    let concerns = |row: &&HolidayRow| row.subdivision.is_none() || row.subdivision == region.subdivision;
    let mut rows: Vec<&HolidayRow> = rows.into_iter().filter(in_country).filter(concerns).collect();
    // what the state says comes after what the country says, and wins
    rows.sort_by_key(|row| row.subdivision.is_some());
    let mut days = BTreeMap::new();
    for row in rows {
        match row.observance {
            Observance::Kept => days.insert(row.day, row.name.clone()),
            Observance::NotKept => days.remove(&row.day),
        };
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(place: &str, day: &str, observance: Observance) -> HolidayRow {
        let (country, state) = place.split_once('-').map_or((place, None), |(country, _)| (country, Some(place)));
        HolidayRow {
            country: CountryCode::parse(country).unwrap(),
            subdivision: state.map(|state| SubdivisionCode::parse(state).unwrap()),
            day: day.parse().unwrap(),
            name: ShortText::parse("A holiday").unwrap(),
            observance,
        }
    }

    fn days(rows: &[HolidayRow], place: &str) -> Vec<String> {
        let row = row(place, "2026-01-01", Observance::Kept);
        let region = HolidayRegion { country: row.country, subdivision: row.subdivision };
        of_region(rows, &region).into_keys().map(|day| day.to_string()).collect()
    }

    #[test]
    fn states_add_and_leave_out() {
        let rows = [
            // a state's word wins wherever it stands
            row("US-AR", "2026-10-12", Observance::NotKept),
            row("US", "2026-10-12", Observance::Kept),
            row("US", "2026-12-25", Observance::Kept),
            row("US-TX", "2026-03-02", Observance::Kept),
            row("CA", "2026-07-01", Observance::Kept),
        ];
        assert_eq!(days(&rows, "US"), ["2026-10-12", "2026-12-25"]);
        assert_eq!(days(&rows, "US-AR"), ["2026-12-25"]);
        assert_eq!(days(&rows, "US-TX"), ["2026-03-02", "2026-10-12", "2026-12-25"]);
        assert_eq!(days(&rows, "CA"), ["2026-07-01"]);
    }
}
