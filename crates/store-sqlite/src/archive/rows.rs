use intelliauth_model::TenantId;
use intelliauth_store::{
    StoreResult,
    archive::{Cell, Row, Table},
};
use rusqlite::{Connection, params_from_iter};

use super::cells::{Parameter, read};
use crate::error::store_error;

fn places(count: usize) -> String {
    vec!["?"; count].join(", ")
}

fn whose(tenant: Option<TenantId>) -> Option<Cell> {
    tenant.map(|tenant| Cell::Id(tenant.to_bytes()))
}

pub(super) fn count(connection: &Connection, table: &Table, tenant: Option<TenantId>) -> StoreResult<u64> {
    let mut sql = format!("SELECT count(*) FROM {}", table.name);
    if tenant.is_some() {
        sql.push_str(" WHERE tenant_id = ?");
    }
    let tenant = whose(tenant);
    let count: i64 = connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_row(params_from_iter(tenant.iter().map(Parameter)), |row| row.get(0))
        })
        .map_err(store_error)?;
    Ok(count.unsigned_abs())
}

/// Rows of a table in the order of its key, those after `after`.
pub(super) fn after(
    connection: &Connection,
    table: &Table,
    tenant: Option<TenantId>,
    after: Option<&Row>,
    limit: u32,
) -> StoreResult<Vec<Row>> {
    let mut conditions = Vec::new();
    if tenant.is_some() {
        conditions.push("tenant_id = ?".to_owned());
    }
    let order = table.names(table.order());
    if after.is_some() {
        conditions.push(format!("({order}) > ({})", places(table.order().len())));
    }
    let condition =
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    let columns = table.names(0..table.columns.len());
    let sql = format!("SELECT {columns} FROM {}{condition} ORDER BY {order} LIMIT {limit}", table.name);
    let tenant = whose(tenant);
    let cells = tenant.iter().chain(after.and_then(|row| row.get(table.order())).unwrap_or_default());
    let mut statement = connection.prepare_cached(&sql).map_err(store_error)?;
    let mut found = statement.query(params_from_iter(cells.map(Parameter))).map_err(store_error)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(store_error)? {
        rows.push(read(table, row)?);
    }
    Ok(rows)
}

pub(super) fn insert(connection: &Connection, table: &Table, rows: &[Row]) -> StoreResult<()> {
    let columns = table.columns.len();
    let sql =
        format!("INSERT INTO {} ({}) VALUES ({})", table.name, table.names(0..columns), places(columns));
    let mut statement = connection.prepare_cached(&sql).map_err(store_error)?;
    for row in rows {
        statement.execute(params_from_iter(row.iter().map(Parameter))).map_err(store_error)?;
    }
    Ok(())
}
