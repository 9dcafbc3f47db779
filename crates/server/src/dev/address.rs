use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

use crate::{
    failure::{Failure, Outcome},
    run::bind,
};

/// Listens on the address, and if it is one of the two that `localhost` means, on the other as well where
/// the machine has it: Node 18 takes the first that the resolver gives.
pub(super) async fn bind_all(address: SocketAddr) -> Outcome<Vec<TcpListener>> {
    let first = bind(address).await?;
    let port = local_port(&first)?;
    let twin = match address.ip() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => Some(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        IpAddr::V6(Ipv6Addr::LOCALHOST) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        _ => None,
    };
    let mut listeners = vec![first];
    if let Some(ip) = twin {
        listeners.extend(bind(SocketAddr::new(ip, port)).await);
    }
    Ok(listeners)
}

/// The port they listen on.
pub(super) fn port(listeners: &[TcpListener]) -> Outcome<u16> {
    listeners.first().map_or_else(|| Err(Failure::new("nothing listens")), local_port)
}

fn local_port(listener: &TcpListener) -> Outcome<u16> {
    let address = listener.local_addr().map_err(|error| Failure::new(format!("the address: {error}")))?;
    Ok(address.port())
}
