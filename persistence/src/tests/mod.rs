//! Every test runs on SQLite and, when `FAIRFALL_TEST_POSTGRES_URL` is set, on `PostgreSQL`, each on a database of its own.

mod dump;
mod made;
mod support;

mod access;
mod activity;
mod buying_center;
mod company;
mod consent;
mod corrupt;
mod customer;
mod cycle;
mod duplicate;
mod external_ref;
mod figures;
mod forecast;
mod imports;
mod journal;
mod lead;
mod merge;
mod merge_made;
mod merge_random;
mod paging;
mod person;
mod plans;
mod quality_policy;
mod rules;
mod schema;
mod scope;
mod score_model;
mod score_replay;
mod session;
mod team;
mod user;
