use std::fmt;

/// Why the program ends without having done it: one sentence for the person who started it.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// What main's helpers give.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<intelliauth_engine::Error> for Failure {
    fn from(error: intelliauth_engine::Error) -> Self {
        let intelliauth_engine::Error::Invalid(fields) = &error else { return Self(error.to_string()) };
        let told: Vec<String> =
            fields.iter().map(|field| format!("{}: {}", field.name, field.problem)).collect();
        Self(told.join("; "))
    }
}

impl From<intelliauth_engine::oauth::OAuthError> for Failure {
    fn from(error: intelliauth_engine::oauth::OAuthError) -> Self {
        match error {
            intelliauth_engine::oauth::OAuthError::Other(error) => error.into(),
            other => Self(other.to_string()),
        }
    }
}

impl From<intelliauth_store::StoreError> for Failure {
    fn from(error: intelliauth_store::StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<intelliauth_store_sqlite::OpenError> for Failure {
    fn from(error: intelliauth_store_sqlite::OpenError) -> Self {
        Self(error.to_string())
    }
}

impl From<intelliauth_store_postgres::OpenError> for Failure {
    fn from(error: intelliauth_store_postgres::OpenError) -> Self {
        Self(error.to_string())
    }
}

impl From<intelliauth_store_sqlite::LockError> for Failure {
    fn from(error: intelliauth_store_sqlite::LockError) -> Self {
        Self(error.to_string())
    }
}
