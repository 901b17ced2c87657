//! What an administrator sets for everybody.
//!
//! Read from its row each time: a look-up by primary key costs less than keeping several nodes
//! of one mind.

use crate::{app::App, config::Registration, error::Result, features::accounts::store};

const REGISTRATION: &str = "accounts.registration";

const NAMES: [(&str, Registration); 3] = [
    ("open", Registration::Open),
    ("invite", Registration::Invite),
    ("closed", Registration::Closed),
];

/// Who may register: the administrator's word, else the settings'.
pub(crate) async fn registration(app: &App) -> Result<Registration> {
    let stored = store::setting(app.db.read(), REGISTRATION).await?;
    let stored = stored.as_ref().and_then(serde_json::Value::as_str);
    let known = NAMES.iter().find(|(name, _)| Some(*name) == stored);
    Ok(
        known.map_or(app.config.accounts.registration, |(_, registration)| {
            *registration
        }),
    )
}

pub(crate) async fn set_registration(app: &App, registration: Registration) -> Result<()> {
    let name = NAMES
        .iter()
        .find(|(_, known)| *known == registration)
        .map(|(name, _)| *name);
    let now = app.clock.now();
    app.db
        .write(async |tx| store::set_setting(tx, REGISTRATION, name.into(), now).await)
        .await
}
