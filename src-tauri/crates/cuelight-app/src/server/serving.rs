//! The server at work: opened, closed and opened again as the settings say.

use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use axum::{Router, middleware};
use cuelight_core::settings::{ServerSettings, Settings};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::house::House;
use super::listening::{Ports, network_address};
use super::{Shared, Standing, gate, http, limits, ui, window};
use crate::api::Door;

/// What is wanted of the server beside its settings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wish {
    /// As it is set.
    #[default]
    AsSet,
    /// It runs, whatever is set: on that port, where one is given, and open to the network where that is wanted.
    Now {
        /// The port in place of the one that is set.
        port: Option<u16>,
        /// Open to the network even where that is not set.
        lan: bool,
    },
}

impl Wish {
    fn over(self, set: ServerSettings) -> ServerSettings {
        match self {
            Self::AsSet => set,
            Self::Now { port, lan } => {
                ServerSettings { enabled: true, port: port.unwrap_or(set.port), lan: set.lan || lan }
            }
        }
    }
}

/// The running server; dropped without [`Serving::stop`] it goes on with the app.
#[derive(Debug)]
pub struct Serving {
    stop: CancellationToken,
    standing: watch::Receiver<Standing>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Starts it on the tasks of the runtime that this is called in. It follows the settings from then on.
    #[must_use]
    pub fn start(door: &Door, wish: Wish) -> Self {
        let stop = CancellationToken::new();
        let shared = Arc::clone(&door.app().server.shared);
        shared.stand(Standing::Opening);
        let standing = shared.standing.subscribe();
        let settings = door.app().settings.subscribe();
        let task = tokio::spawn(follow(door.clone(), shared, settings, wish, stop.clone()));
        Self { stop, standing, task }
    }

    /// Waits until it answers, or is known not to.
    pub async fn settled(&mut self) {
        // The app that keeps the sender outlives its server.
        let _ = self.standing.wait_for(|standing| *standing != Standing::Opening).await;
    }

    /// How long [`Serving::stop`] takes at most: as long for what is being answered as for the goodbye afterwards.
    pub const LONGEST_STOP: Duration = limits::END_TIME.saturating_mul(2);

    /// Closes it, and says goodbye to whoever is connected.
    pub async fn stop(self) {
        self.stop.cancel();
        // A task that broke off has closed its ports too.
        let _ = self.task.await;
    }
}

impl Shared {
    fn stand(&self, standing: Standing) {
        self.standing.send_replace(standing);
        self.push.note(|gathered| gathered.health = true);
    }
}

async fn follow(
    door: Door,
    shared: Arc<Shared>,
    mut settings: watch::Receiver<Settings>,
    wish: Wish,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        let wanted = wish.over(settings.borrow_and_update().server);
        let closing = stop.child_token();
        let serving = serve(&door, &shared, wanted, closing.clone());
        let changed = changed(&mut settings, wish, wanted);
        tokio::pin!(serving);
        tokio::select! {
            () = &mut serving => {}
            () = changed => {
                closing.cancel();
                serving.await;
            }
        }
    }
    shared.stand(Standing::Off);
}

/// Waits until something else is wanted.
async fn changed(settings: &mut watch::Receiver<Settings>, wish: Wish, wanted: ServerSettings) {
    if settings.wait_for(|settings| wish.over(settings.server) != wanted).await.is_err() {
        // Nobody is left who could change them.
        std::future::pending::<()>().await;
    }
}

/// Answers as that is wanted, until it is closed.
async fn serve(door: &Door, shared: &Arc<Shared>, wanted: ServerSettings, closing: CancellationToken) {
    if !wanted.enabled {
        shared.stand(Standing::Off);
        return closing.cancelled().await;
    }
    let ports = match Ports::open(wanted.port, wanted.lan).await {
        Ok(ports) => ports,
        Err(error) => {
            tracing::warn!(%error, "the local server cannot run");
            shared.stand(Standing::Failed { problem: error.to_string() });
            return closing.cancelled().await;
        }
    };
    if ports.port != wanted.port {
        tracing::info!(wanted = wanted.port, port = ports.port, "the local server took another port");
    }
    let network = wanted.lan.then(network_address).flatten();
    shared.stand(Standing::Open { port: ports.port, network });
    let house = House {
        door: door.clone(),
        shared: Arc::clone(shared),
        closing: closing.clone(),
        is_open_to_network: wanted.lan,
    };
    ports.answer(router(Arc::new(house)), closing).await;
    // Who does not take the goodbye is cut off by the end of the program.
    let _ = tokio::time::timeout(limits::END_TIME, shared.connections.none_left()).await;
}

fn router(house: Arc<House>) -> Router {
    Router::new()
        .route("/", get(window::page))
        .route("/assets/{name}", get(window::asset))
        .route("/pictures/{hash}", get(window::picture))
        .route("/ui", get(ui::open))
        .merge(http::routes())
        .fallback(window::nothing)
        .layer(middleware::from_fn_with_state(Arc::clone(&house), gate::guard))
        .with_state(house)
}
