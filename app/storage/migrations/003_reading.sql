-- How a conversation was left by who read it: the place in it, and how much of each thought was to be seen. And which
-- thoughts a person cut short, for the answer then goes on by the layout's own end of a thought.

-- The message that stood at the top, NULL: the end of the conversation. piece: 0 its beginning, n the n-th block of its
-- answer, -n the n-th part of its thought. part: how much of that was above the top, 0 to 1. No reference, for deleting a
-- message would then look through all chats; a place that is not there any more is passed over.
ALTER TABLE chat ADD COLUMN read_message INTEGER;
ALTER TABLE chat ADD COLUMN read_piece INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN read_part REAL NOT NULL DEFAULT 0;

-- As the person chose it; NULL: never chosen, so it is open while it lives and then shut.
ALTER TABLE message ADD COLUMN thought_shown TEXT CHECK (thought_shown IN ('shut', 'tail', 'full'));

ALTER TABLE segment ADD COLUMN cut_short INTEGER NOT NULL DEFAULT 0;
