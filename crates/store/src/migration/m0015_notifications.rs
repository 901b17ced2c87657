//! What people are told.

use sea_orm_migration::{prelude::*, schema};

use crate::entity::{
    chat,
    notification::{Column, Entity},
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
        manager.create_table(notifications()).await?;
        for (name, columns) in [
            (
                "notification_list",
                &[Column::UserId, Column::CreatedAt, Column::Id][..],
            ),
            ("notification_of_chat", &[Column::ChatId]),
            ("notification_age", &[Column::CreatedAt]),
        ] {
            let mut index = Index::create();
            index.name(name).table(Entity);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn notifications() -> TableCreateStatement {
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::UserId))
        .col(schema::text(Column::Kind))
        .col(schema::text(Column::Title))
        .col(schema::text_null(Column::Detail))
        .col(schema::uuid_null(Column::ChatId))
        .col(schema::text_null(Column::Link))
        .col(schema::text_null(Column::UnreadKey))
        .col(schema::timestamp_with_time_zone_null(Column::ReadAt))
        .col(schema::timestamp_with_time_zone(Column::CreatedAt))
        .index(
            Index::create()
                .unique()
                .name("notification_unread")
                .col(Column::UserId)
                .col(Column::UnreadKey),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::UserId)
                .to(user::Entity, user::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::ChatId)
                .to(chat::Entity, chat::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}
