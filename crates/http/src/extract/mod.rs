//! What is read from a request, each in one place.

mod bearer;
mod body;
mod form;
mod id;
mod query;

use std::net::SocketAddr;

pub(crate) use bearer::Authenticated;
pub(crate) use body::{Bare, Nullable, Patch, Posted};
pub(crate) use form::OAuthForm;
pub(crate) use id::Id;
pub(crate) use query::{ListQuery, UserListQuery};

/// Who holds the other end of the connection; the accept loop puts it on every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);
