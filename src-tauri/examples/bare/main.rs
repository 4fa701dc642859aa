//! An empty Tauri window: what the start and the memory of Cuelight's are measured beside.

fn main() {
    let context = tauri::generate_context!("examples/bare/tauri.conf.json");
    tauri::Builder::default().run(context).expect("a window can be opened here");
}
