//! The queries of whole trees.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};
use store::{
    ChatId, ComparisonId, MessageId,
    entity::message::{self, Role, Status},
};

use crate::error::Result;

/// Characters of a message that a tree shows.
const PREVIEW: i32 = 120;
/// Rows written by one statement, within what both engines take of parameters.
const CHUNK: usize = 200;

/// A message of a tree: where it stands and how it begins.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Node {
    pub id: MessageId,
    pub parent_id: Option<MessageId>,
    pub role: Role,
    pub status: Status,
    pub preview: String,
    pub model_used: Option<String>,
    pub comparison_id: Option<ComparisonId>,
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// Every message of a chat whose owner has been checked, the older first.
pub(super) async fn nodes(db: &impl ConnectionTrait, chat: ChatId) -> Result<Vec<Node>> {
    use message::Column;
    let preview = Func::cust("substr")
        .arg(Expr::col(Column::Content))
        .arg(1)
        .arg(PREVIEW);
    let nodes = message::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::ParentId,
            Column::Role,
            Column::Status,
            Column::ModelUsed,
            Column::ComparisonId,
            Column::CreatedAt,
        ])
        .expr_as(preview, "preview")
        .filter(Column::ChatId.eq(chat))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(db)
        .await?;
    Ok(nodes)
}

/// Parents come before their children.
pub(in super::super) async fn insert_all(
    db: &impl ConnectionTrait,
    messages: Vec<message::Model>,
) -> Result<()> {
    let mut rows = messages.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows
            .by_ref()
            .take(CHUNK)
            .map(|row| row.into_active_model().reset_all());
        message::Entity::insert_many(chunk)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}
