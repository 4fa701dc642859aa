"""Keeps the unmodified TikTokLive client in a live: connects again whenever the connection ends, until the live is over.

Usage: stay.py BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
Prints one event a line: its kind, the id of its message, its viewer, and what happened.
"""

import asyncio
import os
import sys

base_url, user = sys.argv[1:]
os.environ["SIGN_API_URL"] = base_url
os.environ["SIGN_API_KEY"] = "fake"

from TikTokLive import TikTokLiveClient, events
from TikTokLive.client.errors import UserOfflineError
from TikTokLive.client.web.web_settings import WebDefaults

WebDefaults.tiktok_app_url = base_url
WebDefaults.tiktok_webcast_url = f"{base_url}/webcast"
WebDefaults.tiktok_sign_url = base_url

is_over = False


def gift(event):
    return event.gift_id, event.group_id, event.repeat_count, int(event.streaking)


# TikTokLive's event class: (the kind of the event, what happened)
EVENTS = {
    events.CommentEvent: ("comment", lambda e: [e.content]),
    events.GiftEvent: ("gift", gift),
    events.LikeEvent: ("like", lambda e: [e.count]),
    events.JoinEvent: ("join", lambda _: []),
    events.FollowEvent: ("follow", lambda _: []),
    events.ShareEvent: ("share", lambda _: []),
}


def listener(kind, what):
    def on_event(event):
        print(kind, event.common.msg_id, event.user.id, *what(event), flush=True)

    return on_event


def on_end(_event):
    global is_over
    is_over = True


async def main():
    while not is_over:
        client = TikTokLiveClient(f"@{user}")
        for event_class, (kind, what) in EVENTS.items():
            client.add_listener(event_class, listener(kind, what))
        client.add_listener(events.LiveEndEvent, on_end)
        try:
            await client.connect()
        except UserOfflineError:
            return
        except Exception as error:
            print(f"connecting again after {error!r}", file=sys.stderr)


asyncio.run(main())
