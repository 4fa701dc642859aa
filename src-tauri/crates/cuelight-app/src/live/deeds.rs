//! What people do to all services at once, to old jobs and to viewers.

use cuelight_core::id::{SessionId, UserId};

use super::refused;
use crate::app::App;
use crate::dto::Failure;

impl App {
    /// Lets no service start any more jobs; what runs goes on.
    ///
    /// # Errors
    /// The queues cannot be written.
    pub async fn pause_all(&self) -> Result<(), Failure> {
        let services = self.read(|reader| reader.services()).await?;
        for service in &services {
            self.engine.workers.orders().pause(&service.id).await.map_err(refused)?;
        }
        self.note_services(services.into_iter().map(|service| service.id));
        Ok(())
    }

    /// Lets every service start jobs again.
    ///
    /// # Errors
    /// The queues cannot be written.
    pub async fn resume_all(&self) -> Result<(), Failure> {
        let services = self.read(|reader| reader.services()).await?;
        for service in &services {
            self.engine.workers.orders().resume(&service.id).await.map_err(refused)?;
        }
        self.note_services(services.into_iter().map(|service| service.id));
        Ok(())
    }

    /// Stops sound now, and holds it back until [`App::unsilence`] or the next start.
    ///
    /// # Errors
    /// The queues cannot be written; there is silence all the same.
    pub async fn silence(&self) -> Result<(), Failure> {
        let silenced = self.engine.workers.orders().silence().await;
        self.push.note(|gathered| gathered.live = true);
        silenced.map_err(refused)
    }

    /// Lets sound be heard again.
    pub fn unsilence(&self) {
        self.engine.workers.orders().unsilence();
        self.push.note(|gathered| gathered.live = true);
    }

    /// Ends what runs and discards what waits, in all queues.
    ///
    /// # Errors
    /// The queues cannot be written; what ran was ended all the same.
    pub async fn stop_everything(&self) -> Result<(), Failure> {
        let stopped = self.engine.workers.orders().stop_everything().await;
        let services = self.read(|reader| reader.services()).await?;
        self.note_services(services.into_iter().map(|service| service.id));
        stopped.map(drop).map_err(refused)
    }

    /// Lets what is held of sessions that are over wait for its turn again.
    ///
    /// # Errors
    /// The queues cannot be written.
    pub async fn resume_old_jobs(&self) -> Result<(), Failure> {
        let sessions = self.old_sessions().await?;
        let resumed = self.engine.workers.orders().resume_sessions(sessions).await;
        self.push.note(|gathered| gathered.live = true);
        resumed.map(drop).map_err(refused)
    }

    /// Discards what waits of sessions that are over.
    ///
    /// # Errors
    /// The queues cannot be written.
    pub async fn discard_old_jobs(&self) -> Result<(), Failure> {
        let sessions = self.old_sessions().await?;
        let discarded = self.engine.workers.orders().discard_sessions(sessions).await;
        self.push.note(|gathered| gathered.live = true);
        discarded.map(drop).map_err(refused)
    }

    /// Takes what waits of that viewer out of the queues, and lets nothing of theirs fire from now on.
    ///
    /// # Errors
    /// The queues cannot be written.
    pub async fn mute_viewer(&self, viewer: UserId) -> Result<(), Failure> {
        self.engine.workers.orders().mute(viewer).await.map_err(refused)?;
        self.engine.look_again();
        self.push.note(|gathered| gathered.now_and_next = true);
        Ok(())
    }

    /// Lets rules answer that viewer again.
    ///
    /// # Errors
    /// The queues cannot be written.
    pub async fn unmute_viewer(&self, viewer: UserId) -> Result<(), Failure> {
        self.engine.workers.orders().unmute(viewer).await.map_err(refused)?;
        self.engine.look_again();
        Ok(())
    }

    /// The sessions that are over and of which something is held.
    async fn old_sessions(&self) -> Result<Vec<SessionId>, Failure> {
        let open = self.live.standing.borrow().session;
        let old_jobs = self.read(move |reader| reader.old_jobs(open)).await?;
        Ok(old_jobs.into_iter().map(|old| old.session).collect())
    }

    fn note_services(&self, services: impl IntoIterator<Item = cuelight_core::id::ServiceId>) {
        self.push.note(|gathered| {
            gathered.live = true;
            gathered.now_and_next = true;
            gathered.services.extend(services);
        });
    }
}
