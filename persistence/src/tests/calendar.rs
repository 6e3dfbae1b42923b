//! Calendars and public holidays.

use std::collections::BTreeSet;

use fairfall_domain::id::CalendarId;
use fairfall_domain::routing::Placement;
use fairfall_domain::sla::calendar::{CalendarLevel, HolidayRegion, SpecialDay};
use fairfall_domain::sla::holiday::{HolidayRow, Observance};
use fairfall_domain::sla::{CalendarOwner, WorkCalendar};
use fairfall_domain::value::{CountryCode, ShortText, SubdivisionCode, TimeZoneName};

use super::support::{at, id, on_both, team, user};
use crate::page::PageArgs;
use crate::repo::reference::{ReferenceRows, ReferenceSet};
use crate::repo::{calendar, holiday, reference};
use crate::{Store, StoreError};

const ALL: [CalendarLevel; 3] = [CalendarLevel::Organisation, CalendarLevel::Team, CalendarLevel::User];

fn new(number: u128, owner: CalendarOwner) -> WorkCalendar {
    let name = ShortText::parse(&format!("Calendar {number}")).unwrap();
    WorkCalendar { owner, ..WorkCalendar::shipped(id(20, number), name, at(0)) }
}

fn region(country: &str, state: Option<&str>) -> HolidayRegion {
    HolidayRegion {
        country: CountryCode::parse(country).unwrap(),
        subdivision: state.map(|state| SubdivisionCode::parse(state).unwrap()),
    }
}

fn row(country: &str, state: Option<&str>, day: &str, observance: Observance) -> HolidayRow {
    let HolidayRegion { country, subdivision } = region(country, state);
    HolidayRow { country, subdivision, day: day.parse().unwrap(), name: ShortText::parse(day).unwrap(), observance }
}

async fn store(database: &Store, calendars: &[WorkCalendar]) {
    let uow = database.begin().await.unwrap();
    for new in calendars {
        calendar::insert(&uow, new, at(0)).await.unwrap();
    }
    uow.commit().await.unwrap();
}

async fn load(database: &Store, rows: Vec<HolidayRow>) {
    let rows = ReferenceRows::Holidays(rows);
    let (key, notice) = (rows.key(), String::new());
    let set = ReferenceSet { key, source: "s".into(), licence: "l".into(), notice, rows: 1, loaded_at: at(0) };
    let uow = database.begin().await.unwrap();
    reference::replace(&uow, &set, &rows).await.unwrap();
    uow.commit().await.unwrap();
}

on_both! { calendars_are_read_back, an_owner_has_one_calendar, the_nearest_calendar_counts, holidays_are_those_of_the_region }

mod run {
    use super::*;

    pub(super) async fn calendars_are_read_back(database: Store) {
        let mut full = new(1, CalendarOwner::User(user(7)));
        full.time_zone = TimeZoneName::parse("Australia/Lord_Howe").unwrap();
        full.holidays = Some(region("DE", Some("DE-BY")));
        let day = SpecialDay { name: ShortText::parse("Inventory").unwrap(), hours: Vec::new() };
        full.special_days.insert("2026-12-31".parse().unwrap(), day);
        let (plain, of_team) = (new(2, CalendarOwner::Organisation), new(3, CalendarOwner::Team(team(1))));
        store(&database, &[full.clone(), plain.clone(), of_team.clone()]).await;
        let reader = database.reader();
        let found = calendar::find_many(&reader, &ALL, &[full.id, id(20, 9)]).await.unwrap();
        assert_eq!(found, [full.clone()]);
        assert_eq!(calendar::of_owner(&reader, full.owner).await.unwrap(), Some(full.clone()));
        assert_eq!(calendar::of_owner(&reader, CalendarOwner::User(user(8))).await.unwrap(), None);
        // levels that may not be seen are not found
        assert_eq!(calendar::find_many(&reader, &ALL[..2], &[full.id]).await.unwrap(), []);
        let first = calendar::page(&reader, &ALL, &PageArgs::first(2)).await.unwrap();
        assert_eq!(first.items.iter().map(|(_, one)| one.id).collect::<Vec<CalendarId>>(), [full.id, plain.id]);
        let rest = calendar::page(&reader, &ALL[..2], &PageArgs::first(5)).await.unwrap();
        assert_eq!(rest.items.len(), 2);
        assert!(calendar::page(&reader, &[], &PageArgs::first(5)).await.unwrap().items.is_empty());
        // over the version that was read
        let uow = database.begin().await.unwrap();
        let changed = WorkCalendar { version: 2, name: ShortText::parse("Other").unwrap(), ..full.clone() };
        calendar::update(&uow, &changed, 1).await.unwrap();
        let stale = calendar::update(&uow, &changed, 1).await.unwrap_err();
        assert!(matches!(stale, StoreError::VersionConflict { current: Some(2) }), "{stale:?}");
        assert_eq!(calendar::load_for_command(&uow, full.owner).await.unwrap(), Some(changed));
        let stale = calendar::delete(&uow, full.id, 1).await.unwrap_err();
        assert!(matches!(stale, StoreError::VersionConflict { current: Some(2) }), "{stale:?}");
        calendar::delete(&uow, full.id, 2).await.unwrap();
        let gone = calendar::delete(&uow, full.id, 2).await.unwrap_err();
        assert!(matches!(gone, StoreError::VersionConflict { current: None }), "{gone:?}");
        uow.commit().await.unwrap();
    }

