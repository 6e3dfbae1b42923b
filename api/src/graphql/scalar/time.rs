//! Times and days.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub DateTime<Utc>);

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at)
    }
}

/// A point in time in UTC, such as `2026-03-29T01:30:00.000000Z`. Other offsets are read and turned into UTC.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Timestamp {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let at = DateTime::parse_from_rfc3339(text)
            .map_err(|_| InputValueError::custom("expected a time such as `2026-03-29T01:30:00Z`"))?;
        Ok(Self(at.to_utc()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub NaiveDate);

impl From<NaiveDate> for Day {
    fn from(day: NaiveDate) -> Self {
        Self(day)
    }
}

/// A day of the calendar, such as `2026-03-29`.
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Day {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.to_string() == *text);
        day.map(Self).ok_or_else(|| InputValueError::custom("expected a day such as `2026-03-29`"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_any_offset_and_shown_in_utc() {
        let read = |text: &str| Timestamp::parse(Value::String(text.to_owned()));
        let shown = read("2026-03-29T03:30:00+02:00").unwrap().to_value();
        assert_eq!(shown, Value::String("2026-03-29T01:30:00.000000Z".to_owned()));
        assert!(read("2026-03-29").is_err());
        assert!(Timestamp::parse(Value::Boolean(true)).is_err());
    }

    #[test]
    fn days_have_one_form() {
        let read = |text: &str| Day::parse(Value::String(text.to_owned()));
        assert_eq!(read("2026-03-29").unwrap().to_value(), Value::String("2026-03-29".to_owned()));
        for text in ["2026-3-29", "2026-02-30", "29.03.2026"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
