//! The gift catalogue's rows: seeded from what the app brings along, overruled by what messages say.

use cuelight_core::gift_catalogue::KnownGift;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::Deserialize;

/// The catalogue that the app brings along, sorted by id.
const SEED: &str = include_str!("../../assets/gifts.json");

/// The seed's revision, repeated here so that opening a database need not parse the file; a test compares them.
const SEED_REVISION: i64 = 1;

#[derive(Deserialize)]
struct Seed {
    gifts: Vec<SeedGift>,
}

/// `[id, name, diamond_count, type, image_url]`
#[derive(Deserialize)]
struct SeedGift(i64, Option<String>, Option<u32>, Option<i32>, Option<String>);

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
        let mut statement = transaction.prepare(
            "INSERT INTO gift (id, name, diamond_count, gift_type, image_url) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET
                name = iif(seen_ms IS NULL, excluded.name, coalesce(name, excluded.name)),
                diamond_count = iif(seen_ms IS NULL, excluded.diamond_count, coalesce(diamond_count, excluded.diamond_count)),
                gift_type = iif(seen_ms IS NULL, excluded.gift_type, coalesce(gift_type, excluded.gift_type)),
                image_url = iif(seen_ms IS NULL, excluded.image_url, coalesce(image_url, excluded.image_url))",
        )?;
        for SeedGift(id, name, diamond_count, gift_type, image_url) in &seed.gifts {
            statement.execute(params![id, name, diamond_count, gift_type, image_url])?;
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
    Ok(())
}

/// Every gift known, by id.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<KnownGift>> {
    let mut statement =
        connection.prepare("SELECT id, name, diamond_count, gift_type, image_url FROM gift ORDER BY id")?;
    let gifts = statement.query_map([], |row| {
        Ok(KnownGift {
            id: row.get(0)?,
            name: row.get::<_, Option<String>>(1)?.map(Into::into),
            diamond_count: row.get(2)?,
            gift_type: row.get(3)?,
            image_url: row.get(4)?,
        })
    })?;
    gifts.collect()
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
