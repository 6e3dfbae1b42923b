//! Codes of the domain as GraphQL enums.
//!
//! The values and their names come from the domain. What stands here is what a user of the API reads about them; a value without its sentence
//! does not compile.

mod access;
mod agreement;
mod calendar;
mod event;
mod feedback;
mod forecast;
mod lead;
mod matching;
mod merging;
mod people;
mod quality;
mod report;
mod routing;
mod routing_decision;
mod routing_draft;
mod routing_report;
mod rule;
mod score;
mod sla;

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Field;
use async_graphql::registry::{EnumBuilder, MetaEnumValue, MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned, ServerResult, Value,
};

/// An enumeration of the domain that the API shows.
pub trait EnumCode: Copy + Send + Sync + Sized + 'static {
    /// The name of the GraphQL enum.
    const NAME: &'static str;
    /// What it tells.
    const DESCRIPTION: &'static str;

    /// Every value.
    fn all() -> &'static [Self];

    /// The stable code.
    fn code(self) -> &'static str;

    /// What the value means.
    fn describe(self) -> &'static str;
}

/// A code of the domain as a value of a GraphQL enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coded<T>(pub T);

impl<T> From<T> for Coded<T> {
    fn from(code: T) -> Self {
        Self(code)
    }
}

/// Every code of a list.
pub fn coded<T: Copy>(codes: &[T]) -> Vec<Coded<T>> {
    codes.iter().copied().map(Coded).collect()
}

/// The codes of a list of a filter.
pub fn plain<T>(codes: Option<Vec<Coded<T>>>) -> Vec<T> {
    codes.into_iter().flatten().map(|code| code.0).collect()
}

impl<T: EnumCode> Coded<T> {
    fn register(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| {
            let values: IndexMap<String, MetaEnumValue> = T::all().iter().map(|value| Self::entry(*value)).collect();
            EnumBuilder::new(T::NAME, values)
                .description(Some(T::DESCRIPTION.to_owned()))
                .rust_typename(std::any::type_name::<Self>())
                .build()
        })
    }

    fn entry(value: T) -> (String, MetaEnumValue) {
        let mut entry = MetaEnumValue::new(value.code());
        entry.description = Some(value.describe().to_owned());
        (value.code().to_owned(), entry)
    }

    fn shown(self) -> Value {
        Value::Enum(Name::new(self.0.code()))
    }
}

impl<T: EnumCode> InputType for Coded<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let text = match &value {
            Value::Enum(name) => name.as_str(),
            Value::String(text) => text.as_str(),
            Value::Null | Value::Number(_) | Value::Boolean(_) | Value::Binary(_) | Value::List(_) | Value::Object(_) => {
                return Err(InputValueError::expected_type(value));
            }
        };
        let known = T::all().iter().find(|known| known.code() == text);
        known.copied().map(Self).ok_or_else(|| InputValueError::custom(format!("not a value of `{}`", T::NAME)))
    }

    fn to_value(&self) -> Value {
        self.shown()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<T: EnumCode> OutputType for Coded<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(self.shown())
    }
}

/// Shows a `codes!` enumeration of the domain as a GraphQL enum.
macro_rules! enum_codes {
    ($( $(#[doc = $doc:literal])+ $path:ty as $name:literal { $( $variant:ident: $text:literal ),+ $(,)? } )+) => {
        $(
            impl $crate::graphql::code::EnumCode for $path {
                const NAME: &'static str = $name;
                const DESCRIPTION: &'static str = concat!($($doc, "\n"),+).trim_ascii();

                fn all() -> &'static [Self] {
                    Self::ALL
                }

                fn code(self) -> &'static str {
                    self.as_str()
                }

                fn describe(self) -> &'static str {
                    match self {
                        $( Self::$variant => $text, )+
                    }
                }
            }
        )+
    };
}

use enum_codes;
