use std::ops::Range;

/// What a column holds, in every dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The 16 bytes of an identifier.
    Id,
    /// Bytes.
    Bytes,
    /// Text.
    Text,
    /// A number, or a moment in milliseconds.
    Number,
    /// Yes or no.
    Flag,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub nullable: bool,
}

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Whether each row is a tenant's; then its first column says whose.
    pub of_tenants: bool,
    /// How many of the first columns are the key.
    pub key: usize,
    /// All columns.
    pub columns: &'static [Column],
}

impl Table {
    /// The columns that order the rows which are read at one time: the key, but for the tenant, who is the same in
    /// all of them. A comparison that named the tenant as well would make SQLite read from its first row each time.
    #[must_use]
    pub fn order(&self) -> Range<usize> {
        usize::from(self.of_tenants)..self.key
    }

    /// The names of these columns, separated by commas.
    #[must_use]
    pub fn names(&self, columns: Range<usize>) -> String {
        let names: Vec<_> =
            self.columns.get(columns).unwrap_or_default().iter().map(|one| one.name).collect();
        names.join(", ")
    }
}

macro_rules! tables {
    ($($name:ident [$of:ident $key:literal] { $($column:ident: $kind:ident $($null:ident)?),* $(,)? })*) => {
        &[$(Table {
            name: stringify!($name),
            of_tenants: tables!(@of $of),
            key: $key,
            columns: &[$(Column {
                name: stringify!($column),
                kind: Kind::$kind,
                nullable: tables!(@null $($null)?),
            }),*],
        }),*]
    };
    (@of tenants) => { true };
    (@of platform) => { false };
    (@null null) => { true };
    (@null) => { false };
}

/// Every table that holds something worth moving, what is referred to before what refers to it. Each store has a
/// test that these are its tables and columns.
pub const TABLES: &[Table] = tables! {
    organisations [platform 1] { id: Id, slug: Text, name: Text, created_at: Number }
    tenants [platform 1] {
        id: Id, organisation_id: Id, slug: Text, name: Text, issuer: Text, authority: Text,
        disabled_at: Number null, settings: Text, version: Number, config_version: Number,
        revocation_head: Number, created_at: Number, updated_at: Number,
    }
    platform_events [platform 1] {
        id: Id, kind: Text, occurred_at: Number, actor_kind: Text, actor_id: Text null, target_kind: Text,
        target_id: Text, outcome: Text, request_id: Text null, data: Text,
    }
    admins [tenants 2] { tenant_id: Id, id: Id, email: Text, password_hash: Text, created_at: Number }
    audiences [tenants 2] { tenant_id: Id, id: Text, name: Text, scopes: Text, created_at: Number }
    users [tenants 2] {
        tenant_id: Id, id: Id, email: Text, email_verified: Flag, profile: Text, password_hash: Text null,
        password_must_be_reset: Flag, disabled_at: Number null, version: Number, created_at: Number,
        updated_at: Number,
    }
    applications [tenants 2] {
        tenant_id: Id, id: Id, name: Text, kind: Text, disabled_at: Number null, redirect_uris: Text,
        allowed_origins: Text, allowed_scopes: Text, audiences: Text, access_token_seconds: Number,
        signing_algorithm: Text null, version: Number, created_at: Number, updated_at: Number,
    }
    client_secrets [tenants 2] {
        tenant_id: Id, id: Id, application_id: Id, hash: Bytes, created_at: Number, expires_at: Number null,
    }
    sessions [tenants 2] {
        tenant_id: Id, id: Id, user_id: Id, application_id: Id, level: Text, amr: Text,
        ended_at: Number null, created_at: Number, expires_at: Number,
    }
    signing_keys [tenants 2] {
        tenant_id: Id, kid: Text, algorithm: Text, state: Text, state_since: Number,
        state_until: Number null, sealed_private: Bytes, public_jwk: Text, created_at: Number,
    }
    revocations [tenants 2] {
        tenant_id: Id, seq: Number, kind: Text, id_hash: Bytes, not_before: Number, expires_at: Number,
    }
    single_uses [tenants 3] {
        tenant_id: Id, kind: Text, hash: Bytes, payload: Text, spent_at: Number null, expires_at: Number,
    }
    idempotency [tenants 3] {
        tenant_id: Id, client_id: Id, key: Text, fingerprint: Bytes, resource_id: Text, expires_at: Number,
    }
    events [tenants 2] {
        tenant_id: Id, id: Id, kind: Text, occurred_at: Number, actor_kind: Text, actor_id: Text null,
        target_kind: Text, target_id: Text, outcome: Text, request_id: Text null, data: Text,
    }
    jobs [tenants 3] {
        tenant_id: Id, kind: Text, subject: Text, due_at: Number, wanted_at: Number null, lease: Id null,
        attempts: Number,
    }
};

/// Tables that say something about one database only.
pub const NOT_MOVED: &[&str] = &["nodes", "probe", "schema_lock", "schema_migrations"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_first_and_hold_something() {
        for table in TABLES {
            assert!((1..=table.columns.len()).contains(&table.key), "{}", table.name);
            assert!(table.columns[..table.key].iter().all(|column| !column.nullable), "{}", table.name);
            assert_eq!(table.columns[0].name == "tenant_id", table.of_tenants, "{}", table.name);
        }
        let platform = TABLES.iter().take_while(|table| !table.of_tenants).count();
        assert!(
            TABLES[platform..].iter().all(|table| table.of_tenants),
            "tenants come before what is theirs"
        );
    }
}
