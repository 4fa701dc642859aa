// Events as every source yields them (docs: events.md); they keep their snake_case form everywhere.

export type EventType =
  | "connect"
  | "comment"
  | "gift"
  | "like"
  | "join"
  | "follow"
  | "share"
  | "subscribe"
  | "viewer_count"
  | "question"
  | "emote"
  | "envelope"
  | "battle"
  | "social"
  | "super_fan"
  | "level_up"
  | "moderation"
  | "delete"
  | "pin"
  | "unpin"
  | "poll"
  | "goal"
  | "barrage"
  | "rank"
  | "shop"
  | "caption"
  | "room_message"
  | "live_intro"
  | "custom"
  | "gap"
  | "live_start"
  | "live_pause"
  | "live_resume"
  | "live_end"
  | "disconnect"
  | "unknown";

export type User = {
  unique_id: string;
  nickname: string;
  user_id: string;
  profile_picture?: string | null;
  signature?: string | null;
  follow_role?: number | null;
  is_moderator?: boolean | null;
  is_subscriber?: boolean | null;
  team_level?: number | null;
  gifter_level?: number | null;
  top_gifter_rank?: number | null;
  is_host?: boolean;
};

export type GiftDetails = {
  id: number;
  name?: string | null;
  description?: string | null;
  diamond_count?: number | null;
  image_url?: string | null;
  streakable: boolean;
  combo?: boolean;
  type?: number | null;
};

export type GiftData = {
  user: User;
  gift: GiftDetails;
  repeat_count: number;
  total_diamonds?: number | null;
  streaking: boolean;
  delta_count?: number | null;
  delta_diamonds?: number | null;
  inferred_end?: boolean;
  group_id?: string | null;
  total_count?: number | null;
};

type Stamp = { timestamp: string; msg_id?: string; history?: boolean; damaged?: boolean };
type Of<T extends EventType, D> = { event_type: T; data: D & Stamp };
type ByUser = { user: User };
type Notice = { text: string; user?: User | null };

export type LiveEvent =
  | Of<"connect", { unique_id: string; room_id: string }>
  | Of<"comment", { user: User; comment: string; language?: string | null }>
  | Of<"gift", GiftData>
  | Of<"like", { user: User; count: number; total_likes: number }>
  | Of<"join" | "follow" | "share" | "social", ByUser>
  | Of<"subscribe", { user: User; months?: number | null }>
  | Of<"viewer_count", { viewers: number; total_viewers: number }>
  | Of<"question", { user: User; question: string }>
  | Of<"emote", { user: User; emotes: { id: string; image_url?: string | null }[] }>
  | Of<"envelope", { user: User; diamonds?: number | null }>
  | Of<"battle", { state: "started" | "updated" | "ended"; sides: { user: User; points: number }[] }>
  | Of<"super_fan", { user: User; kind: "joined" | "box" | "comment" }>
  | Of<"level_up", { user: User; kind: "gifter" | "team"; level: number }>
  | Of<"moderation", { user: User; action: number }>
  | Of<"delete", { msg_ids: string[]; user_ids: string[] }>
  | Of<"pin" | "unpin", { user: User; comment: string }>
  | Of<"poll", { title: string; options: { text: string; votes: number }[]; state: string }>
  | Of<"goal", { id: string; progress: number; target: number; gift_id?: number | null }>
  | Of<"barrage" | "rank" | "shop" | "caption" | "room_message" | "live_intro", Notice>
  | Of<"custom", { name: string; fields: Record<string, unknown> }>
  | Of<"gap", { from: string; to: string; seconds: number }>
  | Of<"live_start" | "live_pause" | "live_resume", Record<never, never>>
  | Of<"live_end", { reason?: string | null }>
  | Of<"disconnect", { reason: string }>
  | Of<"unknown", { method: string; size: number }>;
