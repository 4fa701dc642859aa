//! What the hook in a page tells, which any script of the page could say as well: read with care, believed in part.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use cuelight_runtime::source::page::PageSignal;
use cuelight_runtime::source::page::SocketHosts;
use cuelight_runtime::source::page::rate::FrameRate;
use cuelight_runtime::source::page::script::FRAME_BYTES;
use cuelight_runtime::source::page::sockets::{SocketKey, Sockets, TooMany};
use serde::Deserialize;

/// One thing that the hook tells.
#[derive(Debug, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
enum Told {
    /// The document is there.
    There,
    /// A script started a worker, which is not followed.
    Worker,
    /// A script asked for a socket.
    Created { socket: u32, url: String },
    /// The far side accepted it.
    Opened { socket: u32 },
    /// A binary frame came over it.
    Frame { socket: u32, payload: String },
    /// It was closed.
    Closed { socket: u32 },
}

/// What a page told so far.
#[derive(Debug)]
pub(super) struct Hearing {
    sockets: Sockets,
    rate: FrameRate,
    /// Its document is there.
    pub(super) is_there: bool,
    /// It has workers, whose sockets are not heard.
    pub(super) has_workers: bool,
}

/// Why a page is not listened to any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unheard {
    /// It sends more, or more at once, than any room does.
    #[error("the page sends more than any room does")]
    Flood,
    /// A script of the page speaks in the hook's place.
    #[error("the page tells what makes no sense")]
    Nonsense,
}

impl Hearing {
    /// Nothing was told yet; only sockets of these hosts are TikTok's.
    pub(super) fn new(hosts: SocketHosts) -> Self {
        Self { sockets: Sockets::new(hosts), rate: FrameRate::new(), is_there: false, has_workers: false }
    }

    /// Whether TikTok's socket is open.
    pub(super) fn is_in(&self) -> bool {
        self.sockets.any_open()
    }

    /// Takes a batch that came at that moment, in seconds; what of it is a signal is added.
    pub(super) fn take(&mut self, batch: &str, at_s: f64, signals: &mut Vec<PageSignal>) -> Result<(), Unheard> {
        let batch: Vec<Told> = serde_json::from_str(batch).map_err(|_| Unheard::Nonsense)?;
        for told in batch {
            signals.extend(self.take_one(told, at_s)?);
        }
        Ok(())
    }

    /// The page went on to another document, and its sockets went with it.
    pub(super) fn turn_over(&mut self) -> Option<PageSignal> {
        (self.is_there, self.has_workers) = (false, false);
        self.sockets.close_all_of("").then_some(PageSignal::SocketClosed)
    }

    fn take_one(&mut self, told: Told, at_s: f64) -> Result<Option<PageSignal>, Unheard> {
        Ok(match told {
            Told::There => {
                self.is_there = true;
                None
            }
            Told::Worker => {
                self.has_workers = true;
                None
            }
            Told::Created { socket, url } => {
                self.sockets.create(key(socket), url).map_err(|TooMany| Unheard::Flood)?;
                None
            }
            Told::Opened { socket } => self.sockets.open(&key(socket)).map(|url| PageSignal::SocketOpened { url }),
            Told::Frame { socket, payload } if self.sockets.hold(&key(socket)) => {
                let frame = BASE64_STANDARD.decode(payload).map_err(|_| Unheard::Nonsense)?;
                if frame.len() > FRAME_BYTES || !self.rate.takes(at_s, frame.len()) {
                    return Err(Unheard::Flood);
                }
                Some(PageSignal::Frame(frame.into()))
            }
            Told::Frame { .. } => None,
            Told::Closed { socket } => self.sockets.close(&key(socket)).then_some(PageSignal::SocketClosed),
        })
    }
}

