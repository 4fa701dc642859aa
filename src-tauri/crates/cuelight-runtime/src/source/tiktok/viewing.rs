//! One visit to a room through TikTok's own page: the page holds the connection, we listen and send nothing.

use std::collections::VecDeque;
use std::time::Duration;

use cuelight_core::way::Way;
use reqwest::Url;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Bytes;
use tokio_util::sync::CancellationToken;

use super::attendance::{Attendance, Interruption, Parting, ends_the_live};
use super::frame::{FrameDecoder, FrameKind};
use crate::source::pace::Pace;
use crate::source::page::{PageSignal, PageWanted};
use crate::source::{Batch, Closed, Receipt, SourceError};

/// How often a page may close its connection within [`FLAPS_WITHIN`]: TikTok's lives for hours.
const CLOSINGS: usize = 5;

/// See [`CLOSINGS`].
const FLAPS_WITHIN: Duration = Duration::from_secs(60);

/// A page that is open.
pub(super) struct Viewing<'a> {
    attendance: Attendance<'a>,
    cancel: &'a CancellationToken,
    pace: &'a Pace,
    signals: mpsc::Receiver<PageSignal>,
    wanted: PageWanted,
    /// The page shows another address than that of this live.
    is_elsewhere: bool,
    decoder: FrameDecoder,
    socket: Socket,
    /// Since when the page has had sockets, and its room did not let it in.
    outside_since: Option<Instant>,
    /// When its last connections were closed, [`CLOSINGS`] at most.
    closings: VecDeque<Instant>,
    /// Word of the last batch that was handed on.
    last: Option<Receipt>,
}

/// How the page's socket stands.
#[derive(Debug, Clone, Copy)]
enum Socket {
    /// The page has not opened it yet.
    Awaited { since: Instant },
    /// It is open, and was heard last at that moment.
    Open { heard: Instant },
    /// It was closed.
    Closed { since: Instant },
}

impl<'a> Viewing<'a> {
    /// Takes over a page that was just opened.
    pub(super) fn new(
        signals: mpsc::Receiver<PageSignal>,
        wanted: PageWanted,
        attendance: Attendance<'a>,
        cancel: &'a CancellationToken,
        pace: &'a Pace,
    ) -> Self {
        let socket = Socket::Awaited { since: Instant::now() };
        let (decoder, closings) = (FrameDecoder::new(), VecDeque::with_capacity(CLOSINGS));
        Self {
            attendance,
            cancel,
            pace,
            signals,
            wanted,
            is_elsewhere: false,
            decoder,
            socket,
            outside_since: None,
            closings,
            last: None,
        }
    }

    /// Stays until the live ends, the page is of no more use or we are told to stop; then the page is closed.
    ///
    /// # Errors
    /// [`Closed`] when the journal takes nothing more.
    pub(super) async fn stay(mut self) -> Result<Parting, Closed> {
        let interruption = loop {
            if let Err(interruption) = self.do_next().await {
                break interruption;
            }
        };
        self.close_page().await;
        match interruption {
            Interruption::Parting(parting) => {
                if let (Parting::LiveEnded, Some(last)) = (&parting, self.last.take()) {
                    self.cancel.run_until_cancelled(last.committed()).await.unwrap_or(Ok(()))?;
                }
                Ok(parting)
            }
            Interruption::Closed(closed) => Err(closed),
        }
    }

    /// Closes the page and waits until nothing of it runs any more: whoever opens another one, or ends the program, leaves
    /// nothing behind.
    async fn close_page(&mut self) {
        self.signals.close();
        // The host keeps a place in the channel until all is over.
        let closing = async { while self.signals.recv().await.is_some() {} };
        if timeout(self.pace.farewell_timeout, closing).await.is_err() {
            tracing::debug!("the page was not waited for any longer");
        }
    }

