#![doc = include_str!("../README.md")]

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod graphql;
pub mod http;
pub mod limits;
pub mod mailer;
pub mod seam;
pub mod startup;
pub mod telemetry;
pub mod worker;
