//! Routing as a whole: the defects of other products by their names, each rule in its order, and what holds whatever is set up.

mod defects;
mod properties;
mod rules;
pub mod support;
mod waiting;
