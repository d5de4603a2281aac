-- A message knows its parent, so asking again, editing and branching only add children and nothing is overwritten;
-- chat.head_message names the visible path. Thought and answer are segments of one message, each with its own times.
-- Times are milliseconds since 1970, UTC.

CREATE TABLE chat (
    id           INTEGER PRIMARY KEY,
    title        TEXT NOT NULL,
    folder       TEXT NOT NULL DEFAULT '',
    pinned       INTEGER NOT NULL DEFAULT 0,
    archived     INTEGER NOT NULL DEFAULT 0,
    created      INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    head_message INTEGER REFERENCES message (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    draft        TEXT NOT NULL DEFAULT '',
    deleted_at   INTEGER
);
CREATE INDEX chat_by_time ON chat (pinned DESC, updated DESC, id DESC) WHERE deleted_at IS NULL AND archived = 0;

CREATE TABLE model (
    id           INTEGER PRIMARY KEY,
    path         TEXT NOT NULL UNIQUE,
    hash         TEXT,                       -- of the header, once somebody has read it
    name         TEXT NOT NULL,
    architecture TEXT NOT NULL,
    quantization TEXT NOT NULL,
    size         INTEGER NOT NULL,           -- bytes
    modified     INTEGER NOT NULL,
    last_plan    TEXT,
    used         INTEGER NOT NULL
);
CREATE INDEX model_by_use ON model (used DESC);

CREATE TABLE message (
    id         INTEGER PRIMARY KEY,
    chat       INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    parent     INTEGER REFERENCES message (id) ON DELETE CASCADE,
    role       TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    model      INTEGER REFERENCES model (id) ON DELETE SET NULL,
    model_name TEXT NOT NULL DEFAULT '',     -- as it was then, for the day when the file is gone
    template   TEXT NOT NULL DEFAULT '',
    settings   TEXT NOT NULL DEFAULT '{}',   -- sampling, as JSON
    state      TEXT NOT NULL CHECK (state IN ('streaming', 'done', 'stopped', 'length', 'interrupted', 'error')),
    error_code TEXT NOT NULL DEFAULT '',
    error_text TEXT NOT NULL DEFAULT '',
    stats      TEXT NOT NULL DEFAULT '{}',   -- counts and seconds, as JSON
    created    INTEGER NOT NULL
);
CREATE INDEX message_of_chat ON message (chat);
CREATE INDEX message_of_parent ON message (parent);
CREATE INDEX message_streaming ON message (state) WHERE state = 'streaming';

CREATE TABLE segment (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    idx     INTEGER NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('question', 'thought', 'answer', 'tool', 'attachment')),
    text    TEXT NOT NULL,
    ids     BLOB NOT NULL,                   -- token ids, 32-bit little-endian; empty where none were generated
    t_start INTEGER NOT NULL,
    t_end   INTEGER NOT NULL,
    tokens  INTEGER NOT NULL,
    UNIQUE (message, idx)
);

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE migration (
    version INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    applied INTEGER NOT NULL
);
