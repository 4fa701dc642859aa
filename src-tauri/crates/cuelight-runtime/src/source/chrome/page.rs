//! One page in a browser of its own: its workers followed, its sockets told apart, its cookies in memory only.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Url;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Surroundings;
use super::devtools::{DevTools, DevToolsFault};
use super::event::Event;
use super::launch::{Look, RunningBrowser, Version};
use super::questions::is_captcha;
use crate::source::page::script::{FIRST_ERROR, FRAME_BYTES, QUIET};
use crate::source::page::sockets::{Sockets, TooMany};
use crate::source::page::{PageCookie, PageFault, PageSignal, SocketHosts};

/// How long a page that shows nothing yet may take to be prepared; it takes milliseconds.
const PREPARES_WITHIN: Duration = Duration::from_secs(10);

/// An open page.
pub(super) struct Page {
    browser: RunningBrowser,
    pub(super) line: DevTools,
    /// The page's debugging session.
    pub(super) session: String,
    /// Its outermost frame.
    frame: String,
    pub(super) sockets: Sockets,
    /// What its document was answered with.
    pub(super) http_status: Option<u16>,
    /// Its document is there.
    pub(super) is_there: bool,
    /// Whether that document showed a captcha when it was last looked at; `None` before it answered.
    pub(super) captcha: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    browser_context_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    target_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attached {
    session_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Navigation {
    error_text: Option<String>,
}

impl Page {
    /// Starts a browser with an empty page that has these cookies.
    pub(super) async fn open(
        surroundings: &Surroundings,
        look: &Look,
        hosts: SocketHosts,
        cookies: &[PageCookie],
    ) -> Result<Self, PageFault> {
        let (browser, mut line) = RunningBrowser::start(surroundings, look).await?;
        let preparing = timeout(PREPARES_WITHIN, prepare(&mut line, &browser.version, look, cookies));
        let cause = match preparing.await {
            Ok(Ok((session, frame))) => {
                let sockets = Sockets::new(hosts);
                return Ok(Self {
                    browser,
                    line,
                    session,
                    frame,
                    sockets,
                    http_status: None,
                    is_there: false,
                    captcha: None,
                });
            }
            Ok(Err(fault)) => fault.to_string(),
            Err(_) => format!("it did nothing for {PREPARES_WITHIN:?}"),
        };
        browser.end(line).await;
        Err(PageFault::NotStarted { cause })
    }

    /// Leads it to an address.
    pub(super) async fn go_to(&mut self, url: &Url) -> Result<(), PageFault> {
        let navigation: Navigation =
            self.line.call(Some(&self.session), "Page.navigate", json!({ "url": url.as_str() })).await.map_err(gone)?;
        let Some(cause) = navigation.error_text else { return Ok(()) };
        // An answer without a body counts as an error, too; its status says more.
        while let Some(event) = self.line.next_kept() {
            self.take(event, &mut Vec::new()).await.map_err(gone)?;
        }
        match self.http_status {
            Some(http_status) if http_status >= FIRST_ERROR => Err(PageFault::Blocked { http_status }),
            Some(_) | None => {
                Err(PageFault::Unreachable { place: url.host_str().unwrap_or_default().to_owned(), cause })
            }
        }
    }

    /// Puts its window before the others.
    pub(super) async fn come_to_the_front(&mut self) -> Result<(), DevToolsFault> {
        self.line.call::<IgnoredAny>(Some(&self.session), "Page.bringToFront", json!({})).await.map(drop)
    }

    /// Follows what happened; what of it is a signal is added.
    ///
    /// # Errors
    /// The page is gone, or is sent too much.
    pub(super) async fn take(&mut self, event: Event, signals: &mut Vec<PageSignal>) -> Result<(), DevToolsFault> {
        let is_closed = match event {
            Event::Attached { session } if session != self.session => {
                self.follow_child(&session).await?;
                false
            }
            Event::Attached { .. } => false,
            Event::Detached { session } if session == self.session => {
                return Err(DevToolsFault::Gone { cause: "the page was closed".to_owned() });
            }
            Event::Detached { session } => self.sockets.close_all_of(&session),
            Event::Crashed => return Err(DevToolsFault::Gone { cause: "the page crashed".to_owned() }),
            Event::Navigated { session, url } => {
                self.is_there = false;
                self.captcha = None;
                signals.push(PageSignal::Moved { url });
                self.sockets.close_all_of(&session)
            }
            Event::Moved { frame, url } => {
                if frame == self.frame {
                    signals.push(PageSignal::Moved { url });
                }
                false
            }
            Event::ContentLoaded => {
                self.is_there = true;
                false
            }
            Event::Answered { outcome } => {
                // What the document before it showed says nothing of one that is still to come.
                self.captcha = self.is_there.then(|| is_captcha(&outcome));
                false
            }
            Event::Document { frame, http_status } => {
                if frame == self.frame {
                    self.http_status = Some(http_status);
                }
                false
            }
            Event::SocketCreated { key, url } => {
                self.sockets.create(key, url).map_err(|TooMany| DevToolsFault::Flood)?;
                false
            }
            Event::SocketOpened { key } => {
                signals.extend(self.sockets.open(&key).map(|url| PageSignal::SocketOpened { url }));
                false
            }
            Event::Frame { key, payload, is_binary, .. } => {
                if is_binary && self.sockets.hold(&key) {
                    signals.extend(frame_of(&payload)?);
                }
                false
            }
            Event::SocketClosed { key } => self.sockets.close(&key),
        };
        signals.extend(is_closed.then_some(PageSignal::SocketClosed));
        Ok(())
    }

    /// Listens to a worker or a frame of another site, which waits for that before its first line.
    async fn follow_child(&mut self, session: &str) -> Result<(), DevToolsFault> {
        for (method, params) in [listening(), following(), ("Runtime.runIfWaitingForDebugger", json!({}))] {
            // One that is gone already answers with a refusal, which nobody needs.
            self.line.tell(Some(session), method, params).await?;
        }
        Ok(())
    }

    /// Ends the page, its browser and everything that they left on the disk.
    pub(super) async fn end(self) {
        self.browser.end(self.line).await;
    }
}

/// That the network is listened to. Bodies are not kept: nobody asks for them.
fn listening() -> (&'static str, Value) {
    ("Network.enable", json!({ "maxTotalBufferSize": 0, "maxResourceBufferSize": 0 }))
}

/// That workers and frames of other sites wait for us.
fn following() -> (&'static str, Value) {
    ("Target.setAutoAttach", json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true }))
}

