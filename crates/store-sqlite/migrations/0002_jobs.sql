-- Background work. A job is due at due_at; while a worker is at it that is when its lease ends, so one index finds
-- what nobody does and what somebody has died over. wanted_at: asked for again while it is being done.
CREATE TABLE jobs (
    tenant_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    wanted_at INTEGER,
    lease BLOB CHECK (length(lease) = 16),
    attempts INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_due ON jobs (due_at);
