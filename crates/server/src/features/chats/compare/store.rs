//! The queries of comparisons, and of the votes that are shown with messages.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use store::{
    ChatId, ComparisonId, MessageId, UserId,
    entity::{comparison, message, message_vote, pair_vote},
};

use crate::error::Result;

pub async fn insert(db: &impl ConnectionTrait, row: comparison::Model) -> Result<()> {
    let row = row.into_active_model().reset_all();
    comparison::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub(super) async fn by_id(
    db: &impl ConnectionTrait,
    id: ComparisonId,
) -> Result<Option<comparison::Model>> {
    Ok(comparison::Entity::find_by_id(id).one(db).await?)
}

/// Those of `ids` that are blind and not revealed.
pub(super) async fn hidden(
    db: &impl ConnectionTrait,
    ids: HashSet<ComparisonId>,
) -> Result<HashSet<ComparisonId>> {
    let hidden: Vec<ComparisonId> = comparison::Entity::find()
        .select_only()
        .column(comparison::Column::Id)
        .filter(comparison::Column::Id.is_in(ids))
        .filter(comparison::Column::IsBlind.eq(true))
        .filter(comparison::Column::RevealedAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(hidden.into_iter().collect())
}

/// The comparisons of these questions, oldest first.
pub(super) async fn of_questions(
    db: &impl ConnectionTrait,
    chat: ChatId,
    questions: &[MessageId],
) -> Result<Vec<comparison::Model>> {
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let found = comparison::Entity::find()
        .filter(comparison::Column::ChatId.eq(chat))
        .filter(comparison::Column::QuestionId.is_in(questions.iter().copied()))
        .order_by_asc(comparison::Column::Id)
        .all(db)
        .await?;
    Ok(found)
}

/// All answers of these comparisons, in the order of their columns.
pub(super) async fn answers(
    db: &impl ConnectionTrait,
    chat: ChatId,
    comparisons: &[comparison::Model],
) -> Result<Vec<message::Model>> {
    let questions = comparisons.iter().map(|row| row.question_id);
    let ids = comparisons.iter().map(|row| row.id);
    // By chat and parent, for which there is an index.
    let rows = message::Entity::find()
        .filter(message::Column::ChatId.eq(chat))
        .filter(message::Column::ParentId.is_in(questions))
        .filter(message::Column::ComparisonId.is_in(ids))
        .order_by_asc(message::Column::Id)
        .all(db)
        .await?;
    Ok(rows)
}

/// What this person thinks of these answers.
pub(super) async fn votes(
    db: &impl ConnectionTrait,
    owner: UserId,
    answers: &[MessageId],
) -> Result<HashMap<MessageId, message_vote::Model>> {
    if answers.is_empty() {
        return Ok(HashMap::new());
    }
    let votes = message_vote::Entity::find()
        .filter(message_vote::Column::UserId.eq(owner))
        .filter(message_vote::Column::MessageId.is_in(answers.iter().copied()))
        .all(db)
        .await?;
    Ok(votes
        .into_iter()
        .map(|vote| (vote.message_id, vote))
        .collect())
}

/// Which answer of each comparison this person found better.
pub(super) async fn winners(
    db: &impl ConnectionTrait,
    owner: UserId,
    ids: &[ComparisonId],
) -> Result<HashMap<ComparisonId, pair_vote::Winner>> {
    let votes = pair_vote::Entity::find()
        .filter(pair_vote::Column::UserId.eq(owner))
        .filter(pair_vote::Column::ComparisonId.is_in(ids.iter().copied()))
        .order_by_asc(pair_vote::Column::UpdatedAt)
        .all(db)
        .await?;
    let winners = votes
        .into_iter()
        .filter_map(|vote| Some((vote.comparison_id?, vote.winner)));
    Ok(winners.collect())
}

pub(super) async fn reveal(
    db: &impl ConnectionTrait,
    id: ComparisonId,
    now: DateTime<Utc>,
) -> Result<()> {
    comparison::Entity::update_many()
        .col_expr(comparison::Column::RevealedAt, Expr::value(Some(now)))
        .filter(comparison::Column::Id.eq(id))
        .filter(comparison::Column::RevealedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}
