//! How an installation gets its administrator: by a link printed at start, or from the shell.
//!
//! Never by being first. An account that exists already becomes administrator's by the link only
//! together with its password: the operator's word alone does not hand over what somebody may
//! have registered under the address.

use ::store::{
    Tx,
    entity::{
        one_time_link::LinkKind,
        user::{self, Role},
    },
};
use chrono::TimeDelta;

use crate::{
    app::App,
    error::{EMAIL_TAKEN, Error, Result},
    features::accounts::{
        service::{
            checks::Email,
            limits, links,
            register::{self, NewAccount},
            sessions::{self, Device, SignedIn},
        },
        store,
    },
    platform::auth::{opaque::Token, password::Verdict},
};

const LIFE: TimeDelta = TimeDelta::hours(24);

/// A set-up link while the administrator is missing; the one before is void, needed or not.
pub(crate) async fn link(app: &App) -> Result<Option<String>> {
    let email = app.config.auth.admin_email.clone();
    let is_there = match &email {
        Some(email) => {
            let found = store::user_by_email(&**app.db.read(), &Email::read(email).key).await?;
            found.is_some_and(|user| user.role == Role::Admin)
        }
        None => store::has_administrator(&**app.db.read()).await?,
    };
    let minted = app
        .db
        .write(async |tx| {
            store::delete_setup_links(tx).await?;
            if is_there {
                return Ok::<_, Error>(None);
            }
            links::mint(app, tx, LinkKind::Setup, email.clone(), None, LIFE)
                .await
                .map(Some)
        })
        .await?;
    Ok(minted.map(|minted| minted.url))
}

/// Prints the set-up link, if there is one to print.
///
/// It goes to the terminal alone: logs are kept, and read by others.
#[expect(
    clippy::print_stdout,
    reason = "the person who starts the server is told where to go"
)]
pub(crate) async fn offer(app: &App) -> Result<()> {
    if let Some(url) = link(app).await? {
        println!("Set up the administrator within 24 hours: {url}");
        tracing::info!("there is no administrator yet, a set-up link was printed");
    }
    Ok(())
}

/// Makes the administrator by the link, in one transaction with using it up.
pub(crate) async fn set_up(
    app: &App,
    token: &Token,
    new: &NewAccount,
    device: &Device,
) -> Result<SignedIn> {
    let link = links::find_kind(app, LinkKind::Setup, token, device).await?;
    let account = new.check()?;
    register::is_for(&link, &account.email)?;
    let existing = existing(app, &account.email, &new.password).await?;
    let hash = app.passwords.hash(&new.password).await?;
    app.db
        .write(async |tx| {
            links::claim(app, tx, &link).await?;
            let user = match &existing {
                Some(user) => promote(app, tx, user).await?,
                None => register::add(app, tx, &account, hash.clone(), Role::Admin).await?,
            };
            store::delete_setup_links(tx).await?;
            sessions::open(app, tx, user, device).await
        })
        .await
}

/// The account with this address, if there is one and the password is its own.
async fn existing(app: &App, email: &Email, password: &str) -> Result<Option<user::Model>> {
    let Some(user) = store::user_by_email(&**app.db.read(), &email.key).await? else {
        return Ok(None);
    };
    app.throttle.take(&limits::CONFIRM, &user.id.to_string())?;
    let verdict = app
        .passwords
        .verify(password, Some(&user.password_hash))
        .await?;
    if verdict == Verdict::Wrong || user.is_disabled {
        let detail = "It becomes the administrator's with its own password; without it, use \
                      `sangam admin create`.";
        return Err(Error::new(EMAIL_TAKEN, detail));
    }
    Ok(Some(user))
}

async fn promote(app: &App, tx: &Tx, user: &user::Model) -> Result<user::Model> {
    let current = store::user_for_update(tx, user.id).await?;
    if current.is_none_or(|current| current.epoch != user.epoch) {
        return Err(register::taken());
    }
    let changes = store::Changes {
        role: Some(Role::Admin),
        ..Default::default()
    };
    store::change_user(tx, user.id, changes, app.clock.now()).await
}

/// Makes an administrator from the shell. An account that exists gets the role and the password,
/// and its sessions end.
pub(crate) async fn create_admin(app: &App, new: &NewAccount) -> Result<()> {
    let account = new.check()?;
    let hash = app.passwords.hash(&new.password).await?;
    let ended = app
        .db
        .write(async |tx| {
            let mut ended = Vec::new();
            match store::user_by_email(&**tx, &account.email.key).await? {
                Some(user) => {
                    promote(app, tx, &user).await?;
                    store::set_password(tx, user.id, hash.clone(), app.clock.now()).await?;
                    ended = sessions::end_all(app, tx, user.id).await?;
                }
                None => {
                    register::add(app, tx, &account, hash.clone(), Role::Admin).await?;
                }
            }
            let is_awaited = app.config.auth.admin_email.is_none();
            if is_awaited || register::is_reserved(app, &account.email) {
                store::delete_setup_links(tx).await?;
            }
            Ok::<_, Error>(ended)
        })
        .await?;
    app.auth.forget(&ended);
    Ok(())
}
