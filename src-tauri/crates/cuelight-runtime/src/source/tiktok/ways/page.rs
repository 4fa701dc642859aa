//! The page way: TikTok's own page in a browser enters the room, and we hear what it hears.

use cuelight_core::attempt::AttemptStep;
use cuelight_core::way::Way;
use tokio::time::Instant;

use crate::source::SourceError;
use crate::source::page::{PageAdmission, PageHost, PageVisit, PageWanted};
use crate::source::tiktok::bases::place_of;
use crate::source::tiktok::means::Means;
use crate::source::tiktok::way_in::{Errand, Opened, step_of};

/// What is missing where nobody gave us anything that shows pages.
pub(super) const NO_BROWSER: &str = "there is no browser";

/// Opens the page, with the cookies of the person.
pub(super) async fn open(means: &Means, errand: &Errand<'_>) -> Result<Opened, SourceError> {
    let Some(host) = &means.page else {
        return Err(errand.without(Way::Page, AttemptStep::StartBrowser, NO_BROWSER.to_owned()));
    };
    let wanted = PageWanted { cookies: means.page_cookies(), ..wanted(errand) };
    let visit = visited(Way::Page, host.as_ref(), wanted.clone(), errand).await?;
    Ok(Opened::Page { visit, wanted })
}

/// Opens a page for that way.
pub(super) async fn visited(
    way: Way,
    host: &dyn PageHost,
    wanted: PageWanted,
    errand: &Errand<'_>,
) -> Result<PageVisit, SourceError> {
    let began = Instant::now();
    let visit = host.visit(wanted).await;
    let step = visit.as_ref().err().map_or(AttemptStep::OpenPage, step_of);
    let place = if step == AttemptStep::OpenPage { place_of(&errand.bases.web(&[])) } else { String::new() };
    let visit = visit.map_err(|fault| errand.without_page(way, &fault));
    errand.story.tell(step, &place, began, visit.as_ref().err());
    visit
}

/// The page of the live as a stranger gets it.
pub(super) fn wanted(errand: &Errand<'_>) -> PageWanted {
    PageWanted {
        url: errand.bases.live_page(errand.handle),
        socket_hosts: errand.bases.socket_hosts(),
        cookies: Vec::new(),
        wants_frames: true,
        admission: PageAdmission::default(),
    }
}
