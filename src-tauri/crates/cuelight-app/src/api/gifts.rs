//! The gift picker: the catalogue page by page, and the next gift that arrives.

use serde::Deserialize;
use ts_rs::TS;

use super::{Caller, Nothing};
use crate::dto::{Failure, GiftOrder, GiftPage};
use crate::gift_list::GiftList;

/// Gifts of one page; more than fit on a screen.
const PAGE_GIFTS: u32 = 200;

/// Which gifts are wanted.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WantedGifts {
    /// Part of a name in any language, or the beginning of an id; empty means all.
    search: String,
    /// Which come first.
    order: GiftOrder,
    /// How many to leave out.
    offset: u32,
    /// How many at most.
    limit: u32,
}

/// A page of the catalogue. Whoever looks at it has TikTok's own list asked for beside it, where a live goes on.
pub(super) async fn gifts(caller: Caller<'_>, input: WantedGifts) -> Result<GiftPage, Failure> {
    let pictures = caller.app.pictures.clone();
    caller.app.gift_list_wish.make();
    let WantedGifts { search, order, offset, limit } = input;
    caller
        .app
        .read(move |reader| Ok(GiftList::read(reader)?.page(&search, order, offset, limit.min(PAGE_GIFTS), &pictures)))
        .await
}

/// The next gift that arrives is pushed.
pub(super) async fn catch_next_gift(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.catching.begin();
    Ok(Nothing {})
}

/// No gift is waited for any more.
pub(super) async fn stop_catching(caller: Caller<'_>, _: Nothing) -> Result<Nothing, Failure> {
    caller.app.catching.stop();
    Ok(Nothing {})
}
