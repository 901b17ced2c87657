//! The accept loop: what `axum::serve` leaves out: no delay of small packets, limits on headers
//! and on connections, and an end that waits for those who are still being answered.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt;

use crate::app::App;

/// A client that takes longer to say what it wants is cut off.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
const MAX_HEADERS: usize = 100;
/// Enough for any header we take; a stream's buffer stays small.
const BUFFER_BYTES: usize = 32 * 1024;

/// Serves until shutdown begins; the connections are tasks, whose end [`crate::platform::tasks::Tasks::drain`]
/// waits for.
pub async fn serve(app: &App, listener: TcpListener, router: Router) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(BUFFER_BYTES);
    let slots = Arc::new(Semaphore::new(app.config.server.max_connections));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = app.tasks.stopping() => break,
        };
        let Some((stream, peer, slot)) = accepted else {
            continue;
        };
        let router = router.clone();
        // A websocket outlives the HTTP connection that it came by: it holds its place by the
        // request it was opened with.
        let slot = Arc::new(slot);
        let place = slot.clone();
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let (router, place) = (router.clone(), place.clone());
            async move {
                let mut request: Request = request.map(Body::new);
                request.extensions_mut().insert(peer);
                request.extensions_mut().insert(place);
                Ok::<_, Infallible>(
                    router
                        .oneshot(request)
                        .await
                        .unwrap_or_else(|never| match never {}),
                )
            }
        });
        let connection = http
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let tasks = app.tasks.clone();
        app.tasks.spawn(async move {
            let mut connection = std::pin::pin!(connection);
            // A connection that breaks off is the client's business.
            let is_over = tokio::select! {
                _ = connection.as_mut() => true,
                () = tasks.stopping() => false,
            };
            if !is_over {
                // Who is being answered is answered; whoever takes longer than the end of the
                // server waits is cut off by it.
                connection.as_mut().graceful_shutdown();
                connection.await.ok();
            }
            drop(slot);
        });
    }
}

type Slot = tokio::sync::OwnedSemaphorePermit;

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, Slot)> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Each event of a stream goes out at once; without it the first token waits 40 ms.
            stream.set_nodelay(true).ok();
            Some((stream, peer, slot))
        }
        Err(error) => {
            // Out of file handles, above all: wait for some to be given back.
            tracing::warn!(%error, "a connection could not be accepted: {error}");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
