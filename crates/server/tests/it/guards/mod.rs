//! Standing guards: what no compiler checks about the shape of the code.
//!
//! They read the source tree as text, so they need no database and no server. Every rule is shown
//! to find a bad sample before it is trusted with the real tree.

mod architecture;
mod generated;
mod rules;
mod source;
