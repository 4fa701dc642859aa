//! The gift catalogue as the picker shows it: what was received, which rules name it, searched and ordered.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use cuelight_core::condition::Condition;
use cuelight_core::gift_catalogue::{KnownGift, UNKNOWN_GIFT, is_streakable};
use cuelight_core::id::GiftId;
use cuelight_core::rule::Rule;
use cuelight_core::searchable::searchable;
use cuelight_core::trigger::Trigger;
use cuelight_runtime::store::{Reader, StoreError};

use crate::dto::{Gift, GiftOrder, GiftPage, GiftUser};
use crate::pictures::Pictures;

/// The whole catalogue at one moment.
pub(crate) struct GiftList {
    gifts: Vec<KnownGift>,
    received: BTreeMap<GiftId, u64>,
    /// Rules that name gifts by number.
    users_by_id: HashMap<GiftId, Vec<GiftUser>>,
    /// Rules that name gifts by name, by the name in lower case, as triggers compare it.
    users_by_name: HashMap<String, Vec<GiftUser>>,
}

impl GiftList {
    /// Reads it.
    pub(crate) fn read(reader: &Reader) -> Result<Self, StoreError> {
        let (mut users_by_id, mut users_by_name) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for rule in reader.rules()? {
            let user = GiftUser { id: rule.id.clone(), name: rule.name.clone() };
            let (ids, names) = named_gifts(&rule);
            ids.into_iter().for_each(|id| users_by_id.entry(id).or_default().push(user.clone()));
            names.into_iter().for_each(|name| users_by_name.entry(name).or_default().push(user.clone()));
        }
        Ok(Self { gifts: reader.gifts()?, received: reader.gifts_received()?, users_by_id, users_by_name })
    }

    /// One page of the gifts that fit, in that order.
    pub(crate) fn page(
        &self,
        search: &str,
        order: GiftOrder,
        offset: u32,
        limit: u32,
        pictures: &Pictures,
    ) -> GiftPage {
        let search = searchable(search.trim());
        let mut found: Vec<(&KnownGift, Vec<GiftUser>)> =
            self.gifts.iter().filter(|gift| fits(gift, &search)).map(|gift| (gift, self.users(gift))).collect();
        let price = |gift: &KnownGift| gift.diamond_count.unwrap_or(u32::MAX);
        // What rules use and what was received is what people look for; of the rest the cheap ones are sent most.
        let popular = |(gift, users): &(&KnownGift, Vec<GiftUser>)| {
            (Reverse(users.len()), Reverse(self.received(gift.id)), price(gift), gift.id)
        };
        match order {
            GiftOrder::Received => found.sort_by_cached_key(|it| (Reverse(self.received(it.0.id)), popular(it))),
            GiftOrder::Popular => found.sort_by_cached_key(popular),
            GiftOrder::Value => found.sort_by_cached_key(|it| (price(it.0), it.0.id)),
        }
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let end = offset.saturating_add(limit);
        let page = found.into_iter().skip(offset as usize).take(limit as usize);
        GiftPage {
            gifts: page.map(|(gift, users)| self.gift(gift, users, pictures)).collect(),
            total,
            next: (end < total && limit > 0).then_some(end),
        }
    }

    /// The gift of that number, if the catalogue has it.
    pub(crate) fn one(&self, id: GiftId, pictures: &Pictures) -> Option<Gift> {
        let gift = self.gifts.iter().find(|gift| gift.id == id)?;
        Some(self.gift(gift, self.users(gift), pictures))
    }

    fn gift(&self, gift: &KnownGift, used_by: Vec<GiftUser>, pictures: &Pictures) -> Gift {
        Gift {
            id: gift.id,
            name: gift.name.as_deref().unwrap_or(UNKNOWN_GIFT).to_owned(),
            diamond_count: gift.diamond_count,
            image_url: gift.image_url.as_deref().and_then(|uri| pictures.url_for(uri)),
            streakable: is_streakable(gift.gift_type, None),
            received: self.received(gift.id),
            used_by,
        }
    }

    fn received(&self, id: GiftId) -> u64 {
        self.received.get(&id).copied().unwrap_or(0)
    }

    /// The rules that name it by its number or by any of its names, each once.
    fn users(&self, gift: &KnownGift) -> Vec<GiftUser> {
        let mut users = self.users_by_id.get(&gift.id).cloned().unwrap_or_default();
        if self.users_by_name.is_empty() {
            return users;
        }
        for user in gift.names.iter().filter_map(|name| self.users_by_name.get(&name_key(name))).flatten() {
            if !users.contains(user) {
                users.push(user.clone());
            }
        }
        users
    }
}

/// Whether the gift has such a name in any language, or an id that begins like that.
fn fits(gift: &KnownGift, search: &str) -> bool {
    let is_called = |name: &str| {
        let name = searchable(name);
        search.split_whitespace().all(|word| name.contains(word))
    };
    search.is_empty() || gift.id.to_string().starts_with(search) || gift.names.iter().any(|name| is_called(name))
}

/// The gifts that a rule names, by number and by name.
fn named_gifts(rule: &Rule) -> (Vec<GiftId>, Vec<String>) {
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    if let Trigger::Gift { gifts, names: of_trigger } = &rule.when {
        ids.extend(gifts.iter().map(|gift| gift.id));
        names.extend(of_trigger.iter().map(|name| name_key(name)));
    }
    for condition in &rule.only_if {
        if let Condition::GiftIn { ids: of_condition } = condition {
            ids.extend(of_condition);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    names.sort_unstable();
    names.dedup();
    (ids, names)
}

fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}
