//! One accepted connection: plays the steps of its opening while it notes what the client sends.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Error;
use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use webcast_proto::owned;

use super::Stage;
use super::seen::{Ack, Connection, EnterRoom, Heartbeat};
use super::wire::Scissors;
use crate::frame::{Frame, room_entered};
use crate::live::Live;
use crate::recording::{RecordedFrame, Recording};
use crate::scenario::{Pace, Step};
use crate::viewer::ROSA;

/// Replies that wait while frames are sent; a client that asks faster goes without some.
const REPLIES_WAITING_MAX: usize = 64;

/// An id that no message of TikTok's has.
const STRANGERS_MSG_ID: i64 = 7_888_888_888_888_888_888;

/// An id that no frame of TikTok's has.
const STRANGERS_LOG_ID: u64 = 888_888_888;

/// The largest head of a WebSocket frame from a server, in bytes.
const FRAME_HEAD_SIZE_BYTES: usize = 10;

/// Serves one WebSocket until either side ends it.
pub(super) async fn serve(
    websocket: WebSocket,
    stage: Arc<Stage>,
    number: usize,
    steps: Vec<Step>,
    scissors: Scissors,
) {
    let (sink, stream) = websocket.split();
    let (replies, due_replies) = mpsc::channel(REPLIES_WAITING_MAX);
    let (ack_count, acks) = watch::channel(0);
    let player = Player { stage: &stage, number, sink, due_replies, acks, scissors };
    let listener = Listener { stage: &stage, number, replies, ack_count };
    tokio::select! {
        () = listener.listen(stream) => {}
        () = player.play(steps) => {}
    }
    stage.notebook.note(|seen| {
        if let Some(connection) = seen.connections.get_mut(number) {
            connection.ended = true;
        }
    });
}

/// Speaks on a socket that is not TikTok's: what it says looks like a comment and is nobody's.
pub(super) async fn speak_as_stranger(mut websocket: WebSocket) {
    let comment = Live::numbered_from(STRANGERS_MSG_ID).chat(ROSA, "from a stranger");
    let frame = Frame::of([comment]).bytes(STRANGERS_LOG_ID);
    while websocket.send(Message::Binary(frame.clone())).await.is_ok() {
        if websocket.recv().await.is_none() {
            return;
        }
    }
}

/// What a client's frame asks for.
enum Reply {
    /// Send these bytes back.
    Echo(Bytes),
    /// The room was entered.
    Entered,
}

/// The receiving half of a connection: notes what the client sends.
struct Listener<'stage> {
    stage: &'stage Stage,
    number: usize,
    replies: mpsc::Sender<Reply>,
    ack_count: watch::Sender<usize>,
}

impl Listener<'_> {
    /// Listens until the client is gone.
    async fn listen(self, mut stream: SplitStream<WebSocket>) {
        while let Some(Ok(message)) = stream.next().await {
            match message {
                Message::Binary(bytes) => {
                    if let Some(reply) = self.note_frame(bytes) {
                        // A full queue means a flood is running; a client lives without that echo.
                        let _ = self.replies.try_send(reply);
                    }
                }
                Message::Pong(_) => self.note(|connection| connection.pong_count += 1),
                // Pings and the close are answered by the library while it is read on; text means nothing here.
                Message::Ping(_) | Message::Close(_) | Message::Text(_) => {}
            }
        }
    }

    fn note_frame(&self, bytes: Bytes) -> Option<Reply> {
        let frame = owned::PushFrame::decode(bytes.clone()).unwrap_or_default();
        match frame.payload_type.as_str() {
            "hb" => {
                let beat = owned::Heartbeat::decode(frame.payload.as_slice()).unwrap_or_default();
                let beat = Heartbeat { room_id: beat.room_id, sequence: beat.send_packet_seq_id };
                self.note(|connection| connection.heartbeats.push(beat));
                Some(Reply::Echo(bytes))
            }
            "im_enter_room" => {
                let wish = owned::EnterRoom::decode(frame.payload.as_slice()).unwrap_or_default();
                let is_right =
                    wish.room_id == self.stage.on_air().room_id && wish.live_id == 12 && wish.identity == "audience";
                let entered = EnterRoom {
                    room_id: wish.room_id,
                    live_id: wish.live_id,
                    identity: wish.identity,
                    filter_welcome_msg: wish.filter_welcome_msg,
                };
                self.note(|connection| connection.entered.push(entered));
                is_right.then_some(Reply::Entered)
            }
            "ack" => {
                self.stage.note_ack(frame.log_id);
                let ack = Ack { log_id: frame.log_id, payload: frame.payload };
                self.note(|connection| connection.acks.push(ack));
                self.ack_count.send_modify(|count| *count += 1);
                None
            }
            _ => {
                self.note(|connection| connection.odd_frames.push(bytes.to_vec()));
                None
            }
        }
    }

    fn note(&self, write: impl FnOnce(&mut Connection)) {
        self.stage.notebook.note(|seen| seen.connections.get_mut(self.number).map(write));
    }
}

/// The client cannot be sent to any more.
struct ClientGone;

impl From<Error> for ClientGone {
    fn from(_: Error) -> Self {
        ClientGone
    }
}

/// The sending half of a connection.
struct Player<'stage> {
    stage: &'stage Stage,
    number: usize,
    sink: SplitSink<WebSocket, Message>,
    due_replies: mpsc::Receiver<Reply>,
    acks: watch::Receiver<usize>,
    scissors: Scissors,
}

