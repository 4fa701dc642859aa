//! The gift catalogue's rows: seeded from what the app brings along, filled in from TikTok's list, overruled by what messages
//! say; and what was received.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use compact_str::CompactString;
use cuelight_core::gift_catalogue::KnownGift;
use cuelight_core::id::{GiftId, SessionId};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::Deserialize;

use super::error::During as _;
use super::viewers::from_column;
use super::{Reader, Store, StoreError};

/// The catalogue that the app brings along, sorted by id.
const SEED: &str = include_str!("../../assets/gifts.json");

/// The seed's revision, repeated here so that opening a database need not parse the file; a test compares them.
const SEED_REVISION: i64 = 2;

/// What the table of what was put in once calls TikTok's own list, before the room that it was asked of.
const GIFT_LIST: &str = "gift_list";

#[derive(Deserialize)]
struct Seed {
    gifts: Vec<SeedGift>,
}

/// `[id, name, diamond_count, type, image_url]`
#[derive(Deserialize)]
struct SeedGift(i64, Option<String>, Option<u32>, Option<i32>, Option<String>);

/// Fills in what no message has told; what was filled in before makes way.
const FILL_IN: &str = "INSERT INTO gift (id, name, diamond_count, gift_type, image_url) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (id) DO UPDATE SET
        name = iif(seen_ms IS NULL, coalesce(excluded.name, name), coalesce(name, excluded.name)),
        diamond_count = iif(seen_ms IS NULL,
            coalesce(excluded.diamond_count, diamond_count), coalesce(diamond_count, excluded.diamond_count)),
        gift_type = iif(seen_ms IS NULL,
            coalesce(excluded.gift_type, gift_type), coalesce(gift_type, excluded.gift_type)),
        image_url = iif(seen_ms IS NULL,
            coalesce(excluded.image_url, image_url), coalesce(image_url, excluded.image_url))";

const REMEMBER: &str = "INSERT INTO gift_name (gift, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

impl Reader {
    /// Units of each gift that were received in the lives of the creator who was captured last. What was rehearsed or played
    /// from a file was given to nobody.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn gifts_received(&self) -> Result<BTreeMap<GiftId, u64>, StoreError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT gift, sum(units) FROM gift_received JOIN session ON session.id = gift_received.session
                 WHERE (source LIKE 'tiktok%' OR source LIKE 'tikfinity%') AND creator =
                    (SELECT creator FROM session WHERE source LIKE 'tiktok%' OR source LIKE 'tikfinity%'
                     ORDER BY id DESC LIMIT 1)
                 GROUP BY gift",
            )?;
            statement.query_map([], |row| Ok((row.get(0)?, from_column(row, 1)?)))?.collect()
        };
        self.say(read())
    }
}

impl Store {
    /// Notes that TikTok's gift list of that room is asked for on that day (days since 1970). False where it was asked for on
    /// that day already, and is not to be asked for again.
    ///
    /// # Errors
    /// A disk that does not take it.
    pub fn note_gift_list_asked(&self, room_id: &str, day: i64) -> Result<bool, StoreError> {
        let name = format!("{GIFT_LIST} {room_id}");
        self.change(|transaction, place| {
            let note = || {
                transaction.execute(
                    "DELETE FROM seed WHERE name LIKE ?1 || ' %' AND revision < ?2",
                    params![GIFT_LIST, day],
                )?;
                transaction.execute(
                    "INSERT INTO seed (name, revision) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING",
                    params![name, day],
                )
            };
            note().map(|noted| noted > 0).during("write to", place)
        })
    }

    /// Takes TikTok's own list of gifts in. What a message said stays; only what no message has told yet is filled in.
    ///
    /// # Errors
    /// A disk that does not take it; nothing was changed then.
    pub fn take_gift_list(&self, gifts: &[KnownGift]) -> Result<(), StoreError> {
        self.change(|transaction, place| fill_in(transaction, gifts).during("write to", place))
    }
}

fn fill_in(connection: &Connection, gifts: &[KnownGift]) -> rusqlite::Result<()> {
    let mut fill_in = connection.prepare_cached(FILL_IN)?;
    let mut remember = connection.prepare_cached(REMEMBER)?;
    for gift in gifts {
        let (name, image_url) = (gift.name.as_deref(), gift.image_url.as_deref());
        fill_in.execute(params![gift.id, name, gift.diamond_count, gift.gift_type, image_url])?;
        if let Some(name) = name {
            remember.execute(params![gift.id, name])?;
        }
    }
    Ok(())
}

