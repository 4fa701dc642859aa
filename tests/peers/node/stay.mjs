// Keeps the unmodified tiktok-live-connector in a live: connects again whenever the connection ends, until the live is
// over.
//
// Usage: node stay.mjs BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
// Prints the text of each comment, one a line.

import { SignConfig, TikTokLiveConnection, UserOfflineError } from 'tiktok-live-connector';

const [baseUrl, user] = process.argv.slice(2);
SignConfig.basePath = baseUrl;
SignConfig.apiKey = 'fake';

// The client takes https for every loopback address and http for all others, so it gets a name of
// this machine that does not look like one.
const host = `0.0.0.0:${new URL(baseUrl).port}`;

let isOver = false;
while (!isOver) {
    const connection = new TikTokLiveConnection(`@${user}`, {
        enableExtendedGiftInfo: false,
        webConfigOverrides: { TIKTOK_HOST_WEB: host, TIKTOK_HOST_WEBCAST: host },
    });
    connection.on('chat', (message) => process.stdout.write(`${message.content}\n`));
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
