// Runs the unmodified tiktok-live-connector against a fake TikTok; prints one JSON object per event.
//
// Usage: node capture.mjs BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
// It ends when the live ends or the connection closes.

import { SignConfig, TikTokLiveConnection } from 'tiktok-live-connector';

const [baseUrl, user] = process.argv.slice(2);
SignConfig.basePath = baseUrl;
SignConfig.apiKey = 'fake';

// The client takes https for every loopback address and http for all others, so it gets a name of
// this machine that does not look like one.
const host = `0.0.0.0:${new URL(baseUrl).port}`;

const userFields = (user) =>
    user
        ? {
              user_id: user.id,
              unique_id: user.displayId,
              nickname: user.nickname,
              picture: user.avatarThumb?.urlList?.[0] ?? null,
          }
        : {};

const giftFields = (event) => ({
    gift_id: Number(event.giftId),
    gift_name: event.gift?.name ?? '',
    diamond_count: event.gift?.diamondCount ?? 0,
    repeat_count: event.repeatCount,
    streaking: event.gift?.type === 1 && !event.repeatEnd,
    group_id: event.groupId,
});

const viewerCountFields = (event) => ({
    viewers: Number(event.total),
    total_viewers: Number(event.totalUser),
    top: event.ranks.map((rank) => [rank.user?.id ?? '0', Number(rank.score)]),
});

const questionFields = (event) => ({
    question: event.data.content,
    ...userFields(event.data.user),
});

const envelopeFields = (event) => ({
    display: event.display,
    diamonds: event.envelopeInfo.diamondCount,
});

const controlNames = { 1: 'live_pause', 2: 'live_resume', 3: 'live_end', 4: 'live_end' };
const nothingMore = () => ({});

// The client's event: [the name of the event in our schema, its fields]
const EVENTS = {
    chat: ['comment', (e) => ({ comment: e.content, language: e.contentLanguage })],
    gift: ['gift', giftFields],
    like: ['like', (e) => ({ count: e.count, total_likes: Number(e.total) })],
    member: ['member', (e) => ({ action: e.action })],
    follow: ['follow', nothingMore],
    share: ['share', nothingMore],
    social: ['social', nothingMore],
    roomUser: ['viewer_count', viewerCountFields],
    questionNew: ['question', questionFields],
    emote: ['emote', (e) => ({ emotes: e.emoteList.map((emote) => emote.emoteId) })],
    subNotify: ['subscribe', (e) => ({ months: Number(e.subMonth) })],
    envelope: ['envelope', envelopeFields],
    controlMessage: [(e) => controlNames[e.action], nothingMore],
    liveIntro: ['live_intro', (e) => ({ text: e.content })],
    roomMessage: ['room_message', (e) => ({ text: e.content })],
    captionMessage: ['caption', (e) => ({ text: e.content.map((part) => part.content) })],
    imDelete: ['delete', (e) => ({ user_ids: e.deleteUserIds })],
    roomPin: ['pin', (e) => ({ action: e.action })],
    pollMessage: ['poll', nothingMore],
    goalUpdate: ['goal', nothingMore],
    linkMicBattle: ['battle', nothingMore],
    linkMicArmies: ['battle', nothingMore],
    barrage: ['barrage', nothingMore],
    rankUpdate: ['rank', nothingMore],
    oecLiveShopping: ['shop', nothingMore],
};

const printLine = (fields) => process.stdout.write(`${JSON.stringify(fields)}\n`);

const connection = new TikTokLiveConnection(`@${user}`, {
    enableExtendedGiftInfo: true,
    webConfigOverrides: { TIKTOK_HOST_WEB: host, TIKTOK_HOST_WEBCAST: host },
});
for (const [event, [name, fieldsOf]] of Object.entries(EVENTS)) {
    connection.on(event, (message) =>
        printLine({
            event: typeof name === 'function' ? name(message) : name,
            msg_id: message.common?.msgId ?? '0',
            ...userFields(message.user),
            ...fieldsOf(message),
        }),
    );
}
connection.on('connected', (state) =>
    printLine({ event: 'connect', unique_id: user, room_id: state.roomId }),
);
connection.on('error', ({ info, exception }) => console.error(info, exception));
await connection.connect();
