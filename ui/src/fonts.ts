// The window's own letters. Drawn in others first, the first picture would be laid out twice.

const FACES = ['1em "Inter Variable"', '1em "JetBrains Mono Variable"'];

/** Waits until the letters of the first picture are there; one that cannot be read is drawn in the system's. */
export async function fontsAreThere(): Promise<void> {
  await Promise.allSettled(FACES.map((face) => document.fonts.load(face)));
}
