//! What a chat, a message and an account hold beside their first columns.

use sea_orm_migration::{prelude::*, schema};

use crate::entity::{chat, message, user};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        for column in [
            schema::text(chat::Column::TitleKey).default("").take(),
            schema::uuid_null(chat::Column::FolderId),
            schema::json_null(chat::Column::Origin),
        ] {
            add(manager, chat::Entity.into_table_ref(), column).await?;
        }
        for column in [
            schema::uuid_null(message::Column::ComparisonId),
            schema::json_null(message::Column::Context),
            schema::json_null(message::Column::Route),
        ] {
            add(manager, message::Entity.into_table_ref(), column).await?;
        }
        let params = schema::json(user::Column::DefaultParams)
            .default("{}")
            .take();
        add(manager, user::Entity.into_table_ref(), params).await?;
        let keys = Query::update()
            .table(chat::Entity)
            .value(
                chat::Column::TitleKey,
                Func::lower(Expr::col(chat::Column::Title)),
            )
            .take();
        manager.execute(keys).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: TableRef, column: ColumnDef) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(table).add_column(column);
    manager.alter_table(alter.take()).await
}