/// Puts the app's catalogue in where the database has not seen this revision of it.
///
/// What a message said stays; only what no message has told yet is filled in.
pub(super) fn top_up(connection: &mut Connection) -> rusqlite::Result<()> {
    let seen: Option<i64> =
        connection.query_row("SELECT max(revision) FROM seed WHERE name = 'gifts'", [], |row| row.get(0))?;
    if seen >= Some(SEED_REVISION) {
        return Ok(());
    }
    let seed: Seed = serde_json::from_str(SEED).expect("a test reads the catalogue that is built in");
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut statement = transaction.prepare(FILL_IN)?;
        for SeedGift(id, name, diamond_count, gift_type, image_url) in &seed.gifts {
            statement.execute(params![id, name, diamond_count, gift_type, image_url])?;
        }
        let mut remember = transaction.prepare(REMEMBER)?;
        for SeedGift(id, name, ..) in seed.gifts.iter().filter(|gift| gift.1.is_some()) {
            remember.execute(params![id, name])?;
        }
    }
    transaction.execute(
        "INSERT INTO seed (name, revision) VALUES ('gifts', ?1)
         ON CONFLICT (name) DO UPDATE SET revision = excluded.revision",
        [SEED_REVISION],
    )?;
    transaction.commit()
}

/// Stores what messages said of these gifts at that moment; what they left out stays as it was.
pub(super) fn learn(transaction: &Transaction<'_>, gifts: &[KnownGift], now_ms: i64) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO gift (id, name, diamond_count, gift_type, image_url, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET
            name = coalesce(excluded.name, name),
            diamond_count = coalesce(excluded.diamond_count, diamond_count),
            gift_type = coalesce(excluded.gift_type, gift_type),
            image_url = coalesce(excluded.image_url, image_url),
            seen_ms = excluded.seen_ms",
    )?;
    for gift in gifts {
        let name = gift.name.as_deref();
        let image_url = gift.image_url.as_deref();
        statement.execute(params![gift.id, name, gift.diamond_count, gift.gift_type, image_url, now_ms])?;
    }
    let mut remember = transaction.prepare_cached(REMEMBER)?;
    for (gift, name) in gifts.iter().flat_map(|gift| gift.names.iter().chain(&gift.name).map(|name| (gift.id, name))) {
        remember.execute(params![gift, name.as_str()])?;
    }
    Ok(())
}

/// Adds units of gifts to what a session received.
pub(super) fn receive(
    transaction: &Transaction<'_>,
    session: SessionId,
    received: &[(GiftId, u64)],
) -> rusqlite::Result<()> {
    let mut add = transaction.prepare_cached(
        "INSERT INTO gift_received (session, gift, units) VALUES (?1, ?2, ?3)
         ON CONFLICT (session, gift) DO UPDATE SET units = units + excluded.units",
    )?;
    for (gift, units) in received {
        add.execute(params![session.0, gift, i64::try_from(*units).unwrap_or(i64::MAX)])?;
    }
    Ok(())
}

/// Every gift known, by id.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<KnownGift>> {
    let mut names = names(connection)?;
    let mut statement =
        connection.prepare("SELECT id, name, diamond_count, gift_type, image_url FROM gift ORDER BY id")?;
    let gifts = statement.query_map([], |row| {
        let id = row.get(0)?;
        Ok(KnownGift {
            id,
            name: row.get::<_, Option<String>>(1)?.map(Into::into),
            diamond_count: row.get(2)?,
            gift_type: row.get(3)?,
            image_url: row.get(4)?,
            names: names.remove(&id).map_or_else(Arc::default, Arc::from),
        })
    })?;
    gifts.collect()
}

fn names(connection: &Connection) -> rusqlite::Result<HashMap<GiftId, Vec<CompactString>>> {
    let mut statement = connection.prepare("SELECT gift, name FROM gift_name")?;
    let mut rows = statement.query([])?;
    let mut names = HashMap::<GiftId, Vec<CompactString>>::new();
    while let Some(row) = rows.next()? {
        names.entry(row.get(0)?).or_default().push(row.get_ref(1)?.as_str()?.into());
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_is_sorted_and_of_the_revision_named_here() {
        let whole: serde_json::Value = serde_json::from_str(SEED).expect("JSON");
        assert_eq!(whole["revision"], SEED_REVISION, "raise both, or databases never see the new gifts");
        let seed: Seed = serde_json::from_str(SEED).expect("its form is the one read here");
        assert!(
            seed.gifts.is_sorted_by(|one, next| one.0 < next.0),
            "a stable order keeps changes of the file readable"
        );
        let rose = seed.gifts.iter().find(|gift| gift.0 == 5655).expect("the best known gift");
        assert_eq!((rose.1.as_deref(), rose.2), (Some("Rose"), Some(1)), "its columns are where we look for them");
    }
}
