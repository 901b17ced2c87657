//! Work in the background: leased, fenced, at most one live job of a kind and key.

use sea_orm_migration::{prelude::*, schema};

use crate::{
    dialect,
    entity::{
        job::{Column, Entity},
        user,
    },
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(jobs()).await?;
        let mut of_owner = Index::create();
        of_owner
            .name("job_of_owner")
            .table(Entity)
            .col(Column::OwnerId)
            .col(Column::Id);
        manager.create_index(of_owner).await?;
        dialect::jobs::index(manager.get_connection()).await
    }
}

fn jobs() -> TableCreateStatement {
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::text(Column::Kind))
        .col(schema::uuid_null(Column::OwnerId))
        .col(schema::text_null(Column::Key))
        .col(schema::json(Column::Payload))
        .col(schema::text(Column::State))
        .col(schema::timestamp_with_time_zone(Column::RunAt))
        .col(schema::integer(Column::Attempts))
        .col(schema::integer(Column::MaxAttempts))
        .col(schema::timestamp_with_time_zone_null(Column::LeaseUntil))
        .col(schema::uuid_null(Column::LeaseToken))
        .col(schema::text_null(Column::NodeId))
        .col(schema::big_integer(Column::ProgressDone))
        .col(schema::big_integer_null(Column::ProgressTotal))
        .col(schema::text_null(Column::ProgressNote))
        .col(schema::json_null(Column::Result))
        .col(schema::json_null(Column::Error))
        .col(schema::boolean(Column::CancelRequested))
        .col(schema::timestamp_with_time_zone(Column::CreatedAt))
        .col(schema::timestamp_with_time_zone(Column::UpdatedAt))
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::OwnerId)
                .to(user::Entity, user::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}
