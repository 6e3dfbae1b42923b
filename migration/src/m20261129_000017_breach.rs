//! Who held a promise when it lapsed first, and lists of what is due and what has lapsed without a word of whose.

crate::dialect::migration!("m20261129_000017_breach" undone by DOWN);

const UP: &str = "
ALTER TABLE clock ADD COLUMN breached_team_id {uuid};
ALTER TABLE clock ADD COLUMN breached_user_id {uuid};
UPDATE clock SET breached_team_id = team_id, breached_user_id = user_id WHERE breached_at IS NOT NULL;
CREATE INDEX i_clock__due ON clock (due_at, id) WHERE ended_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX i_clock__lapsed ON clock (due_at, id) WHERE ended_at IS NULL AND due_at IS NOT NULL AND breached_at IS NOT NULL;
";

const DOWN: &str = "
DROP INDEX i_clock__lapsed;
DROP INDEX i_clock__due;
ALTER TABLE clock DROP COLUMN breached_user_id;
ALTER TABLE clock DROP COLUMN breached_team_id;
";
