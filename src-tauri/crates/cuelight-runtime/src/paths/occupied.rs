//! How much room the data folder takes, and how much is left.

use std::io;
use std::path::Path;

use super::{BESIDE_DATABASE, DATABASE, DataFolder};

/// How much room the parts of the data folder take, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Occupied {
    /// The database with its log.
    pub database_bytes: u64,
    /// The log files.
    pub logs_bytes: u64,
    /// The copies of the database.
    pub backups_bytes: u64,
    /// What is free on its disk.
    pub free_bytes: u64,
}

impl DataFolder {
    /// Looks how much room it takes.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn occupied(&self) -> io::Result<Occupied> {
        let beside = BESIDE_DATABASE.iter().map(|ending| format!("{DATABASE}{ending}"));
        let database =
            std::iter::once(DATABASE.to_owned()).chain(beside).map(|name| size_bytes(&self.path().join(name)));
        Ok(Occupied {
            database_bytes: database.sum::<io::Result<u64>>()?,
            logs_bytes: size_bytes(&self.logs())?,
            backups_bytes: size_bytes(&self.backups())?,
            free_bytes: fs4::available_space(self.path())?,
        })
    }
}

/// The size of a file, or of the files right in a folder; what is not there, or went meanwhile, takes none.
fn size_bytes(path: &Path) -> io::Result<u64> {
    let or_none = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(0) } else { Err(error) };
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) => return or_none(error),
    };
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    let files = std::fs::read_dir(path)?.map(|entry| entry?.metadata().map(|it| it.len()).or_else(or_none));
    files.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_measured_and_what_is_missing_takes_no_room() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path());
        let empty = folder.occupied().expect("readable");
        assert_eq!(Occupied { free_bytes: 0, ..empty }, Occupied::default(), "nothing is there yet");
        assert!(empty.free_bytes > 0, "there is some room");
        std::fs::create_dir_all(folder.logs()).expect("made");
        for (path, size) in
            [(folder.database(), 7), (folder.path().join("cuelight.db-wal"), 5), (folder.logs().join("a.log"), 3)]
        {
            std::fs::write(path, vec![b'x'; size]).expect("written");
        }
        let occupied = folder.occupied().expect("readable");
        assert_eq!(
            (occupied.database_bytes, occupied.logs_bytes, occupied.backups_bytes),
            (12, 3, 0),
            "each for itself"
        );
    }
}
