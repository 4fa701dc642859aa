//! What a connection owes TikTok while it reads: heartbeats, and a word for every batch that is safe.

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use cuelight_core::limits::UNCONFIRMED_BATCHES;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use webcast_proto::outgoing;

use crate::source::{Closed, Receipt};

/// The duties of one connection, in the order in which they come due.
#[derive(Debug)]
pub(super) struct Duties {
    room: i64,
    heartbeat: Interval,
    heartbeats_sent: i64,
    unconfirmed: VecDeque<Unconfirmed>,
}

/// A batch on its way to the journal.
#[derive(Debug)]
struct Unconfirmed {
    receipt: Receipt,
    ack: Option<Vec<u8>>,
}

/// What is due.
#[derive(Debug)]
pub(super) enum Duty {
    /// A heartbeat is to be sent.
    Heartbeat(Vec<u8>),
    /// These frames are safe and to be acknowledged; possibly none wanted it.
    Acknowledge(Vec<Vec<u8>>),
}

impl Duties {
    /// Takes up the duties of a connection that has just been opened.
    pub(super) fn new(room: i64, heartbeat_period: Duration) -> Self {
        let mut heartbeat = interval_at(Instant::now() + heartbeat_period, heartbeat_period);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { room, heartbeat, heartbeats_sent: 0, unconfirmed: VecDeque::new() }
    }

    /// The next heartbeat; they are numbered 1, 2, 3 … within a connection.
    pub(super) fn next_heartbeat(&mut self) -> Vec<u8> {
        self.heartbeats_sent += 1;
        outgoing::heartbeat(self.room, self.heartbeats_sent)
    }

    /// Remembers a batch until it is safe, with the frame that then acknowledges it.
    pub(super) fn expect(&mut self, receipt: Receipt, ack: Option<Vec<u8>>) {
        self.unconfirmed.push_back(Unconfirmed { receipt, ack });
    }

    /// Whether so much waits for the journal that nothing more is to be read.
    pub(super) fn is_full(&self) -> bool {
        self.unconfirmed.len() >= UNCONFIRMED_BATCHES
    }

    /// Whether everything handed on is safe and acknowledged.
    pub(super) fn is_settled(&self) -> bool {
        self.unconfirmed.is_empty()
    }

    /// Waits for the next duty. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Closed`] when the journal ended before it had committed everything.
    pub(super) async fn next(&mut self) -> Result<Duty, Closed> {
        tokio::select! {
            biased;
            acks = committed(&mut self.unconfirmed) => Ok(Duty::Acknowledge(acks?)),
            _ = self.heartbeat.tick() => Ok(Duty::Heartbeat(self.next_heartbeat())),
        }
    }
}

/// Waits for the oldest batch and takes every other along that is safe too: one commit confirms many.
async fn committed(unconfirmed: &mut VecDeque<Unconfirmed>) -> Result<Vec<Vec<u8>>, Closed> {
    if unconfirmed.is_empty() {
        return pending().await;
    }
    poll_fn(|context| {
        let mut acks = Vec::new();
        let mut any = false;
        while let Some(oldest) = unconfirmed.front_mut() {
            match Pin::new(&mut oldest.receipt).poll(context) {
                Poll::Pending if any => return Poll::Ready(Ok(acks)),
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(closed)) => return Poll::Ready(Err(closed)),
                Poll::Ready(Ok(())) => {
                    any = true;
                    acks.extend(unconfirmed.pop_front().and_then(|it| it.ack));
                }
            }
        }
        Poll::Ready(Ok(acks))
    })
    .await
}
