//! Cursors of the outbox remember the transaction, in whose order rows are read.

use sea_orm_migration::{prelude::*, schema};

use crate::entity::{outbox, outbox_cursor};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let txid = schema::big_integer(outbox_cursor::Column::Txid)
            .default(0)
            .take();
        let mut alter = Table::alter();
        alter.table(outbox_cursor::Entity).add_column(txid);
        manager.alter_table(alter.take()).await?;
        let mut index = Index::create();
        index
            .name("outbox_order")
            .table(outbox::Entity)
            .col(outbox::Column::Txid)
            .col(outbox::Column::Id);
        manager.create_index(index).await
    }
}
