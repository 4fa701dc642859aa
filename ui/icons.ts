// Draws lucide's icons from templates: a screen shows dozens, and the package builds each of them anew from data.
import type { Plugin } from "vite";

type Node = [tag: string, attributes: Record<string, string>];

/** What the package keeps in each of its components. */
const DATA = /const iconData = (\{.*\});/;

export function drawnIcons(): Plugin {
  return {
    name: "drawn-icons",
    enforce: "pre",
    transform: {
      filter: { id: /@lucide\/svelte\/dist\/icons\/[^/]+\.svelte$/ },
      handler(code, id) {
        const found = DATA.exec(code)?.[1];
        if (!found) this.error(`${id} holds its icon in another form than expected`);
        const icon = JSON.parse(found) as { size: number; node: Node[] };
        return { code: component(icon.size, icon.node), map: null };
      },
    },
  };
}

function component(size: number, nodes: Node[]): string {
  const drawn = nodes.map(([tag, attributes]) => {
    const said = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
    return `<${tag} ${said.join(" ")} />`;
  });
  return `<script>let { size = ${size} } = $props();</script>
<svg width={size} height={size} viewBox="0 0 ${size} ${size}" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${drawn.join("")}</svg>`;
}
