//! Whether a record is good enough to be kept, and what is done when it is not.
//!
//! A review goes through a typed record field by field. Each check has a severity that the organisation sets ([`QualityPolicy`]): the record is
//! refused, what is wrong is put right, or it is only noted. A [`Finding`] tells what was and what is now, so that nothing is lost unseen. The
//! same review over a stored record tells what is still to be looked at. It is pure: nothing is asked of any server.

mod check;
mod company;
mod email;
mod finding;
mod list;
mod name;
mod person;
mod phone;
mod policy;
mod postal_code;
mod review;
#[cfg(test)]
mod tests;
mod text;
mod url;

pub use check::{QualityCheck, Severity};
pub use company::{company_findings, review_company, review_company_change};
pub use email::{is_free, is_role, is_throwaway};
pub use finding::Finding;
pub use person::{person_findings, review_person, review_person_change};
pub use policy::{CHANGES_MAX, QualityPolicy};
pub use review::Reviewed;
