//! What a run of the whole system follows and tells, and how it is begun.

use std::process::ExitCode;
use std::sync::Arc;

use cuelight_app::server::Wish;
use cuelight_app::shell::NoShell;
use cuelight_app::{App, live};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::runtime::Runtime;

use super::watch::Watch;
use crate::failure::Failure;
use crate::open;
use crate::story::Story;

/// What is to be followed, and how that is told.
pub(crate) struct Plan {
    /// What is followed.
    pub(crate) live: live::Plan,
    /// 0 = until stopped.
    pub(crate) duration_seconds: u64,
    /// The language of the text.
    pub(crate) language: Language,
    /// Steps of gift combos and jobs that begin are shown, too.
    pub(crate) verbose: bool,
    /// What is wanted of the local server beside it, where one may run.
    pub(crate) serving: Option<Wish>,
}

impl Plan {
    /// Runs the whole system to its end.
    pub(crate) fn carry_out(self, runtime: Runtime) -> Result<ExitCode, Failure> {
        let reader = runtime.store().reader()?;
        let services = reader.services()?;
        let story = Story::begin(self.language, self.verbose, reader, services)?;
        let tiktok = open::tiktok_bases()?;
        open::block_on_beside(async {
            let app = App::begin_on(runtime, Clock::system(), Arc::new(NoShell), tiktok)?;
            Watch::new(app, story).run(self).await
        })?
    }
}
