//! Folders, tags, and the indexes behind every filter of the list.

use sea_orm_migration::{prelude::*, schema};

use crate::{
    dialect,
    entity::{chat, chat_tag, folder, user},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(folders()).await?;
        manager.create_table(tags()).await?;
        // The title too: looking through titles reads the index alone.
        let mut old = Index::drop();
        old.name("chat_list").table(chat::Entity);
        manager.drop_index(old).await?;
        for (name, table, columns) in [
            (
                "folder_of_owner",
                folder::Entity.into_table_ref(),
                &["owner_id", "parent_id"][..],
            ),
            (
                "chat_list",
                chat::Entity.into_table_ref(),
                &[
                    "owner_id",
                    "archived",
                    "pinned",
                    "updated_at",
                    "id",
                    "title_key",
                ],
            ),
            (
                "chat_list_of_folder",
                chat::Entity.into_table_ref(),
                &[
                    "owner_id",
                    "archived",
                    "folder_id",
                    "pinned",
                    "updated_at",
                    "id",
                ],
            ),
            (
                "chat_list_of_model",
                chat::Entity.into_table_ref(),
                &[
                    "owner_id",
                    "archived",
                    "model_choice",
                    "pinned",
                    "updated_at",
                    "id",
                ],
            ),
            (
                "chat_list_of_tag",
                chat_tag::Entity.into_table_ref(),
                &[
                    "owner_id",
                    "tag_key",
                    "archived",
                    "pinned",
                    "updated_at",
                    "chat_id",
                ],
            ),
        ] {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(Alias::new(*column));
            }
            manager.create_index(index).await?;
        }
        dialect::tags::follow_chats(manager.get_connection()).await
    }
}

fn folders() -> TableCreateStatement {
    use folder::{Column, Entity};
    // The pair, not the id alone: a folder cannot be put into somebody else's.
    let mut parent = ForeignKey::create();
    parent
        .from(Entity, (Column::OwnerId, Column::ParentId))
        .to(Entity, (Column::OwnerId, Column::Id));
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::OwnerId))
        .col(schema::uuid_null(Column::ParentId))
        .col(schema::text(Column::Name))
        .col(schema::timestamp_with_time_zone(Column::CreatedAt))
        .index(
            Index::create()
                .unique()
                .name("folder_of_one_owner")
                .col(Column::OwnerId)
                .col(Column::Id),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::OwnerId)
                .to(user::Entity, user::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(&mut parent)
        .take()
}

fn tags() -> TableCreateStatement {
    use chat_tag::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::ChatId))
        .col(schema::text(Column::TagKey))
        .col(schema::uuid(Column::OwnerId))
        .col(schema::text(Column::Tag))
        .col(schema::boolean(Column::Archived))
        .col(schema::boolean(Column::Pinned))
        .col(schema::timestamp_with_time_zone(Column::UpdatedAt))
        .primary_key(Index::create().col(Column::ChatId).col(Column::TagKey))
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::ChatId)
                .to(chat::Entity, chat::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}
