//! Whether the system starts the app: what the settings say, whoever set it and whenever.

use crate::app::App;
use crate::shell::ShellError;

impl App {
    /// Tells the system now, and again whenever the setting changes; it may have been set while no app ran. What
    /// the window saves was told before it was saved, and is told again: that changes nothing. Ends with the app.
    pub async fn keep_autostart(&self) {
        let mut settings = self.settings.subscribe();
        let keeping = async {
            let mut told = None;
            loop {
                let wanted = settings.borrow_and_update().window.autostart;
                if told.replace(wanted) != Some(wanted) {
                    match self.shell.start_with_system(wanted).await {
                        Ok(()) | Err(ShellError::NoDesktop) => {}
                        Err(error) => tracing::warn!(%error, "what starts with the system is as it was"),
                    }
                }
                if settings.changed().await.is_err() {
                    return;
                }
            }
        };
        // Nothing comes of it but its end.
        let _: Option<()> = self.ended.run_until_cancelled(keeping).await;
    }
}
