//! `cuelight serve`: the engine and its local server without a window; nothing is captured until somebody says so there.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use cuelight_app::dto::{ServerLink, ServerStatus};
use cuelight_app::server::{Serving, Wish};
use cuelight_app::shell::NoShell;
use cuelight_app::{App, Door};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{self, Text};

use crate::console::{print_line, tell_error};
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::open;

/// The role of the link for this machine; the other one is for a remote.
const FULL: &str = "full";

#[derive(Debug, Args)]
#[command(after_help = "Open the address that it prints in a browser of this machine. Scripts: see docs/api.md.

Examples:
  cuelight serve                 on port 8620, or the next free one
  cuelight serve --port 9000
  cuelight serve --lan           phones of the network may watch, pause, skip, silence and stop")]
pub(crate) struct ServeArgs {
    /// The port to begin with, in place of the one that is set; 0 takes any.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// Lets other machines of the network in, with the link that is printed for them.
    #[arg(long)]
    lan: bool,
}

pub(crate) fn run(args: &ServeArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let folder = open::data_folder(data_dir)?;
    open::block_on(serve(&folder, Wish::Now { port: args.port, lan: args.lan }, language))?
}

async fn serve(folder: &DataFolder, wish: Wish, language: Language) -> Result<ExitCode, Failure> {
    let app = App::begin(folder, Clock::system(), Arc::new(NoShell))?;
    open::tell(&app.runtime.notes, language);
    let mut interrupts = Interrupts::listen(language)?;
    let mut serving = Serving::start(&Door::new(Arc::clone(&app)), wish);
    serving.settled().await;
    let told = tell(language, &app.server.status());
    if told.is_ok() {
        interrupts.next().await;
        interrupts.say_stopping();
    }
    interrupts.or_end(serving.stop()).await;
    interrupts.or_end(app.end()).await;
    told.map(|()| ExitCode::SUCCESS)
}

/// Says where it answers; a terminal is as private as the links must be.
fn tell(language: Language, status: &ServerStatus) -> Result<(), Failure> {
    if let Some(problem) = &status.problem {
        let advice = texts::tell(language, Text::ServeAdvisePort, &[]);
        return Err(Failure::failed(cannot_serve(language, problem)).advising(advice));
    }
    for link in &status.links {
        print_line(&link_line(language, link));
    }
    print_line(&texts::tell(language, Text::ServeTip, &[]));
    Ok(())
}

/// Says where the server answers beside something else that runs, and where on the network if it is open to that, or that it
/// does not answer; nothing where it is off.
pub(crate) fn tell_beside(language: Language, app: &App) {
    let status = app.server.status();
    if let Some(problem) = &status.problem {
        tell_error(&format!("⚠️ {}", cannot_serve(language, problem)));
    }
    let is_open_to_network = app.settings.borrow().server.lan;
    for link in &status.links {
        if link.role == FULL {
            print_line(&texts::tell(language, Text::ServeLink, &[("url", &link.url)]));
        } else if is_open_to_network {
            print_line(&link_line(language, link));
        }
    }
}

fn link_line(language: Language, link: &ServerLink) -> String {
    let text = if link.role == FULL { Text::ServeFull } else { Text::ServeRemote };
    texts::tell(language, text, &[("url", &link.url)])
}

fn cannot_serve(language: Language, problem: &str) -> String {
    texts::tell(language, Text::ServeFailed, &[("problem", problem)])
}