impl Player<'_> {
    /// Plays to the end; returns only where the connection is to be broken off.
    async fn play(mut self, steps: Vec<Step>) {
        let played = match self.await_entry().await {
            Ok(()) => self.perform(steps).await,
            Err(gone) => Err(gone),
        };
        if let Err(ClientGone) = played {
            // What the client sent before it went is still to be read.
            pending().await
        }
    }

    /// Answers heartbeats until the client enters the room: before that, TikTok says nothing else.
    async fn await_entry(&mut self) -> Result<(), ClientGone> {
        loop {
            match self.due_replies.recv().await.ok_or(ClientGone)? {
                Reply::Echo(bytes) => self.send(bytes).await?,
                Reply::Entered => return self.send(room_entered()).await,
            }
        }
    }

    async fn perform(&mut self, steps: Vec<Step>) -> Result<(), ClientGone> {
        let mut cues = 0;
        for (position, step) in steps.into_iter().enumerate() {
            match step {
                Step::Send(frame) => self.send(frame.bytes(self.log_id(position))).await?,
                Step::Dribble { frame, byte_every_ms } => {
                    self.scissors.dribble(byte_every_ms);
                    self.send(frame.bytes(self.log_id(position))).await?;
                    self.scissors.dribble(0);
                }
                Step::Replay(recording, pace) => {
                    self.replay(recording.frames().iter(), pace).await?;
                }
                Step::ReplayUnacknowledged(recording, pace) => {
                    self.replay_unacknowledged(&recording, pace).await?;
                }
                Step::Wait { ms } => {
                    self.idle_until(Instant::now() + Duration::from_millis(ms)).await?;
                }
                Step::AwaitAcks(count) => self.await_acks(count).await?,
                Step::AwaitCue => {
                    cues += 1;
                    self.await_cues(cues).await?;
                }
                Step::Ping => self.sink.send(Message::Ping(Bytes::new())).await?,
                Step::LeaveLive => self.stage.set_live(false),
                Step::ChangeRoom => self.stage.change_room(),
                Step::DenyLive => self.stage.is_denied.store(true, Ordering::Relaxed),
                Step::FallSilent => pending().await,
                Step::Close => {
                    let reason = CloseFrame { code: close_code::NORMAL, reason: "".into() };
                    self.sink.send(Message::Close(Some(reason))).await?;
                    pending::<()>().await;
                }
                Step::Break => {
                    self.scissors.all_has_left().await;
                    return Ok(());
                }
                Step::BreakWithin(frame) => {
                    let bytes = frame.bytes(self.log_id(position));
                    self.scissors.cut_after(FRAME_HEAD_SIZE_BYTES + bytes.len() / 2);
                    // It fails where the wire is cut, which is what this step is for.
                    let _ = self.send(bytes).await;
                    return Ok(());
                }
            }
        }
        loop {
            let reply = self.due_replies.recv().await.ok_or(ClientGone)?;
            self.reply(reply).await?;
        }
    }

    async fn replay_unacknowledged(&mut self, recording: &Recording, pace: Pace) -> Result<(), ClientGone> {
        let acknowledged = self.stage.acknowledged().clone();
        let frames = recording.frames().iter().filter(|frame| !acknowledged.contains(&frame.log_id));
        self.replay(frames, pace).await
    }

    async fn replay<'frame>(
        &mut self,
        frames: impl Iterator<Item = &'frame RecordedFrame>,
        pace: Pace,
    ) -> Result<(), ClientGone> {
        match pace {
            Pace::FlatOut => {
                for frame in frames {
                    self.sink.feed(Message::Binary(frame.bytes.clone())).await?;
                    while let Ok(reply) = self.due_replies.try_recv() {
                        self.reply(reply).await?;
                    }
                }
                self.sink.flush().await?;
            }
            Pace::EveryMs(ms) => {
                let mut due = Instant::now();
                for frame in frames {
                    self.idle_until(due).await?;
                    self.send(frame.bytes.clone()).await?;
                    due += Duration::from_millis(ms);
                }
            }
        }
        Ok(())
    }

    /// Answers heartbeats until `moment`.
    async fn idle_until(&mut self, moment: Instant) -> Result<(), ClientGone> {
        loop {
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(moment) => return Ok(()),
                reply = self.due_replies.recv() => self.reply(reply.ok_or(ClientGone)?).await?,
            }
        }
    }

    /// Answers heartbeats until the client has sent so many acks.
    async fn await_acks(&mut self, count: usize) -> Result<(), ClientGone> {
        while *self.acks.borrow_and_update() < count {
            tokio::select! {
                changed = self.acks.changed() => changed.map_err(|_| ClientGone)?,
                reply = self.due_replies.recv() => self.reply(reply.ok_or(ClientGone)?).await?,
            }
        }
        Ok(())
    }

    /// Answers heartbeats until the test has given so many cues.
    async fn await_cues(&mut self, count: usize) -> Result<(), ClientGone> {
        let mut cues = self.stage.cues.subscribe();
        while *cues.borrow_and_update() < count {
            tokio::select! {
                changed = cues.changed() => changed.map_err(|_| ClientGone)?,
                reply = self.due_replies.recv() => self.reply(reply.ok_or(ClientGone)?).await?,
            }
        }
        Ok(())
    }

    async fn reply(&mut self, reply: Reply) -> Result<(), ClientGone> {
        match reply {
            Reply::Echo(bytes) => self.send(bytes).await,
            Reply::Entered => self.send(room_entered()).await,
        }
    }

    async fn send(&mut self, bytes: Bytes) -> Result<(), ClientGone> {
        Ok(self.sink.send(Message::Binary(bytes)).await?)
    }

    /// Ids of scenario frames: the connection in millions, the step in units, both from 1.
    fn log_id(&self, position: usize) -> u64 {
        (self.number as u64 + 1) * 1_000_000 + position as u64 + 1
    }
}
