//! Values of the domain that are written as texts.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, OutputType, Positioned, ServerResult, Value,
};
use fairfall_domain::value::{CountryCode, EmailAddress, HttpUrl, LanguageTag, PhoneNumber, TimeZoneName, ValueError};

/// A value of the domain that the API shows as a scalar of its own.
pub trait TextScalar: Display + FromStr<Err = ValueError> + Send + Sync + Sized + 'static {
    /// The name of the scalar.
    const NAME: &'static str;
    /// What it looks like.
    const DESCRIPTION: &'static str;
    /// The text that specifies it.
    const SPECIFIED_BY: &'static str;
}

/// A value of the domain as a scalar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Text<T>(pub T);

impl<T> From<T> for Text<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// Every value of a list.
pub fn texts<T: Clone>(values: &[T]) -> Vec<Text<T>> {
    values.iter().cloned().map(Text).collect()
}

impl<T: TextScalar> Text<T> {
    fn register(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::Scalar, |_| MetaType::Scalar {
            name: T::NAME.to_owned(),
            description: Some(T::DESCRIPTION.to_owned()),
            is_valid: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            specified_by_url: Some(T::SPECIFIED_BY.to_owned()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        })
    }
}

impl<T: TextScalar> InputType for Text<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value.unwrap_or_default() {
            Value::String(text) => text.parse().map(Self).map_err(|error: ValueError| InputValueError::custom(error)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: TextScalar> OutputType for Text<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(self.0.to_string()))
    }
}

macro_rules! text_scalars {
    ($( $path:ty as $name:literal: $text:literal, $url:literal; )+) => {
        $(
            impl TextScalar for $path {
                const NAME: &'static str = $name;
                const DESCRIPTION: &'static str = $text;
                const SPECIFIED_BY: &'static str = $url;
            }
        )+
    };
}

text_scalars! {
    EmailAddress as "EmailAddress":
        "An e-mail address, such as `anna@example.com`; the domain is in lower case.",
        "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2";
    PhoneNumber as "PhoneNumber":
        "A telephone number in international form, such as `+498912345678`.",
        "https://www.itu.int/rec/T-REC-E.164";
    HttpUrl as "URL":
        "An address in the web that starts with `http://` or `https://`.",
        "https://url.spec.whatwg.org/";
    CountryCode as "CountryCode":
        "A country by its two letters, such as `DE`.",
        "https://www.iso.org/iso-3166-country-codes.html";
    LanguageTag as "LanguageTag":
        "A language, if need be with script and region, such as `de` or `pt-BR`.",
        "https://www.rfc-editor.org/info/bcp47";
    TimeZoneName as "TimeZone":
        "A time zone by its name in the tz database, such as `Europe/Berlin`.",
        "https://www.iana.org/time-zones";
}
