//! The only HTTP client of the platform.
