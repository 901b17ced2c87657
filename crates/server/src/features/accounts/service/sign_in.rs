//! Signing in with address and password.

use std::time::Duration;

use tokio::time::Instant;

use crate::{
    app::App,
    error::{ACCOUNT_DISABLED, Error, INVALID_CREDENTIALS, Result},
    features::accounts::{
        service::{
            checks::Email,
            limits,
            sessions::{self, Device, SignedIn},
        },
        store,
    },
    platform::{auth::password::Verdict, throttle::address_key},
};

/// A refusal takes a multiple of this, so that its time does not tell what was compared: nothing,
/// an Argon2id hash, or the bcrypt hash of an imported account.
const REFUSAL_STEP: Duration = Duration::from_millis(300);

fn refused() -> Error {
    Error::new(INVALID_CREDENTIALS, "Check the address and the password.")
}

/// Waits until the time since `started` is a whole number of steps.
async fn wait_for_step(started: Instant) {
    let steps = started.elapsed().as_millis() / REFUSAL_STEP.as_millis() + 1;
    tokio::time::sleep_until(started + REFUSAL_STEP * u32::try_from(steps).unwrap_or(1)).await;
}

/// Signs in, and keeps a stronger hash of the password if the stored one is of older days.
pub(crate) async fn sign_in(
    app: &App,
    email: &str,
    password: &str,
    device: &Device,
) -> Result<SignedIn> {
    let started = Instant::now();
    let key = Email::read(email).key;
    let address = address_key(device.ip);
    // The address first: one that is refused does not lock others out of their accounts.
    app.throttle.take(&limits::SIGN_IN_ADDRESS, &address)?;
    app.throttle.take(&limits::SIGN_IN_ACCOUNT, &key)?;
    let found = store::user_by_email(&**app.db.read(), &key).await?;
    let hash = found.as_ref().map(|user| user.password_hash.as_str());
    let verdict = app.passwords.verify(password, hash).await?;
    let Some(user) = found.filter(|_| verdict != Verdict::Wrong) else {
        wait_for_step(started).await;
        return Err(refused());
    };
    app.throttle.reset(&limits::SIGN_IN_ACCOUNT, &key);
    app.throttle.refund(&limits::SIGN_IN_ADDRESS, &address);
    if user.is_disabled {
        return Err(Error::new(ACCOUNT_DISABLED, "Ask an administrator."));
    }
    let stronger = match verdict {
        Verdict::RightButOld => Some(app.passwords.hash(password).await?),
        _ => None,
    };
    app.db
        .write(async |tx| {
            // The password may have been changed since it was compared.
            let same = |now: &::store::entity::user::Model| now.epoch == user.epoch;
            let user = store::user_for_update(tx, user.id)
                .await?
                .filter(same)
                .ok_or_else(refused)?;
            if let Some(hash) = &stronger {
                store::upgrade_hash(tx, user.id, hash.clone()).await?;
            }
            sessions::open(app, tx, user, device).await
        })
        .await
}
