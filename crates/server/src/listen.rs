//! The accept loop: what HTTP/1.1 may cost on a connection, and how it ends.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body, response::IntoResponse};
use http::{Request, StatusCode};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use intelliauth_http::Peer;
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tower::ServiceExt;

use crate::{addresses::Addresses, patience::Patient};

/// Bounds on connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// How many at once; more wait in the kernel's queue.
    pub(crate) connections: usize,
    /// How many one address may have; loopback and trusted proxies are exempt.
    pub(crate) connections_per_address: usize,
    /// How long a request's head may take.
    pub(crate) head_time: Duration,
    /// How long the other side may take nothing of an answer.
    pub(crate) write_time: Duration,
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
            connections_per_address: 1_000,
            write_time: Duration::from_secs(30),
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
    proxies: &[IpNet],
    stop: watch::Receiver<bool>,
) {
    let addresses = Addresses::new(limits.connections_per_address, proxies);
    let permits = Arc::new(Semaphore::new(limits.connections));
    let loops: Vec<_> = listeners
        .into_iter()
        .map(|listener| {
            let bounds = Bounds { limits, permits: Arc::clone(&permits), addresses: addresses.clone() };
            tokio::spawn(accept(listener, router.clone(), bounds, stop.clone()))
        })
        .collect();
    for accepting in loops {
        if accepting.await.is_err() {
            tracing::error!("an accept loop failed");
        }
    }
}

/// What bounds an accept loop.
struct Bounds {
    limits: ConnectionLimits,
    permits: Arc<Semaphore>,
    addresses: Addresses,
}

async fn accept(
    listener: TcpListener,
    router: Router,
    Bounds { limits, permits, addresses }: Bounds,
    mut stop: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head_bytes)
        .max_headers(limits.headers);
    loop {
        // With every permit held, nobody is accepted, but the signal to stop is still heard.
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok(permit) = permit else { break };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: give others the time to close theirs.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // More than its share: closed without a word, which costs least.
        let Some(place) = addresses.admit(peer.ip()) else { continue };
        let router = router.clone();
        let longest = limits.head_bytes;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let router = router.clone();
            async move {
                if head_bytes(&request) > longest {
                    return Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response());
                }
                router.oneshot(request.map(Body::new)).await
            }
        });
        let connection =
            http.serve_connection(TokioIo::new(Patient::new(prepare(stream), limits.write_time)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Errors here are the client's: a broken head, a reset, a timeout. Hyper has answered what can
            // be answered.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection ended");
            }
            drop((permit, place));
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain_time, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still running when the time to stop was over");
    }
}

/// What the head of a request took, roughly: the library's own bound is that of its buffer, which is softer.
fn head_bytes(request: &Request<Incoming>) -> usize {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    target
        + request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>()
}

fn prepare(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    stream
}
