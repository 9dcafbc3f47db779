//! Several writers on one file, some of which die. The other process is this test program itself, started
//! again to run nothing but [`write_from_another_process`].
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use intelliauth_model::SingleUseKind;
use intelliauth_store::exam::fixtures::{
    ALL, NOW, audience, event, hash, job, lease, open_one, put, revocation, single_use, tenant, user, user_id,
};
use intelliauth_store::{Page, PlatformTx, PlatformWrite, Store, TenantStore, TenantWrite, UserFilter};
use intelliauth_store_sqlite::{Options, SqliteStore};
use tempfile::tempdir;
use tokio::task::JoinSet;

const FILE: &str = "INTELLIAUTH_TEST_STORE";
const FIRST: &str = "INTELLIAUTH_TEST_FIRST";
const COUNT: &str = "INTELLIAUTH_TEST_COUNT";
const CODE: SingleUseKind = SingleUseKind::AuthorizationCode;
const EVERYTHING: Page = Page { before: None, limit: u32::MAX };

fn open(path: &Path) -> Arc<dyn Store> {
    SqliteStore::open(path, Options::default()).unwrap()
}

/// Spends code `n` and writes a user, a revocation and an event with it.
async fn spend(tenant: &Arc<dyn TenantStore>, n: u64) {
    let writes = [
        TenantWrite::ConsumeSingleUse { kind: CODE, hash: hash(n), now: NOW },
        TenantWrite::InsertUser(Box::new(user(n))),
        TenantWrite::AppendRevocation(revocation(n)),
        TenantWrite::AppendEvent(Box::new(event(n))),
    ];
    put(tenant, writes).await.unwrap();
}

async fn issue(tenant: &Arc<dyn TenantStore>, numbers: std::ops::Range<u64>) {
    let codes = numbers.map(|n| TenantWrite::InsertSingleUse(Box::new(single_use(n, CODE))));
    put(tenant, codes).await.unwrap();
}

/// Spends every code in `numbers`, eight at a time; `acknowledged` is told of each that is done.
async fn storm(tenant: &Arc<dyn TenantStore>, numbers: std::ops::Range<u64>, acknowledged: fn(u64)) {
    let mut tasks = JoinSet::new();
    for lane in 0..8 {
        let (tenant, numbers) = (Arc::clone(tenant), numbers.clone());
        tasks.spawn(async move {
            for n in numbers.filter(|n| n % 8 == lane) {
                spend(&tenant, n).await;
                acknowledged(n);
            }
        });
    }
    tasks.join_all().await;
}

/// No test, but the other process: says on its standard output what has been acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other process of the tests in this file"]
async fn write_from_another_process() {
    let Ok(path) = env::var(FILE) else { return };
    let number = |name| env::var(name).unwrap().parse::<u64>().unwrap();
    let (first, count) = (number(FIRST), number(COUNT));
    let tenant = open(Path::new(&path)).scoped(tenant(1).id);
    storm(&tenant, first..first + count, |n| {
        writeln!(std::io::stdout(), "acknowledged {n}").unwrap();
    })
    .await;
}

