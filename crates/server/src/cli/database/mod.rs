//! What is done to a database as a whole.

mod place;
mod progress;
mod relocate;

use clap::Subcommand;

use crate::failure::Outcome;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Move(relocate::Move),
}

impl Command {
    pub(super) async fn run(self) -> Outcome {
        match self {
            Self::Move(relocate) => relocate.run().await,
        }
    }
}
