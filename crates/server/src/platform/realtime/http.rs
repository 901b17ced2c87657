//! The door of the sockets: `/socket.io/` for polling and websocket, for pages of ours alone.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use socketioxide::{SocketIo, service::SocketIoService};

use super::Realtime;
use crate::{
    app::App,
    error::{Error, ORIGIN_REFUSED},
    platform::auth::http::{Asker, asker},
};

/// What is no packet of a socket is answered by an empty router: 404.
pub(super) type Service = SocketIoService<Router>;

/// The largest packet either transport takes.
const MAX_PAYLOAD: usize = 1024 * 1024;
/// Packets that may wait for one socket.
const MAX_WAITING: usize = 512;

pub(super) fn build() -> (Service, SocketIo) {
    let max = u64::try_from(MAX_PAYLOAD).unwrap_or(u64::MAX);
    SocketIo::builder()
        .max_payload(max)
        .ws_max_message_size(MAX_PAYLOAD)
        .ws_max_frame_size(MAX_PAYLOAD)
        .max_buffer_size(MAX_WAITING)
        .build_with_inner_svc(Router::new())
}

/// The route of the sockets. It is outside of the limits of ordinary requests: a poll waits, and a
/// websocket stays.
pub fn routes(app: &App) -> Router<App> {
    let service = Realtime::clone(&app.realtime).service;
    Router::new()
        .route_service("/socket.io/", (*service).clone())
        .layer(from_fn_with_state(app.clone(), own_pages_only))
}

/// CORS does not stop a websocket, so a foreign page is turned away here, whatever the transport.
async fn own_pages_only(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    if asker(request.headers(), &app.config) == Asker::Foreign {
        let detail =
            "Sockets are for pages of this server, or of an origin that CORS_ORIGINS lists.";
        return Error::new(ORIGIN_REFUSED, detail).into_response();
    }
    next.run(request).await
}
