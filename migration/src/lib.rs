#![doc = include_str!("../README.md")]

mod dialect;
mod m20261122_000001_people;
mod m20261122_000002_access;
mod m20261122_000003_rules;
mod m20261122_000004_lead;
mod m20261122_000005_journal;
mod m20261122_000006_scoring;
mod m20261122_000007_activity;
mod m20261122_000008_forecast;
mod m20261122_000009_matching;
mod m20261122_000010_merging;
mod m20261122_000011_consent;
mod m20261122_000012_protection;
mod m20261122_000013_origin;
mod m20261122_000014_buying_center;
mod m20261128_000015_routing;
mod m20261128_000016_sla;
mod m20261129_000017_breach;

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
            Box::new(m20261122_000006_scoring::Migration),
            Box::new(m20261122_000007_activity::Migration),
            Box::new(m20261122_000008_forecast::Migration),
            Box::new(m20261122_000009_matching::Migration),
            Box::new(m20261122_000010_merging::Migration),
            Box::new(m20261122_000011_consent::Migration),
            Box::new(m20261122_000012_protection::Migration),
            Box::new(m20261122_000013_origin::Migration),
            Box::new(m20261122_000014_buying_center::Migration),
            Box::new(m20261128_000015_routing::Migration),
            Box::new(m20261128_000016_sla::Migration),
            Box::new(m20261129_000017_breach::Migration),
        ]
    }
}
