//! Merging two records, and taking that back.

use async_graphql::{ID, InputObject};
use fairfall_domain::company::Company;
use fairfall_domain::id::MergeId;
use fairfall_domain::merging::{Choices, MergeField, MergeSide};
use fairfall_domain::person::Person;
use fairfall_domain::violation::{ViolationCode, Violations};

use crate::app::merge::{MergeCase, MergeOrder};
use crate::graphql::code::Coded;

use super::{id, whole};

/// Which side wins a field.
#[derive(Clone, Debug, InputObject)]
#[graphql(name = "MergeChoice")]
pub struct MergeChoiceInput {
    /// The field.
    pub field: Coded<MergeField>,
    /// The side whose value the survivor has.
    pub side: Coded<MergeSide>,
}

/// Makes the input of a merge.
macro_rules! merge_input {
    ($(#[$doc:meta])* $name:ident, $record:ty, $noun:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            #[doc = concat!("The ", $noun, " that goes on.")]
            pub survivor: ID,
            #[doc = concat!("The ", $noun, " that is merged away. Its id leads to the survivor from then on.")]
            pub loser: ID,
            /// Which side wins which fields; the others go by the rules that a preview shows.
            pub choices: Option<Vec<MergeChoiceInput>>,
            /// The version of the survivor that the caller read; when it has changed since, nothing is done. Absent to act on whatever it is now.
            pub expected_version: Option<u32>,
            /// The version of the other record that the caller read; when it has changed since, nothing is done. Absent to act on whatever it is
            /// now.
            pub loser_expected_version: Option<u32>,
        }

        impl $name {
            /// The merge that is asked for.
            ///
            /// # Errors
            /// Malformed ids, a field that is chosen twice.
            pub fn read(self) -> Result<MergeOrder<$record>, Violations> {
                let versions = (self.expected_version, self.loser_expected_version);
                order(&self.survivor, &self.loser, self.choices.unwrap_or_default(), versions)
            }
        }
    };
}

merge_input! {
    /// Merges two persons into one.
    PersonMergeInput, Person, "person"
}

merge_input! {
    /// Merges two companies into one.
    CompanyMergeInput, Company, "company"
}

/// Reads a merge that is asked for.
///
/// # Errors
/// Malformed ids, a field that is chosen twice.
pub fn order<T: MergeCase>(
    survivor: &ID,
    loser: &ID,
    chosen: Vec<MergeChoiceInput>,
    (survivor_version, loser_version): (Option<u32>, Option<u32>),
) -> Result<MergeOrder<T>, Violations>
where
    T::Id: std::str::FromStr<Err = fairfall_domain::id::IdError>,
{
    let mut faults = Violations::new();
    let (survivor, loser) = (id(&mut faults, "survivor", survivor), id(&mut faults, "loser", loser));
    let mut choices = Choices::new();
    for (position, choice) in chosen.into_iter().enumerate() {
        if choices.insert(choice.field.0, choice.side.0).is_some() {
            faults.add(format!("choices.{position}.field"), ViolationCode::Duplicate, "a field is chosen once");
        }
    }
    let order =
        survivor.zip(loser).map(|(survivor, loser)| MergeOrder { survivor, loser, choices, survivor_version, loser_version });
    whole(faults, order)
}

/// Makes the input of taking a merge back.
macro_rules! unmerge_input {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// The merge.
            pub merge: ID,
        }

        impl $name {
            /// The merge.
            ///
            /// # Errors
            /// A malformed id.
            pub fn read(&self) -> Result<MergeId, Violations> {
                let mut faults = Violations::new();
                let merge = id(&mut faults, "merge", &self.merge);
                whole(faults, merge)
            }
        }
    };
}

unmerge_input! {
    /// Takes a merge of persons back.
    PersonUnmergeInput
}

unmerge_input! {
    /// Takes a merge of companies back.
    CompanyUnmergeInput
}
