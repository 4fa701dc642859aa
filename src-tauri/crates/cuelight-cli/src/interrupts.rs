//! Ctrl+C, and what a service manager sends to end a program.

use crate::failure::Failure;

/// The exit status of a program that was ended by Ctrl+C, as shells have it.
pub(crate) const ENDED_AT_ONCE: i32 = 130;

/// Waits for the next wish to end.
pub(crate) struct Interrupts {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    /// How often it was wished.
    pub(crate) count: u32,
}

impl Interrupts {
    pub(crate) fn listen() -> Result<Self, Failure> {
        Ok(Self {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                .map_err(Failure::failed)?,
            count: 0,
        })
    }

    /// Waits for what ends in order; whoever asked before and asks again ends the program at once.
    pub(crate) async fn or_end<T>(&mut self, ending: impl Future<Output = T>) -> T {
        tokio::pin!(ending);
        loop {
            tokio::select! {
                ended = &mut ending => return ended,
                () = self.next() => {
                    if self.count > 1 {
                        std::process::exit(ENDED_AT_ONCE);
                    }
                }
            }
        }
    }

    /// Waits until somebody wants the program to end.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        self.count += 1;
    }
}
