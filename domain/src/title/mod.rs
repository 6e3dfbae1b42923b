//! What a job title says: in which function of a company somebody works, and how high up.
//!
//! Titles are free text, German or English. Rules read them first: lists of words, parts of compounds and phrases
//! (`reference/title_functions.txt`, `reference/title_levels.txt`), where the longest match wins and what it covers says nothing more. What
//! no rule knows is looked up in words of the ESCO and O*NET classifications (`reference/title_taxonomy.tsv`). Every answer tells how sure it
//! is and which words it came from.

mod classify;
mod code;
mod rule;
mod taxonomy;
#[cfg(test)]
mod tests;
mod word;

pub use classify::{Title, TitleSource, classify};
pub use code::{TitleFunction, TitleSeniority};
