use std::{future::Future, sync::Arc};

use tokio::{sync::Barrier, task::JoinSet};

use crate::{StoreError, StoreResult};

/// Starts `count` tasks at one moment and gathers what each gave.
pub(super) async fn race<T, F>(count: u64, run: impl Fn(u64) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let start = Arc::new(Barrier::new(usize::try_from(count).unwrap()));
    let mut tasks = JoinSet::new();
    for n in 0..count {
        let (start, task) = (Arc::clone(&start), run(n));
        tasks.spawn(async move {
            start.wait().await;
            task.await
        });
    }
    tasks.join_all().await
}

/// Asserts that one of the results is a success and all others fail with `error`.
pub(super) fn assert_one_winner<T>(results: Vec<StoreResult<T>>, error: &StoreError) {
    let mut winners = 0;
    for result in results {
        match result {
            Ok(_) => winners += 1,
            Err(found) => assert_eq!(&found, error),
        }
    }
    assert_eq!(winners, 1, "exactly one may succeed");
}
