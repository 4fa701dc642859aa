//! What shows TikTok's own page to us, be it a browser or a webview: what we want of it, and what it tells.

pub mod person;
pub mod rate;
pub mod script;
pub mod sockets;
pub mod visitor;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Url;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Bytes;
use zeroize::Zeroizing;

pub use self::person::PersonWanted;

/// Signals of a page that may wait for us; a busy room sends 20 frames a second, and the page goes on while we wait.
pub const PAGE_SIGNALS: usize = 256;

/// How long TikTok may take to give a page and its cookie; a browser on a slow line takes about five seconds.
pub const ARRIVES_WITHIN: Duration = Duration::from_secs(10);

/// How often a page is looked at until then.
pub const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// How often a page that its room did not let in is looked at after that: TikTok lays captchas over pages that were there already.
pub const LOOK_FOR_CAPTCHA: Duration = Duration::from_millis(500);

/// Where TikTok's page and what it is made of come from. A page that somebody only listens to asks nobody else.
pub const TIKTOK_HOSTS: &[&str] = &[
    "tiktok.com",
    "*.tiktok.com",
    "*.tiktokcdn.com",
    "*.tiktokcdn-us.com",
    "*.tiktokcdn-eu.com",
    "*.ttwstatic.com",
    "*.tiktokv.com",
    "*.tiktokw.us",
];

/// Something that can show a page of TikTok.
pub trait PageHost: Send + Sync + 'static {
    /// Opens the page unseen and waits until it has the anonymous cookie `ttwid`, or opened TikTok's socket without it.
    /// The page stays open for as long as the visit is kept.
    ///
    /// # Errors
    /// [`PageFault`] says whether the browser, TikTok or nobody is at fault.
    fn visit<'a>(&'a self, wanted: PageWanted) -> PageFuture<'a, Result<PageVisit, PageFault>>;

    /// Shows the address to the person at the screen until what stands in the way is done, and gives the cookies that
    /// the page then has. A captcha stays solved for whoever shows them; [`PageCookie::is_of_account`] tells those of a
    /// login from the others.
    ///
    /// # Errors
    /// [`PageFault::Closed`] when the person closed the page first; else as for a visit.
    fn ask_person<'a>(
        &'a self,
        url: Url,
        cookies: Vec<PageCookie>,
        why: PersonWanted,
    ) -> PageFuture<'a, Result<Vec<PageCookie>, PageFault>>;

    /// Whether there is a screen on which a person could see a page.
    fn has_screen(&self) -> bool;

    /// Brings the page that a person is shown to the front, where one is.
    fn raise(&self);
}

/// What a [`PageHost`] gives.
pub type PageFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The page that is wanted.
#[derive(Debug, Clone)]
pub struct PageWanted {
    /// Its address.
    pub url: Url,
    /// Whose sockets are TikTok's; frames of others are never told.
    pub socket_hosts: SocketHosts,
    /// What to log in with, if anything.
    pub cookies: Vec<PageCookie>,
    /// The frames of its socket are wanted; else its identity is enough, and no signal comes.
    pub wants_frames: bool,
    /// Whether its room let it in, which whoever listens tells.
    pub admission: PageAdmission,
}

/// Whether the room let a page in, told to its host by whoever reads its frames; clones share it. Until then a captcha may be
/// laid over the page, whatever sockets it has.
#[derive(Debug, Clone, Default)]
pub struct PageAdmission {
    is_in: Arc<AtomicBool>,
}

impl PageAdmission {
    /// The room let it in, or no longer has it.
    pub fn set(&self, is_in: bool) {
        self.is_in.store(is_in, Ordering::Relaxed);
    }

    /// Whether the room let it in.
    #[must_use]
    pub fn is_in(&self) -> bool {
        self.is_in.load(Ordering::Relaxed)
    }
}

impl PageWanted {
    /// The hosts of the page and of its sockets beside [`TIKTOK_HOSTS`], without their ports.
    #[must_use]
    pub fn own_hosts(&self) -> Vec<String> {
        let own = self.socket_hosts.own().iter().filter_map(|place| place.rsplit_once(':'));
        self.url.host_str().into_iter().chain(own.map(|(host, _)| host)).map(str::to_owned).collect()
    }
}

/// An open page. Dropping `signals` closes it; [`PageVisit::close`] does so and waits for it.
#[derive(Debug)]
pub struct PageVisit {
    /// The browser as it describes itself, and its cookies.
    pub identity: PageIdentity,
    /// What happens on the page, from its first socket on; [`PAGE_SIGNALS`] may wait.
    pub signals: mpsc::Receiver<PageSignal>,
}

/// Where a host tells what happens on a page: the channel, and the place in it that the host gives up when nothing of the
/// page runs any more, for which [`PageVisit::close`] waits.
#[must_use]
pub fn page_signals() -> (mpsc::Sender<PageSignal>, mpsc::OwnedPermit<PageSignal>, mpsc::Receiver<PageSignal>) {
    let (out, signals) = mpsc::channel(PAGE_SIGNALS + 1);
    let place = out.clone().try_reserve_owned().expect("nobody else has the channel yet");
    (out, place, signals)
}

impl PageVisit {
    /// Closes the page and waits until nothing of it runs any more.
    pub async fn close(mut self) {
        self.signals.close();
        // The host keeps a place in the channel until all is over.
        while self.signals.recv().await.is_some() {}
    }
}

