// The script of the fake live page, also of its worker. `WORDS` stands before it: what to say, as bytes.

// What of a program that shows the page a script of the page could speak to.
const reach = () => {
  const handlers = ['ipc', 'page'].filter((name) => self.webkit?.messageHandlers?.[name]);
  return ['__TAURI_INTERNALS__', '__TAURI__', 'ipc', 'isTauri'].filter((name) => name in self).concat(handlers);
};

const open = () => {
  const socket = new WebSocket(`ws://${location.host}${WORDS.path}&reach=${reach()}`);
  let beat = 0;
  let heart;
  const say = () => {
    socket.send(new Uint8Array(WORDS.heartbeats[Math.min(beat, WORDS.heartbeats.length - 1)]));
    beat += 1;
  };
  socket.onopen = () => {
    say();
    socket.send(new Uint8Array(WORDS.enter));
    heart = setInterval(say, WORDS.heartbeat_ms);
  };
  socket.onmessage = async ({ data }) => {
    if (!WORDS.acknowledges) return;
    const ack = ackOf(new Uint8Array(await data.arrayBuffer()));
    if (ack && socket.readyState === WebSocket.OPEN) socket.send(ack);
  };
  socket.onclose = () => {
    clearInterval(heart);
    if (WORDS.opens_again) setTimeout(open, WORDS.open_again_ms);
  };
};

// The acknowledgement of a push frame that holds messages: its log_id (field 2) and what every ack has.
const ackOf = (frame) => {
  let place = 0;
  const varint = () => {
    const from = place;
    while (frame[place] & 128) place += 1;
    place += 1;
    return frame.subarray(from, place);
  };
  const number = (digits) => digits.reduceRight((sum, digit) => sum * 128 + (digit & 127), 0);
  let logId;
  let kind;
  while (place < frame.length) {
    const tag = number(varint());
    if (tag % 8 === 0) {
      const value = varint();
      if (tag === 16) logId = value;
    } else {
      const size = number(varint());
      if (tag === 58) kind = String.fromCharCode(...frame.subarray(place, place + size));
      place += size;
    }
  }
  return kind === 'msg' && logId ? Uint8Array.of(16, ...logId, ...WORDS.rest_of_ack) : undefined;
};

const tell = (socket) => {
  socket.onopen = () => socket.send('who is there?');
};

const awaitSolving = () => {
  document.getElementById('solve').onclick = () => {
    document.cookie = 'captcha=solved; path=/';
    location.reload();
  };
};

const layCaptcha = () => {
  const captcha = document.createElement('div');
  captcha.className = 'captcha_verify_container';
  const button = document.createElement('button');
  button.id = 'solve';
  button.textContent = 'I am no machine';
  captcha.append(button);
  document.body.append(captcha);
  awaitSolving();
};

switch (WORDS.deed) {
  case 'open':
    open();
    break;
  case 'start_worker':
    new Worker(WORDS.worker);
    break;
  case 'open_beside_strangers':
    for (const stranger of WORDS.strangers) {
      tell(new WebSocket(`ws://${stranger}/elsewhere`));
      new Image().src = `http://${stranger}/elsewhere.png`;
    }
    open();
    break;
  case 'await_captcha':
    awaitSolving();
    break;
  case 'lay_captcha':
    setTimeout(layCaptcha, WORDS.lay_captcha_ms);
    break;
  case 'await_login':
    document.getElementById('log-in').onclick = async () => {
      await fetch('/logged-in', { method: 'POST' });
      location.reload();
    };
    break;
}
