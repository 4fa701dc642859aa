//! `cuelight jobs`: what waits, runs and ended in the queues.

mod list;
mod surroundings;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::job::JobState;
use cuelight_core::reason::Reason;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::store::{Reader, StoredJob, Which};

use self::list::List;
pub(crate) use self::surroundings::Surroundings;
use crate::console::print_line;
use crate::failure::Failure;
use crate::open;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight jobs list --state discarded     what was not done, and why
  cuelight jobs list --service overlays --limit 10
  cuelight jobs retry 31                   runs an ended job once more
  cuelight jobs discard 44                 takes a waiting job out of its queue")]
pub(crate) struct JobsArgs {
    #[command(subcommand)]
    action: JobsAction,
}

#[derive(Debug, Subcommand)]
enum JobsAction {
    /// Lists jobs, the newest first, and why each of them ended as it did.
    List {
        /// Only jobs that are pending, processing, completed, failed or discarded.
        #[arg(long, value_parser = state)]
        state: Option<JobState>,
        /// Only jobs of this service.
        #[arg(long, value_name = "ID")]
        service: Option<String>,
        /// At most so many.
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
        /// Prints one JSON object a job instead.
        #[arg(long)]
        json: bool,
    },
    /// Runs an ended job again, as a new job.
    Retry {
        /// The job's number.
        #[arg(value_parser = number)]
        id: JobId,
    },
    /// Takes a waiting job out of its queue.
    Discard {
        /// The job's number.
        #[arg(value_parser = number)]
        id: JobId,
    },
}

fn state(text: &str) -> Result<JobState, String> {
    let names = JobState::ALL.map(JobState::as_str).join(", ");
    JobState::from_name(text).ok_or_else(|| format!("a job is one of {names}"))
}

fn number(text: &str) -> Result<JobId, String> {
    text.trim_start_matches('#').parse().map(JobId).map_err(|_| "a job is a number such as 31".to_owned())
}

pub(crate) fn run(args: JobsArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let store = open::store(data_dir)?;
    let reader = store.reader()?;
    match args.action {
        JobsAction::List { state, service, limit, json } => {
            let service = service.map(ServiceId::new);
            let list = List { state, service, limit, json, language };
            list.run(&reader)?;
        }
        JobsAction::Retry { id } => {
            let job = find(&reader, id)?;
            let now_ms = Clock::system().now_ms();
            let (copy, _) = store.journal()?.work(|queues| queues.run_again(id, now_ms))?;
            let copy = copy.ok_or_else(|| not_ended(&job))?;
            print_line(&format!("✅ Job {id} runs again as job {copy} in the queue of {}", job.service));
        }
        JobsAction::Discard { id } => {
            let job = find(&reader, id)?;
            let surroundings = Surroundings::read(&reader)?;
            let world = surroundings.world(&Clock::system());
            let reason = Reason::DiscardedByYou;
            let (count, _) = store.journal()?.work(|queues| queues.discard(&Which::Job(id), &reason, &world))?;
            if count == 0 {
                return Err(not_waiting(&job));
            }
            print_line(&format!("🗑️ Job {id} was taken out of the queue of {}", job.service));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn find(reader: &Reader, id: JobId) -> Result<StoredJob, Failure> {
    reader.job(id)?.ok_or_else(|| {
        Failure::failed(format!("there is no job {id}")).advising("See those there are: cuelight jobs list.")
    })
}

fn not_ended(job: &StoredJob) -> Failure {
    let (id, service) = (job.id, &job.service);
    match job.state {
        JobState::Processing => {
            Failure::failed(format!("job {id} is running in {service}; it can run again once it ended"))
        }
        JobState::Pending | JobState::Completed | JobState::Failed | JobState::Discarded => {
            Failure::failed(format!("job {id} has not run yet: it waits in the queue of {service}"))
                .advising("A worker takes it when its turn comes: cuelight work.")
        }
    }
}

fn not_waiting(job: &StoredJob) -> Failure {
    let (id, service) = (job.id, &job.service);
    match job.state {
        JobState::Pending | JobState::Processing => {
            Failure::failed(format!("job {id} is running in {service} and cannot be taken out of the queue any more"))
                .advising("It ends by itself, at the latest when its time is over.")
        }
        JobState::Completed | JobState::Failed | JobState::Discarded => {
            Failure::failed(format!("job {id} has ended already: it is {}", job.state))
        }
    }
}
