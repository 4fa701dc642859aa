//! When the app cannot begin, the window opens all the same, says why, and tries again when asked.

use std::fs;

use cuelight_runtime::locks::EngineLock;
use cuelight_runtime::paths::DataFolder;

use crate::support::Desk;

#[tokio::test]
async fn a_folder_in_use_is_told_and_another_try_needs_no_restart() {
    let desk = Desk::set_up().await;
    let folder = DataFolder::new(desk.data_folder());
    folder.create().expect("a new folder");
    let other = EngineLock::take(&folder).expect("nobody else has it");
    let page = desk.open_page().await;
    page.see("Another program already uses this data folder.").await;
    page.picture("trouble-in-use").await;
    drop(other);
    page.press("Try again").await;
    page.see("Go live").await;
    page.end().await;
}

#[tokio::test]
async fn a_damaged_database_is_set_aside_and_told() {
    let desk = Desk::set_up().await;
    fs::create_dir_all(desk.data_folder()).expect("a new folder");
    fs::write(desk.data_folder().join("cuelight.db"), b"this was never a database, but it is long enough to be read")
        .expect("the folder is ours");
    let page = desk.open_page().await;
    page.see("The database was damaged.").await;
    page.picture("trouble-damaged").await;
    page.end().await;
}