fn key(socket: u32) -> SocketKey {
    SocketKey { session: String::new(), request: socket.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIKTOK: &str = "wss://webcast-ws.tiktok.com/webcast/im/";

    /// What these batches come to, one a second.
    fn heard(batches: &[String]) -> Result<Vec<PageSignal>, Unheard> {
        let mut hearing = Hearing::new(SocketHosts::default());
        let mut signals = Vec::new();
        for (at_s, batch) in (1_u32..).zip(batches) {
            hearing.take(batch, f64::from(at_s), &mut signals)?;
        }
        Ok(signals)
    }

    fn opened(socket: u32, url: &str) -> String {
        format!(r#"{{"what":"created","socket":{socket},"url":"{url}"}},{{"what":"opened","socket":{socket}}}"#)
    }

    fn frame(socket: u32, payload: &str) -> String {
        format!(r#"{{"what":"frame","socket":{socket},"payload":"{payload}"}}"#)
    }

    #[test]
    fn frames_of_tiktoks_sockets_are_heard_in_their_order_and_no_others() {
        let batches = [
            format!("[{},{}]", opened(1, TIKTOK), opened(2, "wss://adverts.example/")),
            format!("[{},{},{}]", frame(2, "AAAA"), frame(1, "AQ=="), frame(1, "Ag==")),
            format!(r#"[{},{{"what":"closed","socket":1}},{}]"#, frame(7, "AAAA"), frame(1, "Aw==")),
        ];
        let expected = [
            PageSignal::SocketOpened { url: TIKTOK.to_owned() },
            PageSignal::Frame(vec![1].into()),
            PageSignal::Frame(vec![2].into()),
            PageSignal::SocketClosed,
        ];
        assert_eq!(heard(&batches).as_deref(), Ok(&expected[..]), "what others send and what comes late is not told");
    }

    #[test]
    fn a_page_cannot_speak_of_a_socket_that_it_never_opened() {
        assert_eq!(heard(&[format!("[{}]", frame(1, "AQ=="))]), Ok(vec![]), "nobody asked for it");
        let asked_for = format!(r#"[{{"what":"created","socket":1,"url":"{TIKTOK}"}},{}]"#, frame(1, "AQ=="));
        assert_eq!(heard(&[asked_for]), Ok(vec![]), "nobody accepted it");
    }

    #[test]
    fn what_no_hook_says_ends_the_page() {
        for batch in ["", "{}", "[1]", r#"[{"what":"rpc"}]"#, r#"[{"what":"opened"}]"#, "[null"] {
            assert_eq!(heard(&[batch.to_owned()]), Err(Unheard::Nonsense), "{batch}");
        }
        let no_base64 = [format!("[{}]", opened(1, TIKTOK)), format!("[{}]", frame(1, "!"))];
        assert_eq!(heard(&no_base64), Err(Unheard::Nonsense), "a frame is base64");
    }

    #[test]
    fn a_page_that_floods_is_left() {
        let frames = vec![frame(1, "AQ=="); 5_000].join(",");
        assert_eq!(heard(&[format!("[{},{frames}]", opened(1, TIKTOK))]), Err(Unheard::Flood), "5 000 at once");
        let large = BASE64_STANDARD.encode(vec![0; FRAME_BYTES + 1]);
        let batch = format!("[{},{}]", opened(1, TIKTOK), frame(1, &large));
        assert_eq!(heard(&[batch]), Err(Unheard::Flood), "a frame larger than any of TikTok's");
        let sockets = (1..100).map(|it| opened(it, TIKTOK)).collect::<Vec<_>>().join(",");
        assert_eq!(heard(&[format!("[{sockets}]")]), Err(Unheard::Flood), "more sockets than any page has");
    }

    #[test]
    fn another_document_begins_without_sockets() {
        let mut hearing = Hearing::new(SocketHosts::default());
        let mut signals = Vec::new();
        hearing.take(&format!("[{}]", opened(1, TIKTOK)), 0.0, &mut signals).expect("it makes sense");
        assert!(hearing.is_in(), "it is open");
        assert_eq!(hearing.turn_over(), Some(PageSignal::SocketClosed), "it went with its document");
        assert_eq!(hearing.turn_over(), None, "which is told once");
        hearing.take(&format!("[{}]", frame(1, "AQ==")), 1.0, &mut signals).expect("it makes sense");
        assert_eq!(signals.len(), 1, "a late frame of the old one is not told");
    }
}
