//! A visit to TikTok's page: until it knows us and nothing stands in the way, then for as long as somebody listens.

use reqwest::Url;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Surroundings;
use super::launch::Look;
use super::page::{Page, gone};
use crate::source::page::script::FIRST_ERROR;
use crate::source::page::{
    ARRIVES_WITHIN, LOOK_AGAIN, LOOK_FOR_CAPTCHA, PageAdmission, PageFault, PageIdentity, PageSignal, PageVisit,
    PageWanted, page_signals,
};

/// Opens the page and hands it over to a task that ends it when nobody listens any more.
pub(super) async fn visit(surroundings: &Surroundings, wanted: PageWanted) -> Result<PageVisit, PageFault> {
    let look = Look::Unseen { hosts: wanted.own_hosts() };
    let PageWanted { url, socket_hosts, cookies, wants_frames, admission } = wanted;
    let mut page = Page::open(surroundings, &look, socket_hosts, &cookies).await?;
    let (out, place, signals) = page_signals();
    match timeout(ARRIVES_WITHIN, page.arrive(&url, wants_frames.then_some(&out)))
        .await
        .unwrap_or(Err(PageFault::TimedOut))
    {
        Ok(identity) => {
            tokio::spawn(async move {
                page.stay(out, wants_frames, &admission).await;
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
        let mut signals = Vec::new();
        loop {
            tokio::select! {
                event = self.line.next() => {
                    self.take(event.map_err(gone)?, &mut signals).await.map_err(gone)?;
                    if signals.is_empty() {
                        continue;
                    }
                    for signal in signals.drain(..) {
                        // That of the socket ends this wait, and few come before it: so there is room.
                        let _ = out.map(|out| out.try_send(signal));
                    }
                }
                _ = looks.tick() => {
                    if self.is_there && !self.sockets.any_open() {
                        self.look().await.map_err(gone)?;
                    }
                }
            }
            if let Some(http_status) = self.http_status.filter(|it| *it >= FIRST_ERROR) {
                return Err(PageFault::Blocked { http_status });
            }
            let is_in = self.sockets.any_open();
            match self.captcha.take() {
                Some(true) if !is_in => return Err(PageFault::Captcha),
                None if !is_in => continue,
                Some(_) | None => {}
            }
            identity.cookies = self.cookies(url).await.map_err(gone)?;
            if is_in || identity.cookies.iter().any(|it| it.name == "ttwid") {
                return Ok(identity);
            }
        }
    }

    /// Tells what happens until nobody listens or the page is gone, and ends it.
    async fn stay(mut self, out: mpsc::Sender<PageSignal>, wants_frames: bool, admission: &PageAdmission) {
        let last = if wants_frames {
            tokio::select! {
                () = out.closed() => None,
                last = self.tell(&out, admission) => Some(last),
            }
        } else {
            None
        };
        match last {
            Some(last) => {
                // Whoever stopped listening meanwhile does not need it.
                let (_, ()) = tokio::join!(out.send(last), self.end());
            }
            None => self.end().await,
        }
    }

    /// Tells what happens until the page is of no more use, and gives the last word about it.
    async fn tell(&mut self, out: &mpsc::Sender<PageSignal>, admission: &PageAdmission) -> PageSignal {
        let mut signals = Vec::new();
        let mut looks = interval(LOOK_FOR_CAPTCHA);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let taken = tokio::select! {
                event = self.line.next() => match event {
                    Ok(event) => self.take(event, &mut signals).await,
                    Err(fault) => Err(fault),
                },
                _ = looks.tick(), if !admission.is_in() => self.look().await,
            };
            if let Err(fault) = taken {
                return PageSignal::PageGone { cause: fault.to_string() };
            }
            if self.captcha.take() == Some(true) && !admission.is_in() {
                return PageSignal::Captcha;
            }
            for signal in signals.drain(..) {
                // Nobody listens any more, which `stay` sees for itself.
                let _ = out.send(signal).await;
            }
        }
    }
}
