//! The page way: TikTok's own page in a browser enters the room, and we hear what it hears.

use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use reqwest::Url;

use crate::source::SourceError;
use crate::source::page::{PageCookie, PageWanted};
use crate::source::tiktok::bases::TikTokBases;
use crate::source::tiktok::means::Means;
use crate::source::tiktok::way_in::{Errand, Opened, closed};

/// Opens the page with these cookies.
pub(super) async fn open(means: &Means, session: &[PageCookie], errand: &Errand<'_>) -> Result<Opened, SourceError> {
    let Some(host) = &means.page else { return Err(closed(Way::Page, "there is no browser".to_owned())) };
    let wanted = PageWanted { cookies: session.to_vec(), ..wanted(errand) };
    let visit = host.visit(wanted).await.map_err(|fault| errand.without_page(Way::Page, &fault))?;
    Ok(Opened::Page(visit))
}

/// The address of the live's page.
pub(super) fn live_page(bases: &TikTokBases, handle: &Handle) -> Url {
    bases.web(&[&format!("@{handle}"), "live"])
}

/// The page of the live as a stranger gets it.
pub(super) fn wanted(errand: &Errand<'_>) -> PageWanted {
    PageWanted {
        url: live_page(errand.bases, errand.handle),
        socket_hosts: errand.bases.socket_hosts(),
        cookies: Vec::new(),
        wants_frames: true,
    }
}
