// Gives people a text as a file: by the system's dialog in the window, by a download in a browser.
import type { Api } from "./index";

export async function saveText(api: Api, inWindow: boolean, fileName: string, text: string): Promise<boolean> {
  if (inWindow) {
    const { path } = await api.call("save_text", { fileName, text });
    return path !== null;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
  return true;
}
