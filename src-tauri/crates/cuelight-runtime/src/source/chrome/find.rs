//! Where a browser is on this machine.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::source::page::PageFault;

/// Names on the search path, the one that most people have first.
#[cfg(not(windows))]
const NAMES: &[&str] = &["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge"];

/// Names on the search path, the one that most people have first.
#[cfg(windows)]
const NAMES: &[&str] = &["chrome.exe", "chromium.exe", "msedge.exe"];

/// Where installers put browsers that are on no search path, below one of [`roots`].
#[cfg(target_os = "macos")]
const INSTALLED: &[&str] = &[
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/// Where installers put browsers that are on no search path, below one of [`roots`].
#[cfg(windows)]
const INSTALLED: &[&str] = &[
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
];

/// Where installers put browsers that are on no search path, below one of [`roots`].
#[cfg(not(any(windows, target_os = "macos")))]
const INSTALLED: &[&str] = &[];

/// Finds the browser: the one that was named, else the first of the known names on the search path, else where
/// installers put them.
///
/// # Errors
/// [`PageFault::NoBrowser`] lists what was looked for. One that was named is never replaced by another.
pub(super) fn find(named: Option<&Path>, search_path: Option<&OsStr>) -> Result<PathBuf, PageFault> {
    if let Some(named) = named {
        return if is_program(named) {
            Ok(named.to_owned())
        } else {
            Err(PageFault::NoBrowser { looked_for: vec![named.display().to_string()] })
        };
    }
    let folders: Vec<PathBuf> = search_path.map(|it| std::env::split_paths(it).collect()).unwrap_or_default();
    let on_path = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let roots = roots();
    let installed: Vec<PathBuf> =
        INSTALLED.iter().flat_map(|place| roots.iter().map(move |root| root.join(place))).collect();
    let looked_for = || {
        let installed = installed.iter().map(|it| it.display().to_string());
        NAMES.iter().map(|name| (*name).to_owned()).chain(installed).collect()
    };
    on_path
        .chain(installed.iter().cloned())
        .find(|it| is_program(it))
        .ok_or_else(|| PageFault::NoBrowser { looked_for: looked_for() })
}

/// The folders below which programs are installed.
fn roots() -> Vec<PathBuf> {
    let below = |variable: &str, folder: &str| std::env::var_os(variable).map(|it| PathBuf::from(it).join(folder));
    if cfg!(windows) {
        ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"].iter().filter_map(|it| below(it, "")).collect()
    } else if cfg!(target_os = "macos") {
        [Some(PathBuf::from("/Applications")), below("HOME", "Applications")].into_iter().flatten().collect()
    } else {
        Vec::new()
    }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn put(folder: &Path, name: &str, mode: u32) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, "").expect("writable");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
        path
    }

    #[test]
    fn chrome_comes_before_chromium_wherever_they_stand_on_the_path() {
        let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("a temporary folder"));
        let chromium = put(first.path(), "chromium", 0o755);
        put(first.path(), "google-chrome", 0o644);
        let search = std::env::join_paths([first.path(), second.path()]).expect("no colons");
        assert_eq!(find(None, Some(&search)), Ok(chromium), "what cannot be run is no browser");
        let chrome = put(second.path(), "google-chrome", 0o755);
        assert_eq!(find(None, Some(&search)), Ok(chrome), "the name decides, not the folder");
    }

    #[test]
    fn a_browser_that_was_named_is_never_replaced_by_another() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        put(folder.path(), "chromium", 0o755);
        let named = folder.path().join("gone");
        let found = find(Some(&named), Some(folder.path().as_os_str()));
        assert_eq!(found, Err(PageFault::NoBrowser { looked_for: vec![named.display().to_string()] }));
    }

    #[test]
    fn without_a_browser_the_fault_names_what_was_looked_for() {
        let fault = find(None, None).expect_err("there is no search path").to_string();
        assert!(fault.contains("google-chrome") && fault.contains("chromium"), "{fault} must help to install one");
    }
}
