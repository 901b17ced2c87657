//! One-time links: to set up, to choose a new password, to register by invitation.
//!
//! The token is in the fragment of the address, which browsers do not send to servers, proxies or
//! other sites.

use ::store::{
    Tx, UserId,
    entity::{
        one_time_link::{LinkKind, Model},
        user,
    },
};
use chrono::TimeDelta;

use crate::{
    app::App,
    config::Registration,
    error::{ACCOUNT_DISABLED, Error, LINK_NOT_FOUND, NOT_FOUND, REGISTRATION_CLOSED, Result},
    features::accounts::{
        service::{
            checks::{Checks, Email},
            limits,
            sessions::{self, Device, SignedIn},
            settings,
        },
        store,
    },
    platform::{auth::opaque::Token, throttle::address_key},
};

const INVITE_LIFE: TimeDelta = TimeDelta::days(7);
const RESET_LIFE: TimeDelta = TimeDelta::minutes(15);

/// A link to hand to somebody.
pub(crate) struct Minted {
    pub(crate) url: String,
    pub(crate) link: Model,
}

/// Makes a link; it works once, until its time is over.
pub(super) async fn mint(
    app: &App,
    tx: &Tx,
    kind: LinkKind,
    email: Option<String>,
    user_id: Option<UserId>,
    life: TimeDelta,
) -> Result<Minted> {
    let now = app.clock.now();
    let token = Token::random(&app.clock);
    let page = match kind {
        LinkKind::Setup => "setup",
        LinkKind::Reset => "reset",
        LinkKind::Invite => "invite",
    };
    let url = format!(
        "{}/{page}#{}",
        app.config.server.link_base(),
        token.expose()
    );
    let link = Model {
        hash: token.hash(),
        kind,
        email,
        user_id,
        created_at: now,
        expires_at: now + life,
        used_at: None,
    };
    store::add_link(tx, link.clone()).await?;
    Ok(Minted { url, link })
}

pub(super) fn not_found() -> Error {
    Error::new(
        LINK_NOT_FOUND,
        "Ask for a new one: a link works once, and not for long.",
    )
}

/// The link that a token belongs to, if it can still be used.
pub(crate) async fn find(app: &App, token: &Token, device: &Device) -> Result<Model> {
    let address = address_key(device.ip);
    app.throttle.take(&limits::LINK, &address)?;
    let link = store::link(&**app.db.read(), token.hash(), app.clock.now()).await?;
    let mut link = link.ok_or_else(not_found)?;
    if let Some(user) = link.user_id {
        link.email = Some(owner(app, user).await?.email);
    }
    app.throttle.refund(&limits::LINK, &address);
    Ok(link)
}

/// The same, of one kind.
pub(super) async fn find_kind(
    app: &App,
    kind: LinkKind,
    token: &Token,
    device: &Device,
) -> Result<Model> {
    let link = find(app, token, device).await?;
    if link.kind == kind {
        Ok(link)
    } else {
        Err(not_found())
    }
}

/// Uses the link up, in the transaction that does what it is for.
pub(super) async fn claim(app: &App, tx: &Tx, link: &Model) -> Result<()> {
    if store::use_link(tx, link, app.clock.now()).await? {
        Ok(())
    } else {
        Err(not_found())
    }
}

/// The account that a reset link is for; a disabled one stays out.
async fn owner(app: &App, user: UserId) -> Result<user::Model> {
    let user = store::user(&**app.db.read(), user).await?;
    user.filter(|user| !user.is_disabled).ok_or_else(not_found)
}

/// Chooses a new password by a link; every older session ends.
pub(crate) async fn reset(
    app: &App,
    token: &Token,
    password: &str,
    device: &Device,
) -> Result<SignedIn> {
    let link = find_kind(app, LinkKind::Reset, token, device).await?;
    let user = owner(app, link.user_id.ok_or_else(not_found)?).await?;
    let mut checks = Checks::default();
    let email = Email::read(&user.email);
    checks.password("password", password, &user.name, &email);
    checks.done()?;
    let hash = app.passwords.hash(password).await?;
    let (signed_in, ended) = app
        .db
        .write(async |tx| {
            claim(app, tx, &link).await?;
            replace_password(app, tx, user.id, hash.clone(), device).await
        })
        .await?;
    app.auth.forget(&ended);
    // Whoever was locked out by somebody's guesses is back in.
    app.throttle.reset(&limits::SIGN_IN_ACCOUNT, &email.key);
    Ok(signed_in)
}

/// Stores a new password, ends every session and link of before, and signs in anew.
pub(super) async fn replace_password(
    app: &App,
    tx: &Tx,
    user: UserId,
    hash: String,
    device: &Device,
) -> Result<(SignedIn, Vec<::store::SessionId>)> {
    store::user_for_update(tx, user).await?;
    store::set_password(tx, user, hash, app.clock.now()).await?;
    store::delete_reset_links(tx, user).await?;
    let ended = sessions::end_all(app, tx, user).await?;
    let user = store::user(&**tx, user).await?.ok_or_else(not_found)?;
    Ok((sessions::open(app, tx, user, device).await?, ended))
}

/// A link by which a locked-out person chooses a new password; the one before is void.
pub(crate) async fn reset_link(app: &App, email: &str) -> Result<String> {
    let key = Email::read(email).key;
    let user = store::user_by_email(&**app.db.read(), &key).await?;
    let user = user.ok_or_else(|| Error::new(NOT_FOUND, "No account has this address."))?;
    if user.is_disabled {
        return Err(Error::new(ACCOUNT_DISABLED, "This account is disabled."));
    }
    let minted = app
        .db
        .write(async |tx| {
            store::delete_reset_links(tx, user.id).await?;
            mint(app, tx, LinkKind::Reset, None, Some(user.id), RESET_LIFE).await
        })
        .await?;
    Ok(minted.url)
}

/// A link by which somebody may register, for one address or for any.
pub(crate) async fn invite(app: &App, email: Option<&str>) -> Result<Minted> {
    if settings::registration(app).await? == Registration::Closed {
        let detail = "Nobody can use an invitation now: set registration to invite first.";
        return Err(Error::new(REGISTRATION_CLOSED, detail));
    }
    let mut checks = Checks::default();
    let email = email.map(|email| checks.email(email).text);
    checks.done()?;
    app.db
        .write(async |tx| mint(app, tx, LinkKind::Invite, email.clone(), None, INVITE_LIFE).await)
        .await
}
