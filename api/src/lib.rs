//! x

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod telemetry;
pub mod http;
pub mod limits;
