//! A bad line on loopback: passes TCP through to one address, late, haltingly or not at all.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use crate::far_side::{FarSide, listening_on};

/// Bytes taken from one side at once.
const CHUNK_BYTES: usize = 16 * 1024;

/// Chunks that are on their way in one direction; a fuller line holds the sender back.
const CHUNKS: usize = 1_024;

/// How the line behaves from now on, for the connections that are open and those that come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Everything passes at once.
    Open,
    /// Everything arrives later, in order.
    Late {
        /// By how much at least, in milliseconds.
        ms: u64,
        /// By how much more at most, in milliseconds; how much, changes from chunk to chunk.
        jitter_ms: u64,
    },
    /// Nothing arrives for so long, then everything at once.
    Stalled {
        /// How long, in milliseconds.
        ms: u64,
    },
    /// Every byte of both sides is lost for so long, then the connections that were open are reset and the line is open.
    BlackHole {
        /// How long, in milliseconds.
        ms: u64,
    },
    /// All open connections are reset at once; new ones pass.
    Reset,
}

/// A running proxy. It ends, and every connection with it, when this is dropped.
pub struct TcpProxy {
    address: SocketAddr,
    behaviour: watch::Sender<Since>,
    open_count: Arc<AtomicUsize>,
    _serving: FarSide,
}

/// A behaviour and when it began.
#[derive(Clone, Copy, Debug)]
struct Since {
    behaviour: Behaviour,
    began: Instant,
}

impl TcpProxy {
    /// A line to this address on a free loopback port, open at first.
    ///
    /// # Panics
    /// The machine has no free port or thread left: no test can go on then.
    pub fn to(target: SocketAddr) -> TcpProxy {
        TcpProxy::start(target).expect("a free loopback port can be listened on")
    }

    /// The loopback address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes how the line behaves, at once.
    pub fn set(&self, behaviour: Behaviour) {
        self.behaviour.send_replace(Since { behaviour, began: Instant::now() });
    }

    /// How many connections pass through it now.
    pub fn open_count(&self) -> usize {
        self.open_count.load(Ordering::Relaxed)
    }

