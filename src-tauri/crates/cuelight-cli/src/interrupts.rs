//! Ctrl+C, and what a service manager sends to end a program: the first wish ends it in order, the second one at once.

use cuelight_runtime::report::story::{self, Language};

use crate::console::tell_error;
use crate::failure::Failure;

/// The exit status of a program that was ended by Ctrl+C, as shells have it.
const ENDED_AT_ONCE: i32 = 130;

/// Waits for the wish to end; one that comes while nobody waits is kept.
pub(crate) struct Interrupts {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
    language: Language,
    has_come: bool,
}

impl Interrupts {
    /// Listens from now on; what is to be said about it is said in that language.
    pub(crate) fn listen(language: Language) -> Result<Self, Failure> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt()).map_err(Failure::failed)?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate()).map_err(Failure::failed)?,
            #[cfg(windows)]
            interrupt: tokio::signal::windows::ctrl_c().map_err(Failure::failed)?,
            language,
            has_come: false,
        })
    }

    /// Waits until somebody wants the program to end; whoever wants it again while this is waited for ends it at once.
    pub(crate) async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        if self.interrupt.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
        if std::mem::replace(&mut self.has_come, true) {
            std::process::exit(ENDED_AT_ONCE);
        }
    }

    /// Waits for what ends in order, unless somebody cannot wait for it.
    pub(crate) async fn or_end<T>(&mut self, ending: impl Future<Output = T>) -> T {
        tokio::pin!(ending);
        loop {
            tokio::select! {
                ended = &mut ending => return ended,
                () = self.next() => self.say_stopping(),
            }
        }
    }

    /// Says that the wish was heard, and how to end at once.
    pub(crate) fn say_stopping(&self) {
        tell_error(&story::stopping(self.language));
    }
}
