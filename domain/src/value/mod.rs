//! Values that are parsed once, at the edge, and trusted from then on.
//!
//! Each has `parse` (or `try_new`), which says what is expected when the input is not that, and is written back as it is compared and stored.
//! INVARIANT: a value that exists is valid, and reading its written form gives the same value.

pub mod code;
pub mod company_name;
pub mod country;
pub mod email;
pub mod fold;
pub mod free_mail;
pub mod language;
pub mod money;
pub mod person_name;
pub mod phone;
pub mod postal_code;
pub mod subdivision;
pub mod text;
pub mod time_zone;
pub mod url;

pub use self::code::Code;
pub use self::company_name::CompanyName;
pub use self::country::CountryCode;
pub use self::email::EmailAddress;
pub use self::language::LanguageTag;
pub use self::money::{Currency, Money};
pub use self::person_name::PersonName;
pub use self::phone::PhoneNumber;
pub use self::postal_code::PostalCode;
pub use self::subdivision::SubdivisionCode;
pub use self::text::{LongText, ShortText};
pub use self::time_zone::TimeZoneName;
pub use self::url::HttpUrl;
pub use crate::violation::ValueError;

/// Implements what every value written as a text has in common: shown, read by `FromStr`, serialised and deserialised through `parse`.
macro_rules! text_value {
    ($name:ident, |$text:ident| $parse:expr) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::violation::ValueError;

            fn from_str($text: &str) -> ::std::result::Result<Self, Self::Err> {
                $parse
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::string::String as ::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text_value;
