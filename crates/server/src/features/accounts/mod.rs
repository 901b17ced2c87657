//! Accounts: who is known here, how they sign in, on which devices, and who administers.
//!
//! Invariants: an address belongs to one account, whatever its case; a password is kept as a hash
//! only; a session ends for good, everywhere, in the transaction that says so; a one-time link is
//! known by its hash only and works once; the address that the operator named as administrator's
//! is nobody's without the set-up link or the shell; there is never an installation whose last
//! administrator deleted the account. An answer never tells whether an address has an account,
//! except to who registers it.
//!
//! It does not decide what a signed-in person may see (each room does, by owner), and it does not
//! send mail.

pub mod cli;
pub mod http;
mod service;
mod store;

use ::store::{Tx, UserId};
use chrono::{DateTime, Utc};

use crate::{
    app::App,
    config::Registration,
    error::{Error, Result, UNAUTHENTICATED},
    params::Params,
};

/// What an account prefers when a request does not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Preferences {
    /// Set by the person.
    pub default_model: Option<String>,
    /// What was asked last.
    pub last_model: Option<String>,
    /// What new chats begin with.
    pub params: Params,
}

/// Who somebody is.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub created_at: DateTime<Utc>,
}

/// Offers the set-up link where it is needed and begins to clear up in the background.
pub async fn start(app: &App) -> Result<()> {
    service::setup::offer(app).await?;
    service::upkeep::start(app);
    Ok(())
}

/// A link by which the administrator is made, while there is none; voids the one before.
pub async fn setup_link(app: &App) -> Result<Option<String>> {
    service::setup::link(app).await
}

/// Forgets sessions, tokens and links whose time is over; tells how many rows.
pub async fn prune(app: &App) -> Result<u64> {
    service::upkeep::prune(app).await
}

/// Who may register: what an administrator has set, else what the settings say.
pub async fn registration(app: &App) -> Result<Registration> {
    service::settings::registration(app).await
}

/// Whether there is no administrator yet.
pub async fn needs_setup(app: &App) -> Result<bool> {
    Ok(!store::has_administrator(&**app.db.read()).await?)
}

pub async fn person(app: &App, user: UserId) -> Result<Person> {
    let user = store::user(&**app.db.read(), user).await?;
    let user = user.ok_or_else(|| Error::new(UNAUTHENTICATED, "The account is gone."))?;
    Ok(Person {
        id: user.id,
        name: user.name,
        email: user.email,
        created_at: user.created_at,
    })
}

/// Whose address this is, if it is anybody's.
pub async fn person_of(app: &App, email: &str) -> Result<Option<Person>> {
    let key = service::checks::Email::read(email).key;
    match store::user_by_email(&**app.db.read(), &key).await? {
        Some(user) => person(app, user.id).await.map(Some),
        None => Ok(None),
    }
}

pub async fn preferences(app: &App, user: UserId) -> Result<Preferences> {
    let user = store::user(&**app.db.read(), user).await?;
    let user = user.ok_or_else(|| Error::new(UNAUTHENTICATED, "The account is gone."))?;
    Ok(Preferences {
        default_model: user.default_model,
        last_model: user.last_model,
        params: Params::from_row(&user.default_params),
    })
}

/// The next accounts after one, by id, that are not disabled; `limit` at the most.
pub async fn some_after(tx: &Tx, after: Option<UserId>, limit: u64) -> Result<Vec<UserId>> {
    store::some_after(&**tx, after, limit).await
}

/// Keeps the model that was asked, for the next chat that names none.
pub async fn remember_model(tx: &Tx, user: UserId, model: &str) -> Result<()> {
    store::set_last_model(tx, user, model).await
}
