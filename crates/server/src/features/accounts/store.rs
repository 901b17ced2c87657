//! The rows of accounts, sessions, refresh tokens, links and settings.

use ::store::{
    ReadDb, SessionId, Tx, UserId,
    entity::{
        one_time_link::{self, LinkKind},
        refresh_token, session, setting,
        user::{self, Role},
    },
    insert_if_absent,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::error::{EMAIL_TAKEN, Error, OnUnique, Result};

/// Sessions shown in a list; a person with more than this sees the latest.
const LISTED: u64 = 200;

pub(super) async fn user(db: &impl ConnectionTrait, id: UserId) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id).one(db).await?)
}

pub(super) async fn user_by_email(
    db: &impl ConnectionTrait,
    email_key: &str,
) -> Result<Option<user::Model>> {
    Ok(user::Entity::find()
        .filter(user::Column::EmailKey.eq(email_key))
        .one(db)
        .await?)
}

/// The account, held against changes by others until the transaction ends.
pub(super) async fn user_for_update(tx: &Tx, id: UserId) -> Result<Option<user::Model>> {
    Ok(user::Entity::find_by_id(id)
        .lock_exclusive()
        .one(&**tx)
        .await?)
}

pub(super) async fn some_after(
    db: &impl ConnectionTrait,
    after: Option<UserId>,
    limit: u64,
) -> Result<Vec<UserId>> {
    let mut query = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::IsDisabled.eq(false));
    if let Some(after) = after {
        query = query.filter(user::Column::Id.gt(after));
    }
    let ids = query
        .order_by_asc(user::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

pub(super) async fn has_administrator(db: &impl ConnectionTrait) -> Result<bool> {
    let administrators = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Admin))
        .filter(user::Column::IsDisabled.eq(false));
    Ok(administrators.count(db).await? > 0)
}

/// The administrators who can sign in, held until the transaction ends.
pub(super) async fn administrators_for_update(tx: &Tx) -> Result<Vec<UserId>> {
    let administrators = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Admin))
        .filter(user::Column::IsDisabled.eq(false))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .all(&**tx)
        .await?;
    Ok(administrators
        .into_iter()
        .map(|administrator| administrator.id)
        .collect())
}

fn taken() -> Error {
    Error::new(EMAIL_TAKEN, "Sign in with it, or take another address.")
}

pub(super) async fn add_user(tx: &Tx, user: user::Model) -> Result<user::Model> {
    let row = user::ActiveModel {
        id: Set(user.id),
        name: Set(user.name),
        email: Set(user.email),
        email_key: Set(user.email_key),
        password_hash: Set(user.password_hash),
        role: Set(user.role),
        default_model: Set(user.default_model),
        last_model: Set(user.last_model),
        default_params: Set(user.default_params),
        is_disabled: Set(user.is_disabled),
        epoch: Set(user.epoch),
        created_at: Set(user.created_at),
        updated_at: Set(user.updated_at),
    };
    let added = user::Entity::insert(row).exec_with_returning(&**tx).await;
    added.on_unique("email_key", taken)
}

/// What changes about an account; `None` stays as it is.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) name: Option<String>,
    /// The address and its key.
    pub(super) email: Option<(String, String)>,
    #[expect(clippy::option_option, reason = "absent keeps, null clears")]
    pub(super) default_model: Option<Option<String>>,
    pub(super) default_params: Option<serde_json::Value>,
    pub(super) role: Option<Role>,
}

pub(super) async fn change_user(
    tx: &Tx,
    id: UserId,
    changes: Changes,
    now: DateTime<Utc>,
) -> Result<user::Model> {
    let (email, email_key) = changes.email.unzip();
    let row = user::ActiveModel {
        id: Unchanged(id),
        name: changes.name.map_or(NotSet, Set),
        email: email.map_or(NotSet, Set),
        email_key: email_key.map_or(NotSet, Set),
        default_model: changes.default_model.map_or(NotSet, Set),
        default_params: changes.default_params.map_or(NotSet, Set),
        role: changes.role.map_or(NotSet, Set),
        updated_at: Set(now),
        ..Default::default()
    };
    user::Entity::update(row)
        .exec(&**tx)
        .await
        .on_unique("email_key", taken)
}

