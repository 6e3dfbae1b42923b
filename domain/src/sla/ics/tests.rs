use super::*;

fn years() -> (NaiveDate, NaiveDate) {
    ("2026-01-01".parse().unwrap(), "2027-12-31".parse().unwrap())
}

/// A file with these events; the first one's `BEGIN` stands on line 4.
fn file(events: &[&str]) -> String {
    let events: Vec<String> =
        events.iter().map(|event| format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", event.replace('\n', "\r\n"))).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n{}END:VCALENDAR\r\n", events.concat())
}

fn days(reading: &IcsReading) -> Vec<String> {
    reading.days.iter().map(|(day, found)| format!("{day} {}", found.name)).collect()
}

fn skipped(reading: &IcsReading) -> Vec<(u32, IcsReason)> {
    reading.skipped.iter().map(|skipped| (skipped.line, skipped.reason)).collect()
}

#[test]
fn whole_days_are_taken() {
    let text = file(&[
        "UID:1\nDTSTART;VALUE=DATE:20260106\nSUMMARY:Heilige Drei\n  Könige\\, Epiphany",
        // the end is not in it
        "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nSUMMARY;LANGUAGE=de:Weihnachten\nBEGIN:VALARM\nSUMMARY:Alarm\nDTSTART:20260101\nEND:VALARM",
        "DTSTART;VALUE=DATE:20260801\nDURATION:P2D\nSUMMARY:Inventory",
        "DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501\nSUMMARY:Maifeiertag",
    ]);
    let reading = read(&text, years()).unwrap();
    assert_eq!(skipped(&reading), []);
    let expected = [
        "2026-01-06 Heilige Drei Könige, Epiphany",
        "2026-05-01 Maifeiertag",
        "2026-08-01 Inventory",
        "2026-08-02 Inventory",
        "2026-12-24 Weihnachten",
        "2026-12-25 Weihnachten",
        "2026-12-26 Weihnachten",
    ];
    assert_eq!(days(&reading), expected);
    assert_eq!(reading.days[&"2026-01-06".parse().unwrap()].line, 4);
}

#[test]
fn days_that_come_back_are_taken_in_the_years_that_were_asked_for() {
    let text = file(&[
        "DTSTART;VALUE=DATE:20101224\nRRULE:FREQ=YEARLY\nSUMMARY:Heiligabend",
        "DTSTART;VALUE=DATE:20251126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\nEXDATE;VALUE=DATE:20271125\nRDATE;VALUE=DATE:20270301\nSUMMARY:Thanksgiving",
    ]);
    let reading = read(&text, years()).unwrap();
    assert_eq!(
        days(&reading),
        ["2026-11-26 Thanksgiving", "2026-12-24 Heiligabend", "2027-03-01 Thanksgiving", "2027-12-24 Heiligabend"]
    );
}

#[test]
fn what_is_not_taken_is_told_with_its_line_and_reason() {
    let text = file(&[
        "DTSTART;TZID=Europe/Berlin:20260106T090000\nSUMMARY:Meeting",
        "DTSTART;VALUE=DATE:20260106\nDTEND:20260106T120000Z\nSUMMARY:Half a day",
        "SUMMARY:Some day",
        "DTSTART;VALUE=DATE:20260230\nSUMMARY:No day",
        "DTSTART;VALUE=DATE:20260106",
        "DTSTART;VALUE=DATE:20260106\nDTEND;VALUE=DATE:20260105\nSUMMARY:Backwards",
        "DTSTART;VALUE=DATE:20260106\nDTEND;VALUE=DATE:20290105\nSUMMARY:Sabbatical",
        "DTSTART;VALUE=DATE:20260106\nRRULE:FREQ=WEEKLY\nSUMMARY:Fridays",
        "DTSTART;VALUE=DATE:20260106\nSTATUS:CANCELLED\nSUMMARY:Off",
        "DTSTART;VALUE=DATE:20240106\nSUMMARY:Past",
        "DTSTART;VALUE=DATE:20260106\nSUMMARY:Epiphany\nthis is no line",
        "DTSTART;VALUE=DATE:20260106\nSUMMARY:Three Kings",
    ]);
    let reading = read(&text, years()).unwrap();
    let expected = [
        (4, IcsReason::HasTime),
        (8, IcsReason::HasTime),
        (13, IcsReason::NoStart),
        (16, IcsReason::Malformed),
        (20, IcsReason::NoName),
        (23, IcsReason::Malformed),
        (28, IcsReason::TooLong),
        (33, IcsReason::Recurrence),
        (38, IcsReason::Cancelled),
        (43, IcsReason::OutsideYears),
        (50, IcsReason::MalformedLine),
        (52, IcsReason::DuplicateDay),
    ];
    assert_eq!(skipped(&reading), expected);
    assert_eq!(days(&reading), ["2026-01-06 Epiphany"]);
    assert_eq!(reading.skipped[0].name.as_deref(), Some("Meeting"));
    assert_eq!(reading.skipped[11].day, Some("2026-01-06".parse().unwrap()));
}

