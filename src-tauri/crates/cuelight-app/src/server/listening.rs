//! The open ports: who knocks gets a place and the router, until the ports are closed.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::limits;
use super::patient::Patient;
use super::rates::{Peers, Place};
use super::visitor::Visitor;

/// Ports that are open but not answered yet.
#[derive(Debug)]
pub(super) struct Ports {
    listeners: Vec<TcpListener>,
    /// The one port that all of them have.
    pub(super) port: u16,
}

/// No port could be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum PortsError {
    /// All of them are taken.
    #[error("no port from {from} to {to} is free")]
    Taken {
        /// The first one that was tried.
        from: u16,
        /// The last one.
        to: u16,
    },
    /// The system refused.
    #[error("could not open port {port}: {source}")]
    Refused {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
}

impl Ports {
    /// Opens that port or the next free one; 0 takes any. With `network` other machines can reach it too.
    pub(super) async fn open(from: u16, network: bool) -> Result<Self, PortsError> {
        let address = if network { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let to = if from == 0 { 0 } else { from.saturating_add(limits::PORTS - 1) };
        for port in from..=to {
            match TcpListener::bind((address, port)).await {
                Ok(listener) => return Self::beside(listener).await,
                // What the system keeps for others is as good as taken.
                Err(error) if matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied) => {}
                Err(source) => return Err(PortsError::Refused { port, source }),
            }
        }
        Err(PortsError::Taken { from, to })
    }

    /// The same port by the new kind of address, where the system has that: browsers ask it first for `localhost`.
    async fn beside(listener: TcpListener) -> Result<Self, PortsError> {
        let refused = |source| PortsError::Refused { port: 0, source };
        let port = listener.local_addr().map_err(refused)?.port();
        let mut listeners = vec![listener];
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok());
        Ok(Self { listeners, port })
    }

    /// Answers with that router until `closing` is cancelled, then lets go of the ports.
    pub(super) async fn answer(self, router: Router, closing: CancellationToken) {
        let peers = Arc::new(Peers::default());
        let mut accepting = JoinSet::new();
        for listener in self.listeners {
            accepting.spawn(accept(listener, router.clone(), Arc::clone(&peers), closing.clone()));
        }
        accepting.join_all().await;
    }
}

async fn accept(listener: TcpListener, router: Router, peers: Arc<Peers>, closing: CancellationToken) {
    let mut sockets = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = closing.cancelled() => break,
            Some(_) = sockets.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => {
                // Who finds no place is hung up on: an answer would need one.
                let Some(place) = peers.enter(from.ip(), Instant::now()) else { continue };
                let Some(visitor) = visitor(&stream, from, place) else { continue };
                sockets.spawn(serve(stream, router.clone().layer(Extension(visitor)), closing.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a socket could not be taken");
                tokio::time::sleep(limits::ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    // What has not ended by then is dropped with the set.
    let _ = tokio::time::timeout(limits::END_TIME, async { while sockets.join_next().await.is_some() {} }).await;
}

fn visitor(stream: &TcpStream, from: SocketAddr, place: Place) -> Option<Visitor> {
    // Small messages must not wait for large ones; without it they are only later.
    let _ = stream.set_nodelay(true);
    Some(Visitor { from, asked: stream.local_addr().ok()?, place: Arc::new(place) })
}

async fn serve(stream: TcpStream, router: Router, closing: CancellationToken) {
    let stream = TokioIo::new(Patient::new(stream, limits::WRITE_TIME));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits::HEAD_TIME)
            .max_buf_size(limits::HEAD_BYTES)
            .max_headers(limits::HEADERS)
            .serve_connection(stream, TowerToHyperService::new(router))
            .with_upgrades()
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// The address by which other machines of the network reach this one; nothing is sent to find it out.
pub(super) fn network_address() -> Option<IpAddr> {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address that is in use nowhere (RFC 5737): the system only chooses the way to it.
    socket.connect((Ipv4Addr::new(203, 0, 113, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}
