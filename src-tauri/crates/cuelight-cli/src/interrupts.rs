//! Ctrl+C, and what a service manager sends to end a program: the first wish ends it in order, the second one at once.

use cuelight_runtime::report::story::{self, Language};
use tokio::sync::watch;

use crate::console::tell_error;
use crate::failure::Failure;

/// The exit status of a program that was ended by Ctrl+C, as shells have it.
const ENDED_AT_ONCE: i32 = 130;

/// Waits for the first wish to end; one that comes while nobody waits is kept.
///
/// The second one ends the program whatever it does then, where tasks have threads of their own; else as soon as the command
/// waits for something.
pub(crate) struct Interrupts {
    has_come: watch::Receiver<bool>,
    language: Language,
}

impl Interrupts {
    /// Listens from now on, on a task of the runtime that this is called in; what is to be said about it is said in that
    /// language.
    pub(crate) fn listen(language: Language) -> Result<Self, Failure> {
        let (told, has_come) = watch::channel(false);
        tokio::spawn(Signals::listen()?.count(told));
        Ok(Self { has_come, language })
    }

    /// Waits until somebody wants the program to end; that is told once. Dropped before it is ready, it has taken nothing.
    pub(crate) async fn next(&mut self) {
        if self.has_come.changed().await.is_err() {
            std::future::pending().await
        }
    }

    /// Whether somebody wants the program to end, told or not.
    pub(crate) fn have_come(&self) -> bool {
        *self.has_come.borrow()
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

/// What the system sends to a program that is to end.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt()).map_err(Failure::failed)?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate()).map_err(Failure::failed)?,
            #[cfg(windows)]
            interrupt: tokio::signal::windows::ctrl_c().map_err(Failure::failed)?,
        })
    }

    /// Tells of the first, and ends the program with the second.
    async fn count(mut self, told: watch::Sender<bool>) {
        self.next().await;
        told.send_replace(true);
        self.next().await;
        std::process::exit(ENDED_AT_ONCE)
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(windows)]
        if self.interrupt.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}
