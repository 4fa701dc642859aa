//! Who talks with the server right now: pages and programs with an open conversation.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::role::Role;
use crate::dto::ServerConnection;
use crate::push::Push;

/// The open conversations.
#[derive(Debug)]
pub(super) struct Connections {
    open: Mutex<Open>,
    count: watch::Sender<usize>,
    push: Push,
}

#[derive(Debug, Default)]
struct Open {
    conversations: BTreeMap<u64, Conversation>,
    next: u64,
}

#[derive(Debug)]
struct Conversation {
    role: Role,
    from: SocketAddr,
    since_ms: i64,
    close: CancellationToken,
}

/// The place of one conversation; given back when dropped.
#[derive(Debug)]
pub(super) struct Entered {
    connections: Arc<Connections>,
    number: u64,
    /// Cancelled when the conversation has to end.
    pub(super) close: CancellationToken,
}

impl Connections {
    pub(super) fn new(push: Push) -> Self {
        Self { open: Mutex::default(), count: watch::Sender::new(0), push }
    }

    /// A place for one more conversation, or `None` where its role has as many as it may; it ends with `server`.
    pub(super) fn enter(
        self: &Arc<Self>,
        role: Role,
        from: SocketAddr,
        since_ms: i64,
        server: &CancellationToken,
    ) -> Option<Entered> {
        let mut open = self.open.lock();
        let of_kin = open.conversations.values().filter(|it| it.role.is_kin_of(&role)).count();
        if of_kin >= role.conversations() {
            return None;
        }
        let close = server.child_token();
        let number = open.next;
        open.next += 1;
        open.conversations.insert(number, Conversation { role, from, since_ms, close: close.clone() });
        self.tell(open.conversations.len());
        Some(Entered { connections: Arc::clone(self), number, close })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        *self.count.borrow()
    }

    /// All of them, the oldest first.
    pub(super) fn list(&self) -> Vec<ServerConnection> {
        let shown = |it: &Conversation| ServerConnection {
            role: it.role.to_string(),
            from: it.from.ip().to_string(),
            since_ms: it.since_ms,
        };
        self.open.lock().conversations.values().map(shown).collect()
    }

    /// Ends all of them.
    pub(super) fn close_all(&self) {
        for conversation in self.open.lock().conversations.values() {
            conversation.close.cancel();
        }
    }

    /// Waits until the last one has ended.
    pub(super) async fn none_left(&self) {
        // The sender is our own, so it does not end.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    fn tell(&self, count: usize) {
        self.count.send_replace(count);
        self.push.note(|gathered| gathered.health = true);
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock();
        open.conversations.remove(&self.number);
        self.connections.tell(open.conversations.len());
    }
}
