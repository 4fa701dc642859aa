//! The workers at work: one for each service, hired while others work, and let go again.

use std::collections::BTreeMap;
use std::sync::Arc;

use cuelight_core::id::ServiceId;
use cuelight_core::service::Service;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::attempt::Tools;
use super::bells::Bells;
use super::known::SwitchedOff;
use super::news::News;
use super::orders::Orders;
use super::service_worker::ServiceWorker;
use super::status::{self, StatusSender, Statuses};
use super::teller::Teller;
use super::turn::Claims;
use crate::actions::{ActionContext, Registry};
use crate::paths::DataFolder;

/// What every worker is given, and who works.
#[derive(Debug)]
pub(super) struct Crew {
    pub(super) claims: Claims,
    pub(super) folder: DataFolder,
    pub(super) registry: Arc<Registry>,
    pub(super) context: ActionContext,
    pub(super) orders: Orders,
    pub(super) bells: Bells,
    pub(super) news: News,
    pub(super) switched_off: watch::Receiver<SwitchedOff>,
    pub(super) statuses: watch::Sender<Statuses>,
    /// Set when all of them are to stop.
    pub(super) stop: CancellationToken,
    pub(super) posts: BTreeMap<ServiceId, Post>,
}

/// The place of one worker.
#[derive(Debug, Clone)]
pub(super) struct Post {
    stop: CancellationToken,
    ended: CancellationToken,
}

impl Crew {
    /// The work of a new worker for that service, which is to be spawned; none where there is one.
    pub(super) fn hire(&mut self, service: &Service) -> Option<impl Future<Output = ()> + Send + use<>> {
        if self.posts.contains_key(&service.id) {
            return None;
        }
        let post = Post { stop: self.stop.child_token(), ended: CancellationToken::new() };
        self.posts.insert(service.id.clone(), post.clone());
        self.statuses.send_modify(|statuses| drop(statuses.insert(service.id.clone(), status::at_first())));
        self.orders.silence.reach(service);
        let teller =
            Teller { service: service.id.clone(), service_name: service.name.as_str().into(), news: self.news.clone() };
        let worker = ServiceWorker {
            service: service.id.clone(),
            claims: self.claims,
            switched_off: self.switched_off.clone(),
            folder: self.folder.clone(),
            queues: self.orders.queues.clone(),
            bell: self.bells.hang(&service.id),
            board: Arc::clone(&self.orders.board),
            silence: self.orders.silence.clone(),
            status: StatusSender { service: service.id.clone(), statuses: self.statuses.clone() },
            tools: Tools {
                registry: Arc::clone(&self.registry),
                queues: self.orders.queues.clone(),
                context: self.context.clone(),
                teller,
            },
            stop: post.stop,
        };
        let ended = post.ended.drop_guard();
        Some(async move {
            worker.work().await;
            drop(ended);
        })
    }

    /// Tells the worker of that service to stop, where there is one.
    pub(super) fn give_notice(&mut self, service: &ServiceId) -> Option<Post> {
        let post = self.posts.remove(service)?;
        post.stop.cancel();
        Some(post)
    }

    /// Forgets a service whose worker has ended and that nobody was hired for since.
    pub(super) fn forget(&mut self, service: &ServiceId) {
        if self.posts.contains_key(service) {
            return;
        }
        self.bells.take_down(service);
        self.orders.silence.forget(service);
        self.statuses.send_modify(|statuses| drop(statuses.remove(service)));
    }
}

impl Post {
    /// Waits until the worker has ended and given its lock back.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }
}
