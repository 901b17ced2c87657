//! The rows that decide whether a session still holds.

use ::store::{
    ReadDb, SessionId, Tx, UserId,
    entity::{
        session,
        user::{self, Role},
    },
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, sea_query::Expr,
};

use crate::error::Result;

/// The account behind a session that holds.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Live {
    pub user_id: UserId,
    pub role: Role,
    pub epoch: i64,
}

/// The account of a session that is neither revoked nor over, unless the account is disabled.
pub async fn live(db: &ReadDb, id: SessionId, now: DateTime<Utc>) -> Result<Option<Live>> {
    let account = session::Entity::belongs_to(user::Entity)
        .from(session::Column::UserId)
        .to(user::Column::Id);
    let query = session::Entity::find_by_id(id)
        .select_only()
        .column(session::Column::UserId)
        .column(user::Column::Role)
        .column(user::Column::Epoch)
        .join(JoinType::InnerJoin, account.into())
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::IdleExpiresAt.gt(now))
        .filter(user::Column::IsDisabled.eq(false));
    Ok(query.into_model::<Live>().one(&**db).await?)
}

/// Those of these sessions that hold, each with its account.
pub async fn live_among(
    db: &ReadDb,
    sessions: &[SessionId],
    now: DateTime<Utc>,
) -> Result<Vec<(SessionId, Live)>> {
    let account = session::Entity::belongs_to(user::Entity)
        .from(session::Column::UserId)
        .to(user::Column::Id);
    let rows = session::Entity::find()
        .join(JoinType::InnerJoin, account.into())
        .select_also(user::Entity)
        .filter(session::Column::Id.is_in(sessions.iter().copied()))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::IdleExpiresAt.gt(now))
        .filter(user::Column::IsDisabled.eq(false))
        .all(&**db)
        .await?;
    let live = rows.into_iter().filter_map(|(session, user)| {
        let user = user?;
        let live = Live {
            user_id: user.id,
            role: user.role,
            epoch: user.epoch,
        };
        Some((session.id, live))
    });
    Ok(live.collect())
}

/// The name of a session's person, and the device it is on.
pub async fn described(db: &ReadDb, id: SessionId) -> Result<Option<(String, String)>> {
    let Some(session) = session::Entity::find_by_id(id).one(&**db).await? else {
        return Ok(None);
    };
    let user = user::Entity::find_by_id(session.user_id).one(&**db).await?;
    Ok(user.map(|user| (user.name, session.user_agent)))
}

/// Ends these sessions; tell [`super::Authenticator::forget`] after the commit.
pub async fn revoke(tx: &Tx, sessions: &[SessionId], now: DateTime<Utc>) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(Some(now)))
        .filter(session::Column::Id.is_in(sessions.iter().copied()))
        .filter(session::Column::RevokedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(())
}
