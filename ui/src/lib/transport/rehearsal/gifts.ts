// A gift catalogue for the rehearsal, with drawn pictures instead of TikTok's.
import type { Gift } from "$lib/bindings";

type Row = [id: number, emoji: string, names: string[], diamonds: number, received: number];

const ROWS: Row[] = [
  [5655, "🌹", ["Rose", "Rosa", "Hoa hồng"], 1, 12_480],
  [7934, "🧡", ["Heart Me", "Un corazón"], 1, 310],
  [5487, "👆", ["Finger Heart", "Corazón coreano", "Thả tim"], 5, 207],
  [5879, "🍩", ["Doughnut", "Dona"], 30, 64],
  [6104, "🧢", ["Cap", "Gorra"], 99, 31],
  [5585, "🎉", ["Confetti", "Confeti"], 100, 18],
  [5780, "💐", ["Bouquet", "Ramo"], 100, 9],
  [5509, "🕶️", ["Sunglasses", "Gafas de sol", "Kính râm"], 199, 7],
  [5897, "🦢", ["Swan", "Cisne"], 699, 2],
  [11046, "🌌", ["Galaxy", "Galaxia", "Dải ngân hà"], 1_000, 2],
  [6820, "🐳", ["Whale Diving", "Ballena"], 2_150, 1],
  [6369, "🦁", ["Lion", "León", "Sư tử"], 29_999, 1],
  [5269, "🎵", ["TikTok"], 1, 0],
  [6064, "🎮", ["GG"], 1, 0],
  [5333, "☕", ["Coffee", "Café"], 1, 0],
  [5827, "🍦", ["Ice Cream Cone", "Helado"], 1, 0],
  [5760, "🏋️", ["Weights", "Pesas"], 1, 0],
  [37, "🐼", ["Panda"], 5, 0],
  [5658, "🌸", ["Perfume"], 20, 0],
  [5660, "🫰", ["Hand Hearts", "Manos corazón"], 100, 0],
  [5284, "💋", ["Kiss", "Beso"], 150, 0],
  [5283, "💍", ["Diamond ring of love", "Anillo"], 300, 0],
  [5767, "🏎️", ["Sports Car", "Deportivo"], 7_000, 0],
  [9072, "🌠", ["TikTok Universe"], 44_999, 0],
  [16_045, "", ["Bubble Tea with Brown Sugar and Extra Pearls"], 12, 0],
];

const picture = (emoji: string): string => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><text x="32" y="49" font-size="48" text-anchor="middle">${emoji}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
};

export type RehearsalGift = Gift & { names: string[] };

export const GIFTS: RehearsalGift[] = ROWS.map(([id, emoji, names, diamondCount, received]) => ({
  id,
  name: names[0] ?? "",
  names,
  diamondCount,
  imageUrl: emoji === "" ? null : picture(emoji),
  streakable: diamondCount < 1000,
  received,
  usedBy: [],
}));
