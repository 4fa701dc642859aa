//! What commands work with: the data folder, its database, and where TikTok is.

use std::path::PathBuf;
use std::time::Duration;

use cuelight_core::defaults;
use cuelight_core::reason::Reason;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::logs::log_file_layer;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::words;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::store::{self, Store};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::registry::LookupSpan;

use crate::console::tell_error;
use crate::failure::Failure;

/// How long the end of a command waits for what the system has not answered; workers have given it its time before.
const LAST_MOMENT: Duration = Duration::from_millis(100);

/// Threads beside a command that may stand still: one for the live and the workers, and one for whoever asks the server.
const THREADS_BESIDE: usize = 2;

/// The data folder that was asked for, or the system's.
pub(crate) fn data_folder(data_dir: Option<PathBuf>) -> Result<DataFolder, Failure> {
    let folder = DataFolder::find(data_dir).map_err(Failure::failed)?;
    folder.create().map_err(|error| Failure::failed(error).advising("Choose another folder with --data-dir."))?;
    Ok(folder)
}

/// The database of the data folder, without taking the engine's place.
pub(crate) fn store(data_dir: Option<PathBuf>) -> Result<Store, Failure> {
    let folder = data_folder(data_dir)?;
    let (store, notes) = store::open_beside_engine(&folder, &Clock::system())?;
    tell(&notes, Language::English);
    Ok(store)
}

/// The same, with services and starter rules in it, for commands that work with them.
pub(crate) fn equipped_store(data_dir: Option<PathBuf>) -> Result<Store, Failure> {
    let store = store(data_dir)?;
    seed(&store)?;
    Ok(store)
}

/// Puts in the services and starter rules that this data folder has never had; says how many were new.
pub(crate) fn seed(store: &Store) -> Result<u32, Failure> {
    Ok(store.seed(&defaults::services(), &defaults::starter_rules())?)
}

/// The log file of the data folder, for everything worth a line.
pub(crate) fn log_file<S>(data_dir: Option<PathBuf>) -> Result<impl Layer<S>, Failure>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    log_file_layer(&data_folder(data_dir)?.logs(), LevelFilter::INFO).map_err(Failure::failed)
}

/// Tells what opening the database had to tell.
pub(crate) fn tell(story: &[Reason], language: Language) {
    for reason in story {
        tell_error(&format!("⚠️ {}", words::reason(language, reason)));
    }
}

/// Runs the tasks of a command to their end: one thread is enough, the journal has its own.
///
/// What hangs in the system then, such as writing to a folder on a network that is gone, is left behind.
pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    run_on(&mut tokio::runtime::Builder::new_current_thread(), work)
}

/// As [`block_on`], but spawned tasks have threads of their own, so a terminal that takes no more text does not stop the live.
pub(crate) fn block_on_beside<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    run_on(tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS_BESIDE), work)
}

fn run_on<T>(builder: &mut tokio::runtime::Builder, work: impl Future<Output = T>) -> Result<T, Failure> {
    let tasks = builder.enable_all().build();
    let tasks = tasks.map_err(|error| Failure::failed(format!("the system gives no timers or sockets: {error}")))?;
    let done = tasks.block_on(work);
    tasks.shutdown_timeout(LAST_MOMENT);
    Ok(done)
}

/// The addresses of TikTok, or what the environment puts in their place.
pub(crate) fn tiktok_bases() -> Result<TikTokBases, Failure> {
    TikTokBases::of_environment().map_err(Failure::wrong_use)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_hangs_in_the_system_does_not_keep_a_command_from_ending() {
        let (let_go, hang) = mpsc::sync_channel::<()>(1);
        let (ended, end) = mpsc::sync_channel(1);
        let command = std::thread::spawn(move || {
            let begun = block_on(async {
                let (begin, begun) = tokio::sync::oneshot::channel();
                drop(tokio::task::spawn_blocking(move || {
                    begin.send(()).expect("somebody waits for it");
                    hang.recv()
                }));
                begun.await
            });
            ended.send(begun.is_ok_and(|it| it.is_ok())).expect("somebody waits for it");
        });
        let in_time = end.recv_timeout(Duration::from_secs(20));
        assert_eq!(in_time, Ok(true), "it hangs for as long as the sender is there");
        drop(let_go);
        command.join().expect("it ended");
    }
}
