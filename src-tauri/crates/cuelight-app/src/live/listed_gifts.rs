//! TikTok's own gift list: asked for while a live goes on, once somebody looks at gifts or one comes that nobody knows, and at
//! most once a day and room. Nothing waits for it, and it ends with the capture.

use std::sync::{Arc, Weak};

use cuelight_core::event::{Body, Event};
use cuelight_core::gift_catalogue::UNKNOWN_GIFT;
use cuelight_core::handle::Handle;
use cuelight_core::id::RoomId;
use cuelight_runtime::source::tiktok::gift_list::{self, WantedGiftList};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::app::App;
use crate::dto::{Failure, FailureCode};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The wish for the list; clones share it. One that comes before a live waits for it.
#[derive(Debug, Clone, Default)]
pub struct GiftListWish(Arc<Notify>);

impl GiftListWish {
    /// Somebody wants to know more of gifts.
    pub(crate) fn make(&self) {
        self.0.notify_one();
    }
}

/// Asking for the list of the live that a capture is in.
#[derive(Debug)]
pub(super) struct ListedGifts {
    /// Whose live it is; none where TikTok does not say so itself, so that there is no list.
    creator: Option<Handle>,
    room_id: Option<RoomId>,
    /// The one task that asks; it ends with this.
    asking: JoinSet<()>,
}

impl ListedGifts {
    /// Before anything came of the live of `creator`, or of what is no live of TikTok's.
    pub(super) fn of(creator: Option<Handle>) -> Self {
        Self { creator, room_id: None, asking: JoinSet::new() }
    }

    /// Shows it what was committed. To be called within the tasks of the app; it is quick.
    pub(super) fn offer(&mut self, event: &Event, app: &Arc<App>) {
        let Some(creator) = &self.creator else { return };
        if let Body::Connect(connect) = &event.body {
            let is_known = self.room_id.as_ref() == Some(&connect.room_id);
            // What is no number is no room of TikTok's.
            if !is_known && connect.room_id.to_number().is_some() {
                let (creator, room_id) = (creator.clone(), connect.room_id.clone());
                self.room_id = Some(room_id.clone());
                self.asking = JoinSet::new();
                self.asking.spawn(ask_when_wanted(app.gift_list_wish.clone(), Arc::downgrade(app), creator, room_id));
            }
        }
        if let Body::Gift(gift) = &event.body
            && gift.gift.name.as_deref() == Some(UNKNOWN_GIFT)
        {
            app.gift_list_wish.make();
        }
    }
}

async fn ask_when_wanted(wish: GiftListWish, app: Weak<App>, creator: Handle, room_id: RoomId) {
    wish.0.notified().await;
    let Some(app) = app.upgrade() else { return };
    match ask(&app, creator, room_id).await {
        Ok(Some(count)) => tracing::info!(count, "TikTok's gift list was taken in"),
        Ok(None) => tracing::debug!("TikTok's gift list was asked for today already"),
        Err(failure) => tracing::warn!(%failure, "TikTok's gift list cannot be had today"),
    }
}

/// How many gifts came; `None` where they were asked for today already.
async fn ask(app: &App, creator: Handle, room_id: RoomId) -> Result<Option<usize>, Failure> {
    let now_ms = app.clock.now_ms();
    let room = room_id.clone();
    let is_first = app.change(move |store| store.note_gift_list_asked(room.as_str(), now_ms / DAY_MS)).await?;
    if !is_first {
        return Ok(None);
    }
    let wanted = WantedGiftList { creator, room_id, language: app.language().as_str().to_owned() };
    let gifts = gift_list::fetch(&wanted, &app.tiktok, &app.clock, now_ms.unsigned_abs()).await;
    let gifts = gifts.map_err(|error| Failure::new(FailureCode::NotNow, error.to_string()))?;
    let count = gifts.len();
    app.change(move |store| store.take_gift_list(&gifts)).await?;
    Ok(Some(count))
}