    async fn do_next(&mut self) -> Result<(), Interruption> {
        let deadline = self.deadline();
        let signal = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Err(Interruption::Parting(Parting::Stopped)),
            signal = self.signals.recv() => signal,
            () = sleep_until(deadline) => return Err(Interruption::Parting(self.out_of_patience())),
        };
        match signal {
            Some(PageSignal::Moved { url }) => self.is_elsewhere = !is_same_page(&self.wanted.url, &url),
            Some(PageSignal::SocketOpened { url }) => self.enter(&url)?,
            Some(PageSignal::Frame(frame)) => self.take(&frame).await?,
            Some(PageSignal::SocketClosed) => {
                let Self { attendance, .. } = self;
                self.wanted.admission.set(false);
                attendance.presence.end(attendance.out, "the page closed its connection").await?;
                self.close(Instant::now())?;
            }
            Some(PageSignal::Captcha) => {
                let user = self.attendance.room.unique_id.to_string();
                return Err(Interruption::Parting(Parting::Vain(SourceError::Captcha { user })));
            }
            Some(PageSignal::PageGone { cause }) => {
                return Err(Interruption::broken(format!("the page is gone: {cause}")));
            }
            None => return Err(Interruption::broken("the page is gone".to_owned())),
        }
        Ok(())
    }

    /// Until when the next signal has to come.
    fn deadline(&self) -> Instant {
        let signal_by = match self.socket {
            Socket::Awaited { since } => since + self.pace.socket_patience,
            // The page echoes heartbeats as we would, and its frames tell us.
            Socket::Open { heard } => heard + self.pace.silence,
            Socket::Closed { since } => since + self.pace.reopening_patience,
        };
        self.let_in_by().map_or(signal_by, |let_in_by| signal_by.min(let_in_by))
    }

    /// Until when its room has to let the page in: heartbeats are echoed to whoever stands outside, too.
    fn let_in_by(&self) -> Option<Instant> {
        self.outside_since.map(|since| since + self.pace.socket_patience)
    }

    /// What it means that nothing came until then.
    fn out_of_patience(&self) -> Parting {
        if self.let_in_by().is_some_and(|let_in_by| let_in_by <= Instant::now()) {
            let patience = self.pace.socket_patience;
            let cause = format!("the page was not let into the room within {patience:?}");
            // One that was in before may be let in again.
            let was_in = self.attendance.came_in();
            return if was_in { Parting::Broken { cause, in_order: true } } else { vain(cause) };
        }
        match self.socket {
            Socket::Awaited { .. } => {
                let patience = self.pace.socket_patience;
                vain(format!("the page opened no connection to TikTok that could be heard within {patience:?}"))
            }
            Socket::Open { .. } => {
                let silence = self.pace.silence;
                Parting::Broken { cause: format!("the page was silent for {silence:?}"), in_order: false }
            }
            Socket::Closed { .. } => {
                let patience = self.pace.reopening_patience;
                let cause = format!("the page closed its connection and opened none within {patience:?}");
                Parting::Broken { cause, in_order: true }
            }
        }
    }

    /// The page opened its socket, whose address names the room.
    fn enter(&mut self, url: &str) -> Result<(), Interruption> {
        let now = Instant::now();
        self.socket = Socket::Open { heard: now };
        if !self.attendance.presence.is_in {
            self.outside_since.get_or_insert(now);
        }
        let url = Url::parse(url).ok();
        let number = url.and_then(|url| {
            let room = url.query_pairs().find(|(name, _)| name == "room_id")?.1.parse::<i64>().ok();
            room.filter(|number| *number > 0)
        });
        match number {
            Some(number) => self.be_in(number),
            None => Ok(()),
        }
    }

    /// The page's connection was closed. A page that goes on like that is no connection.
    fn close(&mut self, now: Instant) -> Result<(), Interruption> {
        self.socket = Socket::Closed { since: now };
        if self.closings.len() == CLOSINGS {
            let oldest = self.closings.pop_front();
            if oldest.is_some_and(|oldest| now.duration_since(oldest) < FLAPS_WITHIN) {
                return Err(Interruption::broken("the page closes its connection again and again".to_owned()));
            }
        }
        self.closings.push_back(now);
        Ok(())
    }

    /// The page is in that room.
    fn be_in(&mut self, number: i64) -> Result<(), Interruption> {
        let room = &mut self.attendance.room;
        if room.number == 0 {
            // Pages go on to lives of strangers by themselves, and nothing else says whose room this is.
            if self.is_elsewhere {
                return Err(Interruption::Parting(vain("the page went on to somebody else".to_owned())));
            }
            room.number = number;
        }
        if room.number == number {
            return Ok(());
        }
        Err(Interruption::broken("the page went to another room".to_owned()))
    }

    async fn take(&mut self, frame: &Bytes) -> Result<(), Interruption> {
        let received_ms = self.attendance.out.clock().now_ms();
        self.attendance.out.contact().hear(received_ms);
        let mut frame = self.decoder.read(frame, received_ms);
        // Each frame is looked at: a page that enters another room does so on the same socket.
        if let Some(number) = frame.room_id.as_ref().and_then(|room| room.to_number()) {
            self.be_in(i64::try_from(number).unwrap_or_default())?;
        }
        if !self.attendance.presence.is_in && matches!(frame.kind, FrameKind::Messages | FrameKind::RoomEntered) {
            if self.attendance.room.number == 0 {
                return Err(Interruption::Parting(vain("the page does not say which room it is in".to_owned())));
            }
            self.hand_on(self.attendance.arrival(received_ms)).await?;
            self.attendance.has_arrived(received_ms);
            self.wanted.admission.set(true);
            self.outside_since = None;
        }
        self.attendance.note(&mut frame.batch, received_ms);
        let ends = ends_the_live(&frame.batch);
        if !frame.batch.is_empty() {
            self.hand_on(frame.batch).await?;
        }
        // Only now: while the journal held us up, nothing could be heard.
        self.socket = Socket::Open { heard: Instant::now() };
        if ends { Err(Interruption::Parting(Parting::LiveEnded)) } else { Ok(()) }
    }

    /// Gives a batch to the journal. While that is full, the page's signals wait.
    async fn hand_on(&mut self, batch: Batch) -> Result<(), Interruption> {
        match self.cancel.run_until_cancelled(self.attendance.out.send(batch)).await {
            Some(receipt) => self.last = Some(receipt?),
            None => return Err(Interruption::Parting(Parting::Stopped)),
        }
        Ok(())
    }
}

/// Whether the page that is shown is the one that was wanted, whatever was added to its address.
fn is_same_page(wanted: &Url, shown: &str) -> bool {
    let path = |url: &Url| url.path().trim_end_matches('/').to_ascii_lowercase();
    Url::parse(shown).is_ok_and(|shown| shown.host_str() == wanted.host_str() && path(&shown) == path(wanted))
}

fn vain(cause: String) -> Parting {
    Parting::Vain(SourceError::WayClosed { way: Way::Page, cause })
}
