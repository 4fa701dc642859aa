//! Opening the source that was named on the command line.

use cuelight_core::handle::Handle;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::equipped::{Equipment, EquippedSource};
use cuelight_runtime::publish::{Publication, Selection};
use cuelight_runtime::redis_stream::RedisStream;
use cuelight_runtime::secrets::{Secret, SecretName, Secrets};
use cuelight_runtime::source::EventSource;
use cuelight_runtime::source::recording::Recording;
use cuelight_runtime::source::redis::RedisSource;
use cuelight_runtime::source::simulator::SimulatorSource;
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::source::tikfinity::{FeedUrl, TikfinitySource};
use cuelight_runtime::store::{Settings, Store};

use crate::failure::Failure;
use crate::open;

/// Opens the source; the moment chooses the simulated live and the browser that we are.
pub(crate) fn open_source(
    spec: &SourceSpec,
    user: Option<&Handle>,
    store: &Store,
) -> Result<Box<dyn EventSource>, Failure> {
    let seed = Clock::system().now_ms().unsigned_abs();
    Ok(match (spec, user) {
        (SourceSpec::Tiktok, Some(user)) => Box::new(tiktok(user, store, seed)?),
        (SourceSpec::TiktokBy(way), Some(user)) => Box::new(tiktok(user, store, seed)?.only(*way)),
        (SourceSpec::Tiktok | SourceSpec::TiktokBy(_), None) => return Err(no_user("cuelight capture")),
        (SourceSpec::Simulator(scenario), Some(user)) => {
            Box::new(SimulatorSource::new(*scenario, seed).streamed_by(user.as_str()))
        }
        (SourceSpec::Simulator(scenario), None) => Box::new(SimulatorSource::new(*scenario, seed)),
        (SourceSpec::File(path), user) => Box::new(Recording::open(path, user.map(Handle::as_str))?),
        (SourceSpec::Tikfinity(url), user) => {
            let url = url.clone().map_or_else(FeedUrl::of_environment, Ok).map_err(Failure::wrong_use)?;
            Box::new(TikfinitySource::new(url, user.cloned()))
        }
        (SourceSpec::Redis(stream), user) => Box::new(RedisSource::new(stream.clone(), user.map(Handle::as_str))),
    })
}

fn tiktok(user: &Handle, store: &Store, seed: u64) -> Result<EquippedSource, Failure> {
    let equipment = Equipment::of_this_machine(store.clone(), Secrets::of_this_user(), open::tiktok_bases()?);
    Ok(EquippedSource::new(user.clone(), equipment, seed))
}

/// The same source with the password that its server may want, which is a secret of its own.
pub(crate) fn with_password(spec: &SourceSpec) -> Result<SourceSpec, Failure> {
    Ok(match spec {
        SourceSpec::Redis(stream) => {
            let stream = stream.clone();
            SourceSpec::Redis(match redis_password()? {
                Some(password) => stream.with_password(password.expose()),
                None => stream,
            })
        }
        SourceSpec::Tiktok
        | SourceSpec::TiktokBy(_)
        | SourceSpec::Simulator(_)
        | SourceSpec::File(_)
        | SourceSpec::Tikfinity(_) => spec.clone(),
    })
}

/// Where the events of that source go beside the journal, if anywhere: where the argument says, else where the settings do;
/// the password is a secret of its own.
pub(crate) fn publication(
    publish: Option<&RedisStream>,
    selection: Selection,
    settings: &Settings,
    source: &SourceSpec,
) -> Result<Option<Publication>, Failure> {
    let password = redis_password()?;
    let password = password.as_ref().map(Secret::expose);
    let publication = Publication::wanted(publish, selection, &settings.connection, password).map_err(|error| {
        Failure::wrong_use(error).advising("Set it anew: cuelight config set redis_url redis://127.0.0.1:6379")
    })?;
    match (source, &publication) {
        (SourceSpec::Redis(stream), Some(publication)) if publication.destination == *stream => {
            let what = format!("{stream} is read from, so nothing can be published there: it would never end");
            Err(Failure::wrong_use(what).advising("Name another workspace with --publish URL/WORKSPACE."))
        }
        _ => Ok(publication),
    }
}

fn redis_password() -> Result<Option<Secret>, Failure> {
    open::block_on(Secrets::of_this_user().get(SecretName::RedisPassword))
}

/// Nobody was named, and the source of that command needs somebody.
pub(crate) fn no_user(command: &str) -> Failure {
    Failure::wrong_use("no user was given")
        .advising(format!("Name the streamer, as in: {command} luna.plays. Or try --source simulator."))
}
