//! Telephone numbers.

use crate::value::{CountryCode, PhoneNumber};

use super::check::QualityCheck;
use super::review::Fault;

/// A number that no plan has.
pub(super) fn invalid(typed: &str, country: Option<CountryCode>) -> Option<Fault> {
    let error = PhoneNumber::parse(typed, country).err()?;
    Some(Fault::unreadable(QualityCheck::PhoneInvalid, error, repaired(typed, country)))
}

/// The number that was meant: of several the first; `o` for zero and `l` for one; a country's code without its `+`.
fn repaired(typed: &str, country: Option<CountryCode>) -> Option<String> {
    let first = typed.split([';', ',', '|']).next().unwrap_or_default();
    let alike = first.chars().map(|letter| match letter {
        'o' | 'O' => '0',
        'l' | 'I' => '1',
        other => other,
    });
    let digits: String = alike.filter(|letter| letter.is_ascii_digit() || *letter == '+').collect();
    let bare = digits.replace('+', "");
    [first.trim().to_owned(), digits, format!("+{bare}"), format!("+{}", bare.trim_start_matches('0'))]
        .into_iter()
        .find_map(|candidate| PhoneNumber::parse(&candidate, country).ok())
        .map(|number| number.to_string())
}
