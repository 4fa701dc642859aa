//! How a service is shown: a line about its queue, and the table of its event types.

use cuelight_core::clean::clean;
use cuelight_core::service::{EventConfig, Service};
use cuelight_core::service_setting::OTHERS;
use cuelight_runtime::store::{QueueCounts, StoredService};

/// The columns of the table, as the keys of `services set` call them.
const COLUMNS: [&str; 7] = ["event", "enabled", "priority", "mode", "discardable", "expires_after", "default"];

/// One line: who it is, whether it works, and how its queue stands.
pub(super) fn line(stored: &StoredService, counts: &QueueCounts) -> String {
    let service = &stored.service;
    let state = match (service.active, stored.paused) {
        (false, _) => "⚪ off   ",
        (true, true) => "⏸️ paused",
        (true, false) => "✅ on    ",
    };
    format!(
        "{state}  {:<12} {:<12}  pending {} of {} · processing {} · completed {} · failed {} · discarded {}",
        service.id.as_str(),
        clean(&service.name),
        counts.pending,
        service.max_queue_size,
        counts.processing,
        counts.completed,
        counts.failed,
        counts.discarded,
    )
}

/// The table of event types, those that are treated apart first.
pub(super) fn of_events(service: &Service) -> String {
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    rows.extend(service.events.iter().map(|(event_type, config)| row(event_type.as_str(), config)));
    rows.push(row(OTHERS, &service.others));
    let widths: Vec<usize> =
        (0..COLUMNS.len()).map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0)).collect();
    let mut text = format!("\nmax_parallel {}\n", service.max_parallel);
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push('\n');
        text.push_str(cells.join("  ").trim_end());
    }
    text
}

fn row(name: &str, config: &EventConfig) -> [String; 7] {
    let switch = |is_on| if is_on { "on" } else { "off" }.to_owned();
    [
        name.to_owned(),
        switch(config.enabled),
        config.priority.to_string(),
        config.mode.to_string(),
        switch(config.discardable),
        config.expires_after_seconds.map_or("never".to_owned(), |seconds| seconds.to_string()),
        config.default_action.as_ref().map_or("-".to_owned(), |default| {
            format!("{} ({})", if default.enabled { "on" } else { "off" }, default.action.kind)
        }),
    ]
}

pub(super) fn as_json(stored: &StoredService, counts: &QueueCounts) -> serde_json::Value {
    let mut json = serde_json::to_value(&stored.service).expect("a service is plain data with text keys");
    json["paused"] = stored.paused.into();
    json["queue"] = serde_json::json!({
        "pending": counts.pending,
        "processing": counts.processing,
        "async_running": counts.async_running,
        "completed": counts.completed,
        "failed": counts.failed,
        "discarded": counts.discarded,
    });
    json
}
