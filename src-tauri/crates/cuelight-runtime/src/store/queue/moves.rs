//! The order of a queue by hand: a job one place ahead, or one place back.

use cuelight_core::dispatch::ClaimOrder;
use cuelight_core::id::{JobId, ServiceId};
use rusqlite::{OptionalExtension as _, Row, params};

use super::jobs::priority;
use super::{QueueTransaction, Touched};
use crate::store::StoreError;

const OWN: &str = concat!("SELECT service, follows, priority, position, id FROM job WHERE id = ?1 AND ", ready!());

const BEFORE: &str = concat!(
    "SELECT service, follows, priority, position, id FROM job WHERE service = ?1 AND ",
    ready!(),
    " AND (-follows, -priority, position, id) < (-?2, -?3, ?4, ?5)
     ORDER BY follows, priority, position DESC, id DESC LIMIT 1"
);

const AFTER: &str = concat!(
    "SELECT service, follows, priority, position, id FROM job WHERE service = ?1 AND ",
    ready!(),
    " AND (-follows, -priority, position, id) > (-?2, -?3, ?4, ?5)
     ORDER BY follows DESC, priority DESC, position, id LIMIT 1"
);

/// Positions only ever become lower, so that what arrives later stays behind everything that was moved.
const MAKE_ROOM_BEFORE: &str = concat!(
    "UPDATE job SET position = position - 2 WHERE service = ?1 AND ",
    ready!(),
    " AND follows = ?2 AND priority = ?3 AND (position, id) < (?4, ?5)"
);

const MAKE_ROOM_AFTER: &str = concat!(
    "UPDATE job SET position = position - 2 WHERE service = ?1 AND ",
    ready!(),
    " AND follows = ?2 AND priority = ?3 AND (position, id) <= (?4, ?5)"
);

impl QueueTransaction<'_> {
    /// Moves a ready job one place ahead, to the priority of the one that it passes; false where it is not ready, first
    /// already, or behind a run that is held together.
    ///
    /// # Errors
    /// The database refused.
    pub fn move_up(&mut self, job: JobId) -> Result<(bool, Touched), StoreError> {
        self.deed(|queues| queues.pass(job, BEFORE, MAKE_ROOM_BEFORE))
    }

    /// Moves a ready job one place back, to the priority of the one that it lets pass; false where it is not ready, last
    /// already, or held together with what its run does now.
    ///
    /// # Errors
    /// The database refused.
    pub fn move_down(&mut self, job: JobId) -> Result<(bool, Touched), StoreError> {
        self.deed(|queues| queues.pass(job, AFTER, MAKE_ROOM_AFTER))
    }

    /// Puts a job to the other side of its neighbour, after room for one place was made there.
    fn pass(&mut self, job: JobId, neighbour: &str, make_room: &str) -> rusqlite::Result<bool> {
        let connection = self.connection;
        let own = connection.prepare_cached(OWN)?.query_row([job.0], turn).optional()?;
        let Some((service, own)) = own else { return Ok(false) };
        let place = params![service.as_str(), own.follows, own.priority.get(), own.position, own.id.0];
        let passed = connection.prepare_cached(neighbour)?.query_row(place, turn).optional()?;
        let Some((_, passed)) = passed.filter(|(_, passed)| passed.follows == own.follows) else { return Ok(false) };
        let place = params![service.as_str(), passed.follows, passed.priority.get(), passed.position, passed.id.0];
        connection.prepare_cached(make_room)?.execute(place)?;
        connection.execute(
            "UPDATE job SET position = ?2, priority = ?3 WHERE id = ?1",
            params![job.0, passed.position - 1, passed.priority.get()],
        )?;
        self.touched.service(&service);
        Ok(true)
    }
}

fn turn(row: &Row<'_>) -> rusqlite::Result<(ServiceId, ClaimOrder)> {
    let order =
        ClaimOrder { follows: row.get(1)?, priority: priority(row, 2)?, position: row.get(3)?, id: JobId(row.get(4)?) };
    Ok((ServiceId::new(row.get_ref(0)?.as_str()?), order))
}