    fn start(target: SocketAddr) -> io::Result<TcpProxy> {
        let listener = listening_on(0)?;
        let address = listener.local_addr()?;
        let (behaviour, changes) = watch::channel(Since { behaviour: Behaviour::Open, began: Instant::now() });
        let open_count = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&open_count);
        let serving = FarSide::start("tcp-proxy", move || async move {
            let listener = TcpListener::from_std(listener).expect("it listens and does not block");
            accept(listener, target, changes, count).await;
        })?;
        Ok(TcpProxy { address, behaviour, open_count, _serving: serving })
    }
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    behaviour: watch::Receiver<Since>,
    open_count: Arc<AtomicUsize>,
) {
    let mut jitter = Jitter(0x9e37_79b9_7f4a_7c15);
    loop {
        let Ok((near, _)) = listener.accept().await else {
            // The client was gone before it was accepted, or descriptors ran out.
            tokio::task::yield_now().await;
            continue;
        };
        let (behaviour, open_count) = (behaviour.clone(), Arc::clone(&open_count));
        let dice = [jitter.split(), jitter.split()];
        tokio::spawn(async move {
            let Ok(far) = TcpStream::connect(target).await else { return };
            open_count.fetch_add(1, Ordering::Relaxed);
            join(near, far, behaviour, dice).await;
            open_count.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

/// Passes everything between two connections until both are through or the line resets them.
async fn join(near: TcpStream, far: TcpStream, behaviour: watch::Receiver<Since>, dice: [Jitter; 2]) {
    for side in [&near, &far] {
        // Only latency is lost without it.
        let _ = side.set_nodelay(true);
        // What is dropped below without its end is reset, not ended.
        let _ = side.set_zero_linger();
    }
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    let [there, back] = dice;
    let passed = async {
        tokio::join!(pass(near_in, far_out, behaviour.clone(), there), pass(far_in, near_out, behaviour.clone(), back),);
    };
    tokio::select! {
        () = reset(behaviour.clone()) => {}
        () = passed => {}
    }
}

/// Waits until the connections that are open now have to be reset.
async fn reset(mut behaviour: watch::Receiver<Since>) {
    let mut is_new = true;
    loop {
        let Since { behaviour: now, began } = *behaviour.borrow_and_update();
        let end = match now {
            // It was meant for those before.
            Behaviour::Reset if is_new => None,
            Behaviour::Reset => return,
            Behaviour::BlackHole { ms } => Some(began + Duration::from_millis(ms)).filter(|end| *end > Instant::now()),
            Behaviour::Open | Behaviour::Late { .. } | Behaviour::Stalled { .. } => None,
        };
        is_new = false;
        tokio::select! {
            () = until(end) => return,
            changed = behaviour.changed() => if changed.is_err() { return },
        }
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// One direction of a connection.
async fn pass(from: OwnedReadHalf, to: OwnedWriteHalf, behaviour: watch::Receiver<Since>, jitter: Jitter) {
    let (sender, receiver) = mpsc::channel(CHUNKS);
    tokio::join!(take_in(from, sender, behaviour.clone(), jitter), give_out(to, receiver, behaviour));
}

/// A chunk, and when it is due on the other side.
struct Chunk {
    bytes: Vec<u8>,
    due: Instant,
}

async fn take_in(
    mut from: OwnedReadHalf,
    sender: mpsc::Sender<Chunk>,
    behaviour: watch::Receiver<Since>,
    mut jitter: Jitter,
) {
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut last_due = Instant::now();
    while let Ok(size_bytes @ 1..) = from.read(&mut buffer).await {
        let now = Instant::now();
        let delay_ms = match behaviour.borrow().behaviour {
            Behaviour::Late { ms, jitter_ms } => ms + jitter.below(jitter_ms),
            Behaviour::Open | Behaviour::Stalled { .. } | Behaviour::BlackHole { .. } | Behaviour::Reset => 0,
        };
        last_due = last_due.max(now + Duration::from_millis(delay_ms));
        let chunk = Chunk { bytes: buffer[..size_bytes].to_vec(), due: last_due };
        if sender.send(chunk).await.is_err() {
            return;
        }
    }
}

async fn give_out(mut to: OwnedWriteHalf, mut chunks: mpsc::Receiver<Chunk>, mut behaviour: watch::Receiver<Since>) {
    while let Some(Chunk { bytes, due }) = chunks.recv().await {
        if arrives(due, &mut behaviour).await && to.write_all(&bytes).await.is_err() {
            return;
        }
    }
    if !arrives(Instant::now(), &mut behaviour).await {
        // The end is lost as well; the next thing that comes through is the reset.
        std::future::pending::<()>().await;
    }
    // The other side hears that nothing more comes, unless it is gone.
    let _ = to.shutdown().await;
}

/// Waits until what is due then arrives; says whether it does.
async fn arrives(due: Instant, behaviour: &mut watch::Receiver<Since>) -> bool {
    loop {
        let Since { behaviour: now, began } = *behaviour.borrow_and_update();
        let moment = match now {
            Behaviour::Stalled { ms } => due.max(began + Duration::from_millis(ms)),
            Behaviour::BlackHole { ms } if Instant::now() < began + Duration::from_millis(ms) => return false,
            Behaviour::BlackHole { .. } | Behaviour::Open | Behaviour::Late { .. } | Behaviour::Reset => due,
        };
        tokio::select! {
            () = sleep_until(moment) => return true,
            changed = behaviour.changed() => if changed.is_err() { return false },
        }
    }
}

/// Numbers that look like chance and are the same every time (xorshift).
#[derive(Clone, Copy)]
struct Jitter(u64);

impl Jitter {
    /// Others that are just as good.
    fn split(&mut self) -> Jitter {
        Jitter(self.next() | 1)
    }

    /// From 0 to `most`.
    fn below(&mut self, most: u64) -> u64 {
        self.next() % (most + 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
