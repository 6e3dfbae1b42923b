//! Lengths of time.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::TimeDelta;

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(pub TimeDelta);

impl Period {
    /// A length of this many seconds.
    pub fn of_seconds(seconds: i64) -> Self {
        Self(TimeDelta::try_seconds(seconds).unwrap_or(TimeDelta::MAX))
    }
}

/// A length of time of at least zero in days of 24 hours, hours, minutes and seconds, such as `P2DT3H30M`. Years, months and weeks are not used.
#[Scalar(name = "Duration", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#appendix-A")]
impl ScalarType for Period {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let seconds = read(text).ok_or_else(|| InputValueError::custom("expected a duration such as `P2DT3H30M`"))?;
        Ok(Self::of_seconds(seconds))
    }

    fn to_value(&self) -> Value {
        Value::String(show(self.0.num_seconds()))
    }
}

fn show(seconds: i64) -> String {
    let rest = seconds.max(0);
    let days = part(rest / 86_400, 'D');
    let time = [part(rest / 3_600 % 24, 'H'), part(rest / 60 % 60, 'M'), part(rest % 60, 'S')].concat();
    match (days.is_empty(), time.is_empty()) {
        (true, true) => "PT0S".to_owned(),
        (false, true) => format!("P{days}"),
        (true | false, false) => format!("P{days}T{time}"),
    }
}

fn part(count: i64, unit: char) -> String {
    if count > 0 { format!("{count}{unit}") } else { String::new() }
}

fn read(text: &str) -> Option<i64> {
    let body = text.strip_prefix('P')?;
    let (days, time) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None if body.is_empty() => return None,
        None => (body, ""),
    };
    let days = sum(days, &[('D', 86_400)])?;
    days.checked_add(sum(time, &[('H', 3_600), ('M', 60), ('S', 1)])?)
}

/// The seconds of parts such as `3H30M`, whose units stand in the given order.
fn sum(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut seconds = 0_i64;
    for (unit, worth) in units {
        let Some((count, rest)) = text.split_once(*unit) else { continue };
        let is_number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count: i64 = if is_number { count.parse().ok()? } else { return None };
        seconds = seconds.checked_add(count.checked_mul(*worth)?)?;
        text = rest;
    }
    text.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back() {
        for (seconds, text) in [(0, "PT0S"), (59, "PT59S"), (86_400, "P1D"), (183_600, "P2DT3H"), (90_061, "P1DT1H1M1S")] {
            assert_eq!(show(seconds), text);
            assert_eq!(read(text), Some(seconds));
        }
        assert_eq!(read("PT90M"), Some(5_400));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "P", "PT", "1D", "P1M", "P1W", "PT1M1H", "PT-5S", "P1DT", "PT99999999999999999999S", "PT1.5H"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
