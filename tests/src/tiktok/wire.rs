//! The listening socket of the fake, whose connections can be cut in the middle of what they send.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// The loopback port everybody connects to.
pub(crate) struct Wires(pub(crate) TcpListener);

impl Listener for Wires {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            if let Ok((stream, address)) = self.0.accept().await {
                // Only latency is lost without it.
                let _ = stream.set_nodelay(true);
                let scissors = Scissors::on(stream.local_addr().map_or(0, |own| own.port()), address.port());
                return (Wire { stream, scissors }, address);
            }
            // The client was gone before it was accepted, or descriptors ran out.
            tokio::task::yield_now().await;
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One accepted TCP connection.
pub(crate) struct Wire {
    stream: TcpStream,
    scissors: Scissors,
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
        let allowed = self.scissors.bytes_left().min(bytes.len());
        if allowed == 0 && !bytes.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed]))?;
        self.scissors.let_through(written);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Cuts a connection after a number of further bytes; shared by the wire and whoever serves it.
#[derive(Clone)]
pub(crate) struct Scissors {
    size_bytes_left: Arc<AtomicUsize>,
    /// Our port and the client's, by which the system knows the connection.
    ports: [u16; 2],
}

impl Scissors {
    const OPEN: usize = usize::MAX;

    fn on(own_port: u16, client_port: u16) -> Self {
        Scissors { size_bytes_left: Arc::new(AtomicUsize::new(Self::OPEN)), ports: [own_port, client_port] }
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
