//! The place that desktops have for tray icons, and a hand that chooses from their menus.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use zbus::message::Header;
use zbus::zvariant::{OwnedValue, Structure, Value};

use super::bus::Bus;
use super::until;

/// Bus name and object of an icon.
type Item = (String, String);

/// A place for tray icons; it is gone when this is dropped.
pub(crate) struct TrayHost {
    bus: zbus::Connection,
    items: Arc<Mutex<Vec<Item>>>,
}

struct Watcher {
    items: Arc<Mutex<Vec<Item>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, #[zbus(header)] header: Header<'_>, object: String) {
        let sender = header.sender().expect("the bus names every sender").to_string();
        self.items.lock().expect("no test panics here").push((sender, object));
    }

    fn register_status_notifier_host(&self, _name: String) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.lock().expect("no test panics here").iter().map(|(name, _)| name.clone()).collect()
    }
}

impl TrayHost {
    /// Puts one on that bus.
    pub(crate) async fn start(bus: &Bus) -> Self {
        let items = Arc::<Mutex<Vec<Item>>>::default();
        let builder = zbus::connection::Builder::address(bus.address()).expect("the bus has told it");
        let builder = builder.serve_at("/StatusNotifierWatcher", Watcher { items: Arc::clone(&items) });
        let builder = builder.and_then(|it| it.name("org.kde.StatusNotifierWatcher")).expect("nobody has that name");
        Self { bus: builder.build().await.expect("the bus is there"), items }
    }

    /// What the menu of the one icon offers, top to bottom; lines are left out.
    pub(crate) async fn menu(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|(_, label)| label).collect()
    }

    /// Chooses from the menu of the one icon.
    pub(crate) async fn choose(&self, label: &str) {
        let entry = until(label, async || self.entries().await.into_iter().find(|(_, it)| it == label)).await;
        let (name, menu) = self.menu_of_the_icon().await;
        let click = (entry.0, "clicked", Value::from(0_i32), 0_u32);
        let chosen = self.bus.call_method(Some(name), menu, Some("com.canonical.dbusmenu"), "Event", &click).await;
        chosen.expect("the menu takes it");
    }

    async fn entries(&self) -> Vec<(i32, String)> {
        let (name, menu) = self.menu_of_the_icon().await;
        let whole = (0_i32, -1_i32, Vec::<&str>::new());
        let asked = self.bus.call_method(Some(name), menu, Some("com.canonical.dbusmenu"), "GetLayout", &whole).await;
        let Ok(answer) = asked else { return Vec::new() };
        let (_revision, menu): (u32, MenuItem) = answer.body().deserialize().expect("a menu's layout");
        menu.2.into_iter().filter_map(entry).collect()
    }

    async fn menu_of_the_icon(&self) -> Item {
        until("the menu of a tray icon", async || {
            let (name, object) = self.items.lock().expect("no test panics here").last().cloned()?;
            let icon = zbus::Proxy::new(&self.bus, name.clone(), object, "org.kde.StatusNotifierItem").await.ok()?;
            let menu: zbus::zvariant::OwnedObjectPath = icon.get_property("Menu").await.ok()?;
            Some((name, menu.to_string()))
        })
        .await
    }
}

/// An entry as the bus tells it: its number, its properties, the entries below it.
type MenuItem = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// Number and label of an entry; nothing for a line between entries.
fn entry(value: OwnedValue) -> Option<(i32, String)> {
    let parts = Structure::try_from(value).ok()?.into_fields();
    let [id, properties, _] = <[Value<'_>; 3]>::try_from(parts).ok()?;
    let properties = HashMap::<String, OwnedValue>::try_from(properties).ok()?;
    let label = String::try_from(properties.get("label")?.try_clone().ok()?).ok()?;
    Some((i32::try_from(id).ok()?, label))
}