/// Replaces the password; every token from before ends with the epoch.
pub(super) async fn set_password(
    tx: &Tx,
    id: UserId,
    hash: String,
    now: DateTime<Utc>,
) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .col_expr(user::Column::Epoch, Expr::col(user::Column::Epoch).add(1))
        .col_expr(user::Column::UpdatedAt, Expr::value(now))
        .filter(user::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Keeps a stronger hash of the same password.
pub(super) async fn upgrade_hash(tx: &Tx, id: UserId, hash: String) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .filter(user::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub(super) async fn set_last_model(tx: &Tx, id: UserId, model: &str) -> Result<()> {
    user::Entity::update_many()
        .col_expr(user::Column::LastModel, Expr::value(model))
        .filter(user::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Removes the account; what it owns goes by the foreign keys.
pub(super) async fn delete_user(tx: &Tx, id: UserId) -> Result<()> {
    user::Entity::delete_by_id(id).exec(&**tx).await?;
    Ok(())
}

pub(super) async fn add_session(tx: &Tx, session: session::Model) -> Result<()> {
    let row = session::ActiveModel {
        id: Set(session.id),
        user_id: Set(session.user_id),
        created_at: Set(session.created_at),
        last_used_at: Set(session.last_used_at),
        expires_at: Set(session.expires_at),
        idle_expires_at: Set(session.idle_expires_at),
        revoked_at: Set(session.revoked_at),
        user_agent: Set(session.user_agent),
        ip: Set(session.ip),
    };
    session::Entity::insert(row)
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

/// The session, held until the transaction ends.
pub(super) async fn session_for_update(tx: &Tx, id: SessionId) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id)
        .lock_exclusive()
        .one(&**tx)
        .await?)
}

pub(super) async fn mark_session_used(
    tx: &Tx,
    id: SessionId,
    now: DateTime<Utc>,
    idle_expires_at: DateTime<Utc>,
) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::LastUsedAt, Expr::value(now))
        .col_expr(session::Column::IdleExpiresAt, Expr::value(idle_expires_at))
        .filter(session::Column::Id.eq(id))
        .exec(&**tx)
        .await?;
    Ok(())
}

fn live_sessions(owner: UserId, now: DateTime<Utc>) -> sea_orm::Select<session::Entity> {
    session::Entity::find()
        .filter(session::Column::UserId.eq(owner))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::IdleExpiresAt.gt(now))
}

/// The sessions of an account that hold, the latest used first.
pub(super) async fn sessions(
    db: &ReadDb,
    owner: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<session::Model>> {
    let query = live_sessions(owner, now)
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id)
        .limit(LISTED);
    Ok(query.all(&**db).await?)
}

