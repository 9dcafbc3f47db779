//! Where a database's schema stands.

/// A change of the schema, as a release knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMigration {
    /// Its number.
    pub version: i64,
    /// Its name.
    pub name: &'static str,
    /// What it runs, in the database's dialect.
    pub sql: &'static str,
}

/// What a look at a database's schema found; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaState {
    /// Every migration of this release, in order.
    pub known: Vec<KnownMigration>,
    /// The newest that ran, 0 for none.
    pub found: i64,
    /// Whether another node is changing the schema now.
    pub busy: bool,
}

impl SchemaState {
    /// The migrations that have not run yet.
    pub fn pending(&self) -> impl Iterator<Item = &KnownMigration> {
        self.known.iter().filter(|migration| migration.version > self.found)
    }
}

/// Told of each migration before it runs.
pub type Told<'a> = &'a (dyn Fn(&KnownMigration) + Sync);
