//! From a gift in the socket to a job that is safe on the disk and may be claimed, one gift at a time.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use cuelight_core::handle::Handle;
use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::Engine;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{Capture, CaptureRequest, Runtime};
use cuelight_runtime::source::tiktok::TiktokSource;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::source::tiktok::means::Means;
use cuelight_runtime::store::Settings;
use system_tests::{FakeTikTok, Frame, Live, Scenario, viewer};
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::{self, Bytes, Message};

use crate::table::{self, Wanted};
use crate::thankful;

/// Gifts that are timed, after some that are not.
const GIFTS: usize = 300;

const WARMING_UP: usize = 20;

/// Between two gifts, so that each finds everybody asleep.
const PAUSE: Duration = Duration::from_millis(5);

/// What the reference appends before it is made durable: a page.
const PAGE_BYTES: usize = 4096;

pub(crate) fn measure() {
    table::section(&format!("latency, {GIFTS} gifts one at a time over loopback, each with a rule that fires"));
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::new(place.path());
    folder.create().expect("the data folder");
    let runtime = Runtime::open(&folder, Clock::system()).expect("a new database");
    thankful::fill(runtime.store(), 1);
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tiktok = FakeTikTok::start(Scenario::playing(Vec::new()));
    let times = tasks.block_on(gifts(&runtime, &tiktok, place.path()));

    let counts = runtime.store().reader().expect("the database").queue_counts(JobId(0)).expect("it can be read");
    let pending = counts.get(&ServiceId::new(thankful::SERVICE)).map_or(0, |counts| counts.pending);
    table::figure("jobs missing or too many", Wanted::None, (GIFTS + WARMING_UP) as f64 - pending as f64, "");
    let (ours, bare): (Vec<f64>, Vec<f64>) = times.into_iter().unzip();
    let wanted = Wanted::AtMost { goal: 3.0, floor: 3.0 };
    table::figure("socket to claimable job, p50, times the reference", wanted, at(&ours, 0.5) / at(&bare, 0.5), "x");
    table::figure("  p50", Wanted::Told, at(&ours, 0.5), "ms");
    table::figure("  p99", Wanted::Told, at(&ours, 0.99), "ms");
    table::figure("  reference: read, write, fdatasync, p50", Wanted::Told, at(&bare, 0.5), "ms");
    table::figure("  reference, p99", Wanted::Told, at(&bare, 0.99), "ms");
}

/// Milliseconds of each gift, and of the reference right after it.
async fn gifts(runtime: &Runtime, tiktok: &FakeTikTok, folder: &Path) -> Vec<(f64, f64)> {
    let player = Player::start(true);
    let web = tiktok.http_url();
    let bases = TikTokBases::new(Some(&web), Some(&web), Some(&format!("ws://{}", player.address)));
    let handle = Handle::parse("sim").expect("a handle");
    let bases = bases.expect("addresses on loopback");
    let source = TiktokSource::new(handle, bases, Means::default(), 1).only(Way::Direct);
    let engine = Engine::start(runtime.store(), &[], &Clock::system()).expect("no workers");
    let (deciding, _signals) = engine.deciding(None, 0).expect("the rules can be read");
    let request = CaptureRequest {
        source_name: "bench".into(),
        session_name: None,
        settings: Settings::default(),
        publication: None,
        deciding: Some(deciding),
    };
    let mut capture = runtime.capture(request, Box::new(source)).expect("the journal opens");
    // The event of the connection itself.
    next(&mut capture).await;
    let mut bare = Bare::new(folder);
    let mut live = Live::new();
    let mut times = Vec::new();
    for number in 0..GIFTS + WARMING_UP {
        tokio::time::sleep(PAUSE).await;
        let frame = Frame::of([live.gift(viewer::ROSA, thankful::gift())]).bytes(number as u64 + 1);
        player.send(frame.clone());
        next(&mut capture).await;
        let ours = player.sent_at().elapsed();
        tokio::time::sleep(PAUSE).await;
        let reference = bare.time(frame);
        if number >= WARMING_UP {
            times.push((ours.as_secs_f64() * 1e3, reference.as_secs_f64() * 1e3));
        }
    }
    capture.stopper().stop();
    capture.end().await;
    engine.workers.stop().await;
    times
}

/// Waits for the next commit.
async fn next(capture: &mut Capture) {
    capture.feed.next().await.expect("the journal can be read").expect("the capture goes on");
}

/// The far side of a socket: sends what it is told, and says when it began to.
struct Player {
    address: std::net::SocketAddr,
    frames: mpsc::Sender<Bytes>,
    moments: mpsc::Receiver<Instant>,
}

impl Player {
    fn start(speaks_websocket: bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let (frames, to_send) = mpsc::channel::<Bytes>();
        let (moment, moments) = mpsc::channel();
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("somebody connects");
            stream.set_nodelay(true).expect("a socket");
            let mut far = if speaks_websocket { Far::Room(enter(stream)) } else { Far::Bare(stream) };
            for frame in to_send {
                // Whoever measures may be gone.
                let _ = moment.send(Instant::now());
                far.send(frame);
            }
        });
        Self { address, frames, moments }
    }

    fn send(&self, frame: Bytes) {
        self.frames.send(frame).expect("the player goes on");
    }

    /// When the frame that was sent last left.
    fn sent_at(&self) -> Instant {
        self.moments.recv().expect("the player goes on")
    }
}

enum Far {
    Room(Box<tungstenite::WebSocket<TcpStream>>),
    Bare(TcpStream),
}

impl Far {
    fn send(&mut self, frame: Bytes) {
        match self {
            Self::Room(room) => room.send(Message::Binary(frame)).expect("the client reads"),
            Self::Bare(stream) => stream.write_all(&frame).expect("the reference reads"),
        }
    }
}

/// Accepts a client as TikTok does, and waits until it wants to enter the room.
#[expect(clippy::result_large_err, reason = "the library asks for this kind of answer")]
fn enter(stream: TcpStream) -> Box<tungstenite::WebSocket<TcpStream>> {
    const PROTOCOL: &str = "sec-websocket-protocol";
    let answer = |request: &Request, mut response: Response| -> Result<Response, ErrorResponse> {
        if let Some(protocol) = request.headers().get(PROTOCOL) {
            response.headers_mut().insert(PROTOCOL, protocol.clone());
        }
        Ok(response)
    };
    let mut room = tungstenite::accept_hdr(stream, answer).expect("a WebSocket client");
    while !room.read().expect("the client speaks").is_binary() {}
    Box::new(room)
}

/// The least that anybody could do: read what comes, append it to a file, and have that made durable.
struct Bare {
    player: Player,
    stream: TcpStream,
    file: File,
}

impl Bare {
    fn new(folder: &Path) -> Self {
        let player = Player::start(false);
        let stream = TcpStream::connect(player.address).expect("the player listens");
        let file = File::create(folder.join("reference")).expect("a file");
        Self { player, stream, file }
    }

    fn time(&mut self, frame: Bytes) -> Duration {
        let mut page = vec![0; PAGE_BYTES.max(frame.len())];
        let size_bytes = frame.len();
        self.player.send(frame);
        self.stream.read_exact(&mut page[..size_bytes]).expect("the player sends");
        self.file.write_all(&page).expect("there is room");
        self.file.sync_data().expect("there is a disk");
        self.player.sent_at().elapsed()
    }
}

/// The time that this share of the times does not exceed.
fn at(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
