//! The conformance suite every store must pass unchanged.
//!
//! A store's tests say how to make an empty one and sit the exam:
//! ```ignore
//! async fn fresh() -> Pupil { Pupil::new(MyStore::memory().unwrap()) }
//! intelliauth_store::store_exam!(fresh());
//! ```
//! Each case is one `#[tokio::test]` and begins with an empty store of its own. No case reads a clock: times
//! are only what is passed in, so a store that looks at its own clock fails.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an exam is test code that lives in a library"
)]

use std::{any::Any, sync::Arc, time::Duration};

use crate::Store;

mod applications;
mod atomicity;
#[cfg(test)]
mod coverage;
mod events;
pub mod fixtures;
mod forgetting;
mod idempotency;
mod jobs;
mod keys;
mod platform;
mod race;
mod revocations;
mod sessions;
mod single_use;
mod tenancy;
mod tenants;
mod users;
mod values;
mod versions;
pub mod whole;
mod writes;

/// How long one case may take: a store may be slow, but it may not hang.
const CASE_LIMIT: Duration = Duration::from_mins(2);

/// A store that sits the exam, with whatever must live as long as it (a temporary directory).
pub struct Pupil {
    store: Arc<dyn Store>,
    _keep: Box<dyn Any + Send>,
}

impl Pupil {
    /// The empty store `store`.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, _keep: Box::new(()) }
    }

    /// The empty store `store`; `keep` is dropped after it.
    pub fn keeping(store: Arc<dyn Store>, keep: impl Any + Send) -> Self {
        Self { store, _keep: Box::new(keep) }
    }
}

/// Runs one case.
#[doc(hidden)]
pub async fn sit<F: Future<Output = ()>>(pupil: Pupil, case: impl FnOnce(Arc<dyn Store>) -> F) {
    let run = case(Arc::clone(&pupil.store));
    tokio::time::timeout(CASE_LIMIT, run).await.expect("the store hangs");
}

/// Makes, out of one list, the functions a test may call and the macro that makes tests of them. A case that
/// is not on the list is dead code, which the compiler reports.
macro_rules! cases {
    ($d:tt $($room:ident { $($name:ident)* })*) => {
        /// The cases, to be called by the tests that [`crate::store_exam`] makes.
        #[doc(hidden)]
        pub mod cases {
            $($(
                pub async fn $name(pupil: super::Pupil) {
                    super::sit(pupil, |store| async move { super::$room::$name(&store).await }).await;
                }
            )*)*
        }

        /// Makes one test of each case; the argument is a future that gives a [`exam::Pupil`].
        #[macro_export]
        macro_rules! store_exam {
            ($d pupil:expr) => {
                $($(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                    async fn $name() {
                        $crate::exam::cases::$name($d pupil.await).await;
                    }
                )*)*
            };
        }
    };
}

cases! { $
    platform {
        a_healthy_store_answers_a_ping
        organisations_come_back_as_they_went_in
        an_organisations_slug_is_taken_once
        a_whole_tenant_is_made_in_one_transaction
        a_failure_within_undoes_the_platforms_part
        the_platforms_log_is_its_own
        organisations_and_tenants_are_listed_newest_first
    }
    tenants {
        tenants_come_back_as_they_went_in
        a_tenant_needs_its_organisation
        slugs_and_authorities_are_taken_once
        a_tenant_update_names_its_revision
        nothing_hangs_on_a_tenant_that_is_not_there
        admins_and_audiences_come_back
    }
    users {
        users_come_back_as_they_went_in
        a_users_address_is_taken_once
        a_user_update_names_its_revision
        a_user_goes_with_its_sessions
        users_are_listed_newest_first
        a_prefix_is_compared_byte_by_byte
        of_many_users_with_one_address_one_is_made
        of_many_updates_of_one_revision_one_is_done
    }
    applications {
        applications_come_back_as_they_went_in
        an_application_update_names_its_revision
        an_application_goes_with_its_secrets
        applications_are_listed_newest_first
        secrets_are_listed_newest_first
        a_secret_expires_once
        a_secret_needs_its_application
    }
    sessions {
        sessions_come_back_as_they_went_in
        a_session_ends_once
        a_session_needs_its_user
        a_users_sessions_are_listed_newest_first
    }
    keys {
        keys_come_back_oldest_first
        a_key_id_is_taken_once
        one_key_signs_and_one_waits
        a_key_moves_only_from_the_state_named
        of_many_rotations_one_is_done
        a_withdrawn_key_is_gone
    }
    revocations {
        revocations_are_numbered_from_one
        an_undone_transaction_gives_its_number_back
        numbers_have_no_gaps_under_concurrency
        a_number_is_never_used_again
    }
    single_use {
        a_secret_comes_back_until_it_is_spent
        kinds_are_strangers
        a_hash_is_stored_once_even_when_spent
        a_secret_is_dead_at_its_hour
        of_a_hundred_redemptions_one_succeeds
        a_redemption_that_is_undone_did_not_happen
    }
    idempotency {
        a_remembered_key_comes_back
        an_expired_key_is_replaced
        clients_are_strangers
        of_many_posts_with_one_key_one_is_done
    }
    jobs {
        a_job_comes_back_as_it_went_in
        asking_twice_is_asking_once_for_the_earlier_moment
        the_longest_due_are_taken_first
        a_taken_job_is_due_again_when_its_lease_ends
        a_lost_lease_changes_nothing
        what_is_asked_for_meanwhile_is_done_again
        a_failed_job_keeps_its_attempts
        of_many_workers_each_job_goes_to_one
        each_tenant_of_a_range_has_its_work
        work_is_taken_after_a_tenants_part
        a_wish_outlives_the_worker
        a_lease_is_compared_whole
    }
    events {
        events_come_back_as_they_went_in
        events_are_listed_newest_first
        an_event_stands_and_falls_with_its_transaction
    }
    forgetting {
        what_is_past_its_time_is_forgotten
        what_is_not_past_its_time_stays
        no_more_than_the_limit_is_forgotten
        each_tenant_forgets_for_itself
    }
    versions {
        the_configuration_grows_with_exactly_the_writes_that_touch_it
        an_undone_write_does_not_touch_the_configuration
    }
    atomicity {
        a_failing_third_write_leaves_nothing
        later_writes_see_earlier_ones
        an_empty_transaction_does_nothing
        neighbours_do_not_feel_a_failure
    }
    tenancy {
        every_read_shows_the_tenants_own
        every_platform_read_tells_tenants_apart
        no_write_reaches_another_tenant
        another_tenants_rows_cannot_be_named
        a_filtered_list_shows_the_tenants_own
    }
    values {
        large_values_survive
        hostile_text_is_only_text
        any_moment_can_be_stored
    }
}
