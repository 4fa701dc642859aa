//! The folder in which pictures are kept: a file each, the longest unused go first when there are too many.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

use super::known::PictureId;
use super::{Kind, PICTURE_BYTES, Picture};

/// What all pictures together may take, in bytes: every gift there is and some thousand viewers.
pub(super) const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// How often it is noted that a picture was used: the order of hours matters, not that of seconds.
const NOTE_AFTER: Duration = Duration::from_secs(60 * 60);

/// What the name of a file ends with while it is written.
const UNFINISHED: &str = ".part";

/// The folder; it is made when the first picture is kept.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    most_bytes: u64,
    /// What lies there, in bytes, once somebody looked. Also the right to write.
    used_bytes: Mutex<Option<u64>>,
}

impl Cache {
    pub(super) fn new(folder: PathBuf, most_bytes: u64) -> Self {
        Self { folder, most_bytes, used_bytes: Mutex::default() }
    }

    /// The picture, if it is kept and whole.
    pub(super) fn read(&self, id: &PictureId) -> Option<Picture> {
        let path = self.folder.join(id.as_str());
        let file = File::open(&path).ok()?;
        let mut bytes = Vec::new();
        (&file).take(PICTURE_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
        let kind = Kind::of(&bytes)?;
        note_use(&path, &file);
        Some(Picture { kind, bytes: bytes.into() })
    }

    /// Keeps a picture and makes room for it.
    ///
    /// # Errors
    /// The disk does not take it.
    pub(super) fn write(&self, id: &PictureId, bytes: &[u8]) -> io::Result<()> {
        let mut used_bytes = self.used_bytes.lock();
        fs::create_dir_all(&self.folder)?;
        let unfinished = self.folder.join(format!("{id}{UNFINISHED}"));
        fs::write(&unfinished, bytes)?;
        fs::rename(&unfinished, self.folder.join(id.as_str()))?;
        let used = match *used_bytes {
            Some(used) => used + bytes.len() as u64,
            None => files(&self.folder)?.iter().map(|file| file.size_bytes).sum(),
        };
        *used_bytes = Some(if used > self.most_bytes { self.make_room()? } else { used });
        Ok(())
    }

    /// Deletes what was not used for longest, until a tenth is free; says what is left, in bytes.
    fn make_room(&self) -> io::Result<u64> {
        let mut files = files(&self.folder)?;
        files.sort_by_key(|file| file.used);
        let mut left: u64 = files.iter().map(|file| file.size_bytes).sum();
        for file in files {
            if left <= self.most_bytes / 10 * 9 {
                break;
            }
            fs::remove_file(&file.path)?;
            left -= file.size_bytes;
        }
        Ok(left)
    }
}

struct Kept {
    path: PathBuf,
    size_bytes: u64,
    used: SystemTime,
}

fn files(folder: &Path) -> io::Result<Vec<Kept>> {
    let kept = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        let metadata = entry.metadata()?;
        Ok(Kept { path: entry.path(), size_bytes: metadata.len(), used: metadata.modified()? })
    };
    fs::read_dir(folder)?.map(kept).collect()
}

/// The time at which a file was changed stands for when it was last used.
fn note_use(path: &Path, file: &File) {
    let noted = file.metadata().and_then(|metadata| metadata.modified());
    if noted.is_ok_and(|noted| noted.elapsed().is_ok_and(|age| age >= NOTE_AFTER)) {
        // Then it only goes earlier than it might.
        let _ = File::options().write(true).open(path).and_then(|file| file.set_modified(SystemTime::now()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> PictureId {
        format!("{number:032x}").parse().expect("32 digits")
    }

    #[test]
    fn the_longest_unused_go_first_when_there_is_no_room() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::new(place.path().join("pictures"), 1_000);
        let picture = [b"GIF89a".as_slice(), &[0; 94]].concat();
        for number in 0..10 {
            cache.write(&id(number), &picture).expect("there is room");
            let age = Duration::from_secs(60 * 60 * (20 - u64::from(number)));
            let path = place.path().join("pictures").join(id(number).as_str());
            let file = File::options().write(true).open(path).expect("it is there");
            file.set_modified(SystemTime::now() - age).expect("our own file");
        }
        assert!(cache.read(&id(0)).is_some(), "the oldest is used once more");
        cache.write(&id(10), &picture).expect("room is made");
        let left: Vec<u8> = (0..=10).filter(|number| cache.read(&id(*number)).is_some()).collect();
        assert_eq!(left, [0, 3, 4, 5, 6, 7, 8, 9, 10], "what was used a moment ago stays");
    }

    #[test]
    fn what_somebody_put_there_is_no_picture() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let cache = Cache::new(place.path().to_owned(), MOST_BYTES);
        fs::write(place.path().join(id(1).as_str()), "<script>").expect("written");
        assert_eq!(cache.read(&id(1)), None, "only pictures are handed out");
    }
}
