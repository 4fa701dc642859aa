//! How many requests and sockets an address may have: counted in buckets that fill again with time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use super::limits;

/// So many at once, then so many a second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) burst: u32,
    pub(super) per_second: u32,
}

/// What is left of a rate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    rate: Rate,
    left: f64,
    at: Instant,
}

impl Bucket {
    /// A full one.
    pub(super) fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, left: rate.burst.into(), at: now }
    }

    /// Takes one out.
    ///
    /// # Errors
    /// It is empty: how long until there is one again.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.fill(now);
        if self.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.left) / f64::from(self.rate.per_second)));
        }
        self.left -= 1.0;
        Ok(())
    }

    fn fill(&mut self, now: Instant) {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * f64::from(self.rate.per_second);
        self.left = (self.left + gained).min(self.rate.burst.into());
        self.at = now;
    }

    fn is_full(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.left >= f64::from(self.rate.burst)
    }
}

/// Everybody who was heard of lately, with what is left to them.
#[derive(Debug, Default)]
pub(super) struct Peers {
    peers: Mutex<HashMap<IpAddr, Peer>>,
}

#[derive(Debug)]
struct Peer {
    sockets: usize,
    requests: Bucket,
}

/// The place of one open socket; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    peers: Arc<Peers>,
    address: IpAddr,
}

impl Peers {
    /// A place for one more socket of that address, or `None` where it has too many, or all together have.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr, now: Instant) -> Option<Place> {
        let mut peers = self.peers.lock();
        if peers.values().map(|peer| peer.sockets).sum::<usize>() >= limits::SOCKETS {
            return None;
        }
        if peers.len() >= limits::PEERS && !peers.contains_key(&address) {
            peers.retain(|_, peer| peer.sockets > 0 || !peer.requests.is_full(now));
            if peers.len() >= limits::PEERS {
                return None;
            }
        }
        let new = || Peer { sockets: 0, requests: Bucket::new(limits::REQUESTS, now) };
        let peer = peers.entry(address).or_insert_with(new);
        if peer.sockets >= limits::SOCKETS_OF_ONE {
            return None;
        }
        peer.sockets += 1;
        Some(Place { peers: Arc::clone(self), address })
    }
}

impl Place {
    /// Counts one request.
    ///
    /// # Errors
    /// There were too many: how long until the next one is taken.
    pub(super) fn request(&self, now: Instant) -> Result<(), Duration> {
        let mut peers = self.peers.peers.lock();
        peers.get_mut(&self.address).map_or(Ok(()), |peer| peer.requests.take(now))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(peer) = self.peers.peers.lock().get_mut(&self.address) {
            peer.sockets -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn a_bucket_gives_its_burst_and_then_one_for_each_part_of_a_second() {
        let begin = Instant::now();
        let mut bucket = Bucket::new(Rate { burst: 3, per_second: 2 }, begin);
        for _ in 0..3 {
            bucket.take(begin).expect("the burst");
        }
        let wait = bucket.take(begin).expect_err("it is empty");
        assert_eq!(wait, Duration::from_millis(500), "two a second");
        bucket.take(begin + wait).expect("one has grown again");
        bucket.take(begin + wait).expect_err("and only one");
        let later = begin + Duration::from_secs(3_600);
        let taken = (0..10).filter(|_| bucket.take(later).is_ok()).count();
        assert_eq!(taken, 3, "an hour of rest gives no more than the burst");
    }

    #[test]
    fn one_address_cannot_take_the_places_of_all() {
        let peers = Arc::new(Peers::default());
        let now = Instant::now();
        let mut places: Vec<Place> = std::iter::from_fn(|| peers.enter(ONE, now)).collect();
        assert_eq!(places.len(), limits::SOCKETS_OF_ONE, "so many for one");
        let other = peers.enter(OTHER, now);
        assert!(other.is_some(), "the others have theirs");
        places.pop();
        assert!(peers.enter(ONE, now).is_some(), "who leaves makes room");
    }

    #[test]
    fn more_sockets_than_all_may_have_are_refused() {
        let peers = Arc::new(Peers::default());
        let now = Instant::now();
        let address = |number: u16| IpAddr::V4(std::net::Ipv4Addr::from(0x0a00_0000 + u32::from(number)));
        let places: Vec<Place> = (0..1_000).map_while(|number| peers.enter(address(number), now)).collect();
        assert_eq!(places.len(), limits::SOCKETS, "whoever they are");
    }

    #[test]
    fn addresses_that_have_been_quiet_are_forgotten_and_busy_ones_are_not() {
        let peers = Arc::new(Peers::default());
        let begin = Instant::now();
        let address = |number: usize| IpAddr::V4(std::net::Ipv4Addr::from(0x0a00_0000 + number as u32));
        for number in 0..limits::PEERS {
            let place = peers.enter(address(number), begin).expect("there is room");
            place.request(begin).expect("the first");
        }
        assert!(peers.enter(ONE, begin).is_none(), "nobody has been quiet yet, so their counts are kept");
        assert!(peers.enter(ONE, begin + Duration::from_secs(1)).is_some(), "a second later they are full again");
        assert_eq!(peers.peers.lock().len(), 1, "and forgotten");
    }
}
