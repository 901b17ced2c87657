//! A person's own account.

use ::store::entity::user::{self, Role};

use crate::{
    app::App,
    error::{Error, LAST_ADMINISTRATOR, Result, UNAUTHENTICATED},
    events::Event,
    features::accounts::{
        service::{
            checks::{Checks, Email},
            limits, links, register,
            sessions::{self, Device, SignedIn},
        },
        store,
    },
    params::Params,
    platform::auth::{Principal, password::Verdict},
};

/// What a person changes about the account; `None` stays as it is.
pub(crate) struct ChangeProfile {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    #[expect(clippy::option_option, reason = "absent keeps, null clears")]
    pub(crate) default_model: Option<Option<String>>,
    pub(crate) default_params: Option<Params>,
    pub(crate) current_password: Option<String>,
}

fn gone() -> Error {
    Error::new(UNAUTHENTICATED, "The account is gone.")
}

pub(crate) async fn me(app: &App, who: &Principal) -> Result<user::Model> {
    store::user(&**app.db.read(), who.id)
        .await?
        .ok_or_else(gone)
}

/// Changes name, address or what chats begin with; a new address needs the password.
pub(crate) async fn change(
    app: &App,
    who: &Principal,
    change: ChangeProfile,
) -> Result<user::Model> {
    let mut checks = Checks::default();
    let name = change.name.map(|name| checks.name(&name));
    let email = change.email.map(|email| checks.email(&email));
    if let Some(Some(model)) = &change.default_model {
        checks.model(model);
    }
    if let Some(params) = &change.default_params {
        checks.params(params);
    }
    checks.done()?;
    let me = me(app, who).await?;
    let email = email.filter(|email| email.text != me.email);
    if let Some(email) = &email {
        let field = "currentPassword";
        let Some(password) = &change.current_password else {
            return Err(Error::field(
                field,
                "required",
                "is needed to change the address",
            ));
        };
        confirm(app, &me, field, password).await?;
        if register::is_reserved(app, email) && email.key != me.email_key {
            return Err(register::taken());
        }
    }
    let changes = store::Changes {
        name,
        email: email.map(|email| (email.text, email.key)),
        default_model: change.default_model,
        default_params: change.default_params.map(|params| params.to_row()),
        role: None,
    };
    let now = app.clock.now();
    let mut changes = Some(changes);
    app.db
        .write(async |tx| {
            store::user_for_update(tx, who.id).await?.ok_or_else(gone)?;
            let changes = changes.take().unwrap_or_default();
            store::change_user(tx, who.id, changes, now).await
        })
        .await
}

/// Compares the password of somebody who is signed in; a session alone does not suffice.
async fn confirm(app: &App, me: &user::Model, field: &str, password: &str) -> Result<()> {
    let key = me.id.to_string();
    app.throttle.take(&limits::CONFIRM, &key)?;
    if app
        .passwords
        .verify(password, Some(&me.password_hash))
        .await?
        == Verdict::Wrong
    {
        return Err(Error::field(
            field,
            "wrong",
            "is not the password of this account",
        ));
    }
    app.throttle.reset(&limits::CONFIRM, &key);
    Ok(())
}

/// Changes the password; every session ends, and this device begins a new one.
pub(crate) async fn change_password(
    app: &App,
    who: &Principal,
    current: &str,
    new: &str,
    device: &Device,
) -> Result<SignedIn> {
    let me = me(app, who).await?;
    let mut checks = Checks::default();
    checks.password("newPassword", new, &me.name, &Email::read(&me.email));
    checks.done()?;
    confirm(app, &me, "currentPassword", current).await?;
    let hash = app.passwords.hash(new).await?;
    let (signed_in, ended) = app
        .db
        .write(async |tx| {
            // Of two changes at the same moment only one knew the current password.
            let same = |now: &user::Model| now.epoch == me.epoch;
            store::user_for_update(tx, who.id)
                .await?
                .filter(same)
                .ok_or_else(gone)?;
            links::replace_password(app, tx, who.id, hash.clone(), device).await
        })
        .await?;
    app.auth.forget(&ended);
    Ok(signed_in)
}

/// Deletes the account with all it owns. The last administrator stays.
pub(crate) async fn delete(app: &App, who: &Principal, password: &str) -> Result<()> {
    let me = me(app, who).await?;
    confirm(app, &me, "password", password).await?;
    let ended = app
        .db
        .write(async |tx| {
            if me.role == Role::Admin && store::administrators_for_update(tx).await? == [me.id] {
                let detail = "Make somebody else an administrator first.";
                return Err(Error::new(LAST_ADMINISTRATOR, detail));
            }
            let ended = sessions::end_all(app, tx, who.id).await?;
            store::delete_user(tx, who.id).await?;
            tx.emit(&Event::UserDeleted { user: who.id });
            Ok(ended)
        })
        .await?;
    app.auth.forget(&ended);
    Ok(())
}
