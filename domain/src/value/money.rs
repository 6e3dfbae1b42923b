//! Amounts of money in minor units with their currency.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::value::text_value;
use crate::violation::{ValueError, ViolationCode};

/// A currency of ISO 4217 that has minor units (no metals, funds or test codes without them).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// Reads the code of three letters in any case.
    ///
    /// # Errors
    /// Not three letters, or no currency that amounts can be in.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(ValueError::new(
                ViolationCode::Malformed,
                "expected a currency code of three letters (ISO 4217), such as `EUR`",
            ));
        }
        let upper = text.to_ascii_uppercase();
        iso_currency::Currency::from_code(&upper).filter(|currency| currency.exponent().is_some()).map(Self).ok_or_else(|| {
            let message = format!("`{upper}` is no currency code of ISO 4217 with minor units");
            ValueError::new(ViolationCode::UnknownValue, message)
        })
    }

    /// The code of three upper-case letters.
    pub fn as_str(self) -> &'static str {
        self.0.code()
    }

    /// How many digits stand after the decimal point: 2 for euros, 0 for yen.
    pub fn exponent(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }
}

text_value!(Currency, |text| Self::parse(text));

/// An amount that is not negative, in the currency's minor unit (cents, pence, yen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Money {
    amount_minor: i64,
    currency: Currency,
}

/// The written form of [`Money`], which is checked when read.
#[derive(Serialize, Deserialize)]
struct Stored {
    amount_minor: i64,
    currency: Currency,
}

impl TryFrom<Stored> for Money {
    type Error = ValueError;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        Self::try_new(stored.amount_minor, stored.currency)
    }
}

impl From<Money> for Stored {
    fn from(money: Money) -> Self {
        Self { amount_minor: money.amount_minor, currency: money.currency }
    }
}

fn out_of_range() -> ValueError {
    ValueError::new(ViolationCode::OutOfRange, "the amount is too large")
}

impl Money {
    /// An amount in minor units.
    ///
    /// # Errors
    /// [`ViolationCode::OutOfRange`] when it is negative.
    pub fn try_new(amount_minor: i64, currency: Currency) -> Result<Self, ValueError> {
        if amount_minor < 0 {
            return Err(ValueError::new(ViolationCode::OutOfRange, "an amount cannot be negative"));
        }
        Ok(Self { amount_minor, currency })
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { amount_minor: 0, currency }
    }

    /// Reads `1234.50` and a currency code; no thousands separators, no more digits after the point than the currency has.
    ///
    /// # Errors
    /// Not such a number, too large, or an unknown currency.
    pub fn parse_decimal(amount: &str, currency: &str) -> Result<Self, ValueError> {
        let currency = Currency::parse(currency)?;
        let amount = amount.trim();
        if amount.is_empty() {
            return Err(ValueError::required());
        }
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let places = usize::try_from(currency.exponent()).unwrap_or(0);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let dangling = amount.ends_with('.');
        if whole.is_empty() || dangling || !digits(whole) || !digits(fraction) || fraction.len() > places {
            let message = format!("expected an amount such as `1234.50` with at most {places} digits after the point");
            return Err(ValueError::new(ViolationCode::Malformed, message));
        }
        let minor = format!("{whole}{fraction:0<places$}");
        let minor = minor.parse::<i64>().map_err(|_| out_of_range())?;
        Self::try_new(minor, currency)
    }

    /// The amount in the currency's minor unit.
    pub const fn amount_minor(self) -> i64 {
        self.amount_minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum of two amounts in one currency.
    ///
    /// # Errors
    /// [`ViolationCode::Conflict`] when the currencies differ, [`ViolationCode::OutOfRange`] when the sum is too large.
    pub fn checked_add(self, other: Self) -> Result<Self, ValueError> {
        if self.currency != other.currency {
            let message = format!("amounts in `{}` and `{}` cannot be added", self.currency, other.currency);
            return Err(ValueError::new(ViolationCode::Conflict, message));
        }
        let amount_minor = self.amount_minor.checked_add(other.amount_minor).ok_or_else(out_of_range)?;
        Ok(Self { amount_minor, ..self })
    }
}

impl fmt::Display for Money {
    /// As `1234.50 EUR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i64.pow(self.currency.exponent());
        let (whole, rest) = (self.amount_minor / unit, self.amount_minor % unit);
        match usize::try_from(self.currency.exponent()) {
            Ok(places @ 1..) => write!(f, "{whole}.{rest:0places$} {}", self.currency),
            Ok(0) | Err(_) => write!(f, "{whole} {}", self.currency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::try_new(minor, Currency::EUR).unwrap()
    }

    #[test]
    fn reads_decimals_by_the_places_of_the_currency() {
        assert_eq!(Money::parse_decimal("1234.50", "eur").unwrap(), eur(123_450));
        assert_eq!(Money::parse_decimal("1234.5", "EUR").unwrap(), eur(123_450));
        assert_eq!(Money::parse_decimal("0", "EUR").unwrap(), Money::zero(Currency::EUR));
        assert_eq!(Money::parse_decimal("500", "JPY").unwrap().to_string(), "500 JPY");
        assert_eq!(Money::parse_decimal("1.234", "KWD").unwrap().to_string(), "1.234 KWD");
        for amount in ["-1", "1.", ".5", "1,50", "1.234", "1e3", "1 000", "+1", "٣"] {
            assert_eq!(Money::parse_decimal(amount, "EUR").unwrap_err().code, ViolationCode::Malformed, "{amount}");
        }
        assert_eq!(Money::parse_decimal("1.5", "JPY").unwrap_err().code, ViolationCode::Malformed);
        assert_eq!(Money::parse_decimal("99999999999999999999", "EUR").unwrap_err().code, ViolationCode::OutOfRange);
        assert_eq!(Currency::parse("XAU").unwrap_err().code, ViolationCode::UnknownValue);
        assert_eq!(Currency::parse("ABC").unwrap_err().code, ViolationCode::UnknownValue);
    }

    #[test]
    fn adds_only_what_can_be_added() {
        assert_eq!(eur(1).checked_add(eur(2)).unwrap(), eur(3));
        assert_eq!(eur(i64::MAX).checked_add(eur(1)).unwrap_err().code, ViolationCode::OutOfRange);
        let dollars = Money::parse_decimal("1", "USD").unwrap();
        assert_eq!(eur(1).checked_add(dollars).unwrap_err().code, ViolationCode::Conflict);
        assert_eq!(Money::try_new(-1, Currency::EUR).unwrap_err().code, ViolationCode::OutOfRange);
    }

    #[test]
    fn stored_money_is_checked_when_read() {
        assert_eq!(serde_json::to_string(&eur(5)).unwrap(), r#"{"amount_minor":5,"currency":"EUR"}"#);
        assert!(serde_json::from_str::<Money>(r#"{"amount_minor":-5,"currency":"EUR"}"#).is_err());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(minor in 0_i64.., code in prop::sample::select(vec!["EUR", "JPY", "KWD"])) {
            let money = Money::try_new(minor, Currency::parse(code).unwrap()).unwrap();
            let shown = money.to_string();
            let (amount, currency) = shown.split_once(' ').unwrap();
            prop_assert_eq!(Money::parse_decimal(amount, currency).unwrap(), money);
        }

        #[test]
        fn never_panics(amount in "\\PC{0,24}", currency in "\\PC{0,4}") {
            let _ = Money::parse_decimal(&amount, &currency);
            let _ = Money::parse_decimal(&amount, "EUR");
        }
    }
}
