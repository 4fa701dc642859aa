"""Keeps the unmodified TikTokLive client in a live: connects again whenever the connection ends, until the live is over.

Usage: stay.py BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
Prints the text of each comment, one a line.
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


def on_comment(event):
    print(event.content, flush=True)


def on_end(_event):
    global is_over
    is_over = True


async def main():
    while not is_over:
        client = TikTokLiveClient(f"@{user}")
        client.add_listener(events.CommentEvent, on_comment)
        client.add_listener(events.LiveEndEvent, on_end)
        try:
            await client.connect()
        except UserOfflineError:
            return
        except Exception as error:
            print(f"connecting again after {error!r}", file=sys.stderr)


asyncio.run(main())
