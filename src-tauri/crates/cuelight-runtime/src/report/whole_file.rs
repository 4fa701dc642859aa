//! A file that takes its name only when it is whole.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file written to a nameless neighbour until it is whole; dropped before, it is gone.
///
/// A pipe or a device such as `/dev/null` is written to as it is.
#[derive(Debug)]
pub struct WholeFile {
    out: Target,
    path: PathBuf,
}

#[derive(Debug)]
enum Target {
    Device(File),
    Nameless(NamedTempFile),
}

impl WholeFile {
    /// Begins a file that is to have that name.
    ///
    /// # Errors
    /// The folder does not exist or may not be written, or the name is a directory.
    pub fn create(path: &Path) -> io::Result<Self> {
        let out = if is_device(path) {
            Target::Device(File::options().write(true).open(path)?)
        } else {
            Target::Nameless(nameless_neighbour(path)?)
        };
        Ok(Self { out, path: path.to_owned() })
    }

    /// Gives the file its name; one that had it is kept under a numbered name.
    ///
    /// # Errors
    /// The disk is full or gone.
    pub fn finish(self) -> io::Result<PathBuf> {
        match self.out {
            Target::Device(mut device) => device.flush()?,
            Target::Nameless(file) => {
                file.as_file().sync_all()?;
                keep_existing(&self.path)?;
                file.persist_noclobber(&self.path)?;
            }
        }
        Ok(self.path)
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Target::Device(file) => file.write(bytes),
            Target::Nameless(file) => file.as_file_mut().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.out {
            Target::Device(file) => file.flush(),
            Target::Nameless(file) => file.as_file_mut().flush(),
        }
    }
}

/// Begins a file under its name, to be followed while it grows; one that had the name is kept under a numbered one.
///
/// # Errors
/// The folder does not exist or may not be written, or the name is a directory.
pub fn create_growing(path: &Path) -> io::Result<File> {
    if is_device(path) {
        return File::options().write(true).open(path);
    }
    check_writable(path)?;
    keep_existing(path)?;
    File::create_new(path)
}

/// Finds out whether a file of that name could be written, and leaves nothing behind.
///
/// # Errors
/// The folder does not exist or may not be written, or the name is a directory.
pub fn check_writable(path: &Path) -> io::Result<()> {
    if is_device(path) { Ok(()) } else { nameless_neighbour(path).map(drop) }
}

/// Whether the name is that of a pipe or a device such as `/dev/null`, which is written to and never moved.
fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|it| !it.is_file() && !it.is_dir())
}

/// A file in the folder of `path` that is gone when it is dropped, readable for whom the system's habits allow it.
fn nameless_neighbour(path: &Path) -> io::Result<NamedTempFile> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "that is a directory"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Asked first, so that the error does not speak of a file that nobody named.
    folder.metadata()?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".cuelight-").tempfile_in(folder)
}

/// Moves an existing file to the first free numbered name, `events.json` to `events.1.json`.
fn keep_existing(path: &Path) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let free = (1_u32..).map(|number| numbered(path, number)).find(|numbered| !numbered.exists());
    match free {
        Some(numbered) => std::fs::rename(path, numbered),
        None => Err(io::Error::other("every numbered name is taken")),
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    match path.extension() {
        Some(extension) => path.with_extension(format!("{number}.{}", extension.to_string_lossy())),
        None => path.with_extension(number.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str) {
        let mut file = WholeFile::create(path).expect("begun");
        file.write_all(text.as_bytes()).expect("written");
        file.finish().expect("closed");
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events.json");
        let mut file = WholeFile::create(&path).expect("begun");
        file.write_all(b"[").expect("written");
        assert!(!path.exists(), "half a file must not stand under the name");
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0, "nor lie around");
        write(&path, "[]");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "[]", "whole, it is there");
    }

    #[test]
    fn what_had_the_name_is_kept_under_a_numbered_one() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, numbered) in [("e.json", ["e.1.json", "e.2.json"]), ("events", ["events.1", "events.2"])] {
            for text in ["first", "second", "third"] {
                write(&folder.path().join(name), text);
            }
            let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("kept");
            assert_eq!([read(numbered[0]), read(numbered[1]), read(name)], ["first", "second", "third"], "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to_and_never_moved() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pipe.json");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success(), "a pipe");
        let reader = std::thread::spawn({
            let path = path.clone();
            move || std::fs::read_to_string(path).expect("read to its end")
        });
        write(&path, "through");
        assert_eq!(reader.join().expect("read"), "through", "it came out at the other end");
        assert!(is_device(&path), "and the pipe is where it was");
    }
}
