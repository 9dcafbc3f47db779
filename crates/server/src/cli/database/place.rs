use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use intelliauth_model::Secret;
use intelliauth_store::archive::{Destination, Source};
use intelliauth_store_postgres::{Options, PostgresDestination, PostgresSource};
use intelliauth_store_sqlite::{ServerLock, SqliteDestination, SqliteSource};

use crate::{
    compose::{DATABASE, Database},
    config,
    dev::CREDENTIALS,
    failure::{Failure, Outcome},
};

/// Where a database is, as somebody says it: a data directory, a URL of a PostgreSQL, or a configuration file
/// that names one of them.
#[derive(Clone)]
pub(super) enum Place {
    Directory(PathBuf),
    Server(Secret),
    Configuration(PathBuf),
}

impl FromStr for Place {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let extension = Path::new(text).extension();
        Ok(if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Server(Secret::new(text.to_owned()))
        } else if extension.is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
            Self::Configuration(text.into())
        } else {
            Self::Directory(text.into())
        })
    }
}

/// A URL may hold a password.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) | Self::Configuration(path) => write!(f, "{}", path.display()),
            Self::Server(_) => f.write_str("a PostgreSQL"),
        }
    }
}

/// A database that is open, and the lock that keeps servers from its directory meanwhile.
pub(super) struct Held<T> {
    pub(super) database: T,
    _lock: Option<ServerLock>,
}

impl Place {
    fn database(self) -> Outcome<Database> {
        match self {
            Self::Directory(path) if path.is_dir() => Ok(Database::Directory(path)),
            Self::Directory(path) => Err(Failure::new(format!("{} is not a directory", path.display()))),
            Self::Server(url) => Ok(Database::Server(url)),
            Self::Configuration(path) => config::database_in(&path),
        }
    }

    /// Opens it to be read as a whole.
    pub(super) async fn source(self) -> Outcome<Held<Box<dyn Source>>> {
        match self.database()? {
            Database::Directory(data) => {
                let path = data.join(DATABASE);
                if !path.exists() {
                    return Err(Failure::new(format!("there is no database in {}", data.display())));
                }
                if data.join(CREDENTIALS).exists() {
                    return Err(Failure::new(format!(
                        "{} was made by `intelliauth dev`, whose passwords are in a file: nothing for production",
                        data.display()
                    )));
                }
                let lock = ServerLock::acquire(&data)?;
                Ok(Held { database: Box::new(SqliteSource::open(&path)?), _lock: Some(lock) })
            }
            Database::Server(url) => {
                let source = PostgresSource::open(url.expose(), &Options::default()).await?;
                Ok(Held { database: Box::new(source), _lock: None })
            }
        }
    }

    /// Opens it to be filled.
    pub(super) async fn destination(self) -> Outcome<Held<Box<dyn Destination>>> {
        match self.database()? {
            Database::Directory(data) => {
                let lock = ServerLock::acquire(&data)?;
                let destination = SqliteDestination::create(&data.join(DATABASE))?;
                Ok(Held { database: Box::new(destination), _lock: Some(lock) })
            }
            Database::Server(url) => {
                let destination = PostgresDestination::create(url.expose(), &Options::default()).await?;
                Ok(Held { database: Box::new(destination), _lock: None })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_what_it_looks_like_and_shows_no_password() {
        let of = |text: &str| text.parse::<Place>().unwrap();
        assert!(matches!(of("/var/lib/intelliauth"), Place::Directory(_)));
        assert!(matches!(of("postgres.old"), Place::Directory(_)));
        assert!(matches!(of("etc/old.toml"), Place::Configuration(_)));
        assert!(matches!(of("postgres://a:geheim@b/c"), Place::Server(_)));
        assert!(matches!(of("postgresql://a:geheim@b/c.toml"), Place::Server(_)));
        assert!(!format!("{:?}", of("postgresql://a:geheim@b/c")).contains("geheim"));
    }
}
