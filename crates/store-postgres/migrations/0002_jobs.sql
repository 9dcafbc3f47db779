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
-- Workers take what is due of whatever tenant, outside of every fence. A job says whose turn it is and to do what,
-- never with what: that stays behind the tenant's fence.
CREATE POLICY taken_from_above ON jobs
    USING (coalesce(current_setting('intelliauth.tenant', true), '') = '');