/// A browser as its page sees it.
#[derive(Debug, Clone)]
pub struct PageIdentity {
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `navigator.platform`.
    pub platform: String,
    /// `navigator.appVersion`.
    pub version: String,
    /// `navigator.language`.
    pub language: String,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// `screen.width` and `screen.height`.
    pub screen: (u32, u32),
    /// The cookies that it would show TikTok, `ttwid` among them.
    pub cookies: Vec<PageCookie>,
}

/// What happens on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageSignal {
    /// It shows that address from now on.
    Moved {
        /// The address, as the browser tells it.
        url: String,
    },
    /// Its script opened TikTok's socket.
    SocketOpened {
        /// Under that address.
        url: String,
    },
    /// A binary frame came over that socket.
    Frame(Bytes),
    /// The page has no socket of TikTok's open any more; it may open another.
    SocketClosed,
    /// TikTok laid a captcha over the page, which its room did not let in; nothing more comes.
    Captcha,
    /// The page or its browser is gone, or sends more than any room does; nothing more comes.
    PageGone {
        /// What became of it.
        cause: String,
    },
}

/// A cookie of a page. Its value is never printed and wiped when it is let go.
#[derive(Clone, PartialEq, Eq)]
pub struct PageCookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Zeroizing<String>,
    /// The domain that it is for, such as `.tiktok.com`.
    pub domain: String,
}

/// The cookies by which TikTok knows an account: its session under three names, what guards it, and where it lives.
const ACCOUNT_COOKIES: [&str; 5] = ["sessionid", "sessionid_ss", "sid_tt", "sid_guard", "tt-target-idc"];

impl PageCookie {
    /// Whether it belongs to a login, and not to any visitor.
    #[must_use]
    pub fn is_of_account(&self) -> bool {
        ACCOUNT_COOKIES.contains(&self.name.as_str())
    }
}

impl fmt::Debug for PageCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageCookie").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why a page could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    /// There is no browser on this machine.
    #[error("there is no browser that could show TikTok's page; looked for {}", looked_for.join(", "))]
    NoBrowser {
        /// Where it could have been.
        looked_for: Vec<String>,
    },
    /// The browser did not start.
    #[error("the browser did not start: {cause}")]
    NotStarted {
        /// What stopped it.
        cause: String,
    },
    /// The browser could not load the page.
    #[error("the browser could not load {place}: {cause}")]
    Unreachable {
        /// The host of the page.
        place: String,
        /// What the browser says.
        cause: String,
    },
    /// TikTok did not give the page.
    #[error("TikTok answered the browser with HTTP {http_status}")]
    Blocked {
        /// Its status.
        http_status: u16,
    },
    /// TikTok wants a captcha solved first.
    #[error("TikTok asks the browser for a captcha")]
    Captcha,
    /// The window was closed before it was done.
    #[error("the page was closed")]
    Closed,
    /// The page or its browser went away, or sent more than any room does.
    #[error("the page is gone: {cause}")]
    Gone {
        /// What became of it.
        cause: String,
    },
    /// Nothing happened in time.
    #[error("the page did not come in time")]
    TimedOut,
}

/// The hosts whose sockets carry a live.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SocketHosts {
    own: Vec<String>,
}

impl SocketHosts {
    /// TikTok's, and these as `host:port` beside them.
    #[must_use]
    pub fn with(own: Vec<String>) -> Self {
        Self { own }
    }

    /// What there is beside TikTok's hosts, as `host:port`.
    #[must_use]
    pub fn own(&self) -> &[String] {
        &self.own
    }

    /// Whether that address is one of a live's socket: `webcast-ws`, `webcast16-ws-…` or `im-ws`, with or without a
    /// region, below `tiktok.com`.
    #[must_use]
    pub fn hold(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        let Some(host) = url.host_str() else { return false };
        let place = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        if matches!(url.scheme(), "ws" | "wss") && self.own.contains(&place) {
            return true;
        }
        let Some(below) = host.strip_suffix(".tiktok.com") else { return false };
        let name = below.split('.').next().unwrap_or_default();
        url.scheme() == "wss" && (matches!(name, "webcast-ws" | "im-ws") || name.starts_with("webcast16-ws-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sockets_of_tiktoks_lives_are_listened_to() {
        let hosts = SocketHosts::with(vec!["127.0.0.1:4001".to_owned()]);
        for (url, expected) in [
            ("wss://webcast-ws.tiktok.com/webcast/im/?a=b", true),
            ("wss://webcast-ws.eu.tiktok.com/", true),
            ("wss://webcast16-ws-useast1a.tiktok.com/", true),
            ("wss://webcast16-ws-useast1a.us.tiktok.com/", true),
            ("wss://im-ws.tiktok.com/", true),
            ("ws://127.0.0.1:4001/webcast/im/", true),
            ("ws://127.0.0.1:4002/webcast/im/", false),
            ("http://127.0.0.1:4001/", false),
            ("ws://webcast-ws.tiktok.com/", false),
            ("wss://webcast-ws.tiktok.com.example/", false),
            ("wss://webcast-wsx.tiktok.com/", false),
            ("wss://www.tiktok.com/", false),
            ("wss://evil.example/?host=webcast-ws.tiktok.com", false),
            ("no address", false),
        ] {
            assert_eq!(hosts.hold(url), expected, "{url}");
        }
    }

    #[test]
    fn a_cookie_never_prints_its_value() {
        let value = Zeroizing::new("0123456789abcdef".to_owned());
        let cookie = PageCookie { name: "sessionid".to_owned(), value, domain: ".tiktok.com".to_owned() };
        assert!(!format!("{cookie:?}").contains("0123"), "logs may hold it");
    }
}
