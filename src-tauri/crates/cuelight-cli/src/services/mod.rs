//! `cuelight services`: who does what, how each event type is treated, and how the queues stand.

mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::service::{Service, Services};
use cuelight_core::service_setting;
use cuelight_core::settings::HotkeySettings;
use cuelight_core::warning::{Warning, warnings};
use cuelight_runtime::store::{Reader, StoredService};

use crate::console::{print_line, tell_error};
use crate::failure::Failure;
use crate::open;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight services list
  cuelight services list overlays                       its table of event types
  cuelight services set overlays max_queue_size=250 comment.priority=7
  cuelight services set voice active=off
  cuelight services set overlays like.default=off share.expires_after=never

Keys: active, name, max_queue_size, max_parallel; and for each event type, or `others`:
  EVENT.enabled on|off, EVENT.priority 1-10, EVENT.mode sync|async, EVENT.discardable on|off,
  EVENT.expires_after SECONDS|never, EVENT.default on|off")]
pub(crate) struct ServicesArgs {
    #[command(subcommand)]
    action: ServicesAction,
}

#[derive(Debug, Subcommand)]
enum ServicesAction {
    /// Lists the services and how their queues stand; with an id, that one with its event types.
    List {
        /// The service's id, such as overlays.
        id: Option<String>,
        /// Prints one JSON object a service instead.
        #[arg(long)]
        json: bool,
    },
    /// Changes a service: all that is named, or nothing.
    Set {
        /// The service's id, such as overlays.
        id: String,
        /// What is changed, such as max_queue_size=250.
        #[arg(required = true, value_name = "KEY=VALUE")]
        settings: Vec<String>,
    },
}

pub(crate) fn run(args: ServicesArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let store = open::equipped_store(data_dir)?;
    let reader = store.reader()?;
    match args.action {
        ServicesAction::List { id, json } => list(&reader, id.map(ServiceId::new).as_ref(), json)?,
        ServicesAction::Set { id, settings } => {
            let before = find(&reader, &ServiceId::new(id))?.service;
            let changed = service_setting::set(&before, &settings).map_err(Failure::wrong_use)?;
            store.set_service(&changed.service)?;
            for change in &changed.changes {
                let was =
                    if change.from == change.to { "as it was".to_owned() } else { format!("was {}", change.from) };
                print_line(&format!("✅ {}: {} = {} ({was})", before.id, change.key, change.to));
            }
            for warning in new_warnings(before, changed.service) {
                tell_error(&format!("⚠️ {}: {}", warning.place, warning.concern.in_english()));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The service of that id.
pub(crate) fn find(reader: &Reader, id: &ServiceId) -> Result<StoredService, Failure> {
    let services = reader.stored_services()?;
    let names: Vec<String> = services.iter().map(|stored| stored.service.id.to_string()).collect();
    services.into_iter().find(|stored| stored.service.id == *id).ok_or_else(|| {
        Failure::wrong_use(format!("there is no service {:?}; there are {}", id.as_str(), names.join(", ")))
    })
}

/// What is to be warned of and was not before.
fn new_warnings(before: Service, after: Service) -> Vec<Warning> {
    let of = |service| warnings(&[], &[], &Services::new(vec![service]), &BTreeMap::new(), &HotkeySettings::default());
    let known = of(before);
    of(after).into_iter().filter(|warning| !known.contains(warning)).collect()
}

fn list(reader: &Reader, id: Option<&ServiceId>, json: bool) -> Result<(), Failure> {
    let shown = match id {
        Some(id) => vec![find(reader, id)?],
        None => reader.stored_services()?,
    };
    let mut counts = reader.queue_counts(JobId(0))?;
    for stored in &shown {
        let counts = counts.remove(&stored.service.id).unwrap_or_default();
        print_line(&if json { table::as_json(stored, &counts).to_string() } else { table::line(stored, &counts) });
    }
    if let ([only], Some(_), false) = (shown.as_slice(), id, json) {
        print_line(&table::of_events(&only.service));
    }
    Ok(())
}
