-- The first schema. Identifiers are the 16 bytes of a ULID, times are milliseconds since the Unix epoch,
-- states are the nullable moments that make them ("disabled_at"). The tenant comes first in each primary
-- key, so that one tenant's rows lie together and no key of one tenant can stand for a row of another.

CREATE TABLE organisations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX organisations_slug ON organisations (slug);

-- authority is the issuer without its scheme. It is unique by itself: a Host header carries no scheme, so
-- http://a and https://a would be one address for two tenants.
-- config_version and revocation_head count; nothing but the store writes them.
CREATE TABLE tenants (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    organisation_id BLOB NOT NULL REFERENCES organisations (id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    issuer TEXT NOT NULL,
    authority TEXT NOT NULL,
    disabled_at INTEGER,
    settings TEXT NOT NULL,
    version INTEGER NOT NULL,
    config_version INTEGER NOT NULL,
    revocation_head INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tenants_slug ON tenants (organisation_id, slug);
CREATE UNIQUE INDEX tenants_authority ON tenants (authority);

CREATE TABLE admins (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX admins_email ON admins (tenant_id, email);

CREATE TABLE audiences (
    tenant_id BLOB NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    email TEXT NOT NULL,
    email_verified INTEGER NOT NULL,
    profile TEXT NOT NULL,
    password_hash TEXT,
    password_must_be_reset INTEGER NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX users_email ON users (tenant_id, email);

CREATE TABLE applications (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    disabled_at INTEGER,
    redirect_uris TEXT NOT NULL,
    allowed_origins TEXT NOT NULL,
    allowed_scopes TEXT NOT NULL,
    audiences TEXT NOT NULL,
    access_token_seconds INTEGER NOT NULL,
    signing_algorithm TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE client_secrets (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    application_id BLOB NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, application_id) REFERENCES applications (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_secrets_application ON client_secrets (tenant_id, application_id, id);
CREATE INDEX client_secrets_expiry ON client_secrets (tenant_id, expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE sessions (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    user_id BLOB NOT NULL,
    application_id BLOB NOT NULL,
    level TEXT NOT NULL,
    amr TEXT NOT NULL,
    ended_at INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (tenant_id, user_id, id);
CREATE INDEX sessions_expiry ON sessions (tenant_id, expires_at);
CREATE INDEX sessions_ended ON sessions (tenant_id, ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE signing_keys (
    tenant_id BLOB NOT NULL,
    kid TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('next', 'current', 'previous')),
    state_since INTEGER NOT NULL,
    state_until INTEGER,
    sealed_private BLOB NOT NULL,
    public_jwk TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kid)
) STRICT;
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (tenant_id, algorithm) WHERE state = 'current';
CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (tenant_id, algorithm) WHERE state = 'next';

CREATE TABLE revocations (
    tenant_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id_hash BLOB NOT NULL,
    not_before INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX revocations_expiry ON revocations (tenant_id, expires_at);

-- A spent secret keeps its row, without what it stood for, until it is forgotten: its hash cannot be
-- stored, and so not be spent, a second time.
CREATE TABLE single_uses (
    tenant_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    payload TEXT NOT NULL,
    spent_at INTEGER,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, kind, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX single_uses_expiry ON single_uses (tenant_id, expires_at);

CREATE TABLE idempotency (
    tenant_id BLOB NOT NULL,
    client_id BLOB NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    resource_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, client_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expiry ON idempotency (tenant_id, expires_at);

CREATE TABLE events (
    tenant_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request_id TEXT,
    data TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE platform_events (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request_id TEXT,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row that a health check writes: only a write tells a full or read-only disk.
CREATE TABLE probe (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL
) STRICT;
INSERT INTO probe (id, count) VALUES (1, 0);
