//! Private keys, what is published of them, and which published keys count.
#![allow(clippy::unwrap_used, reason = "a test's helpers are test code")]

use intelliauth_jose::{Algorithm, Compact, Jwk, KeyError, SigningKey, b64_encode, sign_compact};
use serde_json::{Value, json};

fn published(algorithm: Algorithm) -> Value {
    SigningKey::generate(algorithm).unwrap().public_jwk().to_value()
}

/// `base` with one member set, or taken away when `value` is `None`.
fn with(base: &Value, name: &str, value: Option<Value>) -> Value {
    let mut jwk = base.clone();
    let members = jwk.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    jwk
}

#[test]
fn a_key_survives_pkcs8_and_stays_the_same_key() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap();
        let again = SigningKey::from_pkcs8(algorithm, &key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.algorithm(), algorithm);
        assert_eq!(again.public_jwk(), key.public_jwk());
        let checker = key.public_jwk().verifying_key().unwrap();
        assert!(checker.verify(b"message", &again.sign(b"message").unwrap()), "{algorithm}");
        assert!(!checker.verify(b"massage", &again.sign(b"message").unwrap()), "{algorithm}");
    }
}

#[test]
fn a_private_key_is_read_for_its_own_algorithm_only() {
    for algorithm in Algorithm::ALL {
        let der = SigningKey::generate(algorithm).unwrap().to_pkcs8().unwrap();
        for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            let refused = SigningKey::from_pkcs8(other, &der).unwrap_err();
            assert_eq!(refused.code(), "unusable_private_key", "{algorithm} as {other}");
        }
        for cut in [0, 1, der.len() / 2, der.len() - 1] {
            assert!(SigningKey::from_pkcs8(algorithm, &der[..cut]).is_err(), "{algorithm} cut at {cut}");
        }
    }
}

#[test]
fn a_private_key_shows_nothing_of_itself() {
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap();
        assert_eq!(format!("{key:?}"), format!("SigningKey({algorithm})"));
        let jwk = key.public_jwk().to_value();
        for secret in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(jwk.get(secret).is_none(), "{algorithm} publishes {secret}");
        }
    }
}

#[test]
fn what_is_published_is_read_back_as_it_was() {
    for algorithm in Algorithm::ALL {
        let jwk = SigningKey::generate(algorithm).unwrap().public_jwk();
        let value = jwk.to_value();
        assert_eq!(value["alg"], algorithm.as_str());
        assert_eq!(value["use"], "sig");
        assert_eq!(value["kid"], jwk.thumbprint());
        assert_eq!(serde_json::to_value(&jwk).unwrap(), value);
        assert_eq!(Jwk::parse(&value).unwrap(), jwk);
    }
}

/// RFC 7518 §3.4 for ECDSA, RFC 8032 for Ed25519, the modulus' length for RSA.
#[test]
fn signatures_have_the_length_of_jws() {
    for (algorithm, length) in [(Algorithm::Rs256, 256), (Algorithm::Es256, 64), (Algorithm::EdDsa, 64)] {
        let key = SigningKey::generate(algorithm).unwrap();
        let checker = key.public_jwk().verifying_key().unwrap();
        let signature = key.sign(b"message").unwrap();
        assert_eq!(signature.len(), length, "{algorithm}");
        let longer = [&signature[..], &[0]].concat();
        let prefixed = [&[0][..], &signature].concat();
        for wrong in [&[][..], &signature[..length - 1], &signature[1..], &longer, &prefixed] {
            assert!(!checker.verify(b"message", wrong), "{algorithm} of {} bytes", wrong.len());
        }
    }
}

#[test]
fn a_signed_token_has_its_header_in_one_order() {
    let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
    let token = sign_compact(&key, "at+jwt", "a \"kid\"", b"{}").unwrap();
    let header = br#"{"alg":"EdDSA","typ":"at+jwt","kid":"a \"kid\""}"#;
    assert_eq!(token.split('.').next().unwrap(), b64_encode(header));
    let jws = Compact::parse(&token).unwrap();
    assert_eq!(jws.header["kid"], "a \"kid\"");
    assert!(jws.payload().unwrap().is_empty());
    let checker = key.public_jwk().verifying_key().unwrap();
    assert!(checker.verify(jws.signing_input.as_bytes(), &jws.signature));
}

#[test]
fn private_and_symmetric_keys_are_not_public_keys() {
    let oct = json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" });
    assert_eq!(Jwk::parse(&oct), Err(KeyError::NotPublic));
    let no_secret = json!({ "kty": "oct" });
    assert_eq!(Jwk::parse(&no_secret), Err(KeyError::NotPublic));
    for algorithm in Algorithm::ALL {
        let base = published(algorithm);
        for secret in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            let jwk = with(&base, secret, Some(json!("AA")));
            assert_eq!(Jwk::parse(&jwk), Err(KeyError::NotPublic), "{algorithm} {secret}");
        }
    }
}