fn start(path: &Path, first: u64, count: u64) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "write_from_another_process"])
        .envs([(FIRST, first.to_string()), (COUNT, count.to_string())])
        .env(FILE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the child has acknowledged; it is killed, as by a power cut, once that is `enough`.
fn acknowledged(child: &mut Child, enough: usize) -> BTreeSet<u64> {
    let mut numbers = BTreeSet::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        // The test runner prints lines of its own, and ends none of ours.
        if let Some((_, number)) = line.unwrap().split_once("acknowledged ") {
            numbers.insert(number.parse().unwrap());
        }
        if numbers.len() == enough {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    numbers
}

/// Everything acknowledged is there, and whatever is there is there whole.
async fn examine(tenant: &Arc<dyn TenantStore>, issued: std::ops::Range<u64>, acknowledged: &BTreeSet<u64>) {
    let users = tenant.users(&UserFilter::default(), EVERYTHING).await.unwrap();
    let there: BTreeSet<_> = users.iter().map(|user| user.id).collect();
    for n in acknowledged {
        assert!(there.contains(&user_id(*n)), "user {n} was acknowledged and is lost");
    }
    for n in issued {
        let unspent = tenant.single_use(CODE, &hash(n)).await.unwrap().is_some();
        assert_ne!(unspent, there.contains(&user_id(n)), "code {n} and user {n} disagree");
    }
    let log = tenant.revocations_after(0, u32::MAX).await.unwrap();
    let head = i64::try_from(there.len()).unwrap();
    assert_eq!(log.iter().map(|line| line.seq).collect::<Vec<_>>(), (1..=head).collect::<Vec<_>>());
    assert_eq!(tenant.versions().await.unwrap().revocations, head);
    let revoked: BTreeSet<_> = log.iter().map(|line| line.entry.id_hash).collect();
    assert_eq!(revoked, there.iter().map(|id| id.to_bytes()).collect());
    let events = tenant.events(EVERYTHING).await.unwrap();
    assert_eq!(events.iter().map(|event| event.id.to_bytes()).collect::<BTreeSet<_>>(), revoked);
}

#[tokio::test]
async fn a_kill_in_a_write_storm_loses_nothing_acknowledged() {
    const ROUNDS: u64 = 50;
    const CODES: u64 = 600;
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    open_one(&open(&path)).await;
    let mut known = BTreeSet::new();
    for round in 0..ROUNDS {
        let issued = round * CODES..(round + 1) * CODES;
        issue(&open(&path).scoped(tenant(1).id), issued.clone()).await;
        let mut child = start(&path, round * CODES, CODES);
        let enough = 1 + usize::try_from(round * 57 % 200).unwrap();
        let told = acknowledged(&mut child, enough);
        assert!(told.len() >= enough, "the child ended too soon: {}", told.len());
        known.extend(told);
        let store = open(&path);
        store.ping().await.unwrap();
        examine(&store.scoped(tenant(1).id), issued, &known).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_write_at_once() {
    const EACH: u64 = 300;
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store = open(&path);
    let scoped = open_one(&store).await;
    issue(&scoped, 0..2 * EACH).await;
    let mut child = start(&path, EACH, EACH);
    let told = tokio::task::spawn_blocking(move || acknowledged(&mut child, usize::MAX));
    storm(&scoped, 0..EACH, |_| ()).await;
    let told = told.await.unwrap();
    assert_eq!(told, (EACH..2 * EACH).collect());
    examine(&scoped, 0..2 * EACH, &(0..2 * EACH).collect()).await;
}

/// A second handle stands for the command line: what it writes the first sees at once, and the other way.
#[tokio::test]
async fn two_handles_see_each_others_writes() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let (server, tool) = (open(&path), open(&path));
    let here = open_one(&server).await;
    let there = tool.scoped(here.id());
    for n in 0..20 {
        let (writer, reader) = if n % 2 == 0 { (&here, &there) } else { (&there, &here) };
        let before = reader.versions().await.unwrap().configuration;
        put(writer, [TenantWrite::AppendRevocation(revocation(n))]).await.unwrap();
        put(writer, [TenantWrite::InsertUser(Box::new(user(n)))]).await.unwrap();
        assert_eq!(reader.versions().await.unwrap().configuration, before, "neither is configuration");
        put(writer, [TenantWrite::InsertAudience(Box::new(audience(n)))]).await.unwrap();
        assert!(reader.versions().await.unwrap().configuration > before, "caches are told");
        assert_eq!(reader.user(user_id(n)).await.unwrap(), Some(user(n)));
        assert_eq!(reader.users(&UserFilter::default(), ALL).await.unwrap()[0], user(n));
        assert_eq!(reader.versions().await.unwrap().revocations, i64::try_from(n).unwrap() + 1);
    }
    assert!(matches!(
        put(&there, [TenantWrite::InsertUser(Box::new(user(0)))]).await,
        Err(intelliauth_store::StoreError::Conflict(_))
    ));
}

/// A newer release on the same file has work of its own, and this one goes on with what it knows.
#[tokio::test]
async fn bug_work_of_a_newer_release_stopped_all_work() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("store.db");
    let store = open(&path);
    let tenant = open_one(&store).await;
    let newer = "INSERT INTO jobs SELECT id, 'send_mail', '', 0, NULL, NULL, 0 FROM tenants";
    rusqlite::Connection::open(&path).unwrap().execute_batch(newer).unwrap();
    assert_eq!(store.next_job_at().await.unwrap(), None);
    put(&tenant, [TenantWrite::ScheduleJob { name: job(1), at: NOW }]).await.unwrap();
    let take = PlatformWrite::LeaseJobs { lease: lease(1), now: NOW, until: NOW, limit: 10 };
    let taken = store.commit(PlatformTx::new().with(take)).await.unwrap().leased;
    assert_eq!(taken.len(), 1);
    assert_eq!(tenant.jobs().await.unwrap().len(), 1);
}
