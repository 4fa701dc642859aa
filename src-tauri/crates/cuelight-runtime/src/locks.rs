//! Who may use a data folder: one engine at a time, one worker for each service, released even by a crash.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cuelight_core::id::ServiceId;

use crate::paths::DataFolder;

/// The right to decide in a data folder; whoever holds it is the only engine there.
///
/// The operating system gives it back when this is dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct EngineLock {
    _file: File,
}

/// The right to work the queue of one service; whoever holds it is its only worker.
///
/// The operating system gives it back when this is dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct ServiceLock {
    _file: File,
}

/// What a lock gives the right to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// To decide in the data folder.
    Decide,
    /// To work the queue of that service.
    Work(ServiceId),
}

/// Why the lock was not given.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("another Cuelight{} {right} {}", process.map(|id| format!(" (process {id})")).unwrap_or_default(), folder.display())]
    Taken {
        /// What it is for.
        right: Right,
        /// The data folder.
        folder: PathBuf,
        /// The other process, where its name could be read.
        process: Option<u32>,
    },
    /// The lock's file could not be used at all.
    #[error("could not lock {}: {source}", path.display())]
    Refused {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// As what its holder does, before the folder's name.
impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decide => f.write_str("is using"),
            Self::Work(service) => write!(f, "works for {service} in"),
        }
    }
}

impl EngineLock {
    /// Takes the lock of that folder, without waiting.
    ///
    /// # Errors
    /// [`LockError::Taken`] while another engine runs there; [`LockError::Refused`] where the file cannot be used.
    pub fn take(folder: &DataFolder) -> Result<Self, LockError> {
        Ok(Self { _file: lock_file(&folder.engine_lock(), folder, Right::Decide)? })
    }
}

impl ServiceLock {
    /// Takes the lock of that service in that folder, without waiting.
    ///
    /// # Errors
    /// [`LockError::Taken`] while another process works for it; [`LockError::Refused`] where the file cannot be used.
    pub fn take(folder: &DataFolder, service: &ServiceId) -> Result<Self, LockError> {
        Ok(Self { _file: lock_file(&folder.service_lock(service), folder, Right::Work(service.clone()))? })
    }
}

fn lock_file(path: &Path, folder: &DataFolder, right: Right) -> Result<File, LockError> {
    let refused = |source| LockError::Refused { path: path.to_owned(), source };
    // Not truncated here: until the lock is ours, what stands in the file is its holder's.
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let mut file = opened.map_err(refused)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let process = written_process(&mut file);
            return Err(LockError::Taken { right, folder: folder.path().to_owned(), process });
        }
        Err(TryLockError::Error(source)) => return Err(refused(source)),
    }
    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(refused)?;
    Ok(file)
}

/// The process that wrote itself into the file; Windows does not let others read a locked file.
fn written_process(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_engine_at_a_time() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path());
        let first = EngineLock::take(&folder).expect("nobody has it");
        let refusal = EngineLock::take(&folder).expect_err("it is taken");
        let LockError::Taken { process, .. } = &refusal else { panic!("{refusal} must say that it is taken") };
        #[cfg(unix)]
        assert_eq!(*process, Some(std::process::id()), "the message names who has it");
        assert!(refusal.to_string().contains(&place.path().display().to_string()), "{refusal} must name the folder");
        drop(first);
        EngineLock::take(&folder).expect("given back, it can be taken again");
    }

    #[test]
    fn what_an_engine_left_in_the_file_when_it_died_locks_nobody_out() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path());
        std::fs::write(folder.engine_lock(), "99999999999 is no process").expect("writable");
        EngineLock::take(&folder).expect("the lock is the system's, not the text's");
        let text = std::fs::read_to_string(folder.engine_lock()).expect("readable");
        assert_eq!(text.trim(), std::process::id().to_string(), "and the file names its holder now");
    }

    #[test]
    fn a_folder_that_is_not_there_is_refused_with_its_place() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("gone"));
        let refusal = EngineLock::take(&folder).expect_err("there is no folder");
        assert!(matches!(refusal, LockError::Refused { .. }), "{refusal} is not a matter of another engine");
    }

    #[test]
    fn a_service_has_one_worker_at_a_time_and_other_services_do_not_mind() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path());
        let overlays = ServiceId::new("overlays");
        let _engine = EngineLock::take(&folder).expect("nobody has it");
        let first = ServiceLock::take(&folder, &overlays).expect("the engine's lock is another one");
        let refusal = ServiceLock::take(&folder, &overlays).expect_err("it is taken");
        assert!(refusal.to_string().contains("works for overlays"), "{refusal} must say what for");
        #[cfg(unix)]
        assert!(refusal.to_string().contains(&std::process::id().to_string()), "{refusal} must say who holds it");
        ServiceLock::take(&folder, &ServiceId::new("voice")).expect("each service has a lock of its own");
        drop(first);
        ServiceLock::take(&folder, &overlays).expect("given back, it can be taken again");
    }

    #[test]
    fn services_whose_ids_are_no_file_names_have_locks_of_their_own() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path());
        let ids = ["custom:lights", "custom/lights", "custom%3alights", "../escaped", "Custom:lights"];
        let locks = ids.map(|id| ServiceLock::take(&folder, &ServiceId::new(id)));
        for (id, lock) in ids.iter().zip(&locks) {
            assert!(lock.is_ok(), "{id} must not share its lock with another one");
        }
        for entry in std::fs::read_dir(place.path()).expect("readable") {
            let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
            let is_plain = name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_%.".contains(it));
            assert!(is_plain, "{name} must be a file name on every system");
        }
    }
}
