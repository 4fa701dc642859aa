//! The way by TikFinity: what that program hears of the live, if it runs and follows this streamer.

use cuelight_core::attempt::AttemptStep;
use cuelight_core::way::Way;
use tokio::time::Instant;

use crate::source::SourceError;
use crate::source::tikfinity::feed::Feed;
use crate::source::tiktok::means::Means;
use crate::source::tiktok::way_in::{Errand, Opened, closed};

/// Opens TikFinity's feed.
pub(super) async fn open(means: &Means, errand: &Errand<'_>) -> Result<Opened, SourceError> {
    let Some(url) = &means.tikfinity else {
        let cause = "nobody looks for TikFinity".to_owned();
        return Err(errand.without(Way::Tikfinity, AttemptStep::Feed, cause));
    };
    let began = Instant::now();
    let opened = Feed::open(url, errand.pace).await.map_err(|error| {
        // Who was in by it a moment ago waits until it has been started again.
        if errand.last_way == Some(Way::Tikfinity) { error } else { closed(Way::Tikfinity, error.to_string()) }
    });
    errand.story.tell(AttemptStep::Feed, &url.place(), began, opened.as_ref().err());
    opened.map(Opened::Feed)
}
