//! Postal codes in the layout of their country.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::value::{CountryCode, text_value};
use crate::violation::{ValueError, ViolationCode};

/// A postal code, upper case, with the spaces and hyphens that its country writes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostalCode(String);

/// The layouts of each country: `9` is a digit, `A` a letter, `X` either, a space or hyphen itself.
static LAYOUTS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("../../reference/postal_codes.tsv").lines();
    lines.filter_map(|line| line.split_once('\t')).map(|(country, layouts)| (country, layouts.split('|').collect())).collect()
});

fn layouts(country: CountryCode) -> &'static [&'static str] {
    LAYOUTS.get(country.as_str()).map_or(&[], Vec::as_slice)
}

fn fits(layout: char, found: char) -> bool {
    match layout {
        '9' => found.is_ascii_digit(),
        'X' => found.is_ascii_digit() || found.is_ascii_uppercase(),
        _ => found.is_ascii_uppercase(),
    }
}

const fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '-')
}

/// The compact code in the layout, if it has that form.
fn lay_out(layout: &str, compact: &str) -> Option<String> {
    let mut found = compact.chars();
    let mut code = String::with_capacity(layout.len());
    for place in layout.chars() {
        if is_separator(place) {
            code.push(place);
        } else {
            code.push(found.next().filter(|letter| fits(place, *letter))?);
        }
    }
    found.next().is_none().then_some(code)
}

impl PostalCode {
    /// Fewest characters it may have.
    pub const CHARS_MIN: usize = 2;
    /// Most characters it may have.
    pub const CHARS_MAX: usize = 12;

    /// Reads a code in any case and spacing, also with the country in front as in `D-80331` or `CH-8001`.
    ///
    /// Where the country is unknown, or its layout is, any 2 to 12 letters, digits, spaces and hyphens are read as they are.
    ///
    /// # Errors
    /// Empty, too long, or not in the form of the country.
    pub fn parse(text: &str, country: Option<CountryCode>) -> Result<Self, ValueError> {
        let upper = text.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
        if upper.is_empty() {
            return Err(ValueError::required());
        }
        match country.map(|country| (country, layouts(country))) {
            Some((country, known @ [first, ..])) => Self::parse_known(&upper, country, known, first),
            Some((_, [])) | None => Self::parse_any(upper),
        }
    }

    fn parse_known(upper: &str, country: CountryCode, known: &[&str], example: &str) -> Result<Self, ValueError> {
        let bare = ["-", " "]
            .iter()
            .find_map(|mark| {
                let (front, rest) = upper.split_once(mark)?;
                (front == country.as_str() || country.as_str().strip_suffix(|_: char| true) == Some(front)).then_some(rest)
            })
            .filter(|rest| known.iter().any(|layout| lay_out(layout, &compact(rest)).is_some()))
            .unwrap_or(upper);
        let bare = compact(bare);
        known.iter().find_map(|layout| lay_out(layout, &bare)).map(Self).ok_or_else(|| {
            let message = format!(
                "expected a postal code of `{country}` in the form `{example}`, where 9 is a digit, A a letter and X either"
            );
            ValueError::new(ViolationCode::Malformed, message)
        })
    }

    fn parse_any(upper: String) -> Result<Self, ValueError> {
        if upper.chars().nth(Self::CHARS_MAX).is_some() {
            return Err(ValueError::too_long(Self::CHARS_MAX));
        }
        if upper.len() < Self::CHARS_MIN {
            let message = format!("at least {} characters are needed", Self::CHARS_MIN);
            return Err(ValueError::new(ViolationCode::TooShort, message));
        }
        if !upper.chars().all(|letter| letter.is_ascii_alphanumeric() || is_separator(letter)) {
            return Err(ValueError::new(ViolationCode::Malformed, "expected letters A to Z, digits, spaces and hyphens only"));
        }
        Ok(Self(upper))
    }

    /// Whether the layout of a country is known, so that codes are checked against it.
    pub fn is_checked(country: CountryCode) -> bool {
        !layouts(country).is_empty()
    }

    /// The code as its country writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn compact(code: &str) -> String {
    code.chars().filter(|letter| !is_separator(*letter)).collect()
}

text_value!(PostalCode, |text| Self::parse(text, None));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, country: &str) -> Result<String, ViolationCode> {
        PostalCode::parse(text, CountryCode::parse(country).ok()).map(|code| code.to_string()).map_err(|error| error.code)
    }

    #[test]
    fn each_country_has_its_layout() {
        for (text, country, expected) in [
            ("80331", "DE", "80331"),
            ("D-80331", "DE", "80331"),
            ("A-1010", "AT", "1010"),
            ("CH-8001", "CH", "8001"),
            ("75 008", "FR", "75008"),
            ("sw1a1aa", "GB", "SW1A 1AA"),
            ("m1 1ae", "GB", "M1 1AE"),
            ("B33 8TH", "GB", "B33 8TH"),
            ("94043", "US", "94043"),
            ("940431351", "US", "94043-1351"),
            ("1012ab", "NL", "1012 AB"),
            ("1000", "BE", "1000"),
            ("00118", "IT", "00118"),
            ("28001", "ES", "28001"),
            ("00001", "PL", "00-001"),
            ("d02x285", "IE", "D02 X285"),
            ("LV-1010", "LV", "1010"),
            ("b1636fda", "AR", "B1636FDA"),
            (" ab-1 ", "", "AB-1"),
        ] {
            assert_eq!(read(text, country).as_deref(), Ok(expected), "{text} in {country}");
        }
    }

    #[test]
    fn every_layout_is_of_a_country_and_can_be_stored() {
        let lines = include_str!("../../reference/postal_codes.tsv").lines();
        assert_eq!(lines.count(), LAYOUTS.len());
        assert!(LAYOUTS.len() > 150);
        for (country, layouts) in LAYOUTS.iter() {
            let country = CountryCode::parse(country).unwrap();
            assert!(PostalCode::is_checked(country));
            for layout in layouts {
                let example = layout.replace('9', "1").replace('X', "7");
                assert_eq!(PostalCode::parse(&example, Some(country)).unwrap().as_str(), example, "{country}");
            }
        }
    }

    #[test]
    fn refuses_another_layout() {
        for (text, country) in
            [("8033", "DE"), ("803311", "DE"), ("80331", "AT"), ("ABCDE", "US"), ("SW1A", "GB"), ("C-80331", "DE")]
        {
            assert_eq!(read(text, country), Err(ViolationCode::Malformed), "{text} in {country}");
        }
        assert_eq!(read("x", ""), Err(ViolationCode::TooShort));
        assert_eq!(read("1234567890123", ""), Err(ViolationCode::TooLong));
        assert_eq!(read("12ä", ""), Err(ViolationCode::Malformed));
        assert_eq!(read(" ", "DE"), Err(ViolationCode::Required));
    }

    proptest! {
        #[test]
        fn never_panics_and_round_trips(text in "\\PC{0,14}", code in "[A-Za-z0-9 -]{1,9}", pick in 0_usize..250) {
            let country = CountryCode::all().nth(pick);
            let _ = PostalCode::parse(&text, country);
            if let Ok(code) = PostalCode::parse(&code, country) {
                prop_assert_eq!(&PostalCode::parse(code.as_str(), country).unwrap(), &code);
                prop_assert_eq!(&PostalCode::parse(code.as_str(), None).unwrap(), &code);
            }
        }
    }
}
