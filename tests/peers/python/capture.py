"""Runs the unmodified TikTokLive client against a fake TikTok; prints one JSON object per event.

Usage: capture.py BASE_URL USER      (BASE_URL such as http://127.0.0.1:4711)
It ends when the live ends or the connection closes.
"""

import json
import os
import sys

base_url, user = sys.argv[1:]
os.environ["SIGN_API_URL"] = base_url
os.environ["SIGN_API_KEY"] = "fake"

from TikTokLive import TikTokLiveClient, events
from TikTokLive.client.web.web_settings import WebDefaults

WebDefaults.tiktok_app_url = base_url
WebDefaults.tiktok_webcast_url = f"{base_url}/webcast"
WebDefaults.tiktok_sign_url = base_url


def display_key(event):
    text = event.common and event.common.display_text
    return text.key if text else ""


def is_neither_follow_nor_share(event):
    """The client emits the plain social event beside every follow and share."""
    return "follow" not in display_key(event) and "share" not in display_key(event)


def gift_fields(event):
    gift = event.gift
    return {
        "gift_id": event.gift_id,
        "gift_name": gift.name if gift else "",
        "diamond_count": gift.diamond_count if gift else 0,
        "repeat_count": event.repeat_count,
        "streaking": event.streaking,
        "group_id": str(event.group_id),
    }


def viewer_count_fields(event):
    top = [[str(rank.user.id) if rank.user else "0", rank.score] for rank in event.ranks]
    return {"viewers": event.total, "total_viewers": event.total_user, "top": top}


def question_fields(event):
    return {"question": event.data.content, **user_fields(event.data.user)}


def envelope_fields(event):
    return {"display": int(event.display), "diamonds": event.envelope_info.diamond_count}


def nothing_more(_event):
    return {}


# TikTokLive's event class: (the name of the event in our schema, its fields)
EVENTS = {
    events.CommentEvent: ("comment", lambda e: {"comment": e.content, "language": e.content_language}),
    events.GiftEvent: ("gift", gift_fields),
    events.LikeEvent: ("like", lambda e: {"count": e.count, "total_likes": e.total}),
    events.JoinEvent: ("member", lambda e: {"action": int(e.action)}),
    events.FollowEvent: ("follow", nothing_more),
    events.ShareEvent: ("share", nothing_more),
    events.SocialEvent: ("social", nothing_more),
    events.RoomUserSeqEvent: ("viewer_count", viewer_count_fields),
    events.QuestionNewEvent: ("question", question_fields),
    events.EmoteChatEvent: ("emote", lambda e: {"emotes": [emote.emote_id for emote in e.emote_list]}),
    events.SubNotifyEvent: ("subscribe", lambda e: {"months": e.sub_month}),
    events.EnvelopeEvent: ("envelope", envelope_fields),
    events.LivePauseEvent: ("live_pause", nothing_more),
    events.LiveUnpauseEvent: ("live_resume", nothing_more),
    events.LiveEndEvent: ("live_end", nothing_more),
    events.LiveIntroEvent: ("live_intro", lambda e: {"text": e.content}),
    events.RoomEvent: ("room_message", lambda e: {"text": e.content}),
    events.CaptionEvent: ("caption", lambda e: {"text": [c.content for c in e.content]}),
    events.ImDeleteEvent: ("delete", lambda e: {"user_ids": [str(i) for i in e.delete_user_ids]}),
    events.RoomPinEvent: ("pin", lambda e: {"action": int(e.action)}),
    events.PollEvent: ("poll", nothing_more),
    events.GoalUpdateEvent: ("goal", nothing_more),
    events.LinkMicBattleEvent: ("battle", nothing_more),
    events.LinkMicArmiesEvent: ("battle", nothing_more),
    events.BarrageEvent: ("barrage", nothing_more),
    events.RankUpdateEvent: ("rank", nothing_more),
    events.OecLiveShoppingEvent: ("shop", nothing_more),
}


def user_fields(user):
    if user is None:
        return {}
    picture = user.avatar_thumb.url_list[:1] if user.avatar_thumb else []
    return {
        "user_id": str(user.id),
        "unique_id": user.display_id,
        "nickname": user.nickname,
        "picture": picture[0] if picture else None,
    }


def print_line(**fields):
    print(json.dumps(fields, ensure_ascii=False), flush=True)


def listener(name, fields_of):
    def on_event(event):
        if name == "social" and not is_neither_follow_nor_share(event):
            return
        msg_id = str(event.common.msg_id) if event.common else "0"
        user = user_fields(getattr(event, "user", None))
        print_line(event=name, msg_id=msg_id, **{**user, **fields_of(event)})

    return on_event


client = TikTokLiveClient(f"@{user}")
for event_class, (name, fields_of) in EVENTS.items():
    client.add_listener(event_class, listener(name, fields_of))
client.add_listener(
    events.ConnectEvent,
    lambda e: print_line(event="connect", unique_id=e.unique_id, room_id=str(e.room_id)),
)
client.add_listener(events.UnknownEvent, lambda _: print_line(event="unknown"))
client.run(fetch_room_info=True, fetch_gift_info=True)
