//! Numbers beyond `Int`, and cursors made of them.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The largest whole number that a JSON number holds without loss in every language: 2^53 - 1.
const JSON_MAX: u64 = 9_007_199_254_740_991;

/// A whole number of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BigInt(pub i64);

/// A whole number of up to 64 bits: a JSON number as long as it is within 2^53 - 1 on either side of zero, else a text of digits, so that no
/// digit is ever lost. Both forms are read.
#[Scalar(name = "BigInt", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259#section-6")]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = match &value {
            Value::Number(number) => number.as_i64(),
            Value::String(digits) => digits.parse().ok(),
            Value::Null | Value::Boolean(_) | Value::Binary(_) | Value::Enum(_) | Value::List(_) | Value::Object(_) => None,
        };
        read.map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        if self.0.unsigned_abs() <= JSON_MAX { Value::Number(self.0.into()) } else { Value::String(self.0.to_string()) }
    }
}

/// A place in the journal: right behind the event of this position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventCursor(pub u64);

impl EventCursor {
    /// The opaque text that clients keep.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("event:{}", self.0))
    }

    /// Reads such a text.
    pub fn parse_text(text: &str) -> Option<Self> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let position = plain.strip_prefix("event:")?.parse().ok()?;
        let cursor = Self(position);
        (cursor.to_text() == text).then_some(cursor)
    }
}

/// A place in the stream of events. Opaque: keep it as it is, and give it back as `after` to go on behind it.
#[Scalar(name = "EventCursor", specified_by_url = "https://relay.dev/graphql/connections.htm#sec-Cursor")]
impl ScalarType for EventCursor {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        Self::parse_text(text)
            .ok_or_else(|| InputValueError::custom("not a cursor of an event").with_extension("code", "BAD_CURSOR"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_is_lost() {
        assert_eq!(BigInt(-5).to_value(), Value::Number((-5).into()));
        assert_eq!(BigInt(9_007_199_254_740_992).to_value(), Value::String("9007199254740992".to_owned()));
        for number in [0, 9_007_199_254_740_991, i64::MAX, i64::MIN] {
            assert_eq!(BigInt::parse(BigInt(number).to_value()).unwrap(), BigInt(number));
        }
        assert!(BigInt::parse(Value::String("1.5".to_owned())).is_err());
    }

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is() {
        let cursor = EventCursor(42);
        assert_eq!(EventCursor::parse_text(&cursor.to_text()), Some(cursor));
        for text in ["", "42", "ZXZlbnQ6LTE", "ZXZlbnQ6MDQy"] {
            assert_eq!(EventCursor::parse_text(text), None, "{text}");
        }
    }
}
