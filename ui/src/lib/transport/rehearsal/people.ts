// Invented viewers, with names as odd as they come in real lives.
import type { User } from "$lib/bindings";

const NAMES: [string, string][] = [
  ["mia_draws", "mia_draws"],
  ["jon.codes", "jon.codes"],
  ["kenji", "けんじ 🦖"],
  ["be.xinh", "bè.xinh"],
  ["sofia.m", "sofía.m"],
  ["tariq_92", "طارق العتيبي"],
  ["pablo_r", "pablo_r"],
  ["nguyen.duc.huy", "Nguyễn Đức Huy ⚡"],
  ["the_longest_name_on_this_live_by_far", "✨ ThéLøngestNamé Anybody Ever Gave Themselves On A Live ✨"],
  ["ana", "ana"],
  ["noa.levi", "נועה לוי 🌸"],
  ["olek", "Олександр"],
  ["xx_gamer_xx", "x𝕏 𝓖𝓪𝓶𝓮𝓻 𝕏x"],
  ["lua", "🌙"],
  ["duy.anh", "Duy Anh – bán bánh mì"],
  ["carla_gz", "Carla Gz"],
];

export const PEOPLE: User[] = NAMES.map(([handle, nickname], place) => ({
  unique_id: handle,
  nickname,
  user_id: String(6_800_000_000_000_000_000n + BigInt(place) * 7_919n),
  profile_picture: null,
  follow_role: place % 3 === 0 ? 1 : 0,
  is_moderator: place === 4,
  is_subscriber: place % 5 === 0,
  team_level: place % 7,
  gifter_level: null,
  top_gifter_rank: null,
}));

export const PHRASES = [
  "bài này tên gì vậy chị?",
  "!jump",
  "!spin",
  "hello from Lima 🇵🇪",
  "مرحبا بالجميع",
  "is this the hard mode??",
  "JAJAJA no puede ser 😂😂😂",
  "chị ơi cho em hỏi game gì thế ạ, em tìm mãi trên điện thoại mà không thấy, chị chỉ em với nhé",
  "gg",
  "what keyboard is that",
];