#[test]
fn tasks_are_told_and_zones_are_passed_over() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VTODO\nSUMMARY:Pay\nEND:VTODO\nEND:VCALENDAR";
    let reading = read(text, years()).unwrap();
    assert_eq!(skipped(&reading), [(8, IcsReason::NoEvent)]);
    assert!(reading.days.is_empty());
}

#[test]
fn a_text_that_is_no_calendar_is_refused() {
    let cut = file(&["DTSTART;VALUE=DATE:20260106\nSUMMARY:Epiphany"]).replace("END:VCALENDAR\r\n", "");
    for text in ["", "hello", "<html></html>", "BEGIN:VCARD\nEND:VCARD", "BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR", &cut] {
        assert_eq!(read(text, years()).unwrap_err().code, ViolationCode::Malformed, "{text}");
    }
    let long = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", "X:y\n".repeat(ICS_BYTES_MAX / 4));
    assert_eq!(read(&long, years()).unwrap_err().code, ViolationCode::TooLong);
    let many = file(&vec!["SUMMARY:x"; ICS_EVENTS_MAX + 1]);
    assert_eq!(read(&many, years()).unwrap_err().code, ViolationCode::TooLong);
}

#[test]
fn occurrences_that_overlap_take_each_day_once() {
    let text =
        file(&["DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260108\nRDATE;VALUE=DATE:20260106,20260109\nSUMMARY:Closed"]);
    let days: Vec<String> = read(&text, years()).unwrap().days.keys().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09", "2026-01-10", "2026-01-11"]);
}

#[test]
fn what_a_rule_says_many_times_counts_once() {
    let (months, days) = (vec!["1"; 20_000].join(","), vec!["6"; 20_000].join(","));
    let text =
        file(&[&format!("DTSTART;VALUE=DATE:19000106\nRRULE:FREQ=YEARLY;BYMONTH={months};BYMONTHDAY={days}\nSUMMARY:Epiphany")]);
    let days: Vec<String> = read(&text, years()).unwrap().days.keys().map(ToString::to_string).collect();
    assert!(days.iter().all(|day| day.ends_with("-01-06")) && !days.is_empty(), "{days:?}");
}

proptest::proptest! {
    /// Whatever is read, nothing breaks, and every event is a day or is told of.
    #[test]
    fn nothing_is_lost(parts in proptest::collection::vec("(BEGIN:VEVENT\n|END:VEVENT\n|DTSTART;VALUE=DATE:2026010[0-9]\n|SUMMARY:[a-z]{0,3}\n|RRULE:FREQ=YEARLY;[A-Z]{5,10}=[0-9,-]{0,4}\n|[ -~ä]{0,12}\n)", 0..30)) {
        let text = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", parts.concat());
        if let Ok(reading) = read(&text, years()) {
            let events = lines(&text).into_iter().flatten().filter(|line| line.name == "BEGIN" && line.value.trim() == "VEVENT");
            let (mut told, mut nested) = (0, 0);
            for event in events {
                let is_told = reading.skipped.iter().any(|skipped| skipped.line == event.line)
                    || reading.days.values().any(|day| day.line == event.line);
                if is_told { told += 1 } else { nested += 1 }
            }
            // an event within an event is part of it
            proptest::prop_assert!(told > 0 || nested == 0);
        }
    }
}
