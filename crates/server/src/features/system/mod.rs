//! The system itself: liveness, readiness, metrics, the API's description, what the page needs to
//! know before anybody signs in.
//!
//! It owns no rows and changes nothing. `/ready` tells the truth of each part; a provider of
//! models that is down, or Redis, makes nothing unready.

pub mod http;

use crate::{app::App, features::models, platform::http::web};

/// One thing that work depends on.
pub struct Part {
    pub name: &'static str,
    pub state: State,
    pub detail: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    Ok,
    Degraded,
    Unavailable,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Unavailable => "unavailable",
        }
    }
}

impl Part {
    fn new(name: &'static str, state: State, detail: Option<String>) -> Self {
        Self {
            name,
            state,
            detail,
        }
    }

    pub fn allows_work(&self) -> bool {
        self.state != State::Unavailable
    }
}

async fn parts(app: &App) -> Vec<Part> {
    let database = if app.db.read().ping().await.is_ok() {
        Part::new("database", State::Ok, None)
    } else {
        let detail = Some("The database does not answer.".to_owned());
        Part::new("database", State::Unavailable, detail)
    };
    let server = if app.tasks.is_stopping() {
        Part::new(
            "server",
            State::Unavailable,
            Some("The server is stopping.".to_owned()),
        )
    } else {
        Part::new("server", State::Ok, None)
    };
    let available = models::available(app);
    let models = if available > 0 {
        Part::new("models", State::Ok, Some(format!("{available} available")))
    } else {
        Part::new(
            "models",
            State::Degraded,
            Some("No model is available.".to_owned()),
        )
    };
    let page = if web::is_built() {
        Part::new("page", State::Ok, None)
    } else {
        Part::new(
            "page",
            State::Degraded,
            Some("Built without its page.".to_owned()),
        )
    };
    vec![database, server, models, page]
}
