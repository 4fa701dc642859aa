// Times tiktok-live-connector on a recording, from the bytes of a frame to its listeners; prints microseconds of CPU
// (garbage collection and unzipping threads included) a message.
//
// Usage: node bench.mjs FILE.frames     (one pass warms it up and does not count)

import { readFileSync } from 'node:fs';
import { TikTokLiveConnection, deserializeWebSocketMessage } from 'tiktok-live-connector';

const LISTENED_TO = ['chat', 'gift', 'like', 'member', 'follow', 'share', 'roomUser'];

function* framesOf(path) {
    const recording = readFileSync(path);
    for (let offset = 0; offset < recording.length; ) {
        const length = recording.readUInt32LE(offset);
        yield recording.subarray(offset + 4, offset + 4 + length);
        offset += 4 + length;
    }
}

const connection = new TikTokLiveConnection('@luna.plays', { enableExtendedGiftInfo: false });
let heard = 0;
for (const event of LISTENED_TO) {
    connection.on(event, () => (heard += 1));
}

// What the client does with the frames, the socket left aside; gives the number of messages.
const readAll = async (frames) => {
    let messages = 0;
    for (const frame of frames) {
        const { protoMessageFetchResult } = await deserializeWebSocketMessage(frame);
        messages += protoMessageFetchResult.messages.length;
        await connection.processProtoMessageFetchResult(protoMessageFetchResult);
    }
    return messages;
};

const frames = [...framesOf(process.argv[2])];
await readAll(frames);
heard = 0;
const start = process.cpuUsage();
const messages = await readAll(frames);
const { user, system } = process.cpuUsage(start);
if (heard < messages / 2) {
    throw new Error(`only ${heard} of ${messages} messages were heard`);
}
console.log((user + system) / messages);
