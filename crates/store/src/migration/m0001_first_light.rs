//! Accounts, sessions, chats with their message trees and running answers, and the event log.

use sea_orm_migration::{prelude::*, schema};

use crate::entity::{
    chat, generation, generation_event, idempotency, message, one_time_link, outbox, outbox_cursor,
    refresh_token, session, setting, user,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            accounts(),
            sessions(),
            refresh_tokens(),
            links(),
            settings(),
            repeats(),
        ] {
            manager.create_table(table).await?;
        }
        for table in [chats(), messages(), generations(), generation_events()] {
            manager.create_table(table).await?;
        }
        for table in [facts(), cursors()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn time(column: impl IntoIden) -> ColumnDef {
    schema::timestamp_with_time_zone(column)
}

fn maybe_time(column: impl IntoIden) -> ColumnDef {
    schema::timestamp_with_time_zone_null(column)
}

fn cascade(
    from: (impl IntoIden, impl IntoIden),
    to: (impl IntoIden, impl IntoIden),
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.from(from.0.into_iden(), from.1.into_iden());
    key.to(to.0.into_iden(), to.1.into_iden())
        .on_delete(ForeignKeyAction::Cascade);
    key
}

fn accounts() -> TableCreateStatement {
    use user::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::text(Column::Name))
        .col(schema::text(Column::Email))
        .col(schema::text(Column::EmailKey).unique_key())
        .col(schema::text(Column::PasswordHash))
        .col(schema::text(Column::Role))
        .col(schema::text_null(Column::DefaultModel))
        .col(schema::text_null(Column::LastModel))
        .col(schema::boolean(Column::IsDisabled))
        .col(schema::big_integer(Column::Epoch))
        .col(time(Column::CreatedAt))
        .col(time(Column::UpdatedAt))
        .take()
}

fn sessions() -> TableCreateStatement {
    use session::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::UserId))
        .col(time(Column::CreatedAt))
        .col(time(Column::LastUsedAt))
        .col(time(Column::ExpiresAt))
        .col(time(Column::IdleExpiresAt))
        .col(maybe_time(Column::RevokedAt))
        .col(schema::text(Column::UserAgent))
        .col(schema::text(Column::Ip))
        .foreign_key(&mut cascade(
            (Entity, Column::UserId),
            (user::Entity, user::Column::Id),
        ))
        .take()
}

fn refresh_tokens() -> TableCreateStatement {
    use refresh_token::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::blob(Column::Hash).primary_key())
        .col(schema::uuid(Column::SessionId))
        .col(maybe_time(Column::UsedAt))
        .col(time(Column::CreatedAt))
        .foreign_key(&mut cascade(
            (Entity, Column::SessionId),
            (session::Entity, session::Column::Id),
        ))
        .take()
}

fn links() -> TableCreateStatement {
    use one_time_link::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::blob(Column::Hash).primary_key())
        .col(schema::text(Column::Kind))
        .col(schema::text_null(Column::Email))
        .col(schema::uuid_null(Column::UserId))
        .col(time(Column::CreatedAt))
        .col(time(Column::ExpiresAt))
        .col(maybe_time(Column::UsedAt))
        .foreign_key(&mut cascade(
            (Entity, Column::UserId),
            (user::Entity, user::Column::Id),
        ))
        .take()
}

fn settings() -> TableCreateStatement {
    use setting::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::text(Column::Key).primary_key())
        .col(schema::json(Column::Value))
        .col(time(Column::UpdatedAt))
        .take()
}

fn repeats() -> TableCreateStatement {
    use idempotency::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::UserId))
        .col(schema::text(Column::Key))
        .col(schema::blob(Column::RequestHash))
        .col(schema::integer_null(Column::Status))
        .col(schema::text_null(Column::Body))
        .col(time(Column::CreatedAt))
        .col(time(Column::ExpiresAt))
        .primary_key(Index::create().col(Column::UserId).col(Column::Key))
        .foreign_key(&mut cascade(
            (Entity, Column::UserId),
            (user::Entity, user::Column::Id),
        ))
        .take()
}

fn chats() -> TableCreateStatement {
    use chat::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::OwnerId))
        .col(schema::text(Column::Title))
        .col(schema::text(Column::TitleSource))
        .col(schema::boolean(Column::Pinned))
        .col(schema::boolean(Column::Archived))
        .col(schema::boolean(Column::Unread))
        .col(schema::uuid_null(Column::ActiveLeafId))
        .col(schema::text_null(Column::ModelChoice))
        .col(schema::json(Column::Params))
        .col(time(Column::CreatedAt))
        .col(time(Column::UpdatedAt))
        .foreign_key(&mut cascade(
            (Entity, Column::OwnerId),
            (user::Entity, user::Column::Id),
        ))
        .take()
}

