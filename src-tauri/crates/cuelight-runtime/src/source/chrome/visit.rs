//! A visit to TikTok's page: until it knows us and nothing stands in the way, then for as long as somebody listens.

use std::time::Duration;

use reqwest::Url;
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};

use super::Surroundings;
use super::devtools::DevToolsFault;
use super::launch::Look;
use super::page::{Page, gone};
use crate::source::page::script::FIRST_ERROR;
use crate::source::page::{PAGE_SIGNALS, PageFault, PageIdentity, PageSignal, PageVisit, PageWanted};

/// How long TikTok may take to give the page and its cookie; a browser on a slow line takes about five seconds.
const ARRIVES_WITHIN: Duration = Duration::from_secs(10);

/// How often the page is looked at until then.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Opens the page and hands it over to a task that ends it when nobody listens any more.
pub(super) async fn visit(surroundings: &Surroundings, wanted: PageWanted) -> Result<PageVisit, PageFault> {
    let look = Look::Unseen { hosts: wanted.own_hosts() };
    let PageWanted { url, socket_hosts, cookies, wants_frames } = wanted;
    let mut page = Page::open(surroundings, &look, socket_hosts, &cookies).await?;
    let (out, signals) = mpsc::channel(PAGE_SIGNALS + 1);
    // Whoever closes the channel and listens on waits for this place, which is given up when all is over.
    let place = out.clone().try_reserve_owned().expect("nobody else has the channel yet");
    match timeout(ARRIVES_WITHIN, page.arrive(&url, wants_frames.then_some(&out)))
        .await
        .unwrap_or(Err(PageFault::TimedOut))
    {
        Ok(identity) => {
            tokio::spawn(async move {
                page.stay(out, wants_frames).await;
                drop(place);
            });
            Ok(PageVisit { identity, signals })
        }
        Err(fault) => {
            page.end().await;
            Err(fault)
        }
    }
}

impl Page {
    /// Waits until the page has the cookie or its socket; of the latter it tells where that is wanted.
    async fn arrive(&mut self, url: &Url, out: Option<&mpsc::Sender<PageSignal>>) -> Result<PageIdentity, PageFault> {
        let mut identity = self.who().await.map_err(gone)?;
        self.go_to(url).await?;
        let mut looks = interval(LOOK_AGAIN);
        loop {
            tokio::select! {
                event = self.line.next() => {
                    let Some(signal) = self.take(event.map_err(gone)?).await.map_err(gone)? else { continue };
                    // The first signal is that of the socket, which ends this wait: so there is room.
                    let _ = out.map(|out| out.try_send(signal));
                }
                _ = looks.tick() => {}
            }
            if let Some(http_status) = self.http_status.filter(|it| *it >= FIRST_ERROR) {
                return Err(PageFault::Blocked { http_status });
            }
            let is_in = self.sockets.any_open();
            if !is_in && !self.is_there {
                continue;
            }
            if !is_in && self.shows_captcha().await.map_err(gone)? {
                return Err(PageFault::Captcha);
            }
            identity.cookies = self.cookies(url).await.map_err(gone)?;
            if is_in || identity.cookies.iter().any(|it| it.name == "ttwid") {
                return Ok(identity);
            }
        }
    }

    /// Tells what happens until nobody listens or the page is gone, and ends it.
    async fn stay(mut self, out: mpsc::Sender<PageSignal>, wants_frames: bool) {
        let fault = if wants_frames {
            tokio::select! {
                () = out.closed() => None,
                fault = self.tell(&out) => Some(fault),
            }
        } else {
            None
        };
        match fault {
            Some(fault) => {
                let gone = PageSignal::PageGone { cause: fault.to_string() };
                // Whoever stopped listening meanwhile does not need it.
                let (_, ()) = tokio::join!(out.send(gone), self.end());
            }
            None => self.end().await,
        }
    }

    async fn tell(&mut self, out: &mpsc::Sender<PageSignal>) -> DevToolsFault {
        loop {
            let taken = match self.line.next().await {
                Ok(event) => self.take(event).await,
                Err(fault) => Err(fault),
            };
            match taken {
                Ok(Some(signal)) => {
                    // Nobody listens any more, which `stay` sees for itself.
                    let _ = out.send(signal).await;
                }
                Ok(None) => {}
                Err(fault) => return fault,
            }
        }
    }
}
