//! Tells Tauri which commands there are, so that the page can be allowed exactly those, and embeds the window's files.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["rpc", "push"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities fit together");
}