/// Opens an empty page in a context that is never written to the disk; its session and its outermost frame.
async fn prepare(
    line: &mut DevTools,
    version: &Version,
    look: &Look,
    cookies: &[PageCookie],
) -> Result<(String, String), DevToolsFault> {
    let context: Context = line.call(None, "Target.createBrowserContext", json!({ "disposeOnDetach": true })).await?;
    let wanted = json!({
        "url": "about:blank",
        "browserContextId": context.browser_context_id,
        // There is no window yet to which it could be added.
        "newWindow": true,
    });
    let target: Target = line.call(None, "Target.createTarget", wanted).await?;
    let wanted = json!({ "targetId": target.target_id, "flatten": true });
    let Attached { session_id } = line.call(None, "Target.attachToTarget", wanted).await?;
    let mut commands = vec![("Inspector.enable", json!({})), ("Page.enable", json!({})), listening(), following()];
    match look {
        Look::Unseen { .. } => {
            commands.push(("Emulation.setUserAgentOverride", seen_browser(version)));
            commands.push(("Page.addScriptToEvaluateOnNewDocument", json!({ "source": QUIET })));
        }
        Look::Shown => {}
    }
    if !cookies.is_empty() {
        commands.push(("Network.setCookies", json!({ "cookies": cookies.iter().map(cookie).collect::<Vec<_>>() })));
    }
    for (method, params) in commands {
        line.call::<IgnoredAny>(Some(&session_id), method, params).await?;
    }
    // The outermost frame of a page has the page's own id.
    Ok((session_id, target.target_id))
}

/// The browser as it names itself where somebody sees it. What is left out here it fills in by itself.
fn seen_browser(version: &Version) -> Value {
    let platform = match std::env::consts::OS {
        "windows" => "Windows",
        "macos" => "macOS",
        _ => "Linux",
    };
    json!({
        "userAgent": version.user_agent.replace("HeadlessChrome", "Chrome"),
        "userAgentMetadata": {
            "platform": platform,
            "platformVersion": "",
            "architecture": if cfg!(target_arch = "aarch64") { "arm" } else { "x86" },
            "model": "",
            "mobile": false,
        },
    })
}

/// A cookie as the browser takes it. TikTok's are for HTTPS; a test's host on loopback has none.
fn cookie(cookie: &PageCookie) -> Value {
    json!({
        "name": cookie.name,
        "value": cookie.value.as_str(),
        "domain": cookie.domain,
        "path": "/",
        "secure": cookie.domain.ends_with(".tiktok.com"),
        "httpOnly": cookie.is_of_account() || cookie.name == "ttwid",
    })
}

fn frame_of(payload: &str) -> Result<Option<PageSignal>, DevToolsFault> {
    match BASE64_STANDARD.decode(payload) {
        Ok(frame) if frame.len() > FRAME_BYTES => Err(DevToolsFault::TooLarge),
        Ok(frame) => Ok(Some(PageSignal::Frame(frame.into()))),
        Err(error) => {
            tracing::warn!(%error, "a frame that the browser told was no base64");
            Ok(None)
        }
    }
}

pub(super) fn gone(fault: DevToolsFault) -> PageFault {
    PageFault::Gone { cause: fault.to_string() }
}
