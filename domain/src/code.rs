//! Enumerations whose values have stable codes.
//!
//! A code is what the API, the database and the journal hold: `UPPER_SNAKE`, never renamed, never reused. The `codes!` macro makes the
//! enumeration and its codes in one place, so that no second list can drift from the first.

use std::fmt;

/// A text that is no code of the enumeration it was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// The enumeration's name as declared, such as `BuyingRole`; shown to people as words (`buying role`).
    pub kind: &'static str,
    /// What was found instead, cut to [`UnknownCode::FOUND_CHARS_MAX`] characters.
    pub found: String,
}

impl UnknownCode {
    /// How much of an unknown code is kept for the message.
    pub const FOUND_CHARS_MAX: usize = 64;

    /// An error for the enumeration `kind`, which does not know `found`.
    pub fn new(kind: &'static str, found: &str) -> Self {
        Self { kind, found: found.chars().take(Self::FOUND_CHARS_MAX).collect() }
    }
}

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown ")?;
        for (position, letter) in self.kind.chars().enumerate() {
            if letter.is_uppercase() && position > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{}", letter.to_lowercase())?;
        }
        write!(f, " `{}`", self.found)
    }
}

impl std::error::Error for UnknownCode {}

/// Makes a fieldless enumeration with its stable codes.
///
/// ```text
/// codes! {
///     /// A colour of the traffic light.
///     pub enum Light {
///         /// Stop.
///         Red = "RED",
///         /// Go.
///         Green = "GREEN",
///     }
/// }
/// ```
///
/// The enumeration is `Copy`, ordered as declared, hashed, shown and serialised as its code, and read back by `FromStr` (exact match).
macro_rules! codes {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident = $code:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $( $(#[$variant_meta])* $variant, )+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The stable code, as the API and the database hold it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $code, )+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::code::UnknownCode;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    $( $code => Ok(Self::$variant), )+
                    other => Err($crate::code::UnknownCode::new(stringify!($name), other)),
                }
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

pub(crate) use codes;

#[cfg(test)]
mod tests {
    codes! {
        /// A light.
        pub enum TrafficLight {
            /// Stop.
            Red = "RED",
            /// Go.
            DarkGreen = "DARK_GREEN",
        }
    }

    #[test]
    fn every_code_is_read_back() {
        for light in TrafficLight::ALL {
            assert_eq!(light.as_str().parse::<TrafficLight>().unwrap(), *light);
            let json = serde_json::to_string(light).unwrap();
            assert_eq!(json, format!("\"{light}\""));
            assert_eq!(serde_json::from_str::<TrafficLight>(&json).unwrap(), *light);
        }
    }

    #[test]
    fn unknown_code_names_the_kind_in_words() {
        let error = "red".parse::<TrafficLight>().unwrap_err();
        assert_eq!(error.to_string(), "unknown traffic light `red`");
        assert_eq!(error.kind, "TrafficLight");
    }

    #[test]
    fn order_is_the_order_of_declaration() {
        assert!(TrafficLight::Red < TrafficLight::DarkGreen);
    }
}
