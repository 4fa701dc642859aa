//! Opening the source that was named on the command line.

use std::sync::{Mutex, PoisonError};

use cuelight_app::live::Opening;
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::equipped::{Equipment, EquippedSource};
use cuelight_runtime::publish::{Publication, Selection};
use cuelight_runtime::redis_stream::RedisStream;
use cuelight_runtime::secrets::{Secret, SecretName, Secrets};
use cuelight_runtime::source::recording::Recording;
use cuelight_runtime::source::redis::RedisSource;
use cuelight_runtime::source::simulator::SimulatorSource;
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::source::tikfinity::{FeedUrl, TikfinitySource};
use cuelight_runtime::source::{EventSource, SourceError};
use cuelight_runtime::store::{Settings, Store};

use crate::failure::Failure;
use crate::open;

/// Opens the source; the moment chooses the simulated live.
pub(crate) fn open_source(
    spec: &SourceSpec,
    user: Option<&Handle>,
    store: &Store,
) -> Result<Box<dyn EventSource>, Failure> {
    let seed = Clock::system().now_ms().unsigned_abs();
    Ok(match (spec, user) {
        (SourceSpec::Tiktok, Some(user)) => tiktok(user, None, store)?.open()?,
        (SourceSpec::TiktokBy(way), Some(user)) => tiktok(user, Some(*way), store)?.open()?,
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

/// A way to open that source: TikTok anew for every try, anything else at once and only once, so that a file that cannot be
/// read is told before anything begins.
pub(crate) fn opening(spec: &SourceSpec, user: Option<&Handle>, store: &Store) -> Result<Opening, Failure> {
    match (spec, user) {
        (SourceSpec::Tiktok, Some(user)) => tiktok(user, None, store),
        (SourceSpec::TiktokBy(way), Some(user)) => tiktok(user, Some(*way), store),
        (SourceSpec::Tiktok | SourceSpec::TiktokBy(_), None) => Err(no_user("cuelight run")),
        // Nobody is waited for there.
        (SourceSpec::Simulator(_) | SourceSpec::File(_) | SourceSpec::Tikfinity(_) | SourceSpec::Redis(_), user) => {
            open_source(spec, user, store).map(opened_once)
        }
    }
}

/// Gives a source that is open already, once.
pub(crate) fn opened_once(source: Box<dyn EventSource>) -> Opening {
    let source = Mutex::new(Some(source));
    Opening::new(move || {
        let source = source.lock().unwrap_or_else(PoisonError::into_inner).take();
        source.ok_or_else(|| SourceError::Unreadable {
            place: "the source".to_owned(),
            cause: "it was read already".to_owned(),
        })
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

/// That live on TikTok, by that way alone or by whichever leads in; the moment of each try chooses the browser that we are.
fn tiktok(user: &Handle, only: Option<Way>, store: &Store) -> Result<Opening, Failure> {
    let equipment = Equipment::of_this_machine(store.clone(), Secrets::of_this_user(), open::tiktok_bases()?);
    let user = user.clone();
    Ok(Opening::new(move || {
        let moment = Clock::system().now_ms().unsigned_abs();
        let source = EquippedSource::new(user.clone(), equipment.clone(), moment);
        Ok(Box::new(match only {
            Some(way) => source.only(way),
            None => source,
        }) as Box<dyn EventSource>)
    }))
}

fn redis_password() -> Result<Option<Secret>, Failure> {
    open::block_on(Secrets::of_this_user().get(SecretName::RedisPassword))
}

/// Nobody was named, and the source of that command needs somebody.
pub(crate) fn no_user(command: &str) -> Failure {
    Failure::wrong_use("no user was given")
        .advising(format!("Name the streamer, as in: {command} luna.plays. Or try --source simulator."))
}
