//! A visit to TikTok's page: until it knows us and nothing stands in the way, then for as long as somebody listens.

use std::sync::atomic::Ordering;
use std::time::Duration;

use cuelight_runtime::source::page::script::identity_in;
use cuelight_runtime::source::page::{
    ARRIVES_WITHIN, LOOK_AGAIN, LOOK_FOR_CAPTCHA, PageFault, PageHost as _, PageIdentity, PageSignal, PageVisit,
    PageWanted, page_signals,
};
use tauri::Url;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::Behind;
use super::page::Page;
use super::view::Look;

/// How long a page that has workers may be without a socket of its own; pages open theirs within two seconds.
const OWN_SOCKET_WITHIN: Duration = Duration::from_secs(5);

/// How a page that was listened to came to its end.
enum Ended {
    /// Nobody listens any more.
    Unwanted,
    /// A browser listens in its place.
    Replaced(PageVisit),
    /// It is of no more use, which is the last word about it.
    Over(PageSignal),
}

/// Opens the page and hands it over to a task that ends it when nobody listens any more.
pub(super) async fn visit(behind: &Behind, wanted: PageWanted) -> Result<PageVisit, PageFault> {
    if wanted.wants_frames && behind.is_needed.load(Ordering::Relaxed) {
        return behind.browser.visit(wanted).await;
    }
    let look = Look::Unseen { hosts: wanted.own_hosts() };
    let mut page = Page::open(look, wanted.socket_hosts.clone(), wanted.cookies.clone()).await?;
    let mut early = Vec::new();
    let arriving = timeout(ARRIVES_WITHIN, page.arrive(&wanted.url, &mut early));
    match arriving.await.unwrap_or(Err(PageFault::TimedOut)) {
        Ok(identity) => {
            let (out, place, signals) = page_signals();
            let behind = behind.clone();
            tokio::spawn(async move {
                stay(page, early, &out, wanted, &behind).await;
                drop(place);
            });
            Ok(PageVisit { identity, signals })
        }
        Err(fault) => {
            page.view.close().await;
            Err(fault)
        }
    }
}

/// Tells what happens until nobody listens or the page is gone, and ends it.
async fn stay(
    mut page: Page,
    early: Vec<PageSignal>,
    out: &mpsc::Sender<PageSignal>,
    wanted: PageWanted,
    behind: &Behind,
) {
    let ended = tokio::select! {
        () = out.closed() => Ended::Unwanted,
        ended = page.tell(early, out, &wanted, behind), if wanted.wants_frames => ended,
    };
    page.view.close().await;
    let last = match ended {
        Ended::Unwanted => return,
        Ended::Over(last) => last,
        Ended::Replaced(visit) => return listen_in_its_place(out, visit).await,
    };
    // Whoever stopped listening meanwhile does not need it.
    let _ = out.send(last).await;
}

/// Hands on what a browser hears of the same page, until it or whoever listens is gone.
async fn listen_in_its_place(out: &mpsc::Sender<PageSignal>, mut visit: PageVisit) {
    loop {
        let signal = tokio::select! {
            signal = visit.signals.recv() => signal,
            () = out.closed() => None,
        };
        let Some(signal) = signal else { break };
        if out.send(signal).await.is_err() {
            break;
        }
    }
    visit.close().await;
}

impl Page {
    /// Waits until the page has the cookie or its socket.
    async fn arrive(&mut self, url: &Url, early: &mut Vec<PageSignal>) -> Result<PageIdentity, PageFault> {
        let gone = || PageFault::Gone { cause: "the webview does not answer".to_owned() };
        // Asked of an empty page, no script can lie about it.
        let who = self.view.who().await.ok_or_else(gone)?;
        let mut identity = identity_in(&who).map_err(|error| PageFault::NotStarted { cause: error.to_string() })?;
        self.view.go_to(url).await;
        let mut looks = interval(LOOK_AGAIN);
        loop {
            tokio::select! {
                next = self.next(url, early) => next?,
                _ = looks.tick() => {}
            }
            let is_in = self.hearing.is_in();
            if !is_in && !self.hearing.is_there {
                continue;
            }
            let seen = self.view.look(url).await.ok_or_else(gone)?;
            if !is_in && seen.is_captcha {
                return Err(PageFault::Captcha);
            }
            if is_in || seen.cookies.iter().any(|it| it.name == "ttwid") {
                identity.cookies = seen.cookies;
                return Ok(identity);
            }
        }
    }

    async fn tell(
        &mut self,
        early: Vec<PageSignal>,
        out: &mpsc::Sender<PageSignal>,
        wanted: &PageWanted,
        behind: &Behind,
    ) -> Ended {
        let own_socket_until = Instant::now() + OWN_SOCKET_WITHIN;
        // Once, and not at all where the page was heard.
        let mut may_be_replaced = !self.hearing.is_in();
        let mut signals = early;
        let gone = |fault: PageFault| Ended::Over(PageSignal::PageGone { cause: fault.to_string() });
        let mut looks = interval(LOOK_FOR_CAPTCHA);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            for signal in signals.drain(..) {
                if out.send(signal).await.is_err() {
                    return Ended::Unwanted;
                }
            }
            tokio::select! {
                next = self.next(&wanted.url, &mut signals) => {
                    if let Err(fault) = next {
                        return gone(fault);
                    }
                    may_be_replaced &= !self.hearing.is_in();
                }
                _ = looks.tick(), if !wanted.admission.is_in() => match self.view.look(&wanted.url).await {
                    Some(seen) if seen.is_captcha => return Ended::Over(PageSignal::Captcha),
                    Some(_) => {}
                    None => return gone(PageFault::Closed),
                },
                () = sleep_until(own_socket_until), if may_be_replaced && self.hearing.has_workers => {
                    tracing::info!("the page seems to keep its socket in a worker; a browser listens to it");
                    may_be_replaced = false;
                    // Before it is there: where a slow browser comes too late for this page, the next one goes to it at once.
                    behind.is_needed.store(true, Ordering::Relaxed);
                    match behind.browser.visit(wanted.clone()).await {
                        Ok(visit) => return Ended::Replaced(visit),
                        Err(PageFault::Captcha) => return Ended::Over(PageSignal::Captcha),
                        Err(fault) => {
                            behind.is_needed.store(false, Ordering::Relaxed);
                            tracing::info!(%fault, "no browser listens; the page may be slow");
                        }
                    }
                }
            }
        }
    }
}
