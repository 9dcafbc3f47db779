//! The command line: every command is one engine call, and its answer a few lines or one JSON value.

mod client;
mod database;
mod keys;
mod migrate;
mod open;
mod output;
mod tenant;
mod token;
mod user;

use clap::{Parser, Subcommand};

use crate::{dev::Dev, failure::Outcome, serve::Serve};

/// IntelliAuth: an identity platform in one binary.
///
/// `intelliauth dev` starts a tenant on this machine; `intelliauth serve` serves tenants in production. The
/// other commands administer the same database and work while the server runs: it sees a change within a
/// quarter of a second.
#[derive(Debug, Parser)]
#[command(name = "intelliauth", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Dev(Dev),
    Serve(Serve),
    /// Make, show and change tenants.
    Tenant {
        #[command(subcommand)]
        command: tenant::Command,
    },
    /// Make, show and change applications (OAuth clients).
    Client {
        #[command(subcommand)]
        command: client::Command,
    },
    /// Make, show and change users.
    User {
        #[command(subcommand)]
        command: user::Command,
    },
    /// Show, rotate and withdraw signing keys.
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
    Token(token::Token),
    /// Move the whole database.
    Db {
        #[command(subcommand)]
        command: database::Command,
    },
    Migrate(migrate::Migrate),
    /// Print the OpenAPI document of the tenant's API.
    Openapi,
}

/// Does what the arguments ask.
pub(crate) async fn run(arguments: Arguments) -> Outcome {
    match arguments.command {
        Command::Dev(dev) => dev.run().await,
        Command::Serve(serve) => serve.run().await,
        Command::Tenant { command } => command.run().await,
        Command::Client { command } => command.run().await,
        Command::User { command } => command.run().await,
        Command::Keys { command } => command.run().await,
        Command::Token(token) => token.run().await,
        Command::Db { command } => command.run().await,
        Command::Migrate(migrate) => migrate.run().await,
        Command::Openapi => {
            print!("{}", intelliauth_http::openapi());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    /// Groups, names and conflicts are checked by clap only when a command is built: `client create` once
    /// panicked because two argument structs had one name.
    #[test]
    fn every_command_can_be_built() {
        super::Arguments::command().debug_assert();
    }
}
