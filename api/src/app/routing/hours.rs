//! Times of day as people write them.

use fairfall_domain::routing::member::DAY_MINUTES;
use fairfall_domain::value::ValueError;
use fairfall_domain::violation::ViolationCode;

/// Reads a time of day such as `09:30` as minutes after midnight; `24:00` is the end of the day.
///
/// # Errors
/// A text that is no time of day.
pub fn parse(text: &str) -> Result<u16, ValueError> {
    let two = |digits: &str| {
        if digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let read = text.trim().split_once(':').and_then(|(hours, minutes)| {
        let (hours, minutes): (u16, u16) = (two(hours)?, two(minutes)?);
        let at = hours.checked_mul(60)?.checked_add(minutes)?;
        (minutes < 60 && at <= DAY_MINUTES).then_some(at)
    });
    read.ok_or_else(|| ValueError::new(ViolationCode::Malformed, "expected a time of day such as `09:30`, at most `24:00`"))
}

/// Minutes after midnight as a time of day.
pub fn show(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back() {
        for (text, minutes) in [("00:00", 0), ("09:05", 545), ("23:59", 1_439), ("24:00", 1_440)] {
            assert_eq!(parse(text).unwrap(), minutes);
            assert_eq!(show(minutes), text);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "9", "9:00", "24:01", "12:60", "-1:00", "+9:00", "12:0", "12:00:00", "noon"] {
            assert_eq!(parse(text).unwrap_err().code, ViolationCode::Malformed, "{text}");
        }
    }
}
