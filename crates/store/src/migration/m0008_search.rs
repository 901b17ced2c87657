//! The full-text index over messages and titles. What is stored already is made findable by the
//! server in the background.

use sea_orm_migration::{prelude::*, schema};

use crate::{
    dialect,
    entity::{
        chat,
        search_document::{Column, Entity},
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
        let table = Table::create()
            .table(Entity)
            // An alias of the row's own number on SQLite: no second index.
            .col(
                ColumnDef::new(Column::Id)
                    .custom(match manager.get_database_backend() {
                        sea_orm::DbBackend::Sqlite => "integer",
                        _ => "bigint",
                    })
                    .not_null()
                    .primary_key(),
            )
            .col(schema::uuid(Column::ChatId))
            .col(schema::uuid(Column::ItemId))
            .col(schema::uuid(Column::OwnerId))
            .foreign_key(
                ForeignKey::create()
                    .from(Entity, Column::ChatId)
                    .to(chat::Entity, chat::Column::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(table).await?;
        let by_item = Index::create()
            .unique()
            .name("search_document_item")
            .table(Entity)
            .col(Column::ChatId)
            .col(Column::ItemId)
            .take();
        manager.create_index(by_item).await?;
        if manager.get_database_backend() == sea_orm::DbBackend::Postgres {
            // Common words are found by walking an owner's documents, the newest first.
            let by_owner = Index::create()
                .name("search_document_owner")
                .table(Entity)
                .col(Column::OwnerId)
                .col(Column::Id)
                .take();
            manager.create_index(by_owner).await?;
        }
        dialect::search::create(manager.get_connection()).await
    }
}
