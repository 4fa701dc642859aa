//! What is asked of the queues: a deed that is done inside a transaction and answered after its commit.

use cuelight_core::world::World;
use tokio::sync::oneshot;

use crate::store::{QueueTransaction, StoreError, Touched};

/// One request, whatever it asks for. It may be done several times: a transaction can be taken back and tried again.
pub(super) trait Deed: Send {
    /// Does it within the transaction, and says what it touched.
    fn act(&mut self, queues: &mut QueueTransaction<'_>, world: &World<'_>) -> Result<Touched, StoreError>;

    /// The transaction in which it was done last has been committed.
    fn committed(self: Box<Self>);

    /// It could not be done, and will not be tried again.
    fn refused(self: Box<Self>, error: StoreError);
}

/// A deed that somebody waits for.
pub(super) struct Asked<T, Act, Then> {
    act: Act,
    then: Then,
    result: Option<T>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, Act, Then> Asked<T, Act, Then> {
    /// `act` does it; `then` sees what came of it after the commit, before whoever waits for the answer.
    pub(super) fn new(act: Act, then: Then, answer: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { act, then, result: None, answer }
    }
}

impl<T, Act, Then> Deed for Asked<T, Act, Then>
where
    T: Send,
    Act: FnMut(&mut QueueTransaction<'_>, &World<'_>) -> Result<(T, Touched), StoreError> + Send,
    Then: FnOnce(&T) + Send,
{
    fn act(&mut self, queues: &mut QueueTransaction<'_>, world: &World<'_>) -> Result<Touched, StoreError> {
        let (result, touched) = (self.act)(queues, world)?;
        self.result = Some(result);
        Ok(touched)
    }

    fn committed(self: Box<Self>) {
        let Some(result) = self.result else { return };
        (self.then)(&result);
        // Whoever asked may be gone; it was done all the same.
        let _ = self.answer.send(Ok(result));
    }

    fn refused(self: Box<Self>, error: StoreError) {
        // Whoever asked may be gone; then nobody minds.
        let _ = self.answer.send(Err(error));
    }
}
