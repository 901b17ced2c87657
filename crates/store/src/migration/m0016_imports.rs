//! Which chats of other programs have come in.

use sea_orm_migration::{prelude::*, schema};

use crate::entity::{
    chat,
    imported_chat::{Column, Entity},
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
            .col(schema::uuid(Column::OwnerId))
            .col(schema::text(Column::Source))
            .col(schema::text(Column::SourceChatId))
            .col(schema::uuid(Column::ChatId))
            .col(schema::integer(Column::Messages))
            .col(schema::uuid_null(Column::JobId))
            .col(schema::timestamp_with_time_zone(Column::CreatedAt))
            .primary_key(
                Index::create()
                    .col(Column::OwnerId)
                    .col(Column::Source)
                    .col(Column::SourceChatId),
            )
            .foreign_key(
                ForeignKey::create()
                    .from(Entity, Column::ChatId)
                    .to(chat::Entity, chat::Column::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(table).await?;
        let mut of_chat = Index::create();
        of_chat
            .name("import_of_chat")
            .table(Entity)
            .col(Column::ChatId);
        manager.create_index(of_chat).await
    }
}
