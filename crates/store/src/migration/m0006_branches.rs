//! What grows beside a tree of messages: comparisons, summaries and votes.

use sea_orm_migration::{prelude::*, schema};

use crate::entity::{chat, chat_summary, comparison, message, message_vote, pair_vote, user};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter
            .table(message::Entity)
            .add_column(schema::uuid_null(message::Column::EditedFromId));
        manager.alter_table(alter.take()).await?;
        for table in [comparisons(), summaries(), message_votes(), pair_votes()] {
            manager.create_table(table).await?;
        }
        let index = |name: &str, table: TableRef, columns: &[&str]| {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(Alias::new(*column));
            }
            index
        };
        for index in [
            index(
                "comparison_of_question",
                comparison::Entity.into_table_ref(),
                &["chat_id", "question_id"],
            ),
            index(
                "summary_of_message",
                chat_summary::Entity.into_table_ref(),
                &["chat_id", "upto_message_id"],
            ),
            index(
                "vote_of_message",
                message_vote::Entity.into_table_ref(),
                &["message_id"],
            ),
            index(
                "vote_of_comparison",
                pair_vote::Entity.into_table_ref(),
                &["comparison_id"],
            ),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn time(column: impl IntoIden) -> ColumnDef {
    schema::timestamp_with_time_zone(column)
}

/// A message of the same chat, with which the row goes.
fn message_of(
    from: impl IntoIden,
    (chat_id, message_id): (impl IntoIden, impl IntoIden),
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.from(
        from.into_iden(),
        (chat_id.into_iden(), message_id.into_iden()),
    )
    .to(
        message::Entity,
        (message::Column::ChatId, message::Column::Id),
    )
    .on_delete(ForeignKeyAction::Cascade);
    key
}

fn of_chat(from: impl IntoIden, column: impl IntoIden) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.from(from.into_iden(), column.into_iden())
        .to(chat::Entity, chat::Column::Id)
        .on_delete(ForeignKeyAction::Cascade);
    key
}

fn of_user(from: impl IntoIden, column: impl IntoIden) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.from(from.into_iden(), column.into_iden())
        .to(user::Entity, user::Column::Id)
        .on_delete(ForeignKeyAction::Cascade);
    key
}

fn comparisons() -> TableCreateStatement {
    use comparison::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::ChatId))
        .col(schema::uuid(Column::QuestionId))
        .col(schema::boolean(Column::IsBlind))
        .col(schema::timestamp_with_time_zone_null(Column::RevealedAt))
        .col(time(Column::CreatedAt))
        .foreign_key(&mut of_chat(Entity, Column::ChatId))
        .foreign_key(&mut message_of(
            Entity,
            (Column::ChatId, Column::QuestionId),
        ))
        .take()
}

fn summaries() -> TableCreateStatement {
    use chat_summary::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::ChatId))
        .col(schema::uuid(Column::UptoMessageId))
        .col(schema::text(Column::Content))
        .col(schema::big_integer(Column::Tokens))
        .col(schema::big_integer(Column::CoveredMessages))
        .col(schema::big_integer(Column::CoveredTokens))
        .col(schema::text(Column::Model))
        .col(time(Column::CreatedAt))
        .foreign_key(&mut of_chat(Entity, Column::ChatId))
        .foreign_key(&mut message_of(
            Entity,
            (Column::ChatId, Column::UptoMessageId),
        ))
        .take()
}

fn message_votes() -> TableCreateStatement {
    use message_vote::{Column, Entity};
    let mut message = ForeignKey::create();
    message
        .from(Entity, Column::MessageId)
        .to(message::Entity, message::Column::Id)
        .on_delete(ForeignKeyAction::Cascade);
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::UserId))
        .col(schema::uuid(Column::MessageId))
        .col(schema::text(Column::Vote))
        .col(schema::text_null(Column::Reason))
        .col(schema::text_null(Column::Model))
        .col(schema::text_null(Column::Category))
        .col(schema::boolean(Column::IsBlind))
        .col(time(Column::CreatedAt))
        .col(time(Column::UpdatedAt))
        .primary_key(Index::create().col(Column::UserId).col(Column::MessageId))
        .foreign_key(&mut of_user(Entity, Column::UserId))
        .foreign_key(&mut message)
        .take()
}

/// Without a key to the messages: the standings do not move when a chat is deleted.
fn pair_votes() -> TableCreateStatement {
    use pair_vote::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::UserId))
        .col(schema::text(Column::PairKey))
        .col(schema::uuid(Column::ChatId))
        .col(schema::uuid_null(Column::ComparisonId))
        .col(schema::uuid(Column::LeftMessageId))
        .col(schema::uuid(Column::RightMessageId))
        .col(schema::text(Column::LeftModel))
        .col(schema::text(Column::RightModel))
        .col(schema::text(Column::Winner))
        .col(schema::text_null(Column::Category))
        .col(schema::boolean(Column::IsBlind))
        .col(time(Column::CreatedAt))
        .col(time(Column::UpdatedAt))
        .primary_key(Index::create().col(Column::UserId).col(Column::PairKey))
        .foreign_key(&mut of_user(Entity, Column::UserId))
        .take()
}
