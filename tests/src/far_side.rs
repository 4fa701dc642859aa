//! A far side of a test, with a thread and a runtime of its own until it is dropped.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

/// What serves on a thread of its own; ended when dropped, where a panic over there is one here.
#[derive(Debug)]
pub(crate) struct FarSide {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FarSide {
    /// Serves until it is dropped.
    ///
    /// # Errors
    /// The machine has no thread left.
    pub(crate) fn start<Serving: Future<Output = ()>>(
        name: &str,
        serve: impl FnOnce() -> Serving + Send + 'static,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve() => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for FarSide {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended by a panic, which `join` tells.
            let _ = stop.send(());
        }
        if let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(panic);
        }
    }
}

/// Listens on loopback without blocking, so that a runtime can take it over; port 0 is any free one.
///
/// # Errors
/// The port is taken.
pub(crate) fn listening_on(port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
