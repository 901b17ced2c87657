//! Files, the messages that use them, and what is to be cleared away.

use sea_orm_migration::{prelude::*, schema};

use crate::{
    dialect,
    entity::{file, file_garbage, message, message_attachment, user},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(files()).await?;
        manager.create_table(attachments()).await?;
        manager.create_table(garbage()).await?;
        let mut of_owner = Index::create();
        of_owner
            .name("file_of_owner")
            .table(file::Entity)
            .col(file::Column::OwnerId)
            .col(file::Column::Id);
        manager.create_index(of_owner).await?;
        let mut waiting = Index::create();
        waiting
            .name("file_waiting")
            .table(file::Entity)
            .col(file::Column::Status)
            .col(file::Column::CreatedAt);
        manager.create_index(waiting).await?;
        for (name, column) in [
            (
                "message_attachment_of_file",
                message_attachment::Column::FileId,
            ),
            (
                "message_attachment_of_owner",
                message_attachment::Column::OwnerId,
            ),
        ] {
            let mut index = Index::create();
            index
                .name(name)
                .table(message_attachment::Entity)
                .col(column);
            manager.create_index(index).await?;
        }
        dialect::files::remember_garbage(manager.get_connection()).await
    }
}

fn files() -> TableCreateStatement {
    use file::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::OwnerId))
        .col(schema::text(Column::Name))
        .col(schema::text(Column::MediaType))
        .col(schema::text(Column::Kind))
        .col(schema::big_integer(Column::SizeBytes))
        .col(schema::text(Column::Status))
        .col(schema::json_null(Column::Error))
        .col(schema::big_integer_null(Column::Tokens))
        .col(schema::integer_null(Column::Width))
        .col(schema::integer_null(Column::Height))
        .col(schema::integer_null(Column::Pages))
        .col(schema::text_null(Column::SourceUrl))
        .col(schema::uuid_null(Column::BlobKey))
        .col(schema::uuid_null(Column::TextKey))
        .col(schema::uuid_null(Column::ThumbKey))
        .col(schema::boolean(Column::WasAttached))
        .col(schema::boolean(Column::Discarded))
        .col(schema::timestamp_with_time_zone(Column::CreatedAt))
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::OwnerId)
                .to(user::Entity, user::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

/// A file that a message uses cannot be deleted: the database sees to it, whoever comes first. With an
/// account its attachments go at once, and not only after its messages, so that its files may go too.
fn attachments() -> TableCreateStatement {
    use message_attachment::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::MessageId))
        .col(schema::uuid(Column::FileId))
        .col(schema::uuid(Column::OwnerId))
        .col(schema::integer(Column::Position))
        .primary_key(Index::create().col(Column::MessageId).col(Column::FileId))
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::MessageId)
                .to(message::Entity, message::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::OwnerId)
                .to(user::Entity, user::Column::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Entity, Column::FileId)
                .to(file::Entity, file::Column::Id),
        )
        .take()
}

fn garbage() -> TableCreateStatement {
    use file_garbage::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::text(Column::Kind))
        .col(schema::timestamp_with_time_zone_null(Column::NotBefore))
        .take()
}
