//! A live that is captured into a journal within this process, as the program does it.

use cuelight_core::event::Event;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{CaptureRequest, Runtime};
use cuelight_runtime::source::{EventSource, SourceEnd, SourceError};
use cuelight_runtime::store::Settings;

/// Captures to the end of the live and hands every event on once it is committed.
pub(crate) async fn capture(
    source: Box<dyn EventSource>,
    mut committed: impl FnMut(&Event),
) -> Result<SourceEnd, SourceError> {
    let folder = tempfile::tempdir().expect("a folder for the journal");
    let runtime = Runtime::open(&DataFolder::new(folder.path()), Clock::system()).expect("a fresh folder opens");
    let request = CaptureRequest {
        source_name: "tiktok:direct".to_owned(),
        session_name: None,
        settings: Settings::default(),
        publication: None,
        deciding: None,
    };
    let mut running = runtime.capture(request, source).expect("the journal can be written");
    while let Some(page) = running.feed.next().await.expect("the journal can be read") {
        for it in page.iter() {
            committed(&it.event);
        }
    }
    running.end().await.outcome
}
