//! The folder of a running browser: made for one visit, locked while it runs, gone afterwards or at the next start.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;
use tempfile::{Builder, TempDir};

/// How every folder of ours begins.
const PREFIX: &str = "cuelight-chrome-";

/// The file that is locked for as long as the folder is in use.
const LOCK: &str = "held";

/// The file with the address of the browser's debugging port.
const ADDRESS: &str = "devtools";

/// How often a folder is tried to be removed, and how long between: parts of a killed browser write for a moment yet.
const REMOVAL_TRIES: u32 = 100;
const REMOVAL_WAIT: Duration = Duration::from_millis(50);

/// How often in a row it has to be gone: such a part may make it anew.
const GONE_LOOKS: u32 = 3;

/// A folder for one browser. The system unlocks it when this process ends, however it ends.
#[derive(Debug)]
pub(super) struct BrowserFolder {
    // Let go before the folder is removed: not every system removes what is open.
    lock: File,
    folder: TempDir,
}

impl BrowserFolder {
    /// Makes one that only this user can read, in that place.
    pub(super) fn create(place: &Path) -> io::Result<Self> {
        loop {
            let folder = for_this_user(Builder::new().prefix(PREFIX)).tempdir_in(place)?;
            // Another process may take it for a leftover in the moment before it is locked.
            if let Some(lock) = lock(folder.path()) {
                return Ok(Self { lock, folder });
            }
        }
    }

    /// Where the browser keeps what it must.
    pub(super) fn profile(&self) -> PathBuf {
        profile_in(self.folder.path())
    }

    /// Where goes what a crash leaves.
    pub(super) fn crashes(&self) -> PathBuf {
        self.folder.path().join("crashes")
    }

    /// Where goes what the browser says about itself.
    pub(super) fn said(&self) -> PathBuf {
        self.folder.path().join("said")
    }

    /// Notes where the browser listens, so that it can be ended should this process be killed.
    pub(super) fn note_address(&self, address: &Url) -> io::Result<()> {
        std::fs::write(self.folder.path().join(ADDRESS), address.as_str())
    }

    /// Removes it with everything in it.
    pub(super) async fn remove(self) {
        let Self { lock, folder } = self;
        drop(lock);
        let mut gone_looks = 0;
        for _ in 0..REMOVAL_TRIES {
            if std::fs::remove_dir_all(folder.path()).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                gone_looks += 1;
            } else {
                gone_looks = 0;
            }
            if gone_looks == GONE_LOOKS {
                break;
            }
            tokio::time::sleep(REMOVAL_WAIT).await;
        }
        if let Err(error) = folder.close()
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the browser's folder could not be removed; the next start tries again");
        }
    }
}

/// What a killed process left.
#[derive(Debug)]
pub(super) struct Leftover {
    lock: File,
    folder: PathBuf,
}

impl Leftover {
    /// Where the browser listened, which may be running yet.
    pub(super) fn address(&self) -> Option<Url> {
        let url: Url = std::fs::read_to_string(self.folder.join(ADDRESS)).ok()?.parse().ok()?;
        (url.scheme() == "ws" && url.host_str() == Some("127.0.0.1")).then_some(url)
    }

    /// Removes the folder.
    pub(super) fn remove(self) {
        // What cannot be removed now is a leftover at the next start, too.
        let _ = std::fs::remove_dir_all(profile_in(&self.folder));
        drop(self.lock);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folders in that place whose process is gone.
pub(super) fn leftovers(place: &Path) -> Vec<Leftover> {
    let Ok(entries) = std::fs::read_dir(place) else { return Vec::new() };
    let ours = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    let held = ours.filter_map(|entry| Some(Leftover { lock: lock(&entry.path())?, folder: entry.path() }));
    held.collect()
}

#[cfg(unix)]
fn for_this_user<'a, 'b, 'c>(builder: &'c mut Builder<'a, 'b>) -> &'c mut Builder<'a, 'b> {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o700))
}

/// The temporary place of other systems is this user's anyhow.
#[cfg(not(unix))]
fn for_this_user<'a, 'b, 'c>(builder: &'c mut Builder<'a, 'b>) -> &'c mut Builder<'a, 'b> {
    builder
}

fn profile_in(folder: &Path) -> PathBuf {
    folder.join("profile")
}

/// Locks the folder; `None` where another process has it, or it is gone.
fn lock(folder: &Path) -> Option<File> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).ok()?;
    file.try_lock().ok()?;
    // Whoever had it before may have removed it meanwhile.
    path.exists().then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_in_use_is_no_leftover_and_one_whose_process_is_gone_is() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let used = BrowserFolder::create(place.path()).expect("writable");
        let gone = place.path().join(format!("{PREFIX}gone"));
        std::fs::create_dir_all(profile_in(&gone).join("Default")).expect("writable");
        std::fs::write(gone.join(ADDRESS), "ws://127.0.0.1:9/devtools/browser/1").expect("writable");
        std::fs::create_dir(place.path().join("something-else")).expect("writable");

        let mut found = leftovers(place.path());
        let leftover = found.pop().expect("one is left");
        assert!(found.is_empty(), "{found:?} are in use or not ours");
        assert_eq!(leftover.address().map(|it| it.port()), Some(Some(9)), "its browser can be ended");
        assert!(leftovers(place.path()).is_empty(), "nobody else takes it meanwhile");
        leftover.remove();
        assert!(!gone.exists(), "it is removed");

        let path = used.folder.path().to_owned();
        used.remove().await;
        assert!(!path.exists(), "and so is the one that was in use");
        assert!(place.path().join("something-else").exists(), "what is not ours stays");
    }

    #[test]
    fn a_leftover_leads_to_no_other_machine() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let gone = place.path().join(format!("{PREFIX}gone"));
        std::fs::create_dir(&gone).expect("writable");
        for address in ["ws://example.com/devtools/browser/1", "http://127.0.0.1:9/", "nothing"] {
            std::fs::write(gone.join(ADDRESS), address).expect("writable");
            let found = leftovers(place.path());
            assert_eq!(found.first().and_then(Leftover::address), None, "{address}");
        }
    }
}
