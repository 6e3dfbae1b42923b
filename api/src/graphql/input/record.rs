//! Records that people type: one list of fields makes the input of a creation, the input of a change, and the way to the domain's draft.

use std::fmt::Display;

use async_graphql::ID;

use crate::graphql::code::Coded;

/// A value as it is handed to the domain's drafts: as text.
pub(super) trait Typed {
    /// The text.
    fn typed(&self) -> String;
}

impl Typed for String {
    fn typed(&self) -> String {
        self.clone()
    }
}

impl Typed for ID {
    fn typed(&self) -> String {
        self.to_string()
    }
}

impl Typed for u32 {
    fn typed(&self) -> String {
        self.to_string()
    }
}

impl<T: Display> Typed for Coded<T> {
    fn typed(&self) -> String {
        self.0.to_string()
    }
}

/// Makes the input of a creation with its way to the draft. `extra` fields are not part of the draft; `rest` fills what of the draft is not a
/// text.
macro_rules! draft {
    (
        $(#[$doc:meta])* $name:ident => $draft:ident
        extra { $( $(#[$extra_doc:meta])* $extra:ident: $extra_kind:ty, )* }
        rest { $( $rest:ident: $rest_value:expr, )* }
        required { $( $(#[$required_doc:meta])* $required:ident: $required_kind:ty, )* }
        optional { $( $(#[$optional_doc:meta])* $optional:ident: $optional_kind:ty, )* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $name {
            $( $(#[$required_doc])* pub $required: $required_kind, )*
            $( $(#[$optional_doc])* pub $optional: Option<$optional_kind>, )*
            $( $(#[$extra_doc])* pub $extra: $extra_kind, )*
        }

        impl $name {
            /// The record as it was typed.
            pub fn draft(&self) -> $draft {
                $draft {
                    $( $required: Some($crate::graphql::input::record::Typed::typed(&self.$required)), )*
                    $( $optional: self.$optional.as_ref().map($crate::graphql::input::record::Typed::typed), )*
                    $( $rest: $rest_value, )*
                }
            }
        }
    };
}

/// Makes the input of a change with its way to the patch.
macro_rules! patch {
    (
        $(#[$doc:meta])* $name:ident => $patch:ident
        extra { $( $(#[$extra_doc:meta])* $extra:ident: $extra_kind:ty, )* }
        rest { $( $rest:ident: $rest_value:expr, )* }
        required { $( $(#[$required_doc:meta])* $required:ident: $required_kind:ty, )* }
        optional { $( $(#[$optional_doc:meta])* $optional:ident: $optional_kind:ty, )* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, async_graphql::InputObject)]
        pub struct $name {
            $( $(#[$extra_doc])* pub $extra: $extra_kind, )*
            $( $(#[$required_doc])* pub $required: async_graphql::MaybeUndefined<$required_kind>, )*
            $( $(#[$optional_doc])* pub $optional: async_graphql::MaybeUndefined<$optional_kind>, )*
            /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
            pub expected_version: Option<u32>,
        }

        impl $name {
            /// The change as it was typed.
            pub fn patch(&self) -> $patch {
                use $crate::graphql::input::{change, record::Typed};
                $patch {
                    $( $required: change(self.$required.clone()).map(|value| value.typed()), )*
                    $( $optional: change(self.$optional.clone()).map(|value| value.typed()), )*
                    $( $rest: $rest_value, )*
                }
            }
        }
    };
}

pub(super) use {draft, patch};
