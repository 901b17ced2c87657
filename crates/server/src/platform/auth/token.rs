//! Access tokens: JWT (RFC 7519) in the profile of RFC 9068, strict as RFC 8725 asks.
//!
//! HS256 and nothing else. A header may name its type and its key and nothing else, so `jku`,
//! `jwk`, `x5u`, `crit` and whatever comes next are refused without being understood. `kid` is
//! looked up in a map and never used as a path, a query or an address.

use std::collections::HashMap;

use ::store::{SessionId, UserId};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::Clock;

/// How long an access token holds.
pub const LIFE: TimeDelta = TimeDelta::minutes(15);

/// How far the clocks of two nodes may differ.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(30);

const TYPE: &str = "at+jwt";
const ISSUER: &str = "sangam";
const AUDIENCE: &str = "sangam-api";

/// A token of ours is some 350 characters long; nothing longer is decoded.
const MAX_LENGTH: usize = 2048;

/// A signed token and when it ceases to hold.
#[derive(Clone)]
pub struct Access {
    pub text: String,
    pub expires_at: DateTime<Utc>,
}

/// What a token says, once its signature is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    pub user: UserId,
    pub session: SessionId,
    /// The account's epoch when the token was made: all older tokens end when it moves on.
    pub epoch: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    ver: i64,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: String,
}

/// The keys that sign and verify, by `kid`.
pub(super) struct Keys {
    kid: String,
    sign: EncodingKey,
    verify: HashMap<String, DecodingKey>,
    rules: Validation,
}

impl Keys {
    pub(super) fn new(secret: &[u8]) -> Self {
        // Tells keys apart without telling anything about the key.
        let digest = Sha256::new()
            .chain_update(b"sangam kid\0")
            .chain_update(secret)
            .finalize();
        let kid = URL_SAFE_NO_PAD.encode(digest.get(..6).unwrap_or_default());
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Time is the application's clock's, so it is compared below.
        rules.validate_exp = false;
        Self {
            sign: EncodingKey::from_secret(secret),
            verify: HashMap::from([(kid.clone(), DecodingKey::from_secret(secret))]),
            kid,
            rules,
        }
    }

    pub(super) fn sign(
        &self,
        user: UserId,
        session: SessionId,
        epoch: i64,
        clock: &Clock,
    ) -> Access {
        let now = clock.now();
        let expires_at = now + LIFE;
        let body = Body {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            sid: session,
            ver: epoch,
            jti: clock.id(),
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        let text = jsonwebtoken::encode(&header, &body, &self.sign)
            .expect("a struct of strings and numbers, signed with a symmetric key");
        Access { text, expires_at }
    }

    /// What the token says, if it is ours and its time is not over.
    pub(super) fn read(&self, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        let body = self.verified(token)?;
        (now.timestamp() < body.exp.checked_add(LEEWAY.num_seconds())?).then(|| body.claims())
    }

    /// What the token says, if it is ours.
    pub(super) fn read_expired(&self, token: &str) -> Option<Claims> {
        self.verified(token).map(|body| body.claims())
    }

    fn verified(&self, token: &str) -> Option<Body> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let head = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
        let head: Head = serde_json::from_slice(&head).ok()?;
        let key = self.verify.get(&head.kid)?;
        let is_ours = head.alg == "HS256" && head.typ == TYPE;
        let body = jsonwebtoken::decode::<Body>(token, key, &self.rules)
            .ok()?
            .claims;
        is_ours.then_some(body)
    }
}

