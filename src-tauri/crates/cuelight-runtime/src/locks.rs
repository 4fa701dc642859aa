//! Who may use a data folder: one engine at a time, released even by a crash.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use crate::paths::DataFolder;

/// The right to decide in a data folder; whoever holds it is the only engine there.
///
/// The operating system gives it back when this is dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct EngineLock {
    _file: File,
}

/// Why the lock was not given.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another engine holds it.
    #[error("another Cuelight{} is using {}", process.map(|id| format!(" (process {id})")).unwrap_or_default(), folder.display())]
    Taken {
        /// The data folder.
        folder: PathBuf,
        /// The other engine's process, where its name could be read.
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

impl EngineLock {
    /// Takes the lock of that folder, without waiting.
    ///
    /// # Errors
    /// [`LockError::Taken`] while another engine runs there; [`LockError::Refused`] where the file cannot be used.
    pub fn take(folder: &DataFolder) -> Result<Self, LockError> {
        let path = folder.engine_lock();
        let refused = |source| LockError::Refused { path: path.clone(), source };
        // Not truncated here: until the lock is ours, what stands in the file is another engine's.
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Taken { folder: folder.path().to_owned(), process: written_process(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(refused(source)),
        }
        file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(refused)?;
        Ok(Self { _file: file })
    }
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
}
