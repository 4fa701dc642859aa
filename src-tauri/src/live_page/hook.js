// Runs before the page's first script: what comes over its sockets is told to the app as well, in order and in batches.
(() => {
  const LONGEST_BATCH = 1 << 20;
  const BATCH_EVERY_MS = 5;
  // The page may replace all of these later.
  const app = window.webkit.messageHandlers.page;
  const { Promise, Uint8Array, ArrayBuffer, Blob, setTimeout, btoa } = window;
  const { stringify } = JSON;
  const characters = String.fromCharCode;

  let batch = [];
  let length = 0;
  const send = () => {
    if (batch.length === 0) return;
    const text = stringify(batch);
    batch = [];
    length = 0;
    app.postMessage(text);
  };
  const tell = (what) => {
    batch.push(what);
    length += what.payload ? what.payload.length : 0;
    if (length >= LONGEST_BATCH) send();
    else if (batch.length === 1) setTimeout(send, BATCH_EVERY_MS);
  };

  const base64 = (buffer) => {
    const bytes = new Uint8Array(buffer);
    let text = "";
    for (let from = 0; from < bytes.length; from += 0x8000) {
      text += characters.apply(null, bytes.subarray(from, from + 0x8000));
    }
    return btoa(text);
  };

  let last = 0;
  const follow = (socket) => {
    const number = ++last;
    let before = Promise.resolve();
    // A blob is read in its own time; what came after it waits.
    const inOrder = (deed) => {
      before = before.then(deed, deed).catch(() => {});
    };
    tell({ what: "created", socket: number, url: socket.url });
    socket.addEventListener("open", () => tell({ what: "opened", socket: number }));
    socket.addEventListener("message", ({ data }) => {
      // The page may give a buffer away at once, and reads a blob when it likes.
      const content = data instanceof ArrayBuffer ? data.slice(0) : data;
      if (content instanceof ArrayBuffer || content instanceof Blob) {
        inOrder(async () => {
          const buffer = content instanceof Blob ? await content.arrayBuffer() : content;
          tell({ what: "frame", socket: number, payload: base64(buffer) });
        });
      }
    });
    socket.addEventListener("close", () => inOrder(() => tell({ what: "closed", socket: number })));
  };

  const watch = (name, deed) => {
    if (!window[name]) return;
    window[name] = new Proxy(window[name], {
      construct(target, parameters, self) {
        const made = Reflect.construct(target, parameters, self);
        deed(made);
        return made;
      },
    });
  };
  watch("WebSocket", follow);
  watch("Worker", () => tell({ what: "worker" }));
  watch("SharedWorker", () => tell({ what: "worker" }));
  document.addEventListener("DOMContentLoaded", () => tell({ what: "there" }));
})();
