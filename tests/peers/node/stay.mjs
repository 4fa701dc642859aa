// Keeps the unmodified tiktok-live-connector in a live: connects again whenever the connection ends, until the live is
// over.
//
// Usage: node stay.mjs BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
// Prints one event a line: its kind, the id of its message, its viewer, and what happened.

import { SignConfig, TikTokLiveConnection, UserOfflineError } from 'tiktok-live-connector';

const [baseUrl, user] = process.argv.slice(2);
SignConfig.basePath = baseUrl;
SignConfig.apiKey = 'fake';

// The client takes https for every loopback address and http for all others, so it gets a name of
// this machine that does not look like one.
const host = `0.0.0.0:${new URL(baseUrl).port}`;

const nothingMore = () => [];
const isStreaking = (gift) => gift.gift?.type === 1 && !gift.repeatEnd;

// The client's event: [the kind of the event, what happened]
const EVENTS = {
    chat: ['comment', (e) => [e.content]],
    gift: ['gift', (e) => [e.giftId, e.groupId, e.repeatCount, Number(isStreaking(e))]],
    like: ['like', (e) => [e.count]],
    member: ['join', nothingMore],
    follow: ['follow', nothingMore],
    share: ['share', nothingMore],
};

let isOver = false;
while (!isOver) {
    const connection = new TikTokLiveConnection(`@${user}`, {
        enableExtendedGiftInfo: false,
        webConfigOverrides: { TIKTOK_HOST_WEB: host, TIKTOK_HOST_WEBCAST: host },
    });
    for (const [event, [kind, what]] of Object.entries(EVENTS)) {
        connection.on(event, (message) => {
            const line = [kind, message.common.msgId, message.user.id, ...what(message)];
            process.stdout.write(`${line.join(' ')}\n`);
        });
    }
    connection.on('streamEnd', () => (isOver = true));
    connection.on('error', ({ info, exception }) => console.error(info, exception));
    const disconnected = new Promise((resolve) => connection.once('disconnected', resolve));
    try {
        await connection.connect();
        await disconnected;
    } catch (error) {
        console.error('connecting again after', error);
        isOver = error instanceof UserOfflineError;
    }
}
