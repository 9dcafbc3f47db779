use std::fmt;

use serde::{
    Deserializer as _,
    de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// Bounds on a JSON object from a stranger.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest text in bytes.
    pub bytes: usize,
    /// Deepest nesting; the object itself is 1.
    pub depth: usize,
}

impl Limits {
    /// What a token's header or payload may be.
    pub const TOKEN: Self = Self { bytes: 16 * 1024, depth: 16 };
    /// What a JWKS may be.
    pub const JWKS: Self = Self { bytes: 256 * 1024, depth: 16 };
    /// What a revocation feed may be.
    pub const FEED: Self = Self { bytes: 16 * 1024 * 1024, depth: 16 };
}

/// A text that is not one JSON object within the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Longer than the limit.
    #[error("the JSON text is too long")]
    TooLong,
    /// Not UTF-8, not JSON, not an object, too deep, a member name twice, or something after it.
    #[error("not one strict JSON object")]
    NotStrict,
}

/// Reads one JSON object and nothing after it. Member names that come twice are refused at every depth:
/// parsers differ in which one they take, and a checker and a user of a token must not (RFC 7515 §4).
pub fn parse_object(bytes: &[u8], limits: Limits) -> Result<Map<String, Value>, JsonError> {
    if bytes.len() > limits.bytes {
        return Err(JsonError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| JsonError::NotStrict)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let object =
        deserializer.deserialize_map(Strict { depth: limits.depth }).map_err(|_| JsonError::NotStrict)?;
    deserializer.end().map_err(|_| JsonError::NotStrict)?;
    match object {
        Value::Object(map) => Ok(map),
        _ => Err(JsonError::NotStrict),
    }
}

/// Builds a value, one level less deep with each nesting.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        self.depth.checked_sub(1).map(|depth| Self { depth }).ok_or_else(|| E::custom("too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("strict JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(inner)?;
            if map.insert(name, value).is_some() {
                return Err(A::Error::custom("a member name comes twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits { bytes: 64, depth: 3 };

    #[test]
    fn strict_objects_only() {
        assert!(parse_object(br#" {"a":[1,{"b":null}]} "#, SMALL).is_ok());
        for text in [
            "",
            "[]",
            "1",
            "null",
            "{}x",
            "{} {}",
            r#"{"a":1,"a":1}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":1,}"#,
            "{'a':1}",
            r#"{"a":[[[1]]]}"#,
            r#"{"a":NaN}"#,
            r#"{"a":1e999}"#,
            "\u{feff}{}",
            r#"{"a":01}"#,
            r#"{"a":"\ud800"}"#,
        ] {
            assert_eq!(parse_object(text.as_bytes(), SMALL), Err(JsonError::NotStrict), "{text}");
        }
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}", SMALL), Err(JsonError::NotStrict));
        assert_eq!(parse_object(&[b' '; 65], SMALL), Err(JsonError::TooLong));
    }
}
