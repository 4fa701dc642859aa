//! A fake of TikFinity's feed: a WebSocket on loopback that pushes frames and expects to be asked nothing.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::far_side::{FarSide, listening_on};
use crate::viewer::{GiftKind, Viewer};

/// Frames that may wait for a client; more than any test pushes.
const FRAMES: usize = 20_000;

/// A running feed. It stops, and every connection with it, when this is dropped.
pub struct FakeFeed {
    address: SocketAddr,
    stage: Arc<Stage>,
    _serving: FarSide,
}

/// What is done to everybody who is connected.
#[derive(Clone, Debug)]
enum Deed {
    Push(String),
    Break,
    Close,
    FallSilent,
}

struct Stage {
    deeds: broadcast::Sender<Deed>,
    seen: Mutex<FeedSeen>,
    changed: Condvar,
}

/// What clients did.
#[derive(Clone, Debug, Default)]
pub struct FeedSeen {
    /// Connections that were accepted so far.
    pub connections: usize,
    /// Connections that are over.
    pub ended: usize,
    /// What clients said beside pings; a feed is asked nothing.
    pub said: Vec<String>,
}

impl FakeFeed {
    /// Starts on a free loopback port.
    ///
    /// # Panics
    /// The machine has no free port or thread left: no test can go on then.
    pub fn start() -> Self {
        Self::start_on(0).expect("a free loopback port can be listened on")
    }

    /// Starts on a given loopback port, 0 for a free one.
    ///
    /// # Errors
    /// The port is taken.
    pub fn start_on(port: u16) -> io::Result<Self> {
        let listener = listening_on(port)?;
        let address = listener.local_addr()?;
        let stage =
            Arc::new(Stage { deeds: broadcast::Sender::new(FRAMES), seen: Mutex::default(), changed: Condvar::new() });
        let router = Router::new().fallback(accept).with_state(Arc::clone(&stage));
        let serving = FarSide::start("fake-tikfinity", move || async move {
            let listener = TcpListener::from_std(listener).expect("it listens and does not block");
            axum::serve(listener, router).await.expect("it serves until it is dropped");
        })?;
        Ok(Self { address, stage, _serving: serving })
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its address, as `--source tikfinity:URL` takes it.
    pub fn url(&self) -> String {
        format!("ws://{}/", self.address)
    }

    /// Pushes a frame to everybody who is connected.
    pub fn push(&self, frame: &Value) {
        self.push_text(&frame.to_string());
    }

    /// Pushes a text that need not be a frame.
    pub fn push_text(&self, text: &str) {
        self.act(Deed::Push(text.to_owned()));
    }

    /// Breaks every connection without a word.
    pub fn break_off(&self) {
        self.act(Deed::Break);
    }

    /// Closes every connection in order.
    pub fn close(&self) {
        self.act(Deed::Close);
    }

    /// Holds every connection open and answers nothing on it any more.
    pub fn fall_silent(&self) {
        self.act(Deed::FallSilent);
    }

    /// What clients did so far.
    pub fn seen(&self) -> FeedSeen {
        self.stage.seen().clone()
    }

    /// Blocks until that holds for what clients did. In an async test, call it from `spawn_blocking`.
    ///
    /// # Panics
    /// It does not hold within `timeout`.
    pub fn wait_until(&self, what: &str, timeout: Duration, is_so: impl Fn(&FeedSeen) -> bool) {
        let deadline = Instant::now() + timeout;
        let mut seen = self.stage.seen();
        while !is_so(&seen) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited {timeout:?} for {what}; seen: {seen:?}");
            seen = self.stage.changed.wait_timeout(seen, left).expect("nobody panics while noting").0;
        }
    }

    fn act(&self, deed: Deed) {
        // Nobody may be connected, who then misses it.
        let _ = self.stage.deeds.send(deed);
    }
}

impl Stage {
    fn seen(&self) -> MutexGuard<'_, FeedSeen> {
        self.seen.lock().expect("nobody panics while noting")
    }

    fn note(&self, write: impl FnOnce(&mut FeedSeen)) {
        write(&mut self.seen());
        self.changed.notify_all();
    }
}

async fn accept(State(stage): State<Arc<Stage>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |websocket| serve(websocket, stage))
}

async fn serve(websocket: WebSocket, stage: Arc<Stage>) {
    let deeds = stage.deeds.subscribe();
    // Only now, so that whoever waits for the connection may push.
    stage.note(|seen| seen.connections += 1);
    push_on(websocket, deeds, &stage).await;
    stage.note(|seen| seen.ended += 1);
}

