use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use tokio_postgres::{Client, Error, Row};

use crate::param::Param;

/// What the server gave for one request.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    /// How many rows it changed, if it gave none back.
    pub(crate) changed: u64,
}

/// A request on its way.
pub(crate) type Request<'a> = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send + 'a>>;

/// Statements without parameters. Nothing in `sql` may come from outside.
pub(crate) fn script<'a>(client: &'a Client, sql: &'a str) -> Request<'a> {
    Box::pin(async move {
        client.batch_execute(sql).await?;
        Ok(Answer::default())
    })
}

/// One statement whose rows are wanted. It is parsed anew each time: a statement with a name would live in one
/// server connection, and behind a transaction pooler the next transaction may get another.
pub(crate) fn rows<'a>(client: &'a Client, sql: &'a str, params: &'a [Param]) -> Request<'a> {
    Box::pin(async move {
        let params: Vec<_> = params.iter().map(|param| (param as _, param.kind())).collect();
        Ok(Answer { rows: client.query_typed(sql, &params).await?, changed: 0 })
    })
}

/// One statement of which only the number of rows it changed is wanted.
pub(crate) fn change<'a>(client: &'a Client, sql: &'a str, params: &'a [Param]) -> Request<'a> {
    Box::pin(async move {
        let params: Vec<_> = params.iter().map(|param| (param as _, param.kind())).collect();
        Ok(Answer { rows: Vec::new(), changed: client.execute_typed(sql, &params).await? })
    })
}

/// Sends all requests before it waits for the first answer, so that they cost one round trip; gives the answers
/// in the same order. The driver sends a request when it is first polled, and nothing else decides the order
/// in which the server sees them, so they are polled once one after the other here.
pub(crate) async fn all(mut requests: Vec<Request<'_>>) -> Vec<Result<Answer, Error>> {
    let mut early: Vec<Option<Result<Answer, Error>>> = poll_fn(|context| {
        let poll = |request: &mut Request<'_>| match request.as_mut().poll(context) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        };
        Poll::Ready(requests.iter_mut().map(poll).collect())
    })
    .await;
    let mut answers = Vec::with_capacity(requests.len());
    for (request, early) in requests.into_iter().zip(early.drain(..)) {
        answers.push(match early {
            Some(answer) => answer,
            None => request.await,
        });
    }
    answers
}
