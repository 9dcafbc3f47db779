//! The accept loop: what HTTP/1.1 may cost on a connection, and how it ends.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use intelliauth_http::Peer;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tower::ServiceExt;

/// Bounds on connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// How many at once; more wait in the kernel's queue.
    pub(crate) connections: usize,
    /// How long a request's head may take.
    pub(crate) head_time: Duration,
    /// Longest head in bytes.
    pub(crate) head_bytes: usize,
    /// Most header fields.
    pub(crate) headers: usize,
    /// How long requests that have begun may take after the signal to stop.
    pub(crate) drain_time: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head_time: Duration::from_secs(10),
            head_bytes: 32 * 1024,
            headers: 100,
            drain_time: Duration::from_secs(30),
        }
    }
}

/// Serves until `stop` says so, then finishes what has begun.
pub(crate) async fn serve(
    listeners: Vec<TcpListener>,
    router: Router,
    limits: ConnectionLimits,
    stop: watch::Receiver<bool>,
) {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let loops: Vec<_> = listeners
        .into_iter()
        .map(|listener| {
            tokio::spawn(accept(listener, router.clone(), limits, Arc::clone(&permits), stop.clone()))
        })
        .collect();
    for accepting in loops {
        if accepting.await.is_err() {
            tracing::error!("an accept loop failed");
        }
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    permits: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head_bytes)
        .max_headers(limits.headers);
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: give others the time to close theirs.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = http.serve_connection(TokioIo::new(prepare(stream)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Errors here are the client's: a broken head, a reset, a timeout. Hyper has answered what can
            // be answered.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain_time, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still running when the time to stop was over");
    }
}

fn prepare(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    stream
}
