use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::{Algorithm, KeyError, VerifyingKey, b64};

const MIN_RSA_BITS: usize = 2048;
const MAX_RSA_BITS: usize = 8192;
const MAX_KID_BYTES: usize = 256;
/// Members that only private and symmetric keys have (RFC 7518 §6).
const SECRET_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key (RFC 7517) that can check signatures of exactly one algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    /// Key id.
    pub kid: Option<String>,
    /// What it checks: `alg` if the JWK says it, else what its kind and curve leave.
    pub algorithm: Option<Algorithm>,
    material: Material,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256 { x: Vec<u8>, y: Vec<u8> },
    Ed25519 { x: Vec<u8> },
}

impl Jwk {
    pub(crate) fn of(material: Material) -> Self {
        let mut jwk = Self { kid: None, algorithm: Some(material.algorithm()), material };
        jwk.kid = Some(jwk.thumbprint());
        jwk
    }

    /// Reads a public JWK. Keys that are not for checking signatures (`use`, `key_ops`), of another kind,
    /// curve or size, or whose `alg` is another's, are refused: one key, one algorithm.
    pub fn parse(value: &Value) -> Result<Self, KeyError> {
        let map = value.as_object().ok_or(KeyError::Malformed("object"))?;
        if SECRET_MEMBERS.iter().any(|name| map.contains_key(*name)) {
            return Err(KeyError::NotPublic);
        }
        let kid = match map.get("kid") {
            None => None,
            Some(Value::String(kid)) if (1..=MAX_KID_BYTES).contains(&kid.len()) => Some(kid.clone()),
            Some(_) => return Err(KeyError::Malformed("kid")),
        };
        check_purpose(map)?;
        let material = Material::parse(map)?;
        match map.get("alg") {
            None => {}
            Some(Value::String(alg)) if alg == material.algorithm().as_str() => {}
            Some(_) => return Err(KeyError::Unsuitable("alg")),
        }
        Ok(Self { kid, algorithm: Some(material.algorithm()), material })
    }

    /// The JWK as JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = self.material.to_value();
        if let Value::Object(map) = &mut value {
            if let Some(kid) = &self.kid {
                map.insert("kid".to_owned(), json!(kid));
            }
            map.insert("use".to_owned(), json!("sig"));
            map.insert("alg".to_owned(), json!(self.material.algorithm().as_str()));
        }
        value
    }

    /// RFC 7638 thumbprint, SHA-256.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        // The members required, in lexicographic order without white space (§3.2): the map sorts them.
        let text = self.material.to_value().to_string();
        b64::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref())
    }

    /// The key, ready to check signatures.
    pub fn verifying_key(&self) -> Result<VerifyingKey, KeyError> {
        VerifyingKey::new(&self.material)
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

fn check_purpose(map: &Map<String, Value>) -> Result<(), KeyError> {
    if map.get("use").is_some_and(|purpose| purpose != "sig") {
        return Err(KeyError::Unsuitable("use"));
    }
    match map.get("key_ops") {
        None => Ok(()),
        Some(Value::Array(operations)) if operations.iter().any(|operation| operation == "verify") => Ok(()),
        Some(_) => Err(KeyError::Unsuitable("key_ops")),
    }
}

impl Material {
    pub(crate) const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::Rs256,
            Self::P256 { .. } => Algorithm::Es256,
            Self::Ed25519 { .. } => Algorithm::EdDsa,
        }
    }

    fn parse(map: &Map<String, Value>) -> Result<Self, KeyError> {
        let bytes = |name: &'static str| {
            let text = map.get(name).and_then(Value::as_str).ok_or(KeyError::Malformed(name))?;
            b64::decode(text).map_err(|_| KeyError::Malformed(name))
        };
        let coordinate = |name: &'static str| {
            let value = bytes(name)?;
            if value.len() == 32 { Ok(value) } else { Err(KeyError::Malformed(name)) }
        };
        let text = |name: &str| map.get(name).and_then(Value::as_str);
        match (text("kty"), text("crv")) {
            (Some("RSA"), _) => rsa(bytes("n")?, bytes("e")?),
            (Some("EC"), Some("P-256")) => Ok(Self::P256 { x: coordinate("x")?, y: coordinate("y")? }),
            (Some("OKP"), Some("Ed25519")) => Ok(Self::Ed25519 { x: coordinate("x")? }),
            (Some("oct"), _) => Err(KeyError::NotPublic),
            (Some("EC" | "OKP"), _) => Err(KeyError::Unsuitable("crv")),
            _ => Err(KeyError::Unsuitable("kty")),
        }
    }

    fn to_value(&self) -> Value {
        let text = |bytes: &[u8]| b64::encode(bytes);
        match self {
            Self::Rsa { n, e } => json!({ "e": text(e), "kty": "RSA", "n": text(n) }),
            Self::P256 { x, y } => json!({ "crv": "P-256", "kty": "EC", "x": text(x), "y": text(y) }),
            Self::Ed25519 { x } => json!({ "crv": "Ed25519", "kty": "OKP", "x": text(x) }),
        }
    }
}

/// An RSA key of a size that is neither breakable nor a way to burn the CPU, with a sound exponent.
fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Material, KeyError> {
    // RFC 7518 §6.3.1.1: no leading zero octet.
    if n.first().is_none_or(|byte| *byte == 0) {
        return Err(KeyError::Malformed("n"));
    }
    let bits = n.len() * 8 - n.first().map_or(0, |byte| byte.leading_zeros() as usize);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(KeyError::Unsuitable("RSA modulus size"));
    }
    let odd = |bytes: &[u8]| bytes.last().is_some_and(|byte| byte & 1 == 1);
    let exponent_sound = e.first().is_some_and(|byte| *byte != 0) && e.len() <= 4 && odd(&e) && e != [1];
    if !exponent_sound || !odd(&n) {
        return Err(KeyError::Unsuitable("RSA exponent or modulus"));
    }
    Ok(Material::Rsa { n, e })
}
