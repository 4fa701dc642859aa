//! Waiting for what no call waits for: another program's windows, processes and names on the bus.

use std::time::Duration;

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Longer than anything here takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks until there is what is looked for.
///
/// # Panics
/// It does not come.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("waited {PATIENCE:?} for {what}"))
}
