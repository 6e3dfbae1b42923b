#![doc = include_str!("../README.md")]

mod dialect;
mod m20261122_000001_people;
mod m20261122_000002_access;
mod m20261122_000003_rules;
mod m20261122_000004_lead;
mod m20261122_000005_journal;

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait::async_trait};

/// All migrations in the order in which they are applied.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_people::Migration),
            Box::new(m20261122_000002_access::Migration),
            Box::new(m20261122_000003_rules::Migration),
            Box::new(m20261122_000004_lead::Migration),
            Box::new(m20261122_000005_journal::Migration),
        ]
    }
}
