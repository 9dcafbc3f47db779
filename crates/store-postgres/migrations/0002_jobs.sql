-- Background work. A job is due at due_at; while a worker is at it that is when its lease ends, so one index finds
-- what nobody does and what somebody has died over. wanted_at: asked for again while it is being done.
CREATE TABLE jobs (
    tenant_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    due_at BIGINT NOT NULL,
    wanted_at BIGINT,
    lease UUID,
    attempts BIGINT NOT NULL,
    CONSTRAINT jobs_pkey PRIMARY KEY (tenant_id, kind, subject)
);
CREATE INDEX jobs_due ON jobs (due_at);

ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON jobs
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
-- Workers take what is due of whatever tenant, outside of every fence, and remove nothing there. A job says whose turn
-- it is and to do what, never with what: that stays behind the tenant's fence.
CREATE POLICY seen_from_above ON jobs FOR SELECT
    USING (coalesce(current_setting('intelliauth.tenant', true), '') = '');
CREATE POLICY made_from_above ON jobs FOR INSERT
    WITH CHECK (coalesce(current_setting('intelliauth.tenant', true), '') = '');
CREATE POLICY taken_from_above ON jobs FOR UPDATE
    USING (coalesce(current_setting('intelliauth.tenant', true), '') = '');

-- Nodes that serve on this database, by its own clock: each says again and again that it is there, through whatever
-- pooler. A database is not moved from under one.
CREATE TABLE nodes (
    id UUID NOT NULL,
    seen_until TIMESTAMPTZ NOT NULL,
    CONSTRAINT nodes_pkey PRIMARY KEY (id)
);
