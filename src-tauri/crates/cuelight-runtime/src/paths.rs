//! The data folder: where it is and what lies in it under which name.

mod occupied;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use cuelight_core::id::ServiceId;

pub use self::occupied::Occupied;

/// The environment variable that names the data folder.
pub const DATA_FOLDER_VARIABLE: &str = "CUELIGHT_DATA_DIR";

/// The name of the database; SQLite puts more behind it.
pub(crate) const DATABASE: &str = "cuelight.db";

/// What SQLite puts behind the database's name for the files beside it.
pub(crate) const BESIDE_DATABASE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What the names of damaged databases begin with.
pub(crate) const DAMAGED_DATABASE: &str = "cuelight.damaged";

/// The name of the file that whoever decides locks.
pub(crate) const ENGINE_LOCK: &str = "engine.lock";

/// What stands before and behind a service in the name of its lock.
const SERVICE_LOCK: (&str, &str) = ("service-", ".lock");

/// What the names of the checked copy of the settings and of what it is made from begin with.
pub(crate) const SETTINGS_COPY: &str = "settings.copy.";

/// The name of the folder of copies.
pub(crate) const BACKUPS: &str = "backups";

/// The name of a backup that is to take the database's place, and of what says so.
pub(crate) const RESTORE: [&str; 3] = ["restore.db", "restore.json", "restore.part"];

/// The name of the folder of zips for whoever helps.
pub(crate) const DIAGNOSTICS: &str = "diagnostics";

/// The name of the folder of log files.
pub(crate) const LOGS: &str = "logs";

/// The name of the folder of recordings.
const RECORDINGS: &str = "recordings";

/// The name of the folder of files that actions write.
pub(crate) const FILES: &str = "files";

/// The name of the folder of pictures that were fetched.
pub(crate) const PICTURES: &str = "pictures";

/// The name of the file of the local server's tokens.
pub(crate) const SERVER_TOKENS: &str = "server-tokens.json";

/// The folder that holds everything Cuelight remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
}

/// Why there is no usable data folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system has no home folder for this user, so there is no default place.
    #[error("could not find a place for the data: this user has no home folder")]
    NoHome,
    /// Something that is no folder has its name.
    #[error("could not use {} as data folder: it is a file, not a folder", path.display())]
    NotAFolder {
        /// The place that was named.
        path: PathBuf,
    },
    /// This user may not write there.
    #[error("could not use {} as data folder: no permission to write there", path.display())]
    NoPermission {
        /// The place that was named.
        path: PathBuf,
    },
    /// The system refused it for another reason.
    #[error("could not use {} as data folder: {source}", path.display())]
    Refused {
        /// The place that was named.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DataFolder {
    /// Takes the folder as it is named; nothing is made yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Chooses the folder: the one given, else the one that `CUELIGHT_DATA_DIR` names, else the system's place for
    /// the data of apps.
    ///
    /// # Errors
    /// [`FolderError::NoHome`] where nothing is named and the user has no home folder.
    pub fn find(given: Option<PathBuf>) -> Result<Self, FolderError> {
        Self::choose(given, std::env::var_os(DATA_FOLDER_VARIABLE))
    }

    fn choose(given: Option<PathBuf>, from_environment: Option<OsString>) -> Result<Self, FolderError> {
        let named = given.or_else(|| from_environment.map(PathBuf::from)).filter(|path| !path.as_os_str().is_empty());
        match named {
            Some(path) => Ok(Self::new(path)),
            None => {
                let places = directories::ProjectDirs::from("", "", "cuelight").ok_or(FolderError::NoHome)?;
                Ok(Self::new(places.data_dir()))
            }
        }
    }

    /// Makes the folder if it is missing, for its user alone, and makes sure that it can be written to.
    ///
    /// # Errors
    /// A file in its place, no permission, or whatever else the system refuses it for.
    pub fn create(&self) -> Result<(), FolderError> {
        if self.path.exists() && !self.path.is_dir() {
            return Err(FolderError::NotAFolder { path: self.path.clone() });
        }
        make_private_folder(&self.path).map_err(|error| self.refused(error))?;
        // The lock's file is needed anyway; making it here tells at once whether the folder can be written to.
        let lock_file = std::fs::OpenOptions::new().append(true).create(true).open(self.engine_lock());
        lock_file.map(drop).map_err(|error| self.refused(error))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// The file that whoever decides holds a lock on.
    #[must_use]
    pub fn engine_lock(&self) -> PathBuf {
        self.path.join(ENGINE_LOCK)
    }

    /// The file that whoever works the queue of that service holds a lock on.
    #[must_use]
    pub fn service_lock(&self, service: &ServiceId) -> PathBuf {
        let (before, behind) = SERVICE_LOCK;
        self.path.join(format!("{before}{}{behind}", to_file_name(service.as_str())))
    }

    /// The checked copy of the settings.
    #[must_use]
    pub fn settings_copy(&self) -> PathBuf {
        self.path.join(format!("{SETTINGS_COPY}json"))
    }

    /// A backup that takes the database's place when that is opened next.
    #[must_use]
    pub(crate) fn restore_copy(&self) -> PathBuf {
        self.path.join(RESTORE[0])
    }

    /// What says that the backup beside it is whole and is to be taken in.
    #[must_use]
    pub(crate) fn restore_marker(&self) -> PathBuf {
        self.path.join(RESTORE[1])
    }

    /// The folder of zips for whoever helps when something does not work.
    #[must_use]
    pub fn diagnostics(&self) -> PathBuf {
        self.path.join(DIAGNOSTICS)
    }

    /// The folder of copies: those that somebody asked for, and those made before the database changed its form.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.path.join(BACKUPS)
    }

    /// The folder of the log files.
    #[must_use]
    pub fn logs(&self) -> PathBuf {
        self.path.join(LOGS)
    }

    /// The folder of recordings that can be rehearsed with.
    #[must_use]
    pub fn recordings(&self) -> PathBuf {
        self.path.join(RECORDINGS)
    }

    /// The folder that actions write files into unless they name another.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.path.join(FILES)
    }

    /// The folder of pictures of gifts and viewers; it may be deleted at any time.
    #[must_use]
    pub fn pictures(&self) -> PathBuf {
        self.path.join(PICTURES)
    }

    /// The tokens by which pages and programs are let in at the local server; for its user alone.
    #[must_use]
    pub fn server_tokens(&self) -> PathBuf {
        self.path.join(SERVER_TOKENS)
    }

    fn refused(&self, source: io::Error) -> FolderError {
        let path = self.path.clone();
        match source.kind() {
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => FolderError::NotAFolder { path },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => FolderError::NoPermission { path },
            _ => FolderError::Refused { path, source },
        }
    }
}

