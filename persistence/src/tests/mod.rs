//! Every test runs on SQLite and, when `FAIRFALL_TEST_POSTGRES_URL` is set, on `PostgreSQL`, each on a database of its own.

mod made;
mod support;

mod access;
mod company;
mod corrupt;
mod customer;
mod cycle;
mod external_ref;
mod figures;
mod imports;
mod journal;
mod lead;
mod paging;
mod person;
mod plans;
mod rules;
mod schema;
mod scope;
mod session;
mod team;
mod user;
