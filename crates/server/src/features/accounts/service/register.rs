//! Making an account.

use ::store::{
    Tx,
    entity::{
        one_time_link::{LinkKind, Model as Link},
        user::{self, Role},
    },
};

use crate::{
    app::App,
    config::Registration,
    error::{EMAIL_TAKEN, Error, REGISTRATION_CLOSED, Result},
    events::Event,
    features::accounts::{
        service::{
            checks::{Checks, Email},
            limits, links,
            sessions::{self, Device, SignedIn},
            settings,
        },
        store,
    },
    platform::{auth::opaque::Token, throttle::address_key},
};

/// Somebody who wants an account.
pub(crate) struct NewAccount {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) password: String,
}

/// The same after a look at it.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) email: Email,
}

impl NewAccount {
    pub(super) fn check(&self) -> Result<Checked> {
        let mut checks = Checks::default();
        let name = checks.name(&self.name);
        let email = checks.email(&self.email);
        checks.password("password", &self.password, &name, &email);
        checks.done()?;
        Ok(Checked { name, email })
    }
}

/// Makes an account and signs its owner in.
pub(crate) async fn register(
    app: &App,
    new: &NewAccount,
    invite: Option<&Token>,
    device: &Device,
) -> Result<SignedIn> {
    let invitation = admitted(app, invite, device).await?;
    let account = new.check()?;
    if let Some(link) = &invitation {
        is_for(link, &account.email)?;
    }
    app.throttle
        .take(&limits::REGISTER, &address_key(device.ip))?;
    if is_reserved(app, &account.email) {
        return Err(taken());
    }
    let hash = app.passwords.hash(&new.password).await?;
    app.db
        .write(async |tx| {
            if let Some(link) = &invitation {
                links::claim(app, tx, link).await?;
            }
            let user = add(app, tx, &account, hash.clone(), Role::User).await?;
            sessions::open(app, tx, user, device).await
        })
        .await
}

/// Whether registration is possible, and by which invitation.
async fn admitted(app: &App, invite: Option<&Token>, device: &Device) -> Result<Option<Link>> {
    let closed = |detail: &'static str| Err(Error::new(REGISTRATION_CLOSED, detail));
    match (settings::registration(app).await?, invite) {
        (Registration::Closed, _) => closed("Ask the administrator for an account."),
        (Registration::Invite, None) => closed("Ask the administrator for an invitation."),
        (Registration::Open, None) => Ok(None),
        (Registration::Open | Registration::Invite, Some(token)) => {
            links::find_kind(app, LinkKind::Invite, token, device)
                .await
                .map(Some)
        }
    }
}

/// A link that names an address is for that address only.
pub(super) fn is_for(link: &Link, email: &Email) -> Result<()> {
    match &link.email {
        Some(named) if Email::read(named).key != email.key => {
            let detail = format!("must be {named}, which the link is for");
            Err(Error::field("email", "not_invited", detail))
        }
        _ => Ok(()),
    }
}

/// Whether the operator keeps this address for the administrator. Who asks is told what he would be
/// told if it had an account.
pub(super) fn is_reserved(app: &App, email: &Email) -> bool {
    let reserved = app.config.auth.admin_email.as_deref().map(Email::read);
    reserved.is_some_and(|reserved| reserved.key == email.key)
}

pub(super) fn taken() -> Error {
    Error::new(EMAIL_TAKEN, "Sign in with it, or take another address.")
}

/// Adds the account; two at the same moment with one address is one too many.
pub(super) async fn add(
    app: &App,
    tx: &Tx,
    account: &Checked,
    password_hash: String,
    role: Role,
) -> Result<user::Model> {
    let now = app.clock.now();
    let user = user::Model {
        id: app.clock.id(),
        name: account.name.clone(),
        email: account.email.text.clone(),
        email_key: account.email.key.clone(),
        password_hash,
        role,
        default_model: None,
        last_model: None,
        default_params: serde_json::json!({}),
        is_disabled: false,
        epoch: 0,
        created_at: now,
        updated_at: now,
    };
    let user = store::add_user(tx, user).await?;
    tx.emit(&Event::UserRegistered { user: user.id });
    Ok(user)
}
