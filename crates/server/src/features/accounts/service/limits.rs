//! How often things that guess or flood may be tried.

use chrono::TimeDelta;

use crate::platform::throttle::Limit;

/// Wrong passwords for one account, from anywhere; a success forgives them.
pub(crate) const SIGN_IN_ACCOUNT: Limit = Limit {
    name: "sign-in by account",
    burst: 8,
    every: TimeDelta::seconds(30),
};

/// Wrong passwords from one address, whatever the account; offices share an address.
pub(crate) const SIGN_IN_ADDRESS: Limit = Limit {
    name: "sign-in by address",
    burst: 60,
    every: TimeDelta::seconds(3),
};

/// Wrong passwords of somebody who is signed in.
pub(crate) const CONFIRM: Limit = Limit {
    name: "confirmation by password",
    burst: 8,
    every: TimeDelta::seconds(30),
};

/// Accounts made from one address.
pub(crate) const REGISTER: Limit = Limit {
    name: "registration by address",
    burst: 200,
    every: TimeDelta::seconds(10),
};

/// Links from one address that turned out not to exist.
pub(crate) const LINK: Limit = Limit {
    name: "link by address",
    burst: 30,
    every: TimeDelta::seconds(10),
};
