//! The queries of votes.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict,
};
use store::{
    MessageId, Tx, UserId,
    entity::{message_vote, pair_vote},
};

use crate::error::Result;

pub(super) async fn put(tx: &Tx, row: message_vote::Model) -> Result<message_vote::Model> {
    use message_vote::Column;
    let conflict = OnConflict::columns([Column::UserId, Column::MessageId])
        .update_columns([Column::Vote, Column::Reason, Column::UpdatedAt])
        .to_owned();
    let active = row.clone().into_active_model().reset_all();
    message_vote::Entity::insert(active)
        .on_conflict(conflict)
        .exec_without_returning(&**tx)
        .await?;
    Ok(row)
}

pub(super) async fn take_back(tx: &Tx, user: UserId, message: MessageId) -> Result<()> {
    message_vote::Entity::delete_many()
        .filter(message_vote::Column::UserId.eq(user))
        .filter(message_vote::Column::MessageId.eq(message))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub(super) async fn verdict(
    tx: &Tx,
    user: UserId,
    pair_key: &str,
) -> Result<Option<pair_vote::Model>> {
    let found = pair_vote::Entity::find_by_id((user, pair_key.to_owned()))
        .one(&**tx)
        .await?;
    Ok(found)
}

pub(super) async fn put_verdict(tx: &Tx, row: pair_vote::Model) -> Result<pair_vote::Model> {
    use pair_vote::Column;
    let conflict = OnConflict::columns([Column::UserId, Column::PairKey])
        .update_columns([
            Column::LeftMessageId,
            Column::RightMessageId,
            Column::LeftModel,
            Column::RightModel,
            Column::Winner,
            Column::UpdatedAt,
        ])
        .to_owned();
    let active = row.clone().into_active_model().reset_all();
    pair_vote::Entity::insert(active)
        .on_conflict(conflict)
        .exec_without_returning(&**tx)
        .await?;
    Ok(row)
}