/// The service of a lock's file; `None` for the name of anything else.
pub(crate) fn service_of_lock(name: &str) -> Option<ServiceId> {
    let written = name.strip_prefix(SERVICE_LOCK.0)?.strip_suffix(SERVICE_LOCK.1)?;
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok().map(ServiceId::new)
}

/// Writes all but lower-case letters, digits, `-` and `_` as `%` and their bytes, so that no two texts share a name, not
/// even where file names know no case.
fn to_file_name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            other => write!(name, "%{other:02x}").expect("a String takes every write"),
        }
    }
    name
}

/// Comments and names of viewers are nobody else's business on a shared machine.
fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_given_wins_over_the_environment_and_that_over_the_default() {
        let given = || Some(PathBuf::from("/given"));
        let environment = || Some(OsString::from("/environment"));
        let choose = |given, environment| DataFolder::choose(given, environment).expect("there is a home folder");
        assert_eq!(choose(given(), environment()).path(), Path::new("/given"), "an option is the nearest wish");
        assert_eq!(choose(None, environment()).path(), Path::new("/environment"), "then the environment");
        let default = choose(None, Some(OsString::new()));
        assert!(default.path().to_string_lossy().to_lowercase().contains("cuelight"), "an empty name names nothing");
    }

    #[test]
    fn a_missing_folder_is_made_with_its_parents_and_again_without_harm() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("a/b"));
        folder.create().expect("it can be made");
        folder.create().expect("an existing folder is fine");
        assert!(folder.path().is_dir(), "the folder is there");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path()).expect("readable").permissions().mode();
            assert_eq!(mode & 0o077, 0, "nobody else may look into it");
        }
    }

    #[test]
    fn a_file_in_its_place_is_refused_by_its_name() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let file = place.path().join("notes.txt");
        std::fs::write(&file, "mine").expect("writable");
        for path in [file.clone(), file.join("below")] {
            let error = DataFolder::new(&path).create().expect_err("a file cannot hold a database");
            assert!(matches!(error, FolderError::NotAFolder { .. }), "{error} must say that it is a file");
            assert!(error.to_string().contains("notes.txt"), "{error} must name the place");
        }
        assert_eq!(std::fs::read_to_string(&file).expect("still there"), "mine", "and nothing was written into it");
    }
}