fn messages() -> TableCreateStatement {
    use message::{Column, Entity};
    // The pair, not the id alone: a parent in another chat cannot be stored.
    let mut parent = ForeignKey::create();
    parent
        .from(Entity, (Column::ChatId, Column::ParentId))
        .to(Entity, (Column::ChatId, Column::Id));
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::ChatId))
        .col(schema::uuid_null(Column::ParentId))
        .col(schema::text(Column::Role))
        .col(schema::text(Column::Status))
        .col(schema::text(Column::Content))
        .col(schema::text_null(Column::Reasoning))
        .col(schema::json(Column::Citations))
        .col(schema::json(Column::Annotations))
        .col(schema::json(Column::Params))
        .col(schema::text_null(Column::ModelAsked))
        .col(schema::text_null(Column::ModelUsed))
        .col(schema::text_null(Column::FinishReason))
        .col(schema::big_integer_null(Column::PromptTokens))
        .col(schema::big_integer_null(Column::CompletionTokens))
        .col(schema::boolean(Column::UsageEstimated))
        .col(schema::big_integer_null(Column::CostMicrousd))
        .col(schema::big_integer_null(Column::TtftMs))
        .col(schema::big_integer_null(Column::LatencyMs))
        .col(schema::big_integer(Column::AppliedSeq))
        .col(schema::json_null(Column::Error))
        .col(time(Column::CreatedAt))
        .index(
            Index::create()
                .unique()
                .name("message_in_chat")
                .col(Column::ChatId)
                .col(Column::Id),
        )
        .foreign_key(&mut cascade(
            (Entity, Column::ChatId),
            (chat::Entity, chat::Column::Id),
        ))
        .foreign_key(&mut parent)
        .take()
}

fn generations() -> TableCreateStatement {
    use generation::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::Id).primary_key())
        .col(schema::uuid(Column::MessageId))
        .col(schema::uuid(Column::ChatId))
        .col(schema::text(Column::NodeId))
        .col(schema::boolean(Column::IsRunning))
        .col(schema::boolean(Column::StopRequested))
        .col(time(Column::HeartbeatAt))
        .col(time(Column::StartedAt))
        .col(maybe_time(Column::EndedAt))
        .foreign_key(&mut cascade(
            (Entity, Column::MessageId),
            (message::Entity, message::Column::Id),
        ))
        .take()
}

fn generation_events() -> TableCreateStatement {
    use generation_event::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::uuid(Column::GenerationId))
        .col(schema::big_integer(Column::Seq))
        .col(schema::json(Column::Payload))
        .primary_key(Index::create().col(Column::GenerationId).col(Column::Seq))
        .foreign_key(&mut cascade(
            (Entity, Column::GenerationId),
            (generation::Entity, generation::Column::Id),
        ))
        .take()
}

fn facts() -> TableCreateStatement {
    use outbox::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(
            schema::big_integer(Column::Id)
                .primary_key()
                .auto_increment(),
        )
        .col(schema::text(Column::Kind))
        .col(schema::json(Column::Payload))
        .col(schema::big_integer(Column::Txid))
        .col(time(Column::CreatedAt))
        .take()
}

fn cursors() -> TableCreateStatement {
    use outbox_cursor::{Column, Entity};
    Table::create()
        .table(Entity)
        .col(schema::text(Column::Name).primary_key())
        .col(schema::big_integer(Column::Position))
        .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    let index = |name: &str, table: TableRef, columns: &[&str]| {
        let mut index = Index::create();
        index.name(name).table(table);
        for column in columns {
            index.col(Alias::new(*column));
        }
        index
    };
    vec![
        index(
            "session_of_user",
            session::Entity.into_table_ref(),
            &["user_id"],
        ),
        index(
            "refresh_token_of_session",
            refresh_token::Entity.into_table_ref(),
            &["session_id"],
        ),
        index(
            "chat_list",
            chat::Entity.into_table_ref(),
            &["owner_id", "archived", "pinned", "updated_at", "id"],
        ),
        index(
            "message_children",
            message::Entity.into_table_ref(),
            &["chat_id", "parent_id", "id"],
        ),
        index(
            "generation_of_message",
            generation::Entity.into_table_ref(),
            &["message_id"],
        ),
        index(
            "generation_running",
            generation::Entity.into_table_ref(),
            &["is_running", "node_id"],
        ),
        index(
            "idempotency_expiry",
            idempotency::Entity.into_table_ref(),
            &["expires_at"],
        ),
    ]
}
