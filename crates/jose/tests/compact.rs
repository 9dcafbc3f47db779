//! The shape of a token: three parts, one spelling, bounded.

use intelliauth_jose::{Compact, CompactError, MAX_TOKEN_BYTES, b64_encode};

const HEADER: &str = "e30";

fn error(token: &str) -> Option<CompactError> {
    Compact::parse(token).err()
}

#[test]
fn exactly_three_parts_with_something_in_each() {
    assert_eq!(error("e30.e30.AA"), None);
    for token in [
        "",
        ".",
        "..",
        "e30",
        "e30.e30",
        "e30.e30.",
        ".e30.AA",
        "e30..AA",
        "e30.e30.AA.",
        "e30.e30.AA.AA",
        "e30.e30.AA.AA.AA",
        ".e30.e30.AA",
    ] {
        assert_eq!(error(token), Some(CompactError::NotThreeParts), "{token:?}");
    }
}

#[test]
fn one_spelling_of_each_part() {
    for (header, signature) in [
        ("e30=", "AA"),
        ("e31", "AA"),
        (" e30", "AA"),
        ("e30", "AA=="),
        ("e30", "AB"),
        ("e30", "A"),
        ("e30", "A+"),
        ("e30", "AA\n"),
        ("e30", "A A"),
        ("e30", "AÄ"),
        ("e30", "AA\0"),
        ("e30", "AA%3D"),
    ] {
        assert_eq!(
            error(&format!("{header}.e30.{signature}")),
            Some(CompactError::NotCanonical),
            "{header} {signature}"
        );
    }
    for payload in ["e30=", "e31", "e3 0", "e30\n", "e+0"] {
        let token = format!("{HEADER}.{payload}.AA");
        let payload = Compact::parse(&token).and_then(|jws| jws.payload());
        assert_eq!(payload.unwrap_err(), CompactError::NotCanonical, "{token}");
    }
}

#[test]
fn header_and_payload_are_strict_objects() {
    let texts: [&[u8]; 9] = [
        b"[]",
        b"null",
        b"1",
        b"{}{}",
        b"{\"a\":1,\"a\":1}",
        b"\xef\xbb\xbf{}",
        b"{\"a\":\"\xff\"}",
        b"\xff\xfe{\0}\0",
        b" ",
    ];
    for text in texts {
        let part = b64_encode(text);
        assert_eq!(error(&format!("{part}.e30.AA")), Some(CompactError::NotAnObject), "{text:?}");
        let token = format!("{HEADER}.{part}.AA");
        let payload = Compact::parse(&token).unwrap().payload();
        assert_eq!(payload.unwrap_err(), CompactError::NotAnObject, "{text:?}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| {
        let text = format!("{}{}{}", r#"{"a":"#.repeat(depth - 1), "{}", "}".repeat(depth - 1));
        error(&format!("{}.e30.AA", b64_encode(text.as_bytes())))
    };
    assert_eq!(nested(16), None);
    assert_eq!(nested(17), Some(CompactError::NotAnObject));
    let arrays = format!(r#"{{"a":{}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(error(&format!("{}.e30.AA", b64_encode(arrays.as_bytes()))), Some(CompactError::NotAnObject));
}

#[test]
fn length_is_bounded() {
    let token = |length: usize| format!("e30.e30.{}", "A".repeat(length - 8));
    assert_eq!(error(&token(MAX_TOKEN_BYTES)), None);
    assert_eq!(error(&token(MAX_TOKEN_BYTES + 1)), Some(CompactError::TooLong));
    assert_eq!(error(&"A".repeat(MAX_TOKEN_BYTES * 1_000)), Some(CompactError::TooLong));
}

#[test]
fn the_parts_are_as_they_stood() {
    let jws = Compact::parse("eyJhbGciOiJSUzI1NiJ9.eyJhIjpbMSwyXX0.AQID").unwrap();
    assert_eq!(jws.signing_input, "eyJhbGciOiJSUzI1NiJ9.eyJhIjpbMSwyXX0");
    assert_eq!(jws.payload_b64, "eyJhIjpbMSwyXX0");
    assert_eq!(jws.header["alg"], "RS256");
    assert_eq!(jws.payload_bytes().unwrap(), br#"{"a":[1,2]}"#);
    assert_eq!(jws.signature, [1, 2, 3]);
}
