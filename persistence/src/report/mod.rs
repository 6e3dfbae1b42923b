//! Figures, counted where the rows are.

pub mod funnel;
