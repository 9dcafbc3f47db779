//! The binary `intelliauth`: configuration, composition, command line, background work.
//!
//! The only place that names a concrete store, clock, random source or listener.

mod addresses;
mod background;
mod cli;
mod compose;
mod config;
mod dev;
mod failure;
mod listen;
mod machine;
mod operations;
mod patience;
mod run;
mod serve;
mod shared_clock;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: no threads to run on: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli::run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
