//! A file that an action writes: by its name alone, inside one folder, never larger than a bound.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cuelight_core::template::is_device_name;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

/// Bytes of one file; a text that a stream shows has a few hundred, a list of every viewer of a year a few million.
pub(super) const FILE_BYTES: u64 = 10 * 1024 * 1024;

/// Bytes of a file's name, as most file systems allow.
const NAME_BYTES: usize = 255;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The folder is not there.
    #[error("there is no folder {}", folder.display())]
    NoFolder { folder: PathBuf },
    /// The name leads out of the folder, or is no plain file.
    #[error("{} is no plain file of its folder", path.display())]
    Outside { path: PathBuf },
    /// The file would be larger than [`FILE_BYTES`].
    #[error("it would have {size_bytes} bytes, and a file has at most {FILE_BYTES}")]
    TooLarge { size_bytes: u64 },
    /// The system does not let Cuelight write there.
    #[error("no permission to write in {}", folder.display())]
    NoPermission { folder: PathBuf },
    /// The disk is full.
    #[error("the disk of {} is full", folder.display())]
    DiskFull { folder: PathBuf },
    /// Whoever asked for it does not want it any more.
    #[error("it was stopped")]
    Stopped,
    /// Another reason of the system.
    #[error("{folder}: {source}", folder = folder.display())]
    Failed { folder: PathBuf, source: io::Error },
}

/// A file of a folder, whose name was found to stay inside.
#[derive(Debug)]
pub(super) struct WrittenFile {
    folder: PathBuf,
    path: PathBuf,
}

impl WrittenFile {
    /// A file of a folder that the streamer chose; the folder must be there.
    pub(super) fn in_folder(folder: &Path, name: &str) -> Result<Self, Refusal> {
        let whole = folder.canonicalize().map_err(|error| refusal(folder, error))?;
        let path = whole.join(name);
        let file = Self { folder: whole, path };
        file.check_inside()?;
        Ok(file)
    }

    /// A file of Cuelight's own folder, which is made where it is missing.
    pub(super) fn in_own_folder(folder: &Path, name: &str) -> Result<Self, Refusal> {
        fs::create_dir_all(folder).map_err(|error| refusal(folder, error))?;
        Self::in_folder(folder, name)
    }

    /// Writes the text as a line after what is there; what cannot be written whole is taken back. Opening a file
    /// can take long, and when `cancel` is cancelled meanwhile, nothing is written.
    pub(super) fn append_line(&self, text: &str, cancel: &CancellationToken) -> Result<(), Refusal> {
        let mut file =
            OpenOptions::new().append(true).create(true).open(&self.path).map_err(|error| self.refusal(error))?;
        let length_before = file.metadata().map_err(|error| self.refusal(error))?.len();
        let line = format!("{text}\n");
        check_size(length_before + line.len() as u64)?;
        if cancel.is_cancelled() {
            return Err(Refusal::Stopped);
        }
        write_whole(&mut file, &line, length_before).map_err(|error| self.refusal(error))
    }

    /// Writes the text in place of what is there; readers see the old text or the new, never a part. Nothing is replaced
    /// once `cancel` is cancelled.
    pub(super) fn replace(&self, text: &str, cancel: &CancellationToken) -> Result<(), Refusal> {
        check_size(text.len() as u64)?;
        let write = || {
            let mut neighbour = NamedTempFile::new_in(&self.folder)?;
            neighbour.write_all(text.as_bytes())?;
            Ok(neighbour)
        };
        let neighbour = write().map_err(|error| self.refusal(error))?;
        if cancel.is_cancelled() {
            return Err(Refusal::Stopped);
        }
        neighbour.persist(&self.path).map_err(|error| self.refusal(error.error))?;
        Ok(())
    }

    /// Links could lead anywhere, pipes would never answer.
    fn check_inside(&self) -> Result<(), Refusal> {
        let outside = || Refusal::Outside { path: self.path.clone() };
        if self.path.parent() != Some(&self.folder) {
            return Err(outside());
        }
        match fs::symlink_metadata(&self.path) {
            Ok(there) if there.is_file() => Ok(()),
            Ok(_) => Err(outside()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.refusal(error)),
        }
    }

    fn refusal(&self, error: io::Error) -> Refusal {
        refusal(&self.folder, error)
    }
}

/// Whether that is the name of a file on every system, and of a file only.
///
/// # Errors
/// What is wrong with it, in lower case.
pub(super) fn check_file_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("a name is missing".into());
    }
    if name.len() > NAME_BYTES {
        return Err(format!("a name has at most {NAME_BYTES} bytes"));
    }
    if let Some(character) = name.chars().find(|it| it.is_control() || "/\\:*?\"<>|".contains(*it)) {
        return Err(format!("the name of a file cannot contain {character:?}"));
    }
    // Hidden files are settings of programs, and `..` is the folder above.
    if name.starts_with('.') {
        return Err(format!("{name:?} begins with a dot"));
    }
    if name.ends_with(['.', ' ']) {
        return Err(format!("{name:?} ends with a dot or a space"));
    }
    if is_device_name(name) { Err(format!("{name:?} is the name of a device")) } else { Ok(()) }
}

fn check_size(size_bytes: u64) -> Result<(), Refusal> {
    if size_bytes > FILE_BYTES { Err(Refusal::TooLarge { size_bytes }) } else { Ok(()) }
}

/// Half a line would be worse than none.
fn write_whole(file: &mut File, line: &str, length_before: u64) -> io::Result<()> {
    file.write_all(line.as_bytes()).inspect_err(|_| {
        // The first error says what is wrong; one of taking back would hide it.
        let _ = file.set_len(length_before);
    })
}

fn refusal(folder: &Path, error: io::Error) -> Refusal {
    let folder = folder.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Refusal::NoFolder { folder },
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Refusal::NoPermission { folder },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Refusal::DiskFull { folder },
        _ => Refusal::Failed { folder, source: error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stopped_while_the_system_hung_is_not_written_later() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = WrittenFile::in_folder(folder.path(), "a.txt").expect("it may be written");
        let cancel = CancellationToken::new();
        file.append_line("before", &cancel).expect("nobody stopped it");
        cancel.cancel();
        for written in [file.append_line("after", &cancel), file.replace("after", &cancel)] {
            assert!(matches!(written, Err(Refusal::Stopped)), "people were told that it failed: {written:?}");
        }
        assert_eq!(fs::read_to_string(folder.path().join("a.txt")).expect("there"), "before\n", "so it stays undone");
    }
}
