PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
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
, read_message INTEGER, read_piece INTEGER NOT NULL DEFAULT 0, read_part REAL NOT NULL DEFAULT 0);
INSERT INTO chat VALUES(1,'Why','',0,0,1000,2000,3,'',NULL,2,-1,0.25);
INSERT INTO chat VALUES(2,'A pinned one','',1,0,1000,1000,NULL,'',NULL,NULL,0,0.0);
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
INSERT INTO model VALUES(1,'/models/a.gguf',NULL,'A','qwen2','Q4_K',1,1,NULL,1);
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
, thought_shown TEXT CHECK (thought_shown IN ('shut', 'tail', 'full')));
INSERT INTO message VALUES(1,1,NULL,'user',NULL,'','','{}','done','','','{}',1000,NULL);
INSERT INTO message VALUES(2,1,1,'assistant',NULL,'','','{}','done','','','{}',1100,'full');
INSERT INTO message VALUES(3,1,1,'assistant',NULL,'','','{}','streaming','','','{}',1200,NULL);
CREATE TABLE segment (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    idx     INTEGER NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('question', 'thought', 'answer', 'tool', 'attachment')),
    text    TEXT NOT NULL,
    ids     BLOB NOT NULL,                   -- token ids, 32-bit little-endian; empty where none were generated
    t_start INTEGER NOT NULL,
    t_end   INTEGER NOT NULL,
    tokens  INTEGER NOT NULL, cut_short INTEGER NOT NULL DEFAULT 0,
    UNIQUE (message, idx)
);
INSERT INTO segment VALUES(1,1,0,'question','Why?',X'',1000,1000,0,0);
INSERT INTO segment VALUES(2,2,0,'thought','Hm … 為什麼',X'05000000',1100,1150,1,0);
INSERT INTO segment VALUES(3,2,1,'answer','So.',X'010000005e500200ffffffff',1150,1200,3,0);
INSERT INTO segment VALUES(4,3,0,'thought','Cut',X'',1200,1300,1,1);
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO setting VALUES('chat.last','1');
CREATE TABLE migration (
    version INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    applied INTEGER NOT NULL
);
INSERT INTO migration VALUES(1,'001_conversations',1000);
INSERT INTO migration VALUES(2,'002_search',2000);
INSERT INTO migration VALUES(3,'003_reading',3000);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (title, question, answer, thought, content='''', tokenize=''ponder'', prefix=''3'')');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'');
INSERT INTO search_data VALUES(10,X'00000000000000');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('version',4);
CREATE TABLE upkeep (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO upkeep VALUES('messages_from',4);
INSERT INTO upkeep VALUES('titles_from',3);
CREATE TABLE purged (
    chat    INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (chat, created)
) WITHOUT ROWID;
CREATE INDEX chat_by_time ON chat (pinned DESC, updated DESC, id DESC) WHERE deleted_at IS NULL AND archived = 0;
CREATE INDEX model_by_use ON model (used DESC);
CREATE INDEX message_of_chat ON message (chat);
CREATE INDEX message_of_parent ON message (parent);
CREATE INDEX message_streaming ON message (state) WHERE state = 'streaming';
CREATE INDEX chat_in_trash ON chat (deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
PRAGMA writable_schema=OFF;
COMMIT;
PRAGMA user_version=3;
