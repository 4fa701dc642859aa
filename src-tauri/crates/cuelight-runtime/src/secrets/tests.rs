//! Keys without a keychain; with one they are tested against a real daemon in `tests/it/secrets.rs`.

use super::*;

fn of(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[test]
fn a_secret_is_not_shown() {
    let secret = of(" tell-nobody ");
    assert_eq!(secret.expose(), "tell-nobody", "white space around it is none of it");
    let shown = format!("{secret:?} {:?}", (SecretName::RedisPassword, &secret));
    assert!(!shown.contains("tell"), "{shown}");
}

#[tokio::test]
async fn without_a_keychain_a_key_lasts_for_this_run() {
    let secrets = Secrets::without_keychain();
    let name = SecretName::TiktokSession;
    assert_eq!(secrets.get(name).await, None, "nothing is set");
    assert!(!secrets.has_keychain().await, "and nothing keeps it");
    assert!(matches!(secrets.probe().await, Err(KeychainError::Missing { .. })), "a probe says so");
    let lies_in = secrets.set(name, of("0123456789abcdef")).await.expect("it is kept");
    assert_eq!(lies_in, LiesIn::Session, "and it is said where");
    assert_eq!(secrets.clone().get(name).await, Some(of("0123456789abcdef")), "clones share it");
    assert_eq!(Secrets::without_keychain().get(name).await, None, "others know nothing of it");
    assert_eq!(
        secrets.list().await,
        [(name, Some(LiesIn::Session)), (SecretName::RedisPassword, None), (SecretName::SignKey, None)],
        "the list says which are set"
    );
    secrets.remove(name).await.expect("it can be taken away");
    assert_eq!(secrets.get(name).await, None, "and is gone");
}

#[tokio::test]
async fn what_cannot_be_a_key_is_refused() {
    #[track_caller]
    fn check(result: Result<LiesIn, SetError>, expected: SecretFault) {
        assert!(matches!(&result, Err(SetError::Fault(fault)) if *fault == expected), "{result:?}");
    }
    let secrets = Secrets::without_keychain();
    let name = SecretName::RedisPassword;
    check(secrets.set(name, of("  ")).await, SecretFault::Empty);
    check(secrets.set(name, of("two\nlines")).await, SecretFault::NotOneLine);
    check(secrets.set(name, of(&"x".repeat(2_001))).await, SecretFault::TooLong);
    assert_eq!(secrets.get(name).await, None, "nothing is set");
}

#[test]
fn every_name_leads_back_to_itself() {
    for name in SecretName::ALL {
        assert_eq!(name.to_string().parse(), Ok(name), "by its own name");
    }
    assert_eq!(SecretName::RedisPassword.variable(), "CUELIGHT_SECRET_REDIS_PASSWORD", "as scripts set it");
    let error = "redis".parse::<SecretName>().expect_err("no name");
    assert!(error.to_string().contains("redis_password"), "{error} lists what there is");
}