impl Body {
    fn claims(&self) -> Claims {
        Claims {
            user: self.sub,
            session: self.sid,
            epoch: self.ver,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &[u8] = b"an unguessable secret of 32 bytes";

    fn clock() -> Clock {
        Clock::manual(DateTime::UNIX_EPOCH + TimeDelta::days(20_000), 3)
    }

    /// A token with header and body as given, signed by `secret`.
    fn forge(header: &Value, body: &Value, secret: &[u8]) -> String {
        use hmac::{Hmac, KeyInit, Mac};
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(body));
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(text.as_bytes());
        format!(
            "{text}.{}",
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        )
    }

    fn parts(keys: &Keys, clock: &Clock) -> (Value, Value) {
        let token = keys.sign(clock.id(), clock.id(), 4, clock).text;
        let part = |n: usize| -> Value {
            let text = token.split('.').nth(n).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        (part(0), part(1))
    }

    #[test]
    fn a_token_says_who_signed_in_where_until_its_time_is_over() {
        let (keys, clock) = (Keys::new(SECRET), clock());
        let (user, session) = (clock.id(), clock.id());
        let access = keys.sign(user, session, 4, &clock);
        let claims = Claims {
            user,
            session,
            epoch: 4,
        };
        assert_eq!(keys.read(&access.text, clock.now()), Some(claims));
        assert_eq!(access.expires_at, clock.now() + TimeDelta::minutes(15));
        let last = clock.now() + TimeDelta::seconds(15 * 60 + 29);
        assert_eq!(keys.read(&access.text, last), Some(claims));
        assert_eq!(keys.read(&access.text, last + TimeDelta::seconds(1)), None);
        assert_eq!(keys.read_expired(&access.text), Some(claims));
    }

    #[test]
    fn the_forger_of_these_tests_makes_tokens_that_hold() {
        let (keys, clock) = (Keys::new(SECRET), clock());
        let (head, body) = parts(&keys, &clock);
        assert!(
            keys.read(&forge(&head, &body, SECRET), clock.now())
                .is_some()
        );
    }

    #[test]
    fn headers_that_say_more_or_other_are_refused() {
        let (keys, clock) = (Keys::new(SECRET), clock());
        let (head, body) = parts(&keys, &clock);
        let changes = [
            json!({"alg": "none"}),
            json!({"alg": "HS384"}),
            json!({"alg": "RS256"}),
            json!({"typ": "JWT"}),
            json!({"typ": null}),
            json!({"kid": "../../dev/null"}),
            json!({"kid": "' OR 1=1 --"}),
            json!({"kid": null}),
            json!({"jku": "https://example.org/keys"}),
            json!({"jwk": {"kty": "oct", "k": "AA"}}),
            json!({"x5u": "https://example.org/cert"}),
            json!({"x5c": ["AA"]}),
            json!({"crit": ["exp"]}),
            json!({"b64": false}),
            json!({"zip": "DEF"}),
        ];
        for change in changes {
            let mut head = head.clone();
            head.as_object_mut()
                .unwrap()
                .extend(change.as_object().unwrap().clone());
            assert!(
                keys.read(&forge(&head, &body, SECRET), clock.now())
                    .is_none(),
                "{change}"
            );
        }
    }

    #[test]
    fn bodies_of_another_issuer_audience_or_shape_are_refused() {
        let (keys, clock) = (Keys::new(SECRET), clock());
        let (head, body) = parts(&keys, &clock);
        let changes = [
            json!({"iss": "somebody"}),
            json!({"aud": "somewhere"}),
            json!({"aud": ["sangam-api", "somewhere"]}),
            json!({"exp": clock.now().timestamp() - 31}),
            json!({"exp": null}),
            json!({"exp": i64::MAX}),
            json!({"exp": "tomorrow"}),
            json!({"sub": "root"}),
            json!({"sid": null}),
            json!({"ver": "4"}),
            json!({"role": "admin"}),
        ];
        for change in changes {
            let mut body = body.clone();
            body.as_object_mut()
                .unwrap()
                .extend(change.as_object().unwrap().clone());
            assert!(
                keys.read(&forge(&head, &body, SECRET), clock.now())
                    .is_none(),
                "{change}"
            );
        }
    }

    #[test]
    fn signatures_of_another_key_or_of_none_are_refused() {
        let (keys, clock) = (Keys::new(SECRET), clock());
        let (head, body) = parts(&keys, &clock);
        let good = forge(&head, &body, SECRET);
        let (unsigned, signature) = good.rsplit_once('.').unwrap();
        let candidates = [
            forge(&head, &body, b"another secret of thirty-two bytes"),
            forge(&head, &body, b""),
            format!("{unsigned}."),
            unsigned.to_owned(),
            format!("{good}="),
            format!("{good}.{signature}"),
            format!(" {good}"),
            "..".to_owned(),
            String::new(),
            "a".repeat(MAX_LENGTH + 1),
        ];
        for candidate in candidates {
            assert!(keys.read(&candidate, clock.now()).is_none(), "{candidate}");
        }
    }
}
