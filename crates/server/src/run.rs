use std::{net::SocketAddr, sync::Arc};

use axum::Router;
use intelliauth_engine::Engine;
use intelliauth_store_postgres::NodeId;
use ipnet::IpNet;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    background,
    compose::Shared,
    failure::{Failure, Outcome},
    listen::{self, ConnectionLimits},
    machine::SystemRng,
    telemetry::Logging,
};

/// Listens on `address`; port 0 takes a free one.
pub(crate) async fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(format!("cannot listen on {address}: {error}; is something running there already?"))
    })
}

/// A group of listeners with what they serve.
pub(crate) struct Serving {
    pub(crate) listeners: Vec<TcpListener>,
    pub(crate) router: Router,
}

/// What is looked after while serving.
pub(crate) struct House {
    pub(crate) engine: Arc<Engine>,
    /// What other nodes share, if they can.
    pub(crate) shared: Option<Shared>,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) logging: Logging,
    /// Networks of proxies, which may have any number of connections.
    pub(crate) proxies: Vec<IpNet>,
}

/// Serves and looks after the house until SIGTERM or SIGINT, then finishes what has begun. `ready` is called
/// when connections are answered.
pub(crate) async fn until_stopped(
    house: House,
    serving: Vec<Serving>,
    ready: impl FnOnce() -> Outcome,
) -> Outcome {
    let (leave, leaving) = watch::channel(false);
    // A move that is under way, or begins now, knows of this node or keeps it from serving.
    let presence = match &house.shared {
        None => None,
        Some(Shared { store, .. }) => {
            let node = NodeId::new(&SystemRng::new());
            store.node_is_here(node).await?;
            Some(tokio::spawn(background::presence(Arc::clone(store), node, leaving)))
        }
    };
    let outcome = run(house, serving, ready).await;
    // It goes last, and however the rest has ended: until then something here may write.
    let _ = leave.send(true);
    if let Some(presence) = presence
        && presence.await.is_err()
    {
        tracing::warn!("this node could not say that it is gone");
    }
    outcome
}

async fn run(house: House, serving: Vec<Serving>, ready: impl FnOnce() -> Outcome) -> Outcome {
    let no_signals = |error: std::io::Error| Failure::new(format!("signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let (stop, stopping) = watch::channel(false);
    let limits = ConnectionLimits::default();
    let House { engine, shared, metrics, logging, proxies } = house;
    let mut running: Vec<_> = serving
        .into_iter()
        .map(|part| {
            let (proxies, stopping) = (proxies.clone(), stopping.clone());
            tokio::spawn(async move {
                listen::serve(part.listeners, part.router, limits, &proxies, stopping).await;
            })
        })
        .collect();
    if let Some(Shared { store, clock }) = shared {
        let notices = background::notices(Arc::clone(&engine), store.listen(), stopping.clone());
        running.push(tokio::spawn(notices));
        running.push(tokio::spawn(clock.follow(store, stopping.clone())));
    }
    running.push(tokio::spawn(background::upkeep(metrics, logging.lost.clone(), stopping.clone())));
    running.push(tokio::spawn(background::worker(engine, stopping)));
    ready()?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    // Nobody listening any more means everything has ended already.
    let _ = stop.send(true);
    for task in running {
        if task.await.is_err() {
            return Err(Failure::new("a part of the server failed while stopping"));
        }
    }
    Ok(())
}
