//! `cuelight work`: the workers alone, until they are stopped or nothing is left to do.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use cuelight_core::id::ServiceId;
use cuelight_core::service::Service;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::{Engine, release_held};
use cuelight_runtime::report::story::{self, Language};

use crate::console::tell_error;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::open;
use crate::story::Story;
use crate::workers_watch::WorkersWatch;

#[derive(Debug, Args)]
#[command(after_help = "Jobs that are held since earlier sessions are released and done, too.

Examples:
  cuelight work                              works all active services, until Ctrl+C
  cuelight work --service overlays           one service; other processes may work the others
  cuelight work --until-empty                ends when every queue is empty")]
pub(crate) struct WorkArgs {
    /// The services to work for; without it, all. One that is switched off rests until it is switched on.
    #[arg(long = "service", value_name = "ID")]
    services: Vec<String>,

    /// Ends when nothing waits or runs any more; jobs of paused services stay.
    #[arg(long)]
    until_empty: bool,

    /// Shows jobs that begin, too.
    #[arg(long)]
    verbose: bool,
}

pub(crate) fn run(args: &WorkArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let store = open::equipped_store(data_dir)?;
    let reader = store.reader()?;
    let services = chosen(&args.services, &reader.services()?)?;
    let story = Story::begin(language, args.verbose, reader, services.clone())?;
    let clock = Clock::system();
    let active: Vec<Service> = services.iter().filter(|service| service.active).cloned().collect();
    let released = release_held(&store, &active, &clock)?;
    if released > 0 {
        tell_error(&story::old_jobs_run(language, released.into()));
    }
    open::block_on(async {
        let engine = Engine::start(&store, &services, &clock).map_err(Failure::failed)?;
        watch(engine, &story, args.until_empty).await
    })?
}

/// The services of those names, else all.
fn chosen(names: &[String], known: &[Service]) -> Result<Vec<Service>, Failure> {
    if names.is_empty() {
        return Ok(known.to_vec());
    }
    let find = |name: &String| {
        let id = ServiceId::new(name);
        known.iter().find(|service| service.id == id).cloned().ok_or_else(|| {
            let ids: Vec<&str> = known.iter().map(|service| service.id.as_str()).collect();
            Failure::wrong_use(format!("there is no service {name:?}; there are {}", ids.join(", ")))
        })
    };
    names.iter().map(find).collect()
}

async fn watch(engine: Engine, story: &Story, until_empty: bool) -> Result<ExitCode, Failure> {
    let mut interrupts = Interrupts::listen(story.language())?;
    let mut workers = WorkersWatch::new(&engine.workers);
    story.heading(None, None, &workers.settled().await);
    let result = {
        let idle = async {
            match until_empty {
                true => engine.workers.idle().await,
                false => std::future::pending().await,
            }
        };
        tokio::pin!(idle);
        loop {
            tokio::select! {
                biased;
                () = interrupts.next() => {
                    interrupts.say_stopping();
                    break Ok(ExitCode::SUCCESS);
                }
                shown = workers.show_next(story, None) => shown?,
                idle = &mut idle => {
                    let resting = idle.map_err(Failure::failed);
                    break resting.map(|resting| {
                        story.resting(&resting);
                        ExitCode::SUCCESS
                    });
                }
            }
        }
    };
    interrupts.or_end(engine.workers.stop()).await;
    workers.show_rest(story).await;
    story.end(None, &workers.statuses())?;
    result
}
