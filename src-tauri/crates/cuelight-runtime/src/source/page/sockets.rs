//! Which sockets a page and its workers have, and which of them are TikTok's.

use std::collections::HashMap;

use crate::source::page::SocketHosts;

/// Sockets that are remembered at once; a page of TikTok has two or three.
const SOCKETS: usize = 64;

/// A socket: the page or worker that has it, and its number there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SocketKey {
    /// Who has it.
    pub session: String,
    /// Its number there.
    pub request: String,
}

/// The sockets of TikTok that a page has or is opening; others are forgotten at once.
#[derive(Debug)]
pub struct Sockets {
    hosts: SocketHosts,
    known: HashMap<SocketKey, Known>,
}

#[derive(Debug)]
struct Known {
    url: String,
    is_open: bool,
}

/// A page opens more sockets than any page of TikTok.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

impl Sockets {
    /// The sockets of a page that has none yet; only those of these hosts are TikTok's.
    #[must_use]
    pub fn new(hosts: SocketHosts) -> Self {
        Self { hosts, known: HashMap::new() }
    }

    /// A script asked for a socket.
    ///
    /// # Errors
    /// [`TooMany`] when no page of TikTok has so many.
    pub fn create(&mut self, key: SocketKey, url: String) -> Result<(), TooMany> {
        if !self.hosts.hold(&url) {
            return Ok(());
        }
        if self.known.len() >= SOCKETS {
            return Err(TooMany);
        }
        self.known.insert(key, Known { url, is_open: false });
        Ok(())
    }

    /// The far side accepted it; its address, where it is TikTok's.
    pub fn open(&mut self, key: &SocketKey) -> Option<String> {
        let known = self.known.get_mut(key)?;
        known.is_open = true;
        Some(known.url.clone())
    }

    /// Whether frames of that socket are TikTok's.
    #[must_use]
    pub fn hold(&self, key: &SocketKey) -> bool {
        self.known.get(key).is_some_and(|it| it.is_open)
    }

    /// Whether any socket of TikTok's is open.
    #[must_use]
    pub fn any_open(&self) -> bool {
        self.known.values().any(|it| it.is_open)
    }

    /// It was closed; true when it was the last open one of TikTok's.
    pub fn close(&mut self, key: &SocketKey) -> bool {
        self.close_all(|it| it == key)
    }

    /// The page went on to another address, or the worker ended: their sockets went with them, and nobody tells. True
    /// when the last open one of TikTok's was among them.
    pub fn close_all_of(&mut self, session: &str) -> bool {
        self.close_all(|it| it.session == session)
    }

    fn close_all(&mut self, is_gone: impl Fn(&SocketKey) -> bool) -> bool {
        let had_one = self.any_open();
        self.known.retain(|key, _| !is_gone(key));
        had_one && !self.any_open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIKTOK: &str = "wss://webcast-ws.tiktok.com/webcast/im/";

    fn key(session: &str, request: &str) -> SocketKey {
        SocketKey { session: session.to_owned(), request: request.to_owned() }
    }

    fn sockets() -> Sockets {
        Sockets::new(SocketHosts::default())
    }

    #[test]
    fn only_tiktoks_sockets_are_told_of() {
        let mut sockets = sockets();
        let [tiktok, foreign] = [key("page", "1"), key("page", "2")];
        assert_eq!(sockets.create(tiktok.clone(), TIKTOK.to_owned()), Ok(()));
        assert_eq!(sockets.create(foreign.clone(), "wss://adverts.example/".to_owned()), Ok(()));
        assert!(!sockets.hold(&tiktok), "it was not accepted yet");
        assert_eq!(sockets.open(&tiktok).as_deref(), Some(TIKTOK), "now it was");
        assert_eq!(sockets.open(&foreign), None, "that is none of ours");
        assert!(sockets.hold(&tiktok) && !sockets.hold(&foreign), "frames are told apart");
    }

    #[test]
    fn the_same_number_in_a_worker_is_another_socket() {
        let mut sockets = sockets();
        sockets.create(key("worker", "1"), TIKTOK.to_owned()).expect("it is the first");
        sockets.open(&key("worker", "1"));
        assert!(!sockets.hold(&key("page", "1")), "numbers count for each session");
    }

    #[test]
    fn a_page_is_disconnected_when_its_last_socket_is_gone() {
        let mut sockets = sockets();
        for it in [key("page", "1"), key("worker", "1"), key("page", "2")] {
            sockets.create(it, TIKTOK.to_owned()).expect("there are few");
        }
        sockets.open(&key("page", "1"));
        sockets.open(&key("worker", "1"));
        assert!(!sockets.close(&key("page", "2")), "that one never opened");
        assert!(!sockets.close_all_of("page"), "the worker has one yet");
        assert!(!sockets.close(&key("worker", "7")), "nobody knows that one");
        assert!(sockets.close_all_of("worker"), "and now nobody has");
        assert!(!sockets.close_all_of("worker"), "which is told once");
    }

    #[test]
    fn a_page_cannot_fill_the_memory_with_sockets() {
        let mut sockets = sockets();
        for number in 0..SOCKETS {
            assert_eq!(sockets.create(key("page", &number.to_string()), TIKTOK.to_owned()), Ok(()));
        }
        assert_eq!(sockets.create(key("page", "more"), TIKTOK.to_owned()), Err(TooMany));
    }
}
