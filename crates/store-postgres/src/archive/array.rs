use intelliauth_store::{
    StoreError, StoreResult,
    archive::{Cell, Kind, Row, Table},
};
use tokio_postgres::types::{ToSql, Type};

use crate::param::Id;

/// The values of one column over many rows: one statement puts all rows, and it has one parameter per column.
/// (`COPY` would be quicker, and is refused where row-level security holds.)
pub(super) enum Array {
    Ids(Vec<Option<Id>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Texts(Vec<Option<String>>),
    Numbers(Vec<Option<i64>>),
    Flags(Vec<Option<bool>>),
}

impl Array {
    fn of(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Id => Self::Ids(Vec::with_capacity(rows)),
            Kind::Bytes => Self::Bytes(Vec::with_capacity(rows)),
            Kind::Text => Self::Texts(Vec::with_capacity(rows)),
            Kind::Number => Self::Numbers(Vec::with_capacity(rows)),
            Kind::Flag => Self::Flags(Vec::with_capacity(rows)),
        }
    }

    pub(super) fn parameter(&self) -> (&(dyn ToSql + Sync), Type) {
        match self {
            Self::Ids(values) => (values, Type::UUID_ARRAY),
            Self::Bytes(values) => (values, Type::BYTEA_ARRAY),
            Self::Texts(values) => (values, Type::TEXT_ARRAY),
            Self::Numbers(values) => (values, Type::INT8_ARRAY),
            Self::Flags(values) => (values, Type::BOOL_ARRAY),
        }
    }

    fn push(&mut self, cell: Cell) -> StoreResult<()> {
        match (self, cell) {
            (Self::Ids(values), Cell::Null) => values.push(None),
            (Self::Bytes(values), Cell::Null) => values.push(None),
            (Self::Texts(values), Cell::Null) => values.push(None),
            (Self::Numbers(values), Cell::Null) => values.push(None),
            (Self::Flags(values), Cell::Null) => values.push(None),
            (Self::Ids(values), Cell::Id(id)) => values.push(Some(Id(id))),
            (Self::Bytes(values), Cell::Bytes(bytes)) => values.push(Some(bytes)),
            (Self::Texts(_), Cell::Text(text)) if text.contains('\0') => {
                return Err(StoreError::Corrupt("a text with U+0000 cannot be stored".to_owned()));
            }
            (Self::Texts(values), Cell::Text(text)) => values.push(Some(text)),
            (Self::Numbers(values), Cell::Number(number)) => values.push(Some(number)),
            (Self::Flags(values), Cell::Flag(flag)) => values.push(Some(flag)),
            _ => return Err(StoreError::Corrupt("a value is of another kind than its column".to_owned())),
        }
        Ok(())
    }
}

/// The columns of these rows.
pub(super) fn turned(table: &Table, rows: Vec<Row>) -> StoreResult<Vec<Array>> {
    let mut arrays: Vec<_> = table.columns.iter().map(|column| Array::of(column.kind, rows.len())).collect();
    for row in rows {
        if row.len() != arrays.len() {
            return Err(StoreError::Corrupt(format!("a row of {} has too few values", table.name)));
        }
        arrays.iter_mut().zip(row).try_for_each(|(array, cell)| array.push(cell))?;
    }
    Ok(arrays)
}
