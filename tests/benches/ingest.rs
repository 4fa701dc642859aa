//! From frames to events that are safe on the disk: the whole engine without a network.

use std::time::{Duration, Instant};

use cuelight_core::event::{Body, Connect, Event};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::totals::SessionTotals;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{CaptureRequest, Runtime};
use cuelight_runtime::source::tiktok::frame::FrameDecoder;
use cuelight_runtime::source::{Batch, EventSender, EventSource, SourceEnd, SourceFuture};
use cuelight_runtime::store::Settings;
use tokio_util::sync::CancellationToken;

use crate::corpus::Corpus;
use crate::process::written_bytes;
use crate::rounds::{Rounds, cpu_time, median};
use crate::table::{self, Wanted};
use crate::wire;

pub(crate) fn measure() {
    for corpus in Corpus::all() {
        table::section(&format!("ingest, {}", corpus.describe()));
        let mut runs = Vec::new();
        let mut ingest_once = || {
            let run = ingest(&corpus);
            let spent = run.cpu_time;
            runs.push(run);
            spent
        };
        let rounds = Rounds::of(corpus.messages, &mut [&mut || cpu_time(|| wire::scan(&corpus)), &mut ingest_once]);
        let wanted = Wanted::AtMost { goal: 3.4, floor: 5.5 };
        table::figure("frames to durable events, times the reference", wanted, rounds.ratio_to_first(1), "x");
        table::figure("  CPU a message, all threads", Wanted::Told, rounds.cpu_us(1), "us");
        let lost: u64 = runs.iter().map(|run| run.lost).sum();
        table::figure("  messages lost", Wanted::None, lost as f64, "");
        let of_runs = |value: fn(&Run) -> f64| median(runs.iter().map(value).collect());
        table::figure("  durable messages a second (wall)", Wanted::Told, of_runs(|run| run.per_second), "/s");
        table::figure("  written to disk an event", Wanted::Told, of_runs(|run| run.written_bytes), "bytes");
        table::figure("  database size an event", Wanted::Told, of_runs(|run| run.kept_bytes), "bytes");
    }
}

/// One journey of the corpus into a new database.
struct Run {
    /// From the first frame to the end of the session; making the database is left aside.
    cpu_time: Duration,
    lost: u64,
    per_second: f64,
    written_bytes: f64,
    kept_bytes: f64,
}

fn ingest(corpus: &Corpus) -> Run {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::new(place.path());
    folder.create().expect("the data folder");
    let runtime = Runtime::open(&folder, Clock::system()).expect("a new database");
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let request = CaptureRequest {
        source_name: "bench".into(),
        session_name: None,
        settings: Settings::default(),
        publication: None,
        deciding: None,
    };
    let source = Box::new(Memory { frames: corpus.frames.clone() });
    let (written_before, start) = (written_bytes(), Instant::now());
    let mut totals = SessionTotals::default();
    let cpu_time = cpu_time(|| {
        totals = tasks.block_on(async {
            let mut capture = runtime.capture(request, source).expect("the journal opens");
            while capture.feed.next().await.expect("the feed goes on").is_some() {}
            capture.end().await.totals()
        });
    });
    let seconds = start.elapsed().as_secs_f64();
    let events = totals.journaled as f64;
    let size = std::fs::metadata(folder.database()).map_or(0, |file| file.len());
    Run {
        cpu_time,
        // The connect event is ours.
        lost: (corpus.messages + 1).saturating_sub(totals.journaled + totals.duplicates),
        per_second: corpus.messages as f64 / seconds,
        written_bytes: (written_bytes() - written_before) as f64 / events,
        kept_bytes: size as f64 / events,
    }
}

/// A source that has all its frames already.
struct Memory {
    frames: Vec<Vec<u8>>,
}

impl EventSource for Memory {
    fn run<'a>(&'a mut self, out: &'a EventSender, _cancel: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(async {
            let now_ms = out.clock().now_ms();
            let connect = Connect { unique_id: "luna.plays".into(), ..Connect::default() };
            let connect = Event::own(Body::Connect(connect), Timestamp::from_ms(now_ms));
            out.send(Batch { events: vec![connect], received_ms: now_ms, ..Batch::default() }).await?;
            let mut decoder = FrameDecoder::new();
            for frame in &self.frames {
                out.send(decoder.read(frame, out.clock().now_ms()).batch).await?;
            }
            Ok(SourceEnd::Ended)
        })
    }

    fn is_live(&self) -> bool {
        false
    }
}