#[test]
fn keys_for_another_purpose_do_not_count() {
    for algorithm in Algorithm::ALL {
        let base = published(algorithm);
        for purpose in [json!("enc"), json!("SIG"), json!(""), json!(null), json!(["sig"])] {
            let jwk = with(&base, "use", Some(purpose.clone()));
            assert_eq!(Jwk::parse(&jwk), Err(KeyError::Unsuitable("use")), "{algorithm} {purpose}");
        }
        for ops in
            [json!(["sign"]), json!([]), json!("verify"), json!(null), json!(["Verify"]), json!([["verify"]])]
        {
            let jwk = with(&base, "key_ops", Some(ops.clone()));
            assert_eq!(Jwk::parse(&jwk), Err(KeyError::Unsuitable("key_ops")), "{algorithm} {ops}");
        }
        for alg in ["RS512", "PS256", "HS256", "none", "es256", "ES384", "Ed25519", ""] {
            let jwk = with(&base, "alg", Some(json!(alg)));
            assert_eq!(Jwk::parse(&jwk), Err(KeyError::Unsuitable("alg")), "{algorithm} {alg}");
        }
        for missing in ["use", "alg", "kid"] {
            assert!(Jwk::parse(&with(&base, missing, None)).is_ok(), "{algorithm} without {missing}");
        }
        assert!(Jwk::parse(&with(&base, "key_ops", Some(json!(["sign", "verify"])))).is_ok());
    }
}

#[test]
fn key_ids_are_short_strings() {
    let base = published(Algorithm::EdDsa);
    for kid in [json!(""), json!(7), json!(null), json!(["a"]), json!("k".repeat(257))] {
        assert_eq!(
            Jwk::parse(&with(&base, "kid", Some(kid.clone()))),
            Err(KeyError::Malformed("kid")),
            "{kid}"
        );
    }
    assert!(Jwk::parse(&with(&base, "kid", Some(json!("k".repeat(256))))).is_ok());
}

#[test]
fn curves_and_kinds_off_the_list_do_not_count() {
    let (ec, ed, rsa) =
        (published(Algorithm::Es256), published(Algorithm::EdDsa), published(Algorithm::Rs256));
    for crv in ["P-384", "P-521", "secp256k1", "p-256", "Ed25519", ""] {
        assert_eq!(
            Jwk::parse(&with(&ec, "crv", Some(json!(crv)))),
            Err(KeyError::Unsuitable("crv")),
            "{crv}"
        );
    }
    for crv in ["Ed448", "X25519", "P-256"] {
        assert_eq!(
            Jwk::parse(&with(&ed, "crv", Some(json!(crv)))),
            Err(KeyError::Unsuitable("crv")),
            "{crv}"
        );
    }
    for kty in ["rsa", "EC2", ""] {
        assert_eq!(
            Jwk::parse(&with(&rsa, "kty", Some(json!(kty)))),
            Err(KeyError::Unsuitable("kty")),
            "{kty}"
        );
    }
    assert_eq!(Jwk::parse(&with(&rsa, "kty", Some(json!("EC")))), Err(KeyError::Unsuitable("crv")));
    assert_eq!(Jwk::parse(&with(&ec, "kty", Some(json!("RSA")))), Err(KeyError::Malformed("n")));
}

/// Invalid-curve attacks begin with numbers that are no key.
#[test]
fn numbers_that_are_no_key_are_refused() {
    let ec = published(Algorithm::Es256);
    let short = b64_encode(&[1; 31]);
    let long = b64_encode(&[1; 33]);
    for name in ["x", "y"] {
        for wrong in [json!(short), json!(long), json!(""), json!(7), json!(null), json!("AA==")] {
            let jwk = with(&ec, name, Some(wrong.clone()));
            assert_eq!(Jwk::parse(&jwk), Err(KeyError::Malformed(name)), "{name} {wrong}");
        }
    }
    for point in [[0_u8; 32], [255; 32]] {
        let jwk =
            with(&with(&ec, "x", Some(json!(b64_encode(&point)))), "y", Some(json!(b64_encode(&point))));
        assert!(Jwk::parse(&jwk).unwrap().verifying_key().is_err(), "a point off the curve");
    }
    for value in [json!([]), json!("jwk"), json!(null), json!({})] {
        assert!(Jwk::parse(&value).is_err(), "{value}");
    }
}

#[test]
fn rsa_keys_have_a_sound_size_and_exponent() {
    let rsa = published(Algorithm::Rs256);
    let odd_modulus = |bytes: usize| {
        let mut modulus = vec![0xff; bytes];
        modulus[bytes - 1] = 1;
        json!(b64_encode(&modulus))
    };
    for bytes in [64, 128, 255, 1025] {
        let jwk = with(&rsa, "n", Some(odd_modulus(bytes)));
        assert_eq!(Jwk::parse(&jwk), Err(KeyError::Unsuitable("RSA modulus size")), "{bytes} bytes");
    }
    let mut bits_2047 = vec![0xff; 256];
    bits_2047[0] = 0x7f;
    let jwk = with(&rsa, "n", Some(json!(b64_encode(&bits_2047))));
    assert_eq!(Jwk::parse(&jwk), Err(KeyError::Unsuitable("RSA modulus size")), "2047 bits");
    let jwk = with(&rsa, "n", Some(json!(b64_encode(&[vec![0], vec![0xff; 256]].concat()))));
    assert_eq!(Jwk::parse(&jwk), Err(KeyError::Malformed("n")), "a leading zero");
    for e in [&[1][..], &[2], &[0], &[], &[0, 3], &[1, 0, 0], &[1, 0, 0, 0, 1]] {
        let jwk = with(&rsa, "e", Some(json!(b64_encode(e))));
        assert!(Jwk::parse(&jwk).is_err(), "exponent {e:?}");
    }
    assert!(Jwk::parse(&with(&rsa, "e", Some(json!("Aw")))).is_ok(), "exponent 3");
}
