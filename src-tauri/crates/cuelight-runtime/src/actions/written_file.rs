//! A file that an action writes: by its name alone, inside one folder, never larger than a bound.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Bytes of one file; a text that a stream shows has a few hundred, a list of every viewer of a year a few million.
pub(super) const FILE_BYTES: u64 = 10 * 1024 * 1024;

/// Bytes of a file's name, as most file systems allow.
const NAME_BYTES: usize = 255;

/// Names that Windows gives to devices, with any ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Names that Windows gives to devices when a digit follows.
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

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

    /// Writes the text as a line after what is there; what cannot be written whole is taken back.
    pub(super) fn append_line(&self, text: &str) -> Result<(), Refusal> {
        let mut file =
            OpenOptions::new().append(true).create(true).open(&self.path).map_err(|error| self.refusal(error))?;
        let length_before = file.metadata().map_err(|error| self.refusal(error))?.len();
        let line = format!("{text}\n");
        check_size(length_before + line.len() as u64)?;
        write_whole(&mut file, &line, length_before).map_err(|error| self.refusal(error))
    }

    /// Writes the text in place of what is there; readers see the old text or the new, never a part.
    pub(super) fn replace(&self, text: &str) -> Result<(), Refusal> {
        check_size(text.len() as u64)?;
        let replace = || {
            let mut neighbour = NamedTempFile::new_in(&self.folder)?;
            neighbour.write_all(text.as_bytes())?;
            neighbour.persist(&self.path)?;
            Ok(())
        };
        replace().map_err(|error: io::Error| self.refusal(error))
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
    if is_device(name) { Err(format!("{name:?} is the name of a device")) } else { Ok(()) }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_lowercase();
    let is_numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut characters = rest.chars();
            characters.next().is_some_and(|digit| digit.is_ascii_digit() || "¹²³".contains(digit))
                && characters.next().is_none()
        })
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED_DEVICES.iter().any(|device| is_numbered(device))
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
