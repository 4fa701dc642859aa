//! `cuelight do`: one action now, through the queue of its service, as a rule would do it.

mod parameters;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use cuelight_core::action::{Action, Prepare as _};
use cuelight_core::clean::clean;
use cuelight_core::decision::Firing;
use cuelight_core::event::{Event, EventType};
use cuelight_core::facts::Facts;
use cuelight_core::id::{ActionKindId, JobId, ServiceId, SessionId};
use cuelight_core::job::{Ending, JobState};
use cuelight_runtime::actions::{ActionContext, Registry};
use cuelight_runtime::clock::Clock;
use cuelight_runtime::report::story::{self, Language};
use cuelight_runtime::report::words;
use cuelight_runtime::store::{JobFilter, Reader, Store, StoredJob};
use cuelight_runtime::worker::Workers;

use crate::console::print_line;
use crate::failure::{Failure, Status};
use crate::interrupts::Interrupts;
use crate::jobs::Surroundings;
use crate::{open, services};

/// How often the job is looked at while another process may be working on it.
const LOOK: Duration = Duration::from_millis(50);

/// Largest file with one event that is read, in bytes; the largest real ones have a few kilobytes.
const EVENT_FILE_BYTES: u64 = 1024 * 1024;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight do log_write text=hello
  cuelight do log_write text='{nickname} sent {giftname}' --as-event gift.json --service overlays
  cuelight do counter_change counter=deaths number=1")]
pub(crate) struct DoArgs {
    /// The kind of action, such as log_write.
    action: String,

    /// Its parameters, such as text=hello.
    #[arg(value_name = "KEY=VALUE")]
    parameters: Vec<String>,

    /// Does it as if this event had happened: a file with one event, {"event_type": …, "data": …}.
    #[arg(long, value_name = "FILE")]
    as_event: Option<PathBuf>,

    /// The service whose queue it goes through; without it, the action's own.
    #[arg(long, value_name = "ID")]
    service: Option<String>,

    /// How long to wait for its end, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
}

pub(crate) fn run(args: &DoArgs, data_dir: Option<PathBuf>, language: Language) -> Result<ExitCode, Failure> {
    let store = open::equipped_store(data_dir)?;
    let reader = store.reader()?;
    let surroundings = Surroundings::read(&reader)?;
    let kind = parameters::kind(&surroundings.registry, &args.action)?;
    let service = args.service.as_deref().map(ServiceId::new);
    if let Some(service) = &service {
        services::find(&reader, service)?;
    }
    let parameters = parameters::parse(&kind, &args.parameters)?;
    let action = Action { kind: ActionKindId::new(kind.id), service, parameters };
    let occasion = Occasion::read(args.as_event.as_deref())?;
    // What cannot be prepared is wrong use, and leaves no trace in the queues.
    let prepared =
        surroundings.registry.prepare(&action, &occasion.facts, &surroundings.values, &surroundings.services);
    prepared.map_err(|reason| Failure::wrong_use(words::reason(language, &reason).trim_end_matches('.')))?;
    let world = surroundings.world(&Clock::system());
    let firing = Firing::asked(action, occasion.event_type, occasion.facts);
    let (run, _) = store.journal()?.work(|queues| queues.ask(&firing, &world))?;
    let of_run = JobFilter { run: Some(run), ..JobFilter::default() };
    let job = reader.jobs(&of_run, 1)?.pop().expect("a run of one step hands it off when it begins");
    let wait = Duration::from_secs(args.timeout);
    let job = open::block_on(wait_for(&store, &reader, job, wait, language))??;
    tell(&reader, &job, language)
}

/// What the action is done because of.
struct Occasion {
    event_type: Option<EventType>,
    facts: Facts,
}

impl Occasion {
    /// The event of that file; without one, nothing but the wish to do it.
    fn read(file: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = file else { return Ok(Self { event_type: None, facts: Facts::default() }) };
        let bad = |problem: String| Failure::wrong_use(format!("{} is no event: {problem}", path.display()));
        let size_bytes = path.metadata().map_err(|error| bad(error.to_string()))?.len();
        if size_bytes > EVENT_FILE_BYTES {
            return Err(bad(format!("it has {size_bytes} bytes, an event has at most {EVENT_FILE_BYTES}")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
        let event: Event = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
        let mut facts = Facts::of_event(&event, SessionId(0), "");
        facts.session = None;
        Ok(Self { event_type: Some(event.event_type()), facts })
    }
}

/// Waits until the job has ended, with a worker for it alone unless another process works its queue.
async fn wait_for(
    store: &Store,
    reader: &Reader,
    job: StoredJob,
    wait: Duration,
    language: Language,
) -> Result<StoredJob, Failure> {
    if has_ended(&job) {
        return Ok(job);
    }
    let service = services::find(reader, &job.service)?.service;
    let context = ActionContext::new(store.folder().clone(), Clock::system());
    let registry = Arc::new(Registry::built_in());
    let workers = Workers::start_for(job.id, store, service, registry, &context).map_err(Failure::failed)?;
    let mut interrupts = Interrupts::listen(language)?;
    let ended = tokio::time::timeout(wait, until_ended(reader, job.id, &mut interrupts)).await;
    interrupts.or_end(workers.stop()).await;
    ended.unwrap_or_else(|_| Err(still_waits(&job, &format!("did not end within {} seconds", wait.as_secs()))))
}

async fn until_ended(reader: &Reader, id: JobId, interrupts: &mut Interrupts) -> Result<StoredJob, Failure> {
    loop {
        let gone = || Failure::failed(format!("job {id} is gone: its data was deleted meanwhile"));
        let job = reader.job(id)?.ok_or_else(gone)?;
        if has_ended(&job) {
            return Ok(job);
        }
        tokio::select! {
            () = interrupts.next() => return Err(still_waits(&job, "was not waited for")),
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

fn has_ended(job: &StoredJob) -> bool {
    match job.state {
        JobState::Pending | JobState::Processing => false,
        JobState::Completed | JobState::Failed | JobState::Discarded => true,
    }
}

fn still_waits(job: &StoredJob, what: &str) -> Failure {
    let id = job.id;
    Failure::failed(format!("job {id} in the queue of {} {what}", job.service))
        .advising(format!("See how it stands: cuelight jobs list. Take it back: cuelight jobs discard {id}."))
}

/// Tells how it ended, on the line that `run` has for it.
fn tell(reader: &Reader, job: &StoredJob, language: Language) -> Result<ExitCode, Failure> {
    let service = services::find(reader, &job.service)?.service;
    let shown =
        story::Job { service: &service.name, event_type: job.event_type, kind: &job.kind, priority: job.priority };
    let ending = match (job.state, job.reason.clone()) {
        (JobState::Failed, Some(reason)) => Ending::Failed(reason),
        (JobState::Discarded, Some(reason)) => Ending::Discarded(reason),
        (JobState::Completed, _) => Ending::Completed { outputs: job.outputs.clone(), changes: Vec::new() },
        (state, reason) => {
            return Err(Failure::failed(format!("job {} is {state} without a reason ({reason:?})", job.id)));
        }
    };
    let line = story::verdict_line(language, &shown, &ending);
    match ending {
        Ending::Completed { outputs, .. } => {
            print_line(&line);
            for (name, text) in outputs {
                print_line(&format!("   {} = {}", clean(&name), clean(&text)));
            }
            Ok(ExitCode::SUCCESS)
        }
        Ending::Failed(_) | Ending::Discarded(_) => {
            crate::console::tell_error(&line);
            Err(Failure::told(Status::Failed))
        }
    }
}
