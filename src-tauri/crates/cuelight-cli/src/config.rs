//! `cuelight config`: the settings.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cuelight_core::settings::setting_keys;
use cuelight_runtime::store::SettingError;

use crate::console::print_line;
use crate::failure::Failure;
use crate::open;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cuelight config list
  cuelight config set tiktok_user luna.plays")]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    action: ConfigAction,
}

#[derive(Debug, Subcommand)]
enum ConfigAction {
    /// Shows every setting with its value and what it is for.
    List {
        /// Prints one JSON object instead.
        #[arg(long)]
        json: bool,
    },
    /// Shows one setting.
    Get {
        /// The setting's name.
        key: String,
    },
    /// Changes one setting.
    Set {
        /// The setting's name.
        key: String,
        /// Its new value; an empty one takes it back to what it was on the first day.
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
}

pub(crate) fn run(args: ConfigArgs, data_dir: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let store = open::store(data_dir)?;
    match args.action {
        ConfigAction::List { json } => {
            let settings = store.settings()?;
            if json {
                let all = setting_keys().iter().map(|key| (key.name.to_owned(), key.value(&settings)));
                print_line(&serde_json::Value::Object(all.collect()).to_string());
                return Ok(ExitCode::SUCCESS);
            }
            for key in setting_keys() {
                let value = key.text(&settings);
                print_line(&format!("{} = {value}\n    {} ({})", key.name, key.meaning, key.allowed));
            }
        }
        ConfigAction::Get { key } => {
            let value = store.settings()?.get(&key);
            print_line(&value.ok_or_else(|| Failure::wrong_use(SettingError::UnknownKey { key }))?);
        }
        ConfigAction::Set { key, value } => {
            let settings = store.set_setting(&key, &value).map_err(|error| match error {
                SettingError::Store(error) => error.into(),
                error @ (SettingError::UnknownKey { .. } | SettingError::BadValue { .. }) => Failure::wrong_use(error),
            })?;
            print_line(&format!("✅ {key} = {}", settings.get(&key).unwrap_or_default()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
