use intelliauth_store::{
    StoreError, StoreResult,
    archive::{Cell, Column, Kind, Table},
};
use tokio_postgres::{Error, Row};

use crate::param::{Id, Param};

/// The value as a parameter that is compared with a key; keys hold something.
pub(super) fn parameter(cell: &Cell) -> Param {
    match cell {
        Cell::Null => Param::Text(None),
        Cell::Id(id) => Param::Id(*id),
        Cell::Bytes(bytes) => Param::Bytes(bytes.clone()),
        Cell::Text(text) => Param::Text(Some(text.clone())),
        Cell::Number(number) => Param::Number(Some(*number)),
        Cell::Flag(flag) => Param::Flag(*flag),
    }
}

/// The values of a row of this table.
pub(super) fn read(table: &Table, row: &Row) -> StoreResult<Vec<Cell>> {
    let cell = |(index, column): (usize, &Column)| {
        let found = cell(column.kind, row, index).map_err(|_| unreadable(table, column))?;
        match found {
            Some(cell) => Ok(cell),
            None if column.nullable => Ok(Cell::Null),
            None => Err(unreadable(table, column)),
        }
    };
    table.columns.iter().enumerate().map(cell).collect()
}

fn cell(kind: Kind, row: &Row, index: usize) -> Result<Option<Cell>, Error> {
    Ok(match kind {
        Kind::Id => row.try_get::<_, Option<Id>>(index)?.map(|id| Cell::Id(id.0)),
        Kind::Bytes => row.try_get::<_, Option<Vec<u8>>>(index)?.map(Cell::Bytes),
        Kind::Text => row.try_get::<_, Option<String>>(index)?.map(Cell::Text),
        Kind::Number => row.try_get::<_, Option<i64>>(index)?.map(Cell::Number),
        Kind::Flag => row.try_get::<_, Option<bool>>(index)?.map(Cell::Flag),
    })
}

/// What it holds may be personal and is left out.
fn unreadable(table: &Table, column: &Column) -> StoreError {
    let (table, column) = (table.name, column.name);
    StoreError::Corrupt(format!("the column {column} of {table} holds something no release has written"))
}