async fn push_on(mut websocket: WebSocket, mut deeds: broadcast::Receiver<Deed>, stage: &Stage) {
    loop {
        tokio::select! {
            deed = deeds.recv() => match deed {
                Ok(Deed::Push(text)) => {
                    if websocket.send(Message::Text(text.into())).await.is_err() {
                        return;
                    }
                }
                Ok(Deed::Close) => {
                    // Whoever left already needs no farewell.
                    let _ = websocket.send(Message::Close(None)).await;
                    return;
                }
                Ok(Deed::FallSilent) => return std::future::pending().await,
                Ok(Deed::Break) | Err(_) => return,
            },
            message = websocket.recv() => match message {
                Some(Ok(Message::Text(text))) => stage.note(|seen| seen.said.push(text.to_string())),
                // The library answers pings.
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        }
    }
}

/// A frame of that event by a viewer of `streamer`'s live, with the fields that every such frame has and these.
///
/// # Panics
/// `fields` is no object.
pub fn frame(streamer: &str, event: &str, viewer: Viewer, msg_id: i64, fields: Value) -> Value {
    let mut data = json!({
        "userId": viewer.id.to_string(),
        "secUid": "MS4wLjABAAAA",
        "uniqueId": viewer.handle,
        "nickname": viewer.nickname,
        "profilePictureUrl": format!("https://pictures.invalid/{}.webp", viewer.handle),
        "followRole": 0,
        "userBadges": [],
        "userSceneTypes": [],
        "userDetails": { "createTime": "0", "bioDescription": "", "profilePictureUrls": [] },
        "followInfo": { "followingCount": 11, "followerCount": 94, "followStatus": 0, "pushStatus": 0 },
        "isModerator": false,
        "isNewGifter": false,
        "isSubscriber": false,
        "topGifterRank": 0,
        "gifterLevel": 0,
        "teamMemberLevel": 0,
        "msgId": msg_id.to_string(),
        "createTime": "1790000000000",
        "tikfinityUserId": 1_888_822,
        "tikfinityUsername": streamer,
    });
    let more = fields.as_object().expect("fields are an object").clone();
    data.as_object_mut().expect("it was just made").extend(more);
    json!({ "event": event, "data": data })
}

/// A comment as [`frame`].
pub fn chat(streamer: &str, viewer: Viewer, msg_id: i64, comment: &str) -> Value {
    frame(streamer, "chat", viewer, msg_id, json!({ "comment": comment, "emotes": [] }))
}

/// One step of a combo as [`frame`]: its running total, and whether that is its end.
pub fn gift(streamer: &str, viewer: Viewer, msg_id: i64, gift: GiftKind, total: u32, ends: bool) -> Value {
    let fields = json!({
        "giftId": gift.id,
        "giftName": gift.name,
        "giftType": gift.kind,
        "diamondCount": gift.diamonds,
        "repeatCount": total,
        "repeatEnd": ends,
        "groupId": if gift.kind == 1 { "1789999990000" } else { "0" },
        "describe": format!("sent {}", gift.name),
        "giftPictureUrl": format!("https://pictures.invalid/gift-{}.png", gift.id),
        "timestamp": 1_790_000_000_000_i64,
        "receiverUserId": "6800000000000000001",
        "originalName": gift.name,
        "originalDescribe": format!("Sent {}", gift.name),
        "displayType": "webcast_aweme_gift_send_message",
        "label": "{0:user} sent {1:gift}",
        "gift": { "gift_id": gift.id, "repeat_count": total, "repeat_end": u8::from(ends), "gift_type": gift.kind },
    });
    frame(streamer, "gift", viewer, msg_id, fields)
}

/// How many watch; a frame that names nobody.
pub fn room_user(viewers: u64) -> Value {
    json!({ "event": "roomUser", "data": { "topViewers": [], "viewerCount": viewers, "topGifterRank": null } })
}

/// What TikFinity says when somebody connects.
pub fn config() -> Value {
    let rose =
        json!({ "type": "gift", "id": 5655, "name": "Rose", "coins": 1, "imageUrl": "https://pictures.invalid/r" });
    let alert = json!({ "type": "soundalert", "enabled": true, "trigger": rose, "actions": [] });
    json!({ "event": "config", "data": { "events": [alert] } })
}
