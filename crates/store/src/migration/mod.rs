//! Migrations, oldest first. A merged one is never edited.

use sea_orm_migration::prelude::*;

mod m0001_first_light;
mod m0002_chat_whole;
mod m0006_branches;
mod m0007_organising;
mod m0008_search;
mod m0011_outbox_order;
mod m0012_jobs;
mod m0013_files;
mod m0014_shares;
mod m0015_notifications;
mod m0016_imports;

/// All migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first_light::Migration),
            Box::new(m0002_chat_whole::Migration),
            Box::new(m0006_branches::Migration),
            Box::new(m0007_organising::Migration),
            Box::new(m0008_search::Migration),
            Box::new(m0011_outbox_order::Migration),
            Box::new(m0012_jobs::Migration),
            Box::new(m0013_files::Migration),
            Box::new(m0014_shares::Migration),
            Box::new(m0015_notifications::Migration),
            Box::new(m0016_imports::Migration),
        ]
    }
}
