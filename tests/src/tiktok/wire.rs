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
                let scissors = Scissors::default();
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
pub(crate) struct Scissors(Arc<AtomicUsize>);

impl Scissors {
    const OPEN: usize = usize::MAX;

    /// Lets `size_bytes` more through, then the wire breaks.
    pub(crate) fn cut_after(&self, size_bytes: usize) {
        self.0.store(size_bytes, Ordering::Relaxed);
    }

    fn bytes_left(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn let_through(&self, size_bytes: usize) {
        if self.bytes_left() != Self::OPEN {
            self.0.fetch_sub(size_bytes, Ordering::Relaxed);
        }
    }
}

impl Default for Scissors {
    fn default() -> Self {
        Scissors(Arc::new(AtomicUsize::new(Self::OPEN)))
    }
}

impl Connected<IncomingStream<'_, Wires>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().scissors.clone()
    }
}
