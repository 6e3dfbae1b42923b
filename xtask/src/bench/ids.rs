//! Ids of what the fill makes: numbers written in decimal where hexadecimal digits stand, the kind of thing in front.

/// The letters of a `TypeID` (base 32 after Crockford, lower case).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Numbers of each kind of thing.
const PER_KIND: u64 = 1_000_000_000_000;

/// A kind of thing that load scripts name, as in `bench.id(kind, number)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Lead,
    Person,
    Company,
    User,
    Passage,
}

impl Kind {
    /// Those that a statement about one lead may bind, with the variable that a load script has for it.
    pub const VARIABLES: [(Self, &'static str); 5] = [
        (Self::Lead, "lead"),
        (Self::Person, "person"),
        (Self::Company, "company"),
        (Self::User, "owner"),
        (Self::Passage, "passage"),
    ];

    /// The number in front.
    pub const fn prefix(self) -> u64 {
        match self {
            Self::Lead => 1,
            Self::Person => 2,
            Self::Company => 3,
            Self::User => 4,
            Self::Passage => 6,
        }
    }
}

/// The id of the lead with this number, as the API writes it.
pub fn lead(number: u64) -> String {
    typed("lead", Kind::Lead.prefix() * PER_KIND + number)
}

/// The decimal digits of `number` read as hexadecimal ones, in base 32 behind the prefix.
fn typed(prefix: &str, number: u64) -> String {
    let bits = u128::from_str_radix(&number.to_string(), 16).unwrap_or_default();
    let letter = |place: u32| {
        let digit = usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
        ALPHABET.get(digit).copied().map_or('0', char::from)
    };
    let mut text = format!("{prefix}_");
    text.extend((0..26).rev().map(letter));
    text
}

/// The kind and number of a UUID that the fill made.
pub fn read(uuid: &str) -> Option<(u64, u64)> {
    let digits = uuid.replace('-', "");
    let number: u64 = if digits.len() == 32 { digits.parse().ok()? } else { return None };
    Some((number / PER_KIND, number % PER_KIND))
}

#[cfg(test)]
mod tests {
    use super::{lead, read};

    #[test]
    fn ids_are_those_of_the_fill() {
        // as `SELECT bench.typed('lead', bench.id(1, 123))` answers
        assert_eq!(lead(123), "lead_00000000000000008000000093");
        assert_eq!(read("00000000-0000-0000-0001-000000000123"), Some((1, 123)));
        assert_eq!(read("019ab0f3-0000-7000-8000-000000000123"), None);
        assert_eq!(read("DE"), None);
    }
}
