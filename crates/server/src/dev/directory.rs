use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use intelliauth_engine::DataKey;
use intelliauth_model::{AudienceId, Rng as _};
use intelliauth_store::Page;
use zeroize::Zeroizing;

use super::{
    credentials::{Credentials, write_private},
    seed,
};
use crate::{
    compose::{DATABASE, Database},
    config::parse_data_key,
    failure::{Failure, Outcome},
    machine::SystemRng,
};

/// The file whose presence marks a data directory as one for development.
pub(crate) const CREDENTIALS: &str = "dev.json";
const DATA_KEY: &str = "data.key";
const SEEDING: &str = "seeding";

/// Makes the directory, for its owner only.
pub(super) fn make(data: &Path) -> Outcome {
    let failed =
        |error| Failure::new(format!("the data directory {} cannot be made: {error}", data.display()));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(failed)
}

/// What the first start made, now or before. The first start works in a directory aside and moves the
/// result into place, so that one cut short leaves nothing half made: the next simply begins again.
pub(super) async fn prepare(
    data: &Path,
    url: Option<&str>,
    port: u16,
    audience: &AudienceId,
) -> Outcome<Credentials> {
    let marker = data.join(CREDENTIALS);
    if marker.is_file() {
        let known = Credentials::read(&marker)?;
        return follow(known, data, url);
    }
    let aside = data.join(SEEDING);
    // The credentials are written last: with them it is complete and only has to be moved.
    if !aside.join(CREDENTIALS).is_file() {
        if data.join(DATABASE).exists() {
            return Err(Failure::new(format!(
                "{} holds a database that `dev` did not make; choose another --data",
                data.display()
            )));
        }
        begin_again(&aside)?;
        let credentials = fill(&aside, url, port, audience).await?;
        credentials.write(&aside.join(CREDENTIALS))?;
    }
    let in_a_file = Credentials::read(&aside.join(CREDENTIALS))?.database_url.is_none();
    for name in [DATA_KEY, DATABASE, CREDENTIALS] {
        if name != DATABASE || in_a_file {
            move_into(&aside.join(name), &data.join(name))?;
        }
    }
    let _ = fs::remove_dir_all(&aside);
    Credentials::read(&marker)
}

/// A server that has moved may be named anew; the data itself stays where the first start put it.
fn follow(known: Credentials, data: &Path, url: Option<&str>) -> Outcome<Credentials> {
    match (&known.database_url, url) {
        (None, Some(_)) => Err(Failure::new(format!(
            "{} keeps its data in a file; choose another --data for a PostgreSQL",
            data.display()
        ))),
        (Some(_), Some(url)) => Ok(Credentials { database_url: Some(url.to_owned()), ..known }),
        (_, None) => Ok(known),
    }
}

fn begin_again(aside: &Path) -> Outcome {
    if aside.exists() {
        fs::remove_dir_all(aside).map_err(|error| Failure::new(format!("{}: {error}", aside.display())))?;
    }
    make(aside)
}

async fn fill(aside: &Path, url: Option<&str>, port: u16, audience: &AudienceId) -> Outcome<Credentials> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    SystemRng::new().fill(&mut bytes[..]);
    write_private(&aside.join(DATA_KEY), &format!("{}\n", STANDARD.encode(&bytes[..])))?;
    let engine = Database::of(aside, url).compose(&read_data_key(aside)?).await?.engine;
    if !engine.store().tenants(Page { before: None, limit: 1 }).await?.is_empty() {
        return Err(Failure::new("this PostgreSQL database holds tenants already; give `dev` an empty one"));
    }
    // Dropping the engine closes the database, which folds its write-ahead log into the file.
    let credentials = seed::first(&engine, port, audience).await?;
    Ok(Credentials { database_url: url.map(str::to_owned), ..credentials })
}

fn move_into(from: &Path, to: &Path) -> Outcome {
    // A start that was cut short while moving has moved some already.
    if !from.exists() && to.exists() {
        return Ok(());
    }
    fs::rename(from, to).map_err(|error| Failure::new(format!("{}: {error}", to.display())))
}

/// The data key of a development directory.
pub(crate) fn read_data_key(data: &Path) -> Outcome<DataKey> {
    let path = data.join(DATA_KEY);
    let text = fs::read_to_string(&path).map(Zeroizing::new);
    let text = text.map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))?;
    parse_data_key(&text, &path.display().to_string())
}
