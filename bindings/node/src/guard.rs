use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work` and gives `otherwise` if it panics. None is known to; but a panic that reached the JavaScript
/// engine would end the whole process, which must not be in the power of whoever sends a token.
pub(crate) fn unless_panicking<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    // Unwind safety is no concern: `work` borrows nothing it changes.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(otherwise)
}