/// The ids of an account's sessions that hold, held until the transaction ends.
pub(super) async fn session_ids(
    tx: &Tx,
    owner: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>> {
    let sessions = live_sessions(owner, now)
        .order_by_asc(session::Column::Id)
        .lock_exclusive()
        .all(&**tx)
        .await?;
    Ok(sessions.into_iter().map(|session| session.id).collect())
}

pub(super) async fn add_refresh_token(
    tx: &Tx,
    hash: Vec<u8>,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = refresh_token::ActiveModel {
        hash: Set(hash),
        session_id: Set(session),
        used_at: Set(None),
        created_at: Set(now),
    };
    insert_if_absent::<refresh_token::Entity, _>(&**tx, row, [refresh_token::Column::Hash]).await?;
    Ok(())
}

pub(super) async fn refresh_token(
    db: &impl ConnectionTrait,
    hash: Vec<u8>,
) -> Result<Option<refresh_token::Model>> {
    Ok(refresh_token::Entity::find_by_id(hash).one(db).await?)
}

pub(super) async fn mark_token_used(tx: &Tx, hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(Some(now)))
        .filter(refresh_token::Column::Hash.eq(hash))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub(super) async fn add_link(tx: &Tx, link: one_time_link::Model) -> Result<()> {
    let row = one_time_link::ActiveModel {
        hash: Set(link.hash),
        kind: Set(link.kind),
        email: Set(link.email),
        user_id: Set(link.user_id),
        created_at: Set(link.created_at),
        expires_at: Set(link.expires_at),
        used_at: Set(link.used_at),
    };
    one_time_link::Entity::insert(row)
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

/// The link with this hash, if it can still be used.
pub(super) async fn link(
    db: &impl ConnectionTrait,
    hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Option<one_time_link::Model>> {
    let query = one_time_link::Entity::find_by_id(hash)
        .filter(one_time_link::Column::UsedAt.is_null())
        .filter(one_time_link::Column::ExpiresAt.gt(now));
    Ok(query.one(db).await?)
}

/// Uses the link up; tells whether nobody was quicker.
pub(super) async fn use_link(
    tx: &Tx,
    link: &one_time_link::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let used = one_time_link::Entity::update_many()
        .col_expr(one_time_link::Column::UsedAt, Expr::value(Some(now)))
        .filter(one_time_link::Column::Hash.eq(link.hash.clone()))
        .filter(one_time_link::Column::UsedAt.is_null())
        .exec(&**tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Removes the set-up links, used ones too.
pub(super) async fn delete_setup_links(tx: &Tx) -> Result<()> {
    one_time_link::Entity::delete_many()
        .filter(one_time_link::Column::Kind.eq(LinkKind::Setup))
        .exec(&**tx)
        .await?;
    Ok(())
}

/// Removes the reset links of an account.
pub(super) async fn delete_reset_links(tx: &Tx, user: UserId) -> Result<()> {
    one_time_link::Entity::delete_many()
        .filter(one_time_link::Column::Kind.eq(LinkKind::Reset))
        .filter(one_time_link::Column::UserId.eq(user))
        .exec(&**tx)
        .await?;
    Ok(())
}

pub(super) async fn setting(db: &ReadDb, key: &str) -> Result<Option<serde_json::Value>> {
    let row = setting::Entity::find_by_id(key.to_owned())
        .one(&**db)
        .await?;
    Ok(row.map(|row| row.value))
}

pub(super) async fn set_setting(
    tx: &Tx,
    key: &str,
    value: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = setting::ActiveModel {
        key: Set(key.to_owned()),
        value: Set(value),
        updated_at: Set(now),
    };
    let conflict = OnConflict::column(setting::Column::Key)
        .update_columns([setting::Column::Value, setting::Column::UpdatedAt])
        .to_owned();
    setting::Entity::insert(row)
        .on_conflict(conflict)
        .exec_without_returning(&**tx)
        .await?;
    Ok(())
}

/// Forgets sessions and links whose time is over, and refresh tokens used before `used_before`.
pub(super) async fn prune(tx: &Tx, now: DateTime<Utc>, used_before: DateTime<Utc>) -> Result<u64> {
    let sessions = session::Entity::delete_many()
        .filter(
            session::Column::ExpiresAt
                .lt(now)
                .or(session::Column::IdleExpiresAt.lt(now)),
        )
        .exec(&**tx)
        .await?;
    let tokens = refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::UsedAt.lt(used_before))
        .exec(&**tx)
        .await?;
    let links = one_time_link::Entity::delete_many()
        .filter(one_time_link::Column::ExpiresAt.lt(now))
        .exec(&**tx)
        .await?;
    Ok(sessions.rows_affected + tokens.rows_affected + links.rows_affected)
}