    pub(super) async fn an_owner_has_one_calendar(database: Store) {
        for owner in [CalendarOwner::Organisation, CalendarOwner::Team(team(1))] {
            store(&database, &[new(1 + u128::from(owner == CalendarOwner::Organisation), owner)]).await;
            let uow = database.begin().await.unwrap();
            let second = calendar::insert(&uow, &new(9, owner), at(0)).await.unwrap_err();
            assert!(matches!(second, StoreError::Unique { .. }), "{second:?}");
        }
    }

    pub(super) async fn the_nearest_calendar_counts(database: Store) {
        load(&database, vec![row("DE", None, "2026-01-06", Observance::Kept)]).await;
        let mut own = new(3, CalendarOwner::User(user(7)));
        own.holidays = Some(region("DE", None));
        store(&database, &[new(1, CalendarOwner::Organisation), new(2, CalendarOwner::Team(team(1))), own]).await;
        let book = calendar::book(&database.reader()).await.unwrap();
        let of = |team, person| book.of(Placement { team, person, queue_reason: None });
        assert_eq!(of(Some(team(1)), Some(user(7))), Some(id(20, 3)));
        assert_eq!(of(Some(team(1)), Some(user(8))), Some(id(20, 2)));
        assert_eq!(of(Some(team(2)), None), Some(id(20, 1)));
        let holiday = "2026-01-06T10:00:00Z".parse().unwrap();
        let open = [3, 2].map(|number| book.time(id(20, number)).unwrap().is_open(holiday));
        assert_eq!(open, [false, true]);
    }

    pub(super) async fn holidays_are_those_of_the_region(database: Store) {
        let rows = vec![
            row("DE", None, "2026-10-03", Observance::Kept),
            row("DE", Some("DE-BY"), "2026-06-04", Observance::Kept),
            row("DE", Some("DE-BE"), "2026-03-08", Observance::Kept),
            row("US", None, "2026-10-12", Observance::Kept),
            row("US", Some("US-AR"), "2026-10-12", Observance::NotKept),
        ];
        load(&database, rows).await;
        let reader = database.reader();
        let regions = [region("DE", None), region("DE", Some("DE-BY")), region("US", Some("US-AR")), region("FR", None)];
        let found = holiday::days_off(&reader, &BTreeSet::from(regions)).await.unwrap();
        let days = regions.map(|region| found[&region].iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(days, ["2026-10-03", "2026-06-04 2026-10-03", "", ""]);
        let year = ("2026-01-01".parse().unwrap(), "2026-09-30".parse().unwrap());
        let listed = holiday::list(&reader, &region("DE", Some("DE-BY")), year).await.unwrap();
        assert_eq!(listed.into_values().map(|name| name.to_string()).collect::<Vec<_>>(), ["2026-06-04"]);
        // another set takes the place of all of it
        load(&database, vec![row("AT", None, "2026-10-26", Observance::Kept)]).await;
        assert!(holiday::days_off(&reader, &BTreeSet::from(regions)).await.unwrap().values().all(BTreeSet::is_empty));
    }
}
