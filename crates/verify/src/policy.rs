use intelliauth_jose::Algorithm;

/// How far clocks may differ unless said otherwise, in seconds.
const DEFAULT_TOLERANCE: u32 = 30;
/// How far they may ever be allowed to differ, in seconds.
pub(crate) const MAX_TOLERANCE: u32 = 300;

/// What a good token looks like to this verifier.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) issuer: String,
    pub(crate) audiences: Option<Vec<String>>,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) tolerance: i64,
}

impl Policy {
    /// Tokens of this issuer for one of these audiences. Without any audience every token is refused.
    pub fn new(issuer: impl Into<String>, audiences: impl IntoIterator<Item = String>) -> Self {
        Self {
            issuer: issuer.into(),
            audiences: Some(audiences.into_iter().collect()),
            algorithms: Algorithm::ALL.to_vec(),
            tolerance: i64::from(DEFAULT_TOLERANCE),
        }
    }

    /// Only these algorithms.
    #[must_use]
    pub fn algorithms(self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        Self { algorithms: algorithms.into_iter().collect(), ..self }
    }

    /// How far clocks may differ, in seconds; at most 300.
    #[must_use]
    pub fn clock_tolerance(self, seconds: u32) -> Self {
        Self { tolerance: i64::from(seconds.min(MAX_TOLERANCE)), ..self }
    }

    /// Takes tokens for any API. Only the issuer's own endpoints about tokens (introspection, revocation)
    /// may want this: an API that does accepts tokens meant for others, and whoever gets one there can
    /// replay it here.
    #[must_use]
    pub fn dangerous_any_audience(self) -> Self {
        Self { audiences: None, ..self }
    }
}
