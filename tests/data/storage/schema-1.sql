
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
INSERT INTO chat (id, title, created, updated, pinned) VALUES (1, 'Why', 1000, 2000, 0), (2, 'A pinned one', 1000, 1000, 1);
INSERT INTO message (id, chat, parent, role, state, created) VALUES (1, 1, NULL, 'user', 'done', 1000), (2, 1, 1, 'assistant', 'done', 1100), (3, 1, 1, 'assistant', 'streaming', 1200);
INSERT INTO segment (message, idx, channel, text, ids, t_start, t_end, tokens) VALUES
    (1, 0, 'question', 'Why?', x'', 1000, 1000, 0),
    (2, 0, 'thought', 'Hm … 為什麼', x'05000000', 1100, 1150, 1),
    (2, 1, 'answer', 'So.', x'010000005e500200ffffffff', 1150, 1200, 3),
    (3, 0, 'thought', 'Cut', x'', 1200, 1300, 1);
UPDATE chat SET head_message = 3 WHERE id = 1;
INSERT INTO model (path, name, architecture, quantization, size, modified, used) VALUES ('/models/a.gguf', 'A', 'qwen2', 'Q4_K', 1, 1, 1);
INSERT INTO setting VALUES ('chat.last', '1');
INSERT INTO migration VALUES (1, '001_conversations', 1000);
PRAGMA user_version=1;
