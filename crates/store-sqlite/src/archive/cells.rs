use intelliauth_store::{
    StoreError, StoreResult,
    archive::{Cell, Column, Kind, Table},
};
use rusqlite::{
    Row, ToSql,
    types::{FromSqlError, Null, ToSqlOutput, Value, ValueRef},
};

/// A value as a parameter.
pub(super) struct Parameter<'a>(pub(super) &'a Cell);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self.0 {
            Cell::Null => Null.to_sql().map(|_| ToSqlOutput::Owned(Value::Null)),
            Cell::Id(id) => Ok(ToSqlOutput::Borrowed(ValueRef::Blob(id))),
            Cell::Bytes(bytes) => bytes.to_sql(),
            Cell::Text(text) => text.to_sql(),
            Cell::Number(number) => number.to_sql(),
            Cell::Flag(flag) => flag.to_sql(),
        }
    }
}

/// The values of a row of this table.
pub(super) fn read(table: &Table, row: &Row<'_>) -> StoreResult<Vec<Cell>> {
    let cell = |(index, column): (usize, &Column)| {
        let value = row.get_ref(index).map_err(|_| unreadable(table, column))?;
        cell(column, value).map_err(|_| unreadable(table, column))
    };
    table.columns.iter().enumerate().map(cell).collect()
}

fn cell(column: &Column, value: ValueRef<'_>) -> Result<Cell, FromSqlError> {
    if value == ValueRef::Null && column.nullable {
        return Ok(Cell::Null);
    }
    Ok(match column.kind {
        Kind::Id => Cell::Id(value.as_blob()?.try_into().map_err(|_| FromSqlError::InvalidType)?),
        Kind::Bytes => Cell::Bytes(value.as_blob()?.to_vec()),
        Kind::Text => Cell::Text(value.as_str()?.to_owned()),
        Kind::Number => Cell::Number(value.as_i64()?),
        Kind::Flag => match value.as_i64()? {
            0 => Cell::Flag(false),
            1 => Cell::Flag(true),
            other => return Err(FromSqlError::OutOfRange(other)),
        },
    })
}

/// What it holds may be personal and is left out.
fn unreadable(table: &Table, column: &Column) -> StoreError {
    let (table, column) = (table.name, column.name);
    StoreError::Corrupt(format!("the column {column} of {table} holds something no release has written"))
}
