//! Where a request comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use super::rates::Place;

/// The socket that a request came through; clones are the same one, and its place is free again when the last is gone.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// The far side.
    pub(super) from: SocketAddr,
    /// The address of ours that was asked.
    pub(super) asked: SocketAddr,
    pub(super) place: Arc<Place>,
}

impl Visitor {
    /// It came from this machine by its own loopback address; whatever came another way counts as another machine.
    pub(super) fn is_here(&self) -> bool {
        self.from.ip().is_loopback() && is_loopback_address(self.asked.ip())
    }
}

/// Whether that is the address by which a machine speaks to itself.
pub(super) fn is_loopback_address(address: IpAddr) -> bool {
    address == Ipv4Addr::LOCALHOST || address == Ipv6Addr::LOCALHOST
}
