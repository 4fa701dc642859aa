//! Opening the source that was named on the command line.

use std::sync::{Mutex, PoisonError};

use cuelight_app::live::Opening;
use cuelight_core::handle::Handle;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::publish::{Destination, Publication, Selection};
use cuelight_runtime::secrets::{Secret, SecretName, Secrets};
use cuelight_runtime::source::recording::Recording;
use cuelight_runtime::source::simulator::SimulatorSource;
use cuelight_runtime::source::spec::SourceSpec;
use cuelight_runtime::source::tiktok::direct::DirectSource;
use cuelight_runtime::source::{EventSource, SourceError};
use cuelight_runtime::store::Settings;

use crate::failure::Failure;
use crate::open;

/// Opens the source; the moment chooses the simulated live and the browser that we are.
pub(crate) fn open_source(spec: &SourceSpec, user: Option<&Handle>) -> Result<Box<dyn EventSource>, Failure> {
    let seed = Clock::system().now_ms().unsigned_abs();
    Ok(match (spec, user) {
        (SourceSpec::Tiktok | SourceSpec::TiktokDirect, Some(user)) => {
            Box::new(DirectSource::new(user.clone(), open::tiktok_bases()?, seed))
        }
        (SourceSpec::Tiktok | SourceSpec::TiktokDirect, None) => return Err(no_user("cuelight capture")),
        (SourceSpec::Simulator(scenario), Some(user)) => {
            Box::new(SimulatorSource::new(*scenario, seed).streamed_by(user.as_str()))
        }
        (SourceSpec::Simulator(scenario), None) => Box::new(SimulatorSource::new(*scenario, seed)),
        (SourceSpec::File(path), user) => Box::new(Recording::open(path, user.map(Handle::as_str))?),
    })
}

/// A way to open that source: TikTok anew for every try, anything else at once and only once, so that a file that cannot be
/// read is told before anything begins.
pub(crate) fn opening(spec: &SourceSpec, user: Option<&Handle>) -> Result<Opening, Failure> {
    match (spec, user) {
        (SourceSpec::Tiktok | SourceSpec::TiktokDirect, Some(user)) => {
            let (user, bases) = (user.clone(), open::tiktok_bases()?);
            Ok(Opening::new(move || {
                let moment = Clock::system().now_ms().unsigned_abs();
                Ok(Box::new(DirectSource::new(user.clone(), bases.clone(), moment)) as Box<dyn EventSource>)
            }))
        }
        (SourceSpec::Tiktok | SourceSpec::TiktokDirect, None) => Err(no_user("cuelight run")),
        // Nobody is waited for there.
        (SourceSpec::Simulator(_) | SourceSpec::File(_), user) => open_source(spec, user).map(opened_once),
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

/// Where the events go beside the journal, if anywhere: where the argument says, else where the settings do; the password
/// is a secret of its own.
pub(crate) fn publication(
    publish: Option<&Destination>,
    selection: Selection,
    settings: &Settings,
) -> Result<Option<Publication>, Failure> {
    let password = open::block_on(Secrets::of_this_user().get(SecretName::RedisPassword))?;
    let password = password.as_ref().map(Secret::expose);
    Publication::wanted(publish, selection, &settings.connection, password).map_err(|error| {
        Failure::wrong_use(error).advising("Set it anew: cuelight config set redis_url redis://127.0.0.1:6379")
    })
}

/// Nobody was named, and the source of that command needs somebody.
pub(crate) fn no_user(command: &str) -> Failure {
    Failure::wrong_use("no user was given")
        .advising(format!("Name the streamer, as in: {command} luna.plays. Or try --source simulator."))
}
