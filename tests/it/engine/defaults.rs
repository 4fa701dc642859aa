//! A new data folder holds the tables of `docs/queues.md`, row by row.

use serde_json::Value;

use super::first_day;

/// Service, mode, jobs that may wait, jobs that may run at once.
const SERVICES: [(&str, &str, u64, u64); 9] = [
    ("basics", "async", 500, 8),
    ("dinochrome", "sync", 50, 8),
    ("overlays", "async", 100, 8),
    ("voice", "sync", 50, 8),
    ("sounds", "async", 50, 8),
    ("assistant", "async", 20, 2),
    ("games", "sync", 100, 8),
    ("studio", "sync", 50, 8),
    ("web", "async", 100, 8),
];

/// Event type, its priority in `dinochrome`, in `overlays` and everywhere else, whether it may be dropped, and after how
/// many seconds it is too late.
type Row = (&'static str, u64, u64, u64, bool, Option<u64>);

/// The table of `docs/queues.md`; its last row is for all other event types.
const EVENTS: [Row; 8] = [
    ("gift", 10, 10, 10, false, None),
    ("subscribe", 9, 8, 9, false, None),
    ("follow", 8, 7, 8, false, None),
    ("share", 7, 6, 7, true, Some(120)),
    ("comment", 6, 5, 6, true, Some(60)),
    ("like", 3, 2, 3, true, Some(30)),
    ("join", 2, 1, 2, true, Some(30)),
    ("others", 5, 5, 5, true, Some(60)),
];

#[test]
fn a_new_data_folder_holds_the_default_table() {
    let list = first_day().run(["services", "list", "--json"]).expect_status(0).stdout;
    let services: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(services.len(), SERVICES.len(), "one service of each kind");
    for (service, (id, mode, max_queue_size, max_parallel)) in services.iter().zip(SERVICES) {
        assert_eq!(service["id"], id, "the order of the table");
        assert_eq!((&service["active"], &service["paused"]), (&true.into(), &false.into()), "{id} works");
        assert_eq!(service["max_queue_size"], max_queue_size, "jobs that may wait for {id}");
        assert_eq!(service["max_parallel"], max_parallel, "jobs that may run in {id}");
        let configs = service["events"].as_object().expect("a table of event types");
        assert_eq!(configs.len(), EVENTS.len() - 1, "{id} treats no other event type apart");
        for (event, dinochrome, overlays, elsewhere, discardable, expires) in EVENTS {
            let config = if event == "others" { &service["others"] } else { &configs[event] };
            let priority = match id {
                "dinochrome" => dinochrome,
                "overlays" => overlays,
                _ => elsewhere,
            };
            assert_eq!(config["enabled"], true, "{id} takes {event}");
            assert_eq!(config["priority"], priority, "the priority of {event} in {id}");
            assert_eq!(config["mode"], mode, "the mode of {event} in {id}");
            assert_eq!(config["discardable"], discardable, "whether {id} may drop {event}");
            assert_eq!(config["expires_after_seconds"].as_u64(), expires, "when {event} is too late in {id}");
            let answers = match id {
                "overlays" => event != "others",
                "dinochrome" => ["gift", "subscribe", "follow", "share", "comment"].contains(&event),
                _ => false,
            };
            assert_eq!(config["default_action"].is_object(), answers, "whether {id} answers {event} by itself");
        }
    }
}
