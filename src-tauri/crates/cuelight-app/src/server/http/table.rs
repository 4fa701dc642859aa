//! The table of the interface: a line each, from which the routes and their description are made.

/// One request that is one command.
#[derive(Debug)]
pub(crate) struct Route {
    pub(super) method: Method,
    /// Below the prefix; `{name}` is a field of the command's input.
    pub(super) path: &'static str,
    pub(super) command: &'static str,
    pub(super) what: &'static str,
    /// Fields of the body.
    pub(super) fields: &'static [Field],
    /// The component that describes the answer.
    pub(super) answer: &'static str,
}

/// Reading, or doing something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
}

/// A field of a body.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// Its JSON type.
    pub(super) kind: &'static str,
    pub(super) needed: bool,
    pub(super) what: &'static str,
}

/// The event feed, which is no command but a WebSocket.
pub(super) const FEED: &str = "/events";

const FIELDS: Field =
    Field { name: "fields", kind: "object", needed: false, what: "Anything; rules reach it as {fields.NAME}." };

const NOTHING: &str = "Nothing";

/// Every request.
pub(crate) const ROUTES: &[Route] = &[
    get("/live", "live", "How the live stands, and what it adds up to.", "LiveStatus"),
    get("/services", "services", "The services with their wishes.", "Services"),
    get("/rules", "rulebook", "The rules and their groups.", "Rulebook"),
    post(
        "/rules/{rule}/run",
        "run_rule",
        "Runs a rule now, without asking its conditions and cooldowns.",
        &[],
        NOTHING,
    ),
    post("/calls/{name}", "call_rules", "Fires the rules whose trigger is a call of that name.", &[FIELDS], NOTHING),
    post(
        FEED,
        "emit_event",
        "Puts an event of your own into the live; rules answer it by its name.",
        &[Field { name: "name", kind: "string", needed: true, what: "What the event is called." }, FIELDS],
        NOTHING,
    ),
    post(
        "/actions",
        "run_action",
        "Does one action through the queue of its service, before whatever else waits there.",
        &[
            Field { name: "action", kind: "string", needed: true, what: "The kind of action, such as log_write." },
            Field { name: "with", kind: "object", needed: false, what: "Its parameters." },
            Field { name: "service", kind: "string", needed: false, what: "Another service than the action's own." },
        ],
        "StartedRun",
    ),
    post("/services/{service}/pause", "pause_service", "Lets a service start no more jobs.", &[], NOTHING),
    post("/services/{service}/resume", "resume_service", "Lets a service start jobs again.", &[], NOTHING),
    post(
        "/services/{service}/skip",
        "skip_service",
        "Stops what runs in a service; its queue goes on.",
        &[],
        "Skipped",
    ),
    post(
        "/services/{service}/clear",
        "clear_queue",
        "Discards what waits in a service's queue.",
        &[Field { name: "userId", kind: "string", needed: false, what: "Only what this viewer caused." }],
        "Queue",
    ),
    post("/pause", "pause_all", "Pauses all services.", &[], NOTHING),
    post("/resume", "resume_all", "Lets all services go on.", &[], NOTHING),
    post("/silence", "silence", "Stops sound now, and holds it back.", &[], NOTHING),
    post("/unsilence", "unsilence", "Lets sound be heard again.", &[], NOTHING),
    post("/stop", "stop_everything", "Cancels what runs and discards what waits, everywhere.", &[], NOTHING),
    post("/overlays/{name}", "overlay_token", "Makes, or tells, a token that may only read.", &[], "OverlayToken"),
];

const fn get(path: &'static str, command: &'static str, what: &'static str, answer: &'static str) -> Route {
    Route { method: Method::Get, path, command, what, fields: &[], answer }
}

const fn post(
    path: &'static str,
    command: &'static str,
    what: &'static str,
    fields: &'static [Field],
    answer: &'static str,
) -> Route {
    Route { method: Method::Post, path, command, what, fields, answer }
}
