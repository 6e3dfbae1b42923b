//! Cursors: the place of a row in a list, as a text.

use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

use crate::base64url;

/// The first byte of a cursor: the form of what follows.
const FORM: u8 = 1;

/// The longest cursor that is read, in characters.
const CURSOR_CHARS_MAX: usize = 512;

/// A sort key of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A number.
    Number(i64),
    /// A time.
    Time(DateTime<Utc>),
    /// An id.
    Id(Uuid),
    /// A text.
    Text(String),
}

impl Key {
    pub(super) const fn kind(&self) -> KeyKind {
        match self {
            Self::Number(_) => KeyKind::Number,
            Self::Time(_) => KeyKind::Time,
            Self::Id(_) => KeyKind::Id,
            Self::Text(_) => KeyKind::Text,
        }
    }

    pub(super) fn value(&self) -> Value {
        match self {
            Self::Number(number) => (*number).into(),
            Self::Time(at) => (*at).into(),
            Self::Id(id) => (*id).into(),
            Self::Text(text) => text.as_str().into(),
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        let (tag, content) = match self {
            Self::Number(number) => (b'n', number.to_be_bytes().to_vec()),
            Self::Time(at) => (b't', at.timestamp_micros().to_be_bytes().to_vec()),
            Self::Id(id) => (b'i', id.as_bytes().to_vec()),
            Self::Text(text) => (b's', text.as_bytes().iter().copied().take(255).collect()),
        };
        bytes.push(tag);
        bytes.push(u8::try_from(content.len()).unwrap_or(u8::MAX));
        bytes.extend(content);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        let (&[tag, length], rest) = bytes.split_first_chunk::<2>()?;
        let (content, rest) = rest.split_at_checked(usize::from(length))?;
        *bytes = rest;
        match tag {
            b'n' => Some(Self::Number(i64::from_be_bytes(content.try_into().ok()?))),
            b't' => DateTime::from_timestamp_micros(i64::from_be_bytes(content.try_into().ok()?)).map(Self::Time),
            b'i' => Some(Self::Id(Uuid::from_bytes(content.try_into().ok()?))),
            b's' => std::str::from_utf8(content).ok().map(|text| Self::Text(text.to_owned())),
            _ => None,
        }
    }
}

/// What kind of key a column of an order holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Number,
    Time,
    Id,
    Text,
}

/// A place in a list: opaque outside, checked when it comes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub(super) fingerprint: u32,
    pub(super) keys: Vec<Key>,
}

/// A text that is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor that this server gave out")]
pub struct MalformedCursor;

impl Cursor {
    /// Reads a cursor's text.
    ///
    /// # Errors
    /// When it is none. Whether it belongs to the list and order at hand is told by the finder, as [`crate::StoreError::ForeignCursor`].
    pub fn parse(text: &str) -> Result<Self, MalformedCursor> {
        if text.len() > CURSOR_CHARS_MAX {
            return Err(MalformedCursor);
        }
        let bytes = base64url::decode(text).ok_or(MalformedCursor)?;
        Self::read(&bytes).ok_or(MalformedCursor)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (&form, rest) = bytes.split_first()?;
        let (fingerprint, mut rest) = rest.split_first_chunk::<4>()?;
        let mut keys = Vec::new();
        while !rest.is_empty() {
            keys.push(Key::read(&mut rest)?);
        }
        (form == FORM && !keys.is_empty()).then_some(Self { fingerprint: u32::from_be_bytes(*fingerprint), keys })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![FORM];
        bytes.extend(self.fingerprint.to_be_bytes());
        for key in &self.keys {
            key.write(&mut bytes);
        }
        f.write_str(&base64url::encode(&bytes))
    }
}

impl std::str::FromStr for Cursor {
    type Err = MalformedCursor;

    fn from_str(text: &str) -> Result<Self, MalformedCursor> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor() -> Cursor {
        Cursor {
            fingerprint: 9,
            keys: vec![Key::Time(DateTime::from_timestamp_micros(1_234_567).unwrap()), Key::Id(Uuid::from_u128(7))],
        }
    }

    #[test]
    fn a_cursor_is_read_back() {
        assert_eq!(Cursor::parse(&cursor().to_string()), Ok(cursor()));
        let texts = Cursor { fingerprint: 1, keys: vec![Key::Text("ä".to_owned()), Key::Number(-3)] };
        assert_eq!(Cursor::parse(&texts.to_string()), Ok(texts));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let whole = cursor().to_string();
        for text in ["", "AQ", "!!", &whole[..whole.len() - 3], &"A".repeat(600)] {
            assert_eq!(Cursor::parse(text), Err(MalformedCursor), "{text}");
        }
    }
}
