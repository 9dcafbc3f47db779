//! Background work: what is due is taken from the store under a lease, by whichever node comes first.
//!
//! **Owns** which work there is, how long a lease is and when what failed is tried again. **Never** keeps work
//! in memory only: what a node that dies had taken is due again when its lease ends, so every job may be done
//! more than once and must bear it.

mod lease;
mod perform;
mod schedule;
mod work;

pub use lease::Lease;
pub use schedule::{Rounds, next_due};
pub(crate) use schedule::{first_of_tenant, wanted};
pub use work::{Ending, Worked, work};
