//! The listening socket of the fake, whose connections can dribble, and be cut in the middle of what they send.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep};

/// The loopback port everybody connects to.
pub(crate) struct Wires {
    pub(crate) listener: TcpListener,
    /// How long each byte of every connection waits for the one before it, in milliseconds.
    pub(crate) byte_every_ms: u64,
}

impl Listener for Wires {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            if let Ok((stream, address)) = self.listener.accept().await {
                // Only latency is lost without it.
                let _ = stream.set_nodelay(true);
                let scissors = Scissors::on(stream.local_addr().map_or(0, |own| own.port()), address.port());
                scissors.dribble(self.byte_every_ms);
                return (Wire { stream, scissors, next_byte: None }, address);
            }
            // The client was gone before it was accepted, or descriptors ran out.
            tokio::task::yield_now().await;
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One accepted TCP connection.
pub(crate) struct Wire {
    stream: TcpStream,
    scissors: Scissors,
    /// When the next byte may go, where the wire dribbles.
    next_byte: Option<Pin<Box<Sleep>>>,
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if let Some(next_byte) = &mut self.next_byte {
            ready!(next_byte.as_mut().poll(context));
            self.next_byte = None;
        }
        let pause = self.scissors.pause();
        let at_once = if pause.is_some() { 1 } else { bytes.len() };
        let allowed = self.scissors.bytes_left().min(at_once);
        if allowed == 0 && !bytes.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]))?;
        self.scissors.let_through(written);
        self.next_byte = pause.map(|pause| Box::pin(sleep(pause)));
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Cuts a connection after a number of further bytes, or lets it dribble; shared by the wire and whoever serves it.
#[derive(Clone)]
pub(crate) struct Scissors {
    size_bytes_left: Arc<AtomicUsize>,
    byte_every_ms: Arc<AtomicU64>,
    /// Our port and the client's, by which the system knows the connection.
    ports: [u16; 2],
}

impl Scissors {
    const OPEN: usize = usize::MAX;

    fn on(own_port: u16, client_port: u16) -> Self {
        let size_bytes_left = Arc::new(AtomicUsize::new(Self::OPEN));
        Scissors { size_bytes_left, byte_every_ms: Arc::default(), ports: [own_port, client_port] }
    }

    /// Waits until the client's machine has everything that was written.
    ///
    /// A connection that is closed with something unread is reset, and what was not sent yet is lost.
    pub(crate) async fn all_has_left(&self) {
        while has_unsent(self.ports) {
            tokio::task::yield_now().await;
        }
    }

    /// Lets `size_bytes` more through, then the wire breaks.
    pub(crate) fn cut_after(&self, size_bytes: usize) {
        self.size_bytes_left.store(size_bytes, Ordering::Relaxed);
    }

    /// From now on each byte waits so many milliseconds for the one before it; 0 ends that.
    pub(crate) fn dribble(&self, byte_every_ms: u64) {
        self.byte_every_ms.store(byte_every_ms, Ordering::Relaxed);
    }

    fn pause(&self) -> Option<Duration> {
        let ms = self.byte_every_ms.load(Ordering::Relaxed);
        (ms > 0).then(|| Duration::from_millis(ms))
    }

    fn bytes_left(&self) -> usize {
        self.size_bytes_left.load(Ordering::Relaxed)
    }

    fn let_through(&self, size_bytes: usize) {
        if self.bytes_left() != Self::OPEN {
            self.size_bytes_left.fetch_sub(size_bytes, Ordering::Relaxed);
        }
    }
}

impl Connected<IncomingStream<'_, Wires>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().scissors.clone()
    }
}

/// Whether the system still holds bytes of the connection between these ports that have not arrived.
#[cfg(target_os = "linux")]
fn has_unsent(ports: [u16; 2]) -> bool {
    let connections = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let [own, client] = ports.map(|port| format!(":{port:04X}"));
    connections.lines().any(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
        // The columns: number, our address, theirs, state, bytes to send and to read.
        [_, ours, theirs, _, queues, ..] if ours.ends_with(&own) && theirs.ends_with(&client) => {
            !queues.starts_with("00000000:")
        }
        _ => false,
    })
}

/// Other systems do not say; there a reset may cost the last bytes.
#[cfg(not(target_os = "linux"))]
fn has_unsent(_ports: [u16; 2]) -> bool {
    false
}
