//! What a file of each kind gives, and that hostile ones give a refusal.

#![expect(
    clippy::unwrap_used,
    reason = "the files that tests are about are built outside of the test functions"
)]

mod docx;
mod html;
mod kinds;
mod pdf;
mod pictures;
