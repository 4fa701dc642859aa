//! The folder of a running browser: made for one visit, locked while it runs, gone afterwards or at the next start.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;
use tempfile::{Builder, TempDir};
use tokio::task::spawn_blocking;

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

/// Leftovers that are seen to at one start, since each may take its time and a visit waits for it; the next start takes
/// the next ones.
const LEFTOVERS: usize = 4;

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

    /// Folders beside it whose process is gone, [`LEFTOVERS`] at most. Only what this user made and nobody else can write
    /// into counts: in a shared place others may give a folder, or a link to one, the same name.
    pub(super) async fn leftovers(&self) -> Vec<Leftover> {
        let path = self.folder.path().to_owned();
        // It fails only where the program ends.
        spawn_blocking(move || leftovers_beside(&path)).await.unwrap_or_default()
    }

    /// Removes it with everything in it.
    pub(super) async fn remove(self) {
        let Self { lock, folder } = self;
        drop(lock);
        let mut gone_looks = 0;
        for _ in 0..REMOVAL_TRIES {
            let path = folder.path().to_owned();
            let removed = spawn_blocking(move || std::fs::remove_dir_all(path)).await;
            let is_gone = removed.is_ok_and(|it| it.is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
            gone_looks = if is_gone { gone_looks + 1 } else { 0 };
            if gone_looks == GONE_LOOKS {
                break;
            }
            tokio::time::sleep(REMOVAL_WAIT).await;
        }
        if let Ok(Err(error)) = spawn_blocking(move || folder.close()).await
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
    /// Where the browser listened, which may be running yet.
    pub(super) address: Option<Url>,
}

impl Leftover {
    /// Removes the folder.
    pub(super) async fn remove(self) {
        let removing = spawn_blocking(move || {
            // What cannot be removed now is a leftover at the next start, too.
            let _ = std::fs::remove_dir_all(profile_in(&self.folder));
            drop(self.lock);
            let _ = std::fs::remove_dir_all(&self.folder);
        });
        // It fails only where the program ends.
        let _ = removing.await;
    }
}

/// The folders beside that one whose process is gone.
fn leftovers_beside(own: &Path) -> Vec<Leftover> {
    let Some(entries) = own.parent().and_then(|place| std::fs::read_dir(place).ok()) else { return Vec::new() };
    let Ok(own) = std::fs::symlink_metadata(own) else { return Vec::new() };
    let held = entries.flatten().filter_map(|entry| {
        // What the entry itself is: a link is not followed.
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.metadata().is_ok_and(|entry| entry.is_dir() && is_kept_alike(&entry, &own));
        let (lock, folder) = (is_ours.then(|| lock(&entry.path())).flatten()?, entry.path());
        Some(Leftover { lock, address: address_in(&folder), folder })
    });
    held.take(LEFTOVERS).collect()
}

/// Whether both folders belong to the same user, and nobody else gets at either.
#[cfg(unix)]
fn is_kept_alike(folder: &Metadata, own: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    folder.uid() == own.uid() && folder.mode() == own.mode()
}

/// The temporary place of other systems is this user's anyhow.
#[cfg(not(unix))]
fn is_kept_alike(_: &Metadata, _: &Metadata) -> bool {
    true
}

fn address_in(folder: &Path) -> Option<Url> {
    let url: Url = std::fs::read_to_string(folder.join(ADDRESS)).ok()?.parse().ok()?;
    (url.scheme() == "ws" && url.host_str() == Some("127.0.0.1")).then_some(url)
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

    /// A folder as a killed process leaves it.
    fn left_in(place: &Path) -> PathBuf {
        let folder = for_this_user(Builder::new().prefix(PREFIX)).tempdir_in(place).expect("writable").keep();
        std::fs::create_dir_all(profile_in(&folder).join("Default")).expect("writable");
        folder
    }

    #[tokio::test]
    async fn a_folder_in_use_is_no_leftover_and_one_whose_process_is_gone_is() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let used = BrowserFolder::create(place.path()).expect("writable");
        let gone = left_in(place.path());
        std::fs::write(gone.join(ADDRESS), "ws://127.0.0.1:9/devtools/browser/1").expect("writable");
        std::fs::create_dir(place.path().join("something-else")).expect("writable");

        let mut found = used.leftovers().await;
        let leftover = found.pop().expect("one is left");
        assert!(found.is_empty(), "{found:?} are in use or not ours");
        assert_eq!(leftover.address.as_ref().map(Url::port), Some(Some(9)), "its browser can be ended");
        assert!(used.leftovers().await.is_empty(), "nobody else takes it meanwhile");
        leftover.remove().await;
        assert!(!gone.exists(), "it is removed");

        let path = used.folder.path().to_owned();
        used.remove().await;
        assert!(!path.exists(), "and so is the one that was in use");
        assert!(place.path().join("something-else").exists(), "what is not ours stays");
    }

    #[tokio::test]
    async fn a_leftover_leads_to_no_other_machine() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let own = BrowserFolder::create(place.path()).expect("writable");
        let gone = left_in(place.path());
        for address in ["ws://example.com/devtools/browser/1", "http://127.0.0.1:9/", "nothing"] {
            std::fs::write(gone.join(ADDRESS), address).expect("writable");
            let found = own.leftovers().await;
            assert_eq!(found.first().expect("it is left").address, None, "{address}");
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_others_could_have_put_there_is_no_leftover_and_stays_as_it_is() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let (place, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let own = BrowserFolder::create(place.path()).expect("writable");
        let precious = left_in(elsewhere.path());
        symlink(&precious, place.path().join(format!("{PREFIX}link"))).expect("writable");
        let open = left_in(place.path());
        std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).expect("it is ours");
        std::fs::write(place.path().join(format!("{PREFIX}file")), "").expect("writable");

        let found = own.leftovers().await;
        assert!(found.is_empty(), "{found:?} may be anybody's");
        for folder in [precious, open] {
            assert!(!folder.join(LOCK).exists(), "nothing is written into {}", folder.display());
        }
    }

    #[tokio::test]
    async fn one_start_sees_to_a_few_leftovers_and_the_next_ones_to_the_rest() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let own = BrowserFolder::create(place.path()).expect("writable");
        for _ in 0..=LEFTOVERS {
            left_in(place.path());
        }
        for expected in [LEFTOVERS, 1, 0] {
            let found = own.leftovers().await;
            assert_eq!(found.len(), expected, "no visit waits for all of them");
            for leftover in found {
                leftover.remove().await;
            }
        }
    }
}
