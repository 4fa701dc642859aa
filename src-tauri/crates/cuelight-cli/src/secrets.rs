//! `cuelight secrets`: passwords and keys, in the system's keychain.

use std::io::{self, Read as _};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use cuelight_runtime::secrets::{KeychainError, LiesIn, Secret, SecretName, Secrets, SetError};

use crate::console::print_line;
use crate::failure::Failure;
use crate::{open, prompt};

/// More than a secret may have; what is longer is no secret but a file.
const INPUT_BYTES: u64 = 16 * 1024;

#[derive(Debug, Args)]
#[command(
    after_help = "Names: tiktok_session, redis_password, sign_key. They lie in the system's keychain, one for each user of this
computer whatever the data folder, and never in a file of Cuelight. Where there is no keychain, set
CUELIGHT_SECRET_NAME for the process that needs it, such as CUELIGHT_SECRET_REDIS_PASSWORD.

Examples:
  cuelight secrets set redis_password               asks for it without showing it
  pass show redis | cuelight secrets set redis_password
  cuelight secrets list                             which are set, and where they lie"
)]
pub(crate) struct SecretsArgs {
    #[command(subcommand)]
    action: SecretsAction,
}

#[derive(Debug, Subcommand)]
enum SecretsAction {
    /// Puts a secret into the keychain; it is read from stdin, never from an argument.
    Set {
        /// Its name.
        name: SecretName,
    },
    /// Takes a secret out of the keychain.
    Remove {
        /// Its name.
        name: SecretName,
    },
    /// Shows which secrets are set and where they lie; never the secrets themselves.
    List {
        /// Prints one JSON object instead.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: &SecretsArgs) -> Result<ExitCode, Failure> {
    let secrets = Secrets::of_this_user();
    match args.action {
        SecretsAction::Set { name } => set(&secrets, name)?,
        SecretsAction::Remove { name } => remove(&secrets, name)?,
        SecretsAction::List { json } => list(&secrets, json)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn set(secrets: &Secrets, name: SecretName) -> Result<(), Failure> {
    // A program that ends at once can keep nothing for itself, so that is said before anybody types.
    open::block_on(secrets.probe())?.map_err(|error| unusable(error, name))?;
    let secret = read(name)?;
    open::block_on(secrets.set(name, secret))?.map_err(|error| match error {
        SetError::Fault(fault) => Failure::wrong_use(fault),
        SetError::Keychain(error) => unusable(error, name),
    })?;
    print_line(&format!("✅ {name} is in the keychain"));
    Ok(())
}

fn remove(secrets: &Secrets, name: SecretName) -> Result<(), Failure> {
    open::block_on(secrets.remove(name))?.map_err(|error| unusable(error, name))?;
    print_line(&format!("✅ {name} is not in the keychain any more"));
    if open::block_on(secrets.get(name))?.is_some() {
        print_line(&format!("   {} still holds one", name.variable()));
    }
    Ok(())
}

fn list(secrets: &Secrets, json: bool) -> Result<(), Failure> {
    let listed = open::block_on(secrets.list())?;
    if json {
        let all = listed.iter().map(|(name, lies_in)| (name.to_string(), lies_in.map(place).into()));
        print_line(&serde_json::Value::Object(all.collect()).to_string());
        return Ok(());
    }
    for (name, lies_in) in listed {
        print_line(&match lies_in {
            Some(lies_in) => format!("✅ {name}: set, in the {}", place(lies_in)),
            None => format!("⚪ {name}: not set"),
        });
    }
    Ok(())
}

fn place(lies_in: LiesIn) -> &'static str {
    match lies_in {
        LiesIn::Keychain => "keychain",
        LiesIn::Environment => "environment",
        LiesIn::Session => "session",
    }
}

/// Asks without showing what is typed, or reads what is piped in.
fn read(name: SecretName) -> Result<Secret, Failure> {
    if prompt::can_ask() {
        let typed = rpassword::prompt_password(format!("🔑 {name}: "));
        return typed.map(Secret::new).map_err(|error| Failure::failed(format!("could not ask for {name}: {error}")));
    }
    let mut text = String::new();
    let read = io::stdin().lock().take(INPUT_BYTES).read_to_string(&mut text);
    let secret = Secret::new(text);
    read.map_err(|error| Failure::wrong_use(format!("could not read {name} from stdin: {error}")))?;
    Ok(secret)
}

fn unusable(error: KeychainError, name: SecretName) -> Failure {
    let advice = match error {
        KeychainError::Missing { .. } => {
            Some(format!("Install and start one, or set {} for the process that needs it.", name.variable()))
        }
        // Their sentences say it.
        KeychainError::Locked { .. } | KeychainError::Silent | KeychainError::Refused { .. } => None,
    };
    match advice {
        Some(advice) => Failure::failed(error).advising(advice),
        None => Failure::failed(error),
    }
}
