"""Times TikTokLive on a recording, from the bytes of a frame to its listeners; prints microseconds of CPU a message.

Usage: bench.py FILE.frames     (the first sixth warms it up and does not count)
"""

import asyncio
import struct
import sys
import time

from TikTokLive import TikTokLiveClient, events
from TikTokLive.client.ws.ws_utils import extract_webcast_response_message
from TikTokLive.proto import WebcastPushFrame

LISTENED_TO = [
    events.CommentEvent,
    events.GiftEvent,
    events.LikeEvent,
    events.JoinEvent,
    events.FollowEvent,
    events.RoomUserSeqEvent,
]


def frames_of(path):
    with open(path, "rb") as recording:
        while length := recording.read(4):
            yield recording.read(struct.unpack("<I", length)[0])


async def read(client, frame):
    """What the client does with a frame, the socket left aside; gives the number of messages."""
    result = extract_webcast_response_message(WebcastPushFrame().parse(frame))
    async for event in client._parse_webcast_response(result):
        client.emit(event.get_type(), event)
    return len(result.messages)


async def main():
    client = TikTokLiveClient("luna.plays")
    client._room_id = 1
    heard = 0

    def listener(_event):
        nonlocal heard
        heard += 1

    for event in LISTENED_TO:
        client.add_listener(event, listener)

    frames = list(frames_of(sys.argv[1]))
    warm_up = len(frames) // 6
    for frame in frames[:warm_up]:
        await read(client, frame)
    messages, heard = 0, 0
    start = time.process_time()
    for frame in frames[warm_up:]:
        messages += await read(client, frame)
    spent = time.process_time() - start
    assert heard > messages / 2, f"only {heard} of {messages} messages were heard"
    print(spent * 1e6 / messages)


asyncio.run(main())
