//! A zip for whoever helps: versions, settings, findings, counts and the end of the log, without secrets and names.

mod paths;
mod scrub;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cuelight_runtime::doctor::{Finding, Verdict};
use cuelight_runtime::logs::LogReader;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::store::{Overview, Settings, Store};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use self::scrub::Scrub;
use crate::app::App;
use crate::dto::{Diagnostics, Failure, FailureCode};

/// Lines of the log that go along, the newest: some evenings of a usual log.
const LOG_LINES: usize = 5_000;

/// Viewers whose names are looked for in it, those seen last: more than all lives of two weeks have in the log.
const VIEWERS: u32 = 50_000;

/// What stands for something that is set and nobody's business.
const IS_SET: &str = "(set)";

/// Writes the zip into its folder, and says where it lies and what is in it.
///
/// # Errors
/// The database cannot be read, or the disk does not take it.
pub(crate) async fn write(app: &App) -> Result<Diagnostics, Failure> {
    // Whoever helps reads English.
    let findings = app.examine(Language::English).await;
    let (overview, names) = app.read(|reader| Ok((reader.overview()?, reader.personal_names(VIEWERS)?))).await?;
    let settings = app.settings.borrow().clone();
    let now_ms = app.clock.now_ms();
    app.change(move |store| {
        let scrub = Scrub::new(&names, &settings, &homes());
        let files = [
            ("about.txt", about(now_ms)),
            ("settings.json", as_text(&shown(&settings))),
            ("findings.txt", scrub.text(&told(&findings))),
            ("counts.json", as_text(&counted(&overview))),
            ("log.txt", log(store, &scrub).map_err(|error| unwritten(&store.folder().logs(), &error))?),
        ];
        let path = place(store, now_ms);
        pack(&path, &files).map_err(|error| unwritten(&path, &error))?;
        let files = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        Ok::<_, Failure>(Diagnostics { path: path.display().to_string(), files })
    })
    .await
}

/// The home folders of whoever runs this: everywhere but on Windows, and there.
fn homes() -> Vec<String> {
    ["HOME", "USERPROFILE"].into_iter().filter_map(|name| std::env::var(name).ok()).collect()
}

fn place(store: &Store, now_ms: i64) -> PathBuf {
    store.folder().diagnostics().join(format!("cuelight-diagnostics-{now_ms}.zip"))
}

fn about(now_ms: i64) -> String {
    format!(
        "Cuelight {}\nsystem: {} {}\nwritten: {}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        cuelight_core::timestamp::Timestamp::from_ms(now_ms)
    )
}

/// The settings, with what names somebody or some place left out.
fn shown(settings: &Settings) -> Value {
    let set = |value: &Option<String>| value.as_ref().map(|_| IS_SET);
    json!({
        "window": settings.window,
        "connection": {
            "tiktok_user": set(&settings.connection.tiktok_user),
            "combo_idle_seconds": settings.connection.combo_idle_seconds,
            "redis_url": set(&settings.connection.redis_url),
            "workspace_id": set(&settings.connection.workspace_id),
        },
        "server": settings.server,
        "hotkeys": settings.hotkeys,
        "keeping": settings.keeping,
    })
}

fn counted(overview: &Overview) -> Value {
    serde_json::to_value(overview).expect("numbers by name are JSON")
}

fn as_text(value: &Value) -> String {
    format!("{value:#}\n")
}

fn told(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let verdict = match finding.verdict {
            Verdict::Good => "good",
            Verdict::Notable => "notable",
            Verdict::Bad => "bad",
        };
        format!("{verdict}  {}: {}\n", finding.what, finding.found)
    };
    findings.iter().map(line).collect()
}

/// The end of the log, each line without names.
fn log(store: &Store, scrub: &Scrub) -> io::Result<String> {
    let mut reader = LogReader::last(&store.folder().logs(), LOG_LINES)?;
    let mut text = String::new();
    while let Some(line) = reader.next_line()? {
        text.push_str(&scrub.log_line(&line));
        text.push('\n');
    }
    Ok(text)
}

fn pack(path: &Path, files: &[(&str, String)]) -> io::Result<()> {
    std::fs::create_dir_all(path.parent().expect("it lies in a folder"))?;
    let mut zip = ZipWriter::new(File::create(path)?);
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?.sync_all()
}

fn unwritten(place: &Path, error: &io::Error) -> Failure {
    let code = if error.kind() == io::ErrorKind::StorageFull { FailureCode::DiskFull } else { FailureCode::NotNow };
    Failure::new(code, format!("could not write the diagnostics ({}): {error}", place.display()))
}
