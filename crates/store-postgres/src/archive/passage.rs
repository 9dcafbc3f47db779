use intelliauth_model::TenantId;
use intelliauth_store::{
    StoreError, StoreResult,
    archive::{Row, TABLES, Table},
};
use tokio_postgres::Client;

use super::{array, cells};
use crate::{
    OpenError, Options, connection,
    endpoint::Endpoint,
    error::Failure,
    migrate,
    param::{Param, params},
    pipeline,
};

/// The name under which a move is seen in `pg_stat_activity`.
const NAME: &str = "intelliauth-move";

/// One transaction on a connection of its own, from the first row to the last. When the connection ends before
/// the commit, for whatever cause, the server undoes everything.
pub(super) struct Passage {
    client: Client,
    inside: Option<TenantId>,
}

fn store_error(error: tokio_postgres::Error) -> StoreError {
    Failure::from(error).error
}

impl Passage {
    /// Opens a connection and begins, with `lock` on every table before anything is read. A copy takes as long as
    /// it takes, so the limits that nodes put on themselves are lifted; but where this machine goes away, the server
    /// notices and lets go of the tables.
    pub(super) async fn begin(
        url: &str,
        options: &Options,
        isolation: &str,
        lock: &str,
    ) -> Result<Self, OpenError> {
        let mut endpoint = Endpoint::parse(url, options)?;
        endpoint.config.application_name(NAME);
        let client = migrate::look_at(&endpoint, options).await?;
        let tables: Vec<_> = TABLES.iter().map(|table| table.name).chain(["nodes"]).collect();
        let script = format!(
            "BEGIN ISOLATION LEVEL {isolation}; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s';
             SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL tcp_keepalives_idle = 30;
             SET LOCAL tcp_keepalives_interval = 10; SET LOCAL tcp_keepalives_count = 3;
             SET LOCAL intelliauth.tenant = '';
             LOCK TABLE {} IN {lock} MODE",
            tables.join(", ")
        );
        let begun = client.batch_execute(&script).await;
        begun.map_err(|error| OpenError::Unsuitable(store_error(error).to_string()))?;
        Ok(Self { client, inside: None })
    }

    /// How many nodes serve on this database. None can begin to before this ends: it would have to say so first.
    pub(super) async fn nodes(&mut self) -> StoreResult<i64> {
        const SQL: &str = "SELECT count(*) FROM nodes WHERE seen_until > clock_timestamp()";
        self.number(SQL.to_owned(), None, Vec::new()).await
    }

    pub(super) async fn count(&mut self, table: &Table, tenant: Option<TenantId>) -> StoreResult<u64> {
        let mut sql = format!("SELECT count(*) FROM {}", table.name);
        let params = whose(tenant);
        if tenant.is_some() {
            sql.push_str(" WHERE tenant_id = $1");
        }
        Ok(self.number(sql, tenant, params).await?.unsigned_abs())
    }

    async fn number(
        &mut self,
        sql: String,
        tenant: Option<TenantId>,
        params: Vec<Param>,
    ) -> StoreResult<i64> {
        let rows = self.ask(&sql, tenant, &params).await?;
        let number = rows.first().and_then(|row| row.try_get(0).ok());
        number.ok_or_else(|| StoreError::Corrupt("a count has no number".to_owned()))
    }

    /// Rows of a table in the order of its key, those after `after`.
    pub(super) async fn rows(
        &mut self,
        table: &Table,
        tenant: Option<TenantId>,
        after: Option<&Row>,
        limit: u32,
    ) -> StoreResult<Vec<Row>> {
        let mut params = whose(tenant);
        let mut conditions = Vec::new();
        if tenant.is_some() {
            conditions.push("tenant_id = $1".to_owned());
        }
        let order = table.names(table.order());
        if let Some(after) = after.and_then(|row| row.get(table.order())) {
            let first = params.len() + 1;
            let places: Vec<_> = (first..first + after.len()).map(|place| format!("${place}")).collect();
            params.extend(after.iter().map(cells::parameter));
            conditions.push(format!("({order}) > ({})", places.join(", ")));
        }
        let condition = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conditions.join(" AND "))
        };
        let columns = table.names(0..table.columns.len());
        let sql = format!("SELECT {columns} FROM {}{condition} ORDER BY {order} LIMIT {limit}", table.name);
        let found = self.ask(&sql, tenant, &params).await?;
        found.iter().map(|row| cells::read(table, row)).collect()
    }

    pub(super) async fn put(
        &mut self,
        table: &Table,
        tenant: Option<TenantId>,
        rows: Vec<Row>,
    ) -> StoreResult<()> {
        let sent = rows.len();
        let arrays = array::turned(table, rows)?;
        let places: Vec<_> = (1..=arrays.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) SELECT * FROM unnest({})",
            table.name,
            table.names(0..table.columns.len()),
            places.join(", ")
        );
        self.enter(tenant).await?;
        let params: Vec<_> = arrays.iter().map(array::Array::parameter).collect();
        let stored = self.client.execute_typed(&sql, &params).await.map_err(store_error)?;
        if usize::try_from(stored).is_ok_and(|stored| stored == sent) {
            return Ok(());
        }
        Err(StoreError::Corrupt(format!("of {sent} rows of {} {stored} were stored", table.name)))
    }

    pub(super) async fn commit(self) -> StoreResult<()> {
        self.client.batch_execute("COMMIT").await.map_err(store_error)
    }

    /// Asks inside the tenant's fence; entering it costs no round trip of its own.
    async fn ask(
        &mut self,
        sql: &str,
        tenant: Option<TenantId>,
        params: &[Param],
    ) -> StoreResult<Vec<tokio_postgres::Row>> {
        let (fence_sql, fence_params) = fence(tenant);
        let mut requests = Vec::new();
        if tenant != self.inside {
            requests.push(pipeline::rows(&self.client, fence_sql, &fence_params));
        }
        requests.push(pipeline::rows(&self.client, sql, params));
        let mut rows = Vec::new();
        for answer in pipeline::all(requests).await {
            rows = answer.map_err(store_error)?.rows;
        }
        self.inside = tenant;
        Ok(rows)
    }

    async fn enter(&mut self, tenant: Option<TenantId>) -> StoreResult<()> {
        if tenant != self.inside {
            let (sql, params) = fence(tenant);
            pipeline::rows(&self.client, sql, &params).await.map_err(store_error)?;
            self.inside = tenant;
        }
        Ok(())
    }
}

fn fence(tenant: Option<TenantId>) -> (&'static str, Vec<Param>) {
    let id = tenant.map(|tenant| connection::hex(tenant.to_bytes())).unwrap_or_default();
    ("SELECT set_config('intelliauth.tenant', $1, true)", params![id])
}

fn whose(tenant: Option<TenantId>) -> Vec<Param> {
    tenant.map(|tenant| Param::Id(tenant.to_bytes())).into_iter().collect()
}
