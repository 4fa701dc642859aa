// An invented viewer for tests, with everything that every event says of one.
import type { User } from "$lib/bindings";

export const MIA: User = {
  unique_id: "mia",
  nickname: "mia",
  user_id: "1",
  profile_picture: null,
  follow_role: null,
  is_moderator: null,
  is_subscriber: null,
  team_level: null,
  gifter_level: null,
  top_gifter_rank: null,
};
