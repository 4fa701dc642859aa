//! An app with a live that the test itself sends.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cuelight_core::event::{Body, Comment, Connect, Event, Gift, GiftDetails};
use cuelight_core::id::{GroupId, MsgId, RoomId, SessionId, UserId};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{Capture, CaptureRequest};
use cuelight_runtime::source::{Batch, EventSender, EventSource, SourceEnd, SourceFuture};
use cuelight_runtime::store::{Reader, Settings};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::Door;
use crate::app::App;
use crate::dto::{CallerRole, Failure};
use crate::shell::NoShell;

/// Noon of a day, at which these lives happen.
pub(super) const NOON_MS: i64 = 1_768_219_200_000;

/// Longest wait for what the workers do.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Home {
    pub(super) door: Door,
    pub(super) clock: Clock,
    place: tempfile::TempDir,
}

/// A live that goes on.
pub(super) struct Live {
    events: mpsc::Sender<(Vec<Event>, oneshot::Sender<()>)>,
    capture: Capture,
    signals: mpsc::Sender<cuelight_core::signal::Signal>,
    app: Arc<App>,
    sent: u64,
}

struct Stream {
    events: mpsc::Receiver<(Vec<Event>, oneshot::Sender<()>)>,
}

impl EventSource for Stream {
    fn run<'a>(&'a mut self, out: &'a EventSender, _: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(async move {
            while let Some((events, committed)) = self.events.recv().await {
                let batch = Batch { events, received_ms: out.clock().now_ms(), ..Batch::default() };
                let receipt = out.send(batch).await.expect("the lane runs");
                receipt.committed().await.expect("it is committed");
                committed.send(()).expect("the test waits");
            }
            Ok(SourceEnd::Ended)
        })
    }

    fn is_live(&self) -> bool {
        true
    }
}

impl Home {
    pub(super) fn new(rules: Vec<Value>) -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let clock = Clock::manual(NOON_MS);
        let app = App::begin(&folder, clock.clone(), Arc::new(NoShell)).expect("it begins");
        for rule in app.store().reader().expect("readable").rules().expect("the starter rules") {
            app.store().delete_rule(&rule.id).expect("there is room");
        }
        for rule in rules {
            app.store().put_rule(&serde_json::from_value(rule).expect("a rule")).expect("there is room");
        }
        Self { door: Door::new(app), clock, place }
    }

    pub(super) async fn call(&self, command: &str, input: Value) -> Value {
        self.try_call(command, input).await.unwrap_or_else(|failure| panic!("{command}: {failure:?}"))
    }

    pub(super) async fn try_call(&self, command: &str, input: Value) -> Result<Value, Failure> {
        self.door.call(CallerRole::Full, command, input).await
    }

    pub(super) fn reader(&self) -> Reader {
        self.door.app().store().reader().expect("readable")
    }

    /// The data folder.
    pub(super) fn folder(&self) -> &Path {
        self.place.path()
    }

    /// Waits until nothing waits or runs in any queue.
    pub(super) async fn idle(&self) {
        let idle = self.door.app().engine.workers.idle();
        tokio::time::timeout(PATIENCE, idle)
            .await
            .expect("it does not take that long")
            .expect("the queues can be read");
    }

    /// Goes live as luna; every event is committed when its sending returns.
    pub(super) async fn go_live(&self) -> Live {
        let app = Arc::clone(self.door.app());
        let (deciding, signals) = app.engine.deciding(None, 0).expect("readable");
        let (events, stream) = mpsc::channel(1);
        let request = CaptureRequest {
            source_name: "tiktok:direct".into(),
            session_name: None,
            settings: Settings::default(),
            publication: None,
            deciding: Some(deciding),
        };
        let capture = app.runtime.capture(request, Box::new(Stream { events: stream })).expect("the journal opens");
        let mut live = Live { events, capture, signals, app, sent: 0 };
        let connect = Connect { unique_id: "luna.plays".into(), room_id: RoomId::new("71") };
        live.send(Body::Connect(connect)).await;
        live.app.live.take_lane(SessionId(1), live.signals.clone());
        live
    }
}

impl Live {
    pub(super) async fn send(&mut self, body: Body) {
        self.sent += 1;
        let mut event = Event::own(body, Timestamp::from_ms(NOON_MS));
        event.stamp.msg_id = MsgId::from_number(self.sent);
        let (committed, is_committed) = oneshot::channel();
        self.events.send((vec![event], committed)).await.expect("the source runs");
        tokio::time::timeout(PATIENCE, is_committed).await.expect("it does not take that long").expect("committed");
    }

    /// Somebody gives that many of a gift, in one combo of two messages.
    pub(super) async fn give(&mut self, id: i64, name: &str, count: u32) {
        let group = self.sent;
        for (count, streaking) in [(count.saturating_sub(1).max(1), true), (count, false)] {
            let gift = GiftDetails {
                id,
                name: Some(name.into()),
                diamond_count: Some(1),
                gift_type: Some(1),
                ..GiftDetails::default()
            };
            let group_id = GroupId::from_number(900 + group);
            let gift = Gift { user: ana(), gift, repeat_count: count, streaking, group_id, ..Gift::default() };
            self.send(Body::Gift(Box::new(gift))).await;
        }
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.send(Body::Comment(Comment { user: ana(), comment: text.to_owned(), ..Comment::default() })).await;
    }

    /// Shows what was committed to whoever waits for a gift, as the follower of a live does.
    pub(super) async fn show_committed(&mut self) {
        let committed = self.capture.feed.next().await.expect("readable").expect("something came");
        committed.iter().for_each(|committed| self.app.catching.offer(&committed.event));
    }

    /// Ends the live.
    pub(super) async fn end(self) {
        let Self { events, capture, signals, .. } = self;
        drop((events, signals));
        let end = tokio::time::timeout(PATIENCE, capture.end()).await.expect("it does not take that long");
        end.journal.expect("the journal was written");
    }
}

pub(super) fn ana() -> User {
    User {
        unique_id: "ana".into(),
        nickname: "Ana".into(),
        user_id: UserId::new("7"),
        follow_role: Some(1),
        ..User::default()
    }
}
