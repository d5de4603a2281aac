-- The index of the full-text search. It stores no text (content=''): what it needs to find and to forget a row is read from
-- the tables. A title stands at minus the number of its chat, a message at its own number; an answer in progress is not in
-- it. What is older than this migration is added in steps, from the newest down: upkeep says from which number on all is in.

CREATE VIRTUAL TABLE search USING fts5 (title, question, answer, thought, content='', tokenize='ponder', prefix='3');

CREATE TABLE upkeep (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO upkeep VALUES
    ('titles_from', (SELECT coalesce(max(id), 0) + 1 FROM chat)),
    ('messages_from', (SELECT coalesce(max(id), 0) + 1 FROM message));

-- Chats that are gone for good and still in the backups. Numbers are given again, so the time tells them apart.
CREATE TABLE purged (
    chat    INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (chat, created)
) WITHOUT ROWID;

CREATE INDEX chat_in_trash ON chat (deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
