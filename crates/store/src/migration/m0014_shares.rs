//! Links by which others read a chat.

use sea_orm_migration::{prelude::*, schema};

use crate::entity::{
    chat,
    share::{Column, Entity},
    user,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut of_chat = ForeignKey::create();
        of_chat
            .from(Entity, Column::ChatId)
            .to(chat::Entity, chat::Column::Id)
            .on_delete(ForeignKeyAction::Cascade);
        let mut of_owner = ForeignKey::create();
        of_owner
            .from(Entity, Column::OwnerId)
            .to(user::Entity, user::Column::Id)
            .on_delete(ForeignKeyAction::Cascade);
        let table = Table::create()
            .table(Entity)
            .col(schema::uuid(Column::Id).primary_key())
            .col(schema::uuid(Column::ChatId))
            .col(schema::uuid(Column::OwnerId))
            .col(schema::text(Column::Kind))
            .col(schema::boolean(Column::ShowsReasoning))
            .col(schema::uuid_null(Column::LeafId))
            .col(schema::text_null(Column::Title))
            .col(schema::json(Column::Cuts))
            .col(schema::timestamp_with_time_zone_null(Column::ExpiresAt))
            .col(schema::timestamp_with_time_zone(Column::CreatedAt))
            .foreign_key(&mut of_chat)
            .foreign_key(&mut of_owner)
            .take();
        manager.create_table(table).await?;
        for (name, column) in [
            ("share_of_chat", Column::ChatId),
            ("share_of_owner", Column::OwnerId),
        ] {
            let mut index = Index::create();
            index.name(name).table(Entity).col(column).col(Column::Id);
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
