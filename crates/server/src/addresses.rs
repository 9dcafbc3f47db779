use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use ipnet::IpNet;

/// How many connections each address has, so that one machine cannot take all of them. Loopback and trusted
/// proxies are exempt: everybody comes through them.
#[derive(Clone)]
pub(crate) struct Addresses {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
    exempt: Arc<[IpNet]>,
    most: usize,
}

/// One connection of an address; gives its place back when dropped.
pub(crate) struct Place(Option<(Addresses, IpAddr)>);

impl Addresses {
    pub(crate) fn new(most: usize, exempt: &[IpNet]) -> Self {
        Self { counts: Arc::default(), exempt: exempt.into(), most }
    }

    /// A place for a connection from `address`, if it has not too many already.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Place> {
        // An IPv4 peer of a dual-stack socket is that IPv4 address.
        let address = address.to_canonical();
        if address.is_loopback() || self.exempt.iter().any(|net| net.contains(&address)) {
            return Some(Place(None));
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place(Some((self.clone(), address))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((addresses, address)) = self.0.take() else { return };
        let mut counts = addresses.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_has_its_share_and_gives_it_back() {
        let addresses = Addresses::new(2, &[]);
        let (first, _second) = (addresses.admit(ip("192.0.2.1")).unwrap(), addresses.admit(ip("192.0.2.1")));
        assert!(addresses.admit(ip("::ffff:192.0.2.1")).is_none());
        assert!(addresses.admit(ip("192.0.2.2")).is_some());
        drop(first);
        assert!(addresses.admit(ip("192.0.2.1")).is_some());
    }

    #[test]
    fn proxies_and_loopback_are_exempt() {
        let addresses = Addresses::new(0, &["10.0.0.0/8".parse().unwrap()]);
        assert!(addresses.admit(ip("10.1.2.3")).is_some());
        assert!(addresses.admit(ip("127.0.0.1")).is_some());
        assert!(addresses.admit(ip("192.0.2.1")).is_none());
    }
}
