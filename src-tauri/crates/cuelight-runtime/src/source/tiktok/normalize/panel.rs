//! What viewers and streamer do beside the chat: questions, polls, goals.

use compact_str::ToCompactString as _;
use cuelight_core::event::{Body, Goal, Poll, PollOption, Progress, Question};
use webcast_proto::Faults;
use webcast_proto::read::{self, GoalUpdateMessage, PollMessage, QuestionNewMessage};

use super::text::{long, short};
use super::user::viewer;
use super::{Head, Reading, unsigned};

/// Kind of a sub-goal that counts one gift (SubGoal.1).
const GIFT_GOAL: i32 = 1;

/// QuestionNewMessage.2: 2 text, 4 time, 5 who asks.
pub(super) fn question(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = QuestionNewMessage::read(payload, faults);
    let asked = message.data.as_ref();
    let body = asked.filter(|question| !question.content.is_empty()).map(|question| {
        Body::Question(Question { user: viewer(question.user.as_ref()), question: long(question.content) })
    });
    Head::of(message.common.as_ref()).or_sent_at(asked.map_or(0, |question| question.create_time)).with(body)
}

/// PollMessage: 4, 5 or 6 is there when it started, ended or got votes; 8 may have the title.
pub(super) fn poll(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = PollMessage::read(payload, faults);
    let (state, options) = match (&message.start_content, &message.end_content, &message.update_votes_content) {
        (Some(start), _, _) => (Some(Progress::Started), start.option_list.as_slice()),
        (None, Some(end), _) => (Some(Progress::Ended), end.option_list.as_slice()),
        (None, None, Some(votes)) => (Some(Progress::Updated), votes.option_list.as_slice()),
        (None, None, None) => (None, [].as_slice()),
    };
    let title = message.start_content.as_ref().map(|start| start.title).filter(|title| !title.is_empty());
    let title = title.or(message.poll_basic_info.as_ref().map(|info| info.title)).unwrap_or_default();
    let body = state.map(|state| {
        Body::Poll(Poll { title: long(title), options: options.iter().map(poll_option).collect(), state })
    });
    Head::of(message.common.as_ref()).with(body)
}

/// GoalUpdateMessage.3: 4 the parts of the goal, of which the first is shown; 13 or 1 the id.
pub(super) fn goal(payload: &[u8], faults: &mut Faults) -> Reading {
    let message = GoalUpdateMessage::read(payload, faults);
    let body = message.goal.as_ref().and_then(|goal| {
        let part = goal.sub_goals.first()?;
        Some(Body::Goal(Goal {
            id: if goal.id_str.is_empty() { goal.id.to_compact_string() } else { short(goal.id_str) },
            progress: unsigned(part.progress),
            target: unsigned(part.target),
            gift_id: (part.r#type == GIFT_GOAL && part.id != 0).then_some(part.id),
        }))
    });
    Head::of(message.common.as_ref()).with(body)
}

fn poll_option(option: &read::PollOption<'_>) -> PollOption {
    PollOption { text: long(option.display_content), votes: unsigned(option.votes) }
}
