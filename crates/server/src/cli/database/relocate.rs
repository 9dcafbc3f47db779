use aws_lc_rs::digest::{SHA256, digest};
use clap::Args;
use intelliauth_store::archive::{MoveError, TableReport, relocate};
use serde_json::{Value, json};

use super::{place::Place, progress::Bar};
use crate::{
    cli::output,
    failure::{Failure, Outcome},
};

/// Move everything into another database, between SQLite and PostgreSQL or within either.
///
/// Stop the servers first. Every row is copied as it is, read back and compared by count and checksum; only then
/// is the destination visible, all at once. A move that is interrupted leaves it empty and simply begins anew. The
/// source is not changed. The data key stays the same.
///
/// A place is a data directory, a postgresql:// URL, or a configuration file of `intelliauth serve` (a name that
/// ends in .toml), which keeps a password in a URL out of the list of processes.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The database to read.
    #[arg(long, value_name = "PLACE")]
    from: Place,
    /// The database to fill; it must be empty.
    #[arg(long, value_name = "PLACE")]
    to: Place,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Move {
    pub(super) async fn run(self) -> Outcome {
        let named = |which: &'static str| move |failure| Failure::new(format!("{which}: {failure}"));
        let mut source = self.from.source().await.map_err(named("--from"))?;
        let destination = self.to.destination().await.map_err(named("--to"))?;
        let mut bar = Bar::new();
        let mut show = |progress| bar.show(progress);
        let moved = relocate(&mut *source.database, destination.database, sha256, &mut show).await;
        drop(bar);
        let tables = moved.map_err(|error| refusal(&error))?;
        if self.json {
            let rows: u64 = tables.iter().map(|table| table.digest.rows).sum();
            let tables: Vec<Value> = tables.iter().map(show_table).collect();
            return output::one(&json!({ "rows": rows, "tables": tables }), true);
        }
        output::many(&tables.iter().map(show_table).collect::<Vec<_>>(), false)?;
        eprintln!("Moved and verified. Start the servers with the new place; the data key stays the same.");
        Ok(())
    }
}

fn refusal(error: &MoveError) -> Failure {
    match error {
        MoveError::Finish(_) => Failure::new(format!(
            "{error}; it is whole or empty, never half: look whether it holds the tenants before you try again"
        )),
        _ => Failure::new(format!("{error}; nothing was moved")),
    }
}

fn show_table(table: &TableReport) -> Value {
    json!({ "table": table.table, "rows": table.digest.rows, "checksum": table.digest.to_string() })
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}
