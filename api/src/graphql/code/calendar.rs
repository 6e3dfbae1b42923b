//! Codes of calendars.

use fairfall_domain::sla::calendar::CalendarLevel;
use fairfall_domain::sla::ics::IcsReason;

use super::enum_codes;

enum_codes! {
    /// Whose calendar it is. The nearest one counts: a colleague's own, else the team's, else the organisation's.
    CalendarLevel as "CalendarLevel" {
        Organisation: "The whole organisation's.",
        Team: "A team's.",
        User: "A colleague's own.",
    }

    /// Why something of a calendar file was not taken.
    IcsReason as "CalendarImportReason" {
        MalformedLine: "The line is none of the format (RFC 5545).",
        Malformed: "Its start, end or length is none of the format, or it ends before it begins.",
        NoStart: "It does not say when it begins.",
        NoName: "It has no name, or one that is too long.",
        HasTime: "It begins or ends at a time of day: an appointment, no day off.",
        TooLong: "It lasts more than 366 days.",
        Recurrence: "It comes back by a rule other than each year, in months, on days or on the nth weekday of a month.",
        Cancelled: "It was cancelled.",
        OutsideYears: "None of its days lies in the time that was asked for.",
        DuplicateDay: "An event before it in the file takes the day.",
        KeptDay: "The calendar has another special day there, which was to be kept.",
        NoEvent: "It is a task or a note, no event.",
    }
}
