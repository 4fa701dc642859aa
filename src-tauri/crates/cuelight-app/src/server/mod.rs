//! The local server: the window for browsers, and an interface for scripts, on a port of this machine.
//!
//! It answers on loopback, and on the network only where that was switched on. Who may do what depends on the token that is
//! shown; [`Server`] keeps the tokens and knows who is connected, [`Serving`] is the server at work.

mod connections;
mod conversation;
mod feed;
mod gate;
mod house;
mod http;
mod limits;
mod listening;
mod patient;
mod rates;
mod refusal;
mod role;
mod serving;
#[cfg(test)]
mod tests;
mod token;
mod tokens;
mod ui;
mod visitor;
mod window;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use tokio::sync::watch;

use self::connections::Connections;
use self::role::Role;
pub(crate) use self::role::{BadOverlayName, OverlayName};
pub use self::serving::{Serving, Wish};
use self::token::Token;
use self::tokens::Tokens;
use crate::dto::{Health, HealthId, HealthState, ServerLink, ServerStatus};
use crate::push::Push;

/// What is known of the local server, whether it runs or not.
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
}

/// What the server at work shares with those who ask about it.
#[derive(Debug)]
struct Shared {
    tokens: Tokens,
    connections: Arc<Connections>,
    standing: watch::Sender<Standing>,
    clock: Clock,
    push: Push,
}

/// How the server stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// It is not wanted.
    Off,
    /// It is about to open its ports.
    Opening,
    /// It answers.
    Open {
        port: u16,
        /// Where other machines reach it, if they may.
        network: Option<IpAddr>,
    },
    /// It is wanted and cannot.
    Failed { problem: String },
}

impl Server {
    /// The server of that data folder; it does not run yet.
    #[must_use]
    pub fn new(folder: &DataFolder, clock: Clock, push: Push) -> Self {
        let shared = Shared {
            tokens: Tokens::open(folder.server_tokens()),
            connections: Arc::new(Connections::new(push.clone())),
            standing: watch::Sender::new(Standing::Off),
            clock,
            push,
        };
        Self { shared: Arc::new(shared) }
    }

    /// How it stands, with links that let their holder in.
    #[must_use]
    pub fn status(&self) -> ServerStatus {
        let connections = self.shared.connections.list();
        match &*self.shared.standing.borrow() {
            Standing::Off | Standing::Opening => ServerStatus { connections, ..ServerStatus::default() },
            Standing::Open { port, network } => ServerStatus {
                running: true,
                port: Some(*port),
                problem: None,
                links: self.links(*port, *network),
                connections,
            },
            Standing::Failed { problem } => {
                ServerStatus { problem: Some(problem.clone()), connections, ..ServerStatus::default() }
            }
        }
    }

    /// Its line among the healths; the value is how many pages and programs are connected.
    #[must_use]
    pub fn health(&self) -> Health {
        let state = match &*self.shared.standing.borrow() {
            Standing::Off => HealthState::Off,
            Standing::Opening | Standing::Open { .. } => HealthState::Good,
            Standing::Failed { .. } => HealthState::Bad,
        };
        Health { id: HealthId::Server, state, value: Some(self.shared.connections.count() as i64), reason: None }
    }

    /// Makes new tokens, and ends every conversation that began with an old one.
    pub fn renew_tokens(&self) {
        self.shared.tokens.renew();
        self.shared.connections.close_all();
    }

    /// The token of that overlay as text; `None` where there are too many overlays.
    pub(crate) fn overlay_token(&self, name: &OverlayName) -> Option<String> {
        self.shared.tokens.overlay(name).map(|token| token.to_text())
    }

    fn links(&self, port: u16, network: Option<IpAddr>) -> Vec<ServerLink> {
        let tokens = &self.shared.tokens;
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        vec![
            link(&Role::Full, SocketAddr::new(here, port), &tokens.full()),
            link(&Role::Remote, SocketAddr::new(network.unwrap_or(here), port), &tokens.remote()),
        ]
    }
}

/// Browsers keep the fragment of an address to themselves, so the token is sent nowhere with it.
fn link(role: &Role, address: SocketAddr, token: &Token) -> ServerLink {
    ServerLink { role: role.to_string(), url: format!("http://{address}/#token={}", token.to_text()) }
}
