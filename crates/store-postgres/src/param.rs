use std::error::Error;

use bytes::BytesMut;
use intelliauth_model::Timestamp;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// A value in a statement. Owned, so that a statement can outlive its caller; typed, so that it needs no round
/// trip in which the server tells its types.
#[derive(Debug)]
pub(crate) enum Param {
    Id([u8; 16]),
    Bytes(Vec<u8>),
    Text(Option<String>),
    Number(Option<i64>),
    Flag(bool),
}

impl Param {
    pub(crate) fn kind(&self) -> Type {
        match self {
            Self::Id(_) => Type::UUID,
            Self::Bytes(_) => Type::BYTEA,
            Self::Text(_) => Type::TEXT,
            Self::Number(_) => Type::INT8,
            Self::Flag(_) => Type::BOOL,
        }
    }

    /// Whether PostgreSQL can hold it: no text has U+0000 there.
    pub(crate) fn is_storable(&self) -> bool {
        !matches!(self, Self::Text(Some(text)) if text.contains('\0'))
    }
}

impl ToSql for Param {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Id(id) => {
                out.extend_from_slice(id);
                Ok(IsNull::No)
            }
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Number(number) => number.to_sql(kind, out),
            Self::Flag(flag) => flag.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::UUID, Type::BYTEA, Type::TEXT, Type::INT8, Type::BOOL].contains(kind)
    }

    to_sql_checked!();
}

macro_rules! from {
    ($($type:ty: $value:ident => $param:expr;)*) => {
        $(impl From<$type> for Param {
            fn from($value: $type) -> Self {
                $param
            }
        })*
    };
}

from! {
    [u8; 16]: id => Self::Id(id);
    [u8; 32]: hash => Self::Bytes(hash.to_vec());
    &[u8]: bytes => Self::Bytes(bytes.to_vec());
    &str: text => Self::Text(Some(text.to_owned()));
    String: text => Self::Text(Some(text));
    Option<String>: text => Self::Text(text);
    i64: number => Self::Number(Some(number));
    u32: number => Self::Number(Some(i64::from(number)));
    Timestamp: moment => Self::Number(Some(moment.0));
    Option<Timestamp>: moment => Self::Number(moment.map(|moment| moment.0));
    bool: flag => Self::Flag(flag);
}

/// The parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        vec![$(crate::param::Param::from($value)),*]
    };
}
pub(crate) use params;

/// A `uuid` column, which is the 16 bytes of an identifier.
#[derive(Debug)]
pub(crate) struct Id(pub(crate) [u8; 16]);

impl<'a> FromSql<'a> for Id {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw.try_into()?))
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::UUID
    }
}

impl ToSql for Id {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::UUID
    }

    to_sql_checked!();
}
