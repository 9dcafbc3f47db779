//! The committed API description is the code's.

use std::{env, fs, path::PathBuf};

use serde_json::Value;

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../openapi/intelliauth.json")
}

/// Run with `UPDATE_OPENAPI=1` to write the file anew, and read the difference.
#[test]
fn the_committed_document_is_up_to_date() {
    let (path, made) = (committed(), intelliauth_http::openapi());
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &made).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == made,
        "openapi/intelliauth.json is behind the code: run this test with UPDATE_OPENAPI=1"
    );
}

#[test]
fn every_operation_says_what_it_answers() {
    let document: Value = serde_json::from_str(&intelliauth_http::openapi()).unwrap();
    let mut names = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{place} has no summary");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{place}");
            if path.starts_with("/api/") {
                for status in ["401", "403"] {
                    assert!(answers.contains_key(status), "{place} does not mention {status}");
                }
            }
            names.push(operation["operationId"].as_str().unwrap_or_else(|| panic!("{place}")).to_owned());
        }
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "operation ids are unique");
}

#[test]
fn every_operation_says_its_scope_and_what_any_of_them_may_be_refused_with() {
    let document: Value = serde_json::from_str(&intelliauth_http::openapi()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let place = format!("{method} {path}");
            let answers = &operation["responses"];
            let body = operation.get("requestBody").is_some();
            let (api, oauth) = (path.starts_with("/api/"), path.starts_with("/oauth2/"));
            if api {
                let resource = path.split('/').nth(3).unwrap();
                let right = if method == "get" { "read" } else { "write" };
                let scope = format!("{resource}:{right}");
                assert_eq!(operation["security"], serde_json::json!([{ "management": [scope] }]), "{place}");
            }
            let limited = api || (oauth && !path.ends_with("/revocations"));
            let expected = [("413", body), ("415", body && api), ("429", limited), ("503", true)];
            for (status, there) in expected {
                assert_eq!(answers.get(status).is_some(), there, "{place} {status}");
            }
            for (status, answer) in answers.as_object().unwrap() {
                let shared = answer["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
                let answer =
                    shared.map_or(answer, |name| document.pointer(name).expect("what is referred to"));
                if status.starts_with('4') || status.starts_with('5') {
                    let shape = answer["content"]["application/json"]["schema"]["$ref"].as_str();
                    let name = if oauth { "OAuthErrorBody" } else { "ErrorBody" };
                    let schema = format!("#/components/schemas/{name}");
                    assert_eq!(shape, Some(schema.as_str()), "{place} {status}");
                    assert!(document.pointer(&schema[1..]).is_some(), "{name}");
                }
            }
        }
    }
}

/// A list shows no parameter that it does not look at.
#[test]
fn bug_the_list_of_applications_advertised_an_address_filter() {
    let document: Value = serde_json::from_str(&intelliauth_http::openapi()).unwrap();
    let names = |path: &str| -> Vec<String> {
        let parameters = document["paths"][path]["get"]["parameters"].as_array().unwrap();
        parameters.iter().map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("/api/v1/applications"), ["limit", "cursor"]);
    assert_eq!(names("/api/v1/users"), ["limit", "cursor", "email"]);
}
