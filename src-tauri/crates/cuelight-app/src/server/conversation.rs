//! A WebSocket of somebody who was let in: the token at its beginning, its pace, its end.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::connections::Entered;
use super::house::House;
use super::limits;
use super::rates::Bucket;
use super::refusal::token_refused;
use super::role::Role;
use super::tokens::Admitted;
use super::visitor::Visitor;
use crate::dto::{Failure, FailureCode};

/// Closed because the token lets nobody in, or no longer.
const CLOSED_TOKEN_REFUSED: u16 = 4401;

/// Closed because there are too many already.
const CLOSED_TOO_MANY: u16 = 4429;

/// Closed because the server ends (RFC 6455, 7.4.1).
const CLOSED_GOING_AWAY: u16 = 1001;

/// Closed because nothing was heard for too long (RFC 6455, 7.4.1).
const CLOSED_SILENT: u16 = 1008;

/// An open WebSocket of somebody who was let in.
pub(super) struct Conversation {
    socket: WebSocket,
    role: Role,
    entered: Entered,
    server_closes: CancellationToken,
    heard: Instant,
    ping: Interval,
    pace: Bucket,
    /// Nothing is read before.
    read_from: Instant,
    /// Keeps the socket's place.
    _visitor: Visitor,
}

/// The first message of a page: browsers send no headers with a WebSocket.
#[derive(Deserialize)]
struct FirstMessage {
    token: String,
}

/// What is said when somebody is refused: no answer to any command.
#[derive(Serialize)]
pub(super) struct Refused<'a> {
    pub(super) error: &'a Failure,
}

/// The far side is gone.
#[derive(Debug)]
pub(super) struct Gone;

impl Conversation {
    /// Sets the bounds of what may be sent to us before anybody is known.
    pub(super) fn bounded(upgrade: WebSocketUpgrade, visitor: &Visitor) -> WebSocketUpgrade {
        let largest = if visitor.is_here() { limits::IMPORT_BYTES } else { limits::REMOTE_MESSAGE_BYTES };
        upgrade
            .max_message_size(largest)
            .max_frame_size(largest)
            .write_buffer_size(0)
            .max_write_buffer_size(limits::UNSENT_BYTES)
    }

    /// Waits for the token and gives its holder a place; refuses and closes otherwise.
    pub(super) async fn begin(house: &House, visitor: Visitor, mut socket: WebSocket) -> Option<Self> {
        let first = tokio::time::timeout(limits::TOKEN_TIME, socket.next()).await;
        let token = match first {
            Ok(Some(Ok(Message::Text(text)))) => serde_json::from_str::<FirstMessage>(&text).ok(),
            // A closed socket, odd bytes, or nothing in time: all the same, no token.
            Ok(_) | Err(_) => None,
        };
        let admitted = token.ok_or_else(token_refused).and_then(|first| house.admit(&first.token, &visitor));
        match admitted {
            Ok(admitted) => Self::begin_as(house, visitor, socket, admitted).await,
            Err(failure) => {
                refuse(&mut socket, &failure).await;
                None
            }
        }
    }

    /// Gives somebody a place who has shown the token before.
    pub(super) async fn begin_as(
        house: &House,
        visitor: Visitor,
        mut socket: WebSocket,
        admitted: Admitted,
    ) -> Option<Self> {
        let entered = match house.enter(&admitted, &visitor) {
            Ok(entered) => entered,
            Err(failure) => {
                refuse(&mut socket, &failure).await;
                return None;
            }
        };
        let now = Instant::now();
        let mut ping = tokio::time::interval_at(now + limits::PING_TIME, limits::PING_TIME);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Some(Self {
            socket,
            role: admitted.role,
            entered,
            server_closes: house.closing.clone(),
            heard: now,
            ping,
            pace: Bucket::new(limits::MESSAGES, now),
            read_from: now,
            _visitor: visitor,
        })
    }

    /// What its holder may do.
    pub(super) fn role(&self) -> &Role {
        &self.role
    }

    /// Whether it is to end: its token was renewed, or the server ends.
    pub(super) fn is_to_end(&self) -> bool {
        self.entered.close.is_cancelled() || self.server_closes.is_cancelled()
    }

    /// The next text, no sooner than the pace allows; `None` when the conversation is over. Dropping it loses nothing.
    pub(super) async fn next(&mut self) -> Option<Utf8Bytes> {
        loop {
            let waits = self.read_from > Instant::now();
            tokio::select! {
                biased;
                () = self.entered.close.cancelled() => return self.end().await,
                () = tokio::time::sleep_until(self.read_from), if waits => {}
                message = self.socket.next(), if !waits => match message {
                    Some(Ok(Message::Text(text))) => {
                        self.hear();
                        return Some(text);
                    }
                    Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => self.hear(),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                },
                _ = self.ping.tick() => {
                    if self.heard.elapsed() > limits::SILENCE_TIME {
                        close(&mut self.socket, CLOSED_SILENT).await;
                        return None;
                    }
                    self.socket.send(Message::Ping(Default::default())).await.ok()?;
                }
            }
        }
    }

    /// Reads nothing until the conversation is over.
    pub(super) async fn rest(&mut self) -> Option<Utf8Bytes> {
        self.entered.close.cancelled().await;
        self.end().await
    }

    /// Says something.
    ///
    /// # Errors
    /// The far side is gone, or takes nothing.
    pub(super) async fn say(&mut self, what: &impl Serialize) -> Result<(), Gone> {
        say(&mut self.socket, what).await
    }

    /// Tells why it is over, and ends it.
    pub(super) async fn refuse(mut self, failure: &Failure) {
        refuse(&mut self.socket, failure).await;
    }

    /// Every message is paid for; who sends too many is read more slowly.
    fn hear(&mut self) {
        self.heard = Instant::now();
        if let Err(wait) = self.pace.take(self.heard) {
            self.read_from = self.heard + wait;
        }
    }

    async fn end(&mut self) -> Option<Utf8Bytes> {
        if self.server_closes.is_cancelled() {
            close(&mut self.socket, CLOSED_GOING_AWAY).await;
        } else {
            refuse(&mut self.socket, &token_refused()).await;
        }
        None
    }
}

async fn say(socket: &mut WebSocket, what: &impl Serialize) -> Result<(), Gone> {
    let text = serde_json::to_string(what).map_err(|error| {
        tracing::error!(%error, "something could not be written as JSON");
        Gone
    })?;
    socket.send(Message::Text(text.into())).await.map_err(|_| Gone)
}

async fn refuse(socket: &mut WebSocket, failure: &Failure) {
    let code = if failure.code == FailureCode::TokenRefused { CLOSED_TOKEN_REFUSED } else { CLOSED_TOO_MANY };
    if say(socket, &Refused { error: failure }).await.is_ok() {
        close(socket, code).await;
    }
}

async fn close(socket: &mut WebSocket, code: u16) {
    let frame = CloseFrame { code, reason: Utf8Bytes::default() };
    // Who is gone already needs no goodbye.
    let _ = socket.send(Message::Close(Some(frame))).await;
}
