-- The first schema, the counterpart of store-sqlite's. Identifiers are the 16 bytes of a ULID (whose order is
-- that of a uuid), times are milliseconds since the Unix epoch, states are the nullable moments that make them
-- ("disabled_at"). JSON is text: jsonb would refuse U+0000 and rewrite numbers. Texts that are keys compare by
-- their bytes whatever the locale of the database. The tenant comes first in each primary key.

CREATE TABLE organisations (
    id UUID NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT organisations_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX organisations_slug ON organisations (slug);

-- authority is the issuer without its scheme. It is unique by itself: a Host header carries no scheme, so
-- http://a and https://a would be one address for two tenants.
-- config_version and revocation_head count; nothing but the store writes them.
CREATE TABLE tenants (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    authority TEXT COLLATE "C" NOT NULL,
    disabled_at BIGINT,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    config_version BIGINT NOT NULL,
    revocation_head BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT tenants_pkey PRIMARY KEY (id),
    CONSTRAINT tenants_organisation FOREIGN KEY (organisation_id) REFERENCES organisations (id)
);
CREATE UNIQUE INDEX tenants_slug ON tenants (organisation_id, slug);
CREATE UNIQUE INDEX tenants_authority ON tenants (authority);

CREATE TABLE admins (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT admins_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX admins_email ON admins (tenant_id, email);

CREATE TABLE audiences (
    tenant_id UUID NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT audiences_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE users (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    email_verified BOOLEAN NOT NULL,
    profile TEXT NOT NULL,
    password_hash TEXT,
    password_must_be_reset BOOLEAN NOT NULL,
    disabled_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX users_email ON users (tenant_id, email);

CREATE TABLE applications (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    disabled_at BIGINT,
    redirect_uris TEXT NOT NULL,
    allowed_origins TEXT NOT NULL,
    allowed_scopes TEXT NOT NULL,
    audiences TEXT NOT NULL,
    access_token_seconds BIGINT NOT NULL,
    signing_algorithm TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT applications_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE client_secrets (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    CONSTRAINT client_secrets_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT client_secrets_application FOREIGN KEY (tenant_id, application_id)
        REFERENCES applications (tenant_id, id)
);
CREATE INDEX client_secrets_of ON client_secrets (tenant_id, application_id, id);
CREATE INDEX client_secrets_expiry ON client_secrets (tenant_id, expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE sessions (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    application_id UUID NOT NULL,
    level TEXT NOT NULL,
    amr TEXT NOT NULL,
    ended_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT sessions_user FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX sessions_of ON sessions (tenant_id, user_id, id);
CREATE INDEX sessions_expiry ON sessions (tenant_id, expires_at);
CREATE INDEX sessions_ended ON sessions (tenant_id, ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE signing_keys (
    tenant_id UUID NOT NULL,
    kid TEXT COLLATE "C" NOT NULL,
    algorithm TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL,
    state_since BIGINT NOT NULL,
    state_until BIGINT,
    sealed_private BYTEA NOT NULL,
    public_jwk TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT signing_keys_pkey PRIMARY KEY (tenant_id, kid),
    CONSTRAINT signing_keys_state CHECK (state IN ('next', 'current', 'previous'))
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (tenant_id, algorithm) WHERE state = 'current';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (tenant_id, algorithm) WHERE state = 'next';

CREATE TABLE revocations (
    tenant_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    id_hash BYTEA NOT NULL,
    not_before BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT revocations_pkey PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX revocations_expiry ON revocations (tenant_id, expires_at);

-- A spent secret keeps its row, without what it stood for, until it is forgotten: its hash cannot be stored,
-- and so not be spent, a second time.
CREATE TABLE single_uses (
    tenant_id UUID NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    payload TEXT NOT NULL,
    spent_at BIGINT,
    expires_at BIGINT NOT NULL,
    CONSTRAINT single_uses_pkey PRIMARY KEY (tenant_id, kind, hash)
);
CREATE INDEX single_uses_expiry ON single_uses (tenant_id, expires_at);

CREATE TABLE idempotency (
    tenant_id UUID NOT NULL,
    client_id UUID NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    resource_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (tenant_id, client_id, key)
);
CREATE INDEX idempotency_expiry ON idempotency (tenant_id, expires_at);

CREATE TABLE events (
    tenant_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request_id TEXT,
    data TEXT NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE platform_events (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request_id TEXT,
    data TEXT NOT NULL,
    CONSTRAINT platform_events_pkey PRIMARY KEY (id)
);

-- One row that a health check writes: only a write tells a full disk or a standby.
CREATE TABLE probe (
    id INTEGER NOT NULL,
    count BIGINT NOT NULL,
    CONSTRAINT probe_pkey PRIMARY KEY (id),
    CONSTRAINT probe_single CHECK (id = 1)
);
INSERT INTO probe (id, count) VALUES (1, 0);

-- The second fence. Every query names its tenant; should one forget it, these policies show it nothing, for
-- each transaction says whose it is (intelliauth.tenant) and no row of another passes. FORCE binds the owner
-- too; superusers and roles with BYPASSRLS are bound by nothing and should not be used to connect.
ALTER TABLE admins ENABLE ROW LEVEL SECURITY;
ALTER TABLE admins FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON admins
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE audiences ENABLE ROW LEVEL SECURITY;
ALTER TABLE audiences FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON audiences
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON users
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE applications ENABLE ROW LEVEL SECURITY;
ALTER TABLE applications FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON applications
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE client_secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_secrets FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON client_secrets
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON sessions
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE signing_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON signing_keys
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE revocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE revocations FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON revocations
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE single_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE single_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON single_uses
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON idempotency
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON events
    USING (tenant_id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);

-- Tenants are found before anybody knows which it is, so all may be read and made, and one be changed by itself.
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY all_seen ON tenants FOR SELECT USING (true);
CREATE POLICY all_made ON tenants FOR INSERT WITH CHECK (true);
CREATE POLICY own_tenant ON tenants FOR UPDATE
    USING (id = nullif(current_setting('intelliauth.tenant', true), '')::uuid);
