use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The body as JSON, or null.
    pub(crate) json: Value,
}

impl Answer {
    /// Reads the answer and holds it against what every answer must be.
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Vec<u8>) -> Self {
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let answer = Self { status: status.as_u16(), headers, body, json };
        answer.check_shape();
        answer
    }

    fn check_shape(&self) {
        let request_id = self.header("x-request-id");
        assert!(request_id.starts_with("req_"), "no X-Request-Id: {self:?}");
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert!(!self.header("cache-control").is_empty(), "nothing said of caching: {self:?}");
        if let Some(length) = self.headers.get("content-length") {
            assert_eq!(length.to_str().unwrap().parse(), Ok(self.body.len()), "wrong length: {self:?}");
        }
        if self.status >= 400 {
            assert_eq!(self.header("content-type"), "application/json", "{self:?}");
            assert_eq!(self.json["request_id"], request_id, "{self:?}");
            let told = self.json["message"].as_str().or(self.json["error_description"].as_str());
            assert!(told.is_some_and(|told| !told.is_empty()), "{self:?}");
            assert!(self.json["error"].as_str().is_some_and(|code| !code.is_empty()), "{self:?}");
        }
        if matches!(self.status, 429 | 503) {
            assert!(self.header("retry-after").parse::<u32>().is_ok_and(|wait| wait >= 1), "{self:?}");
        }
    }

    /// What the REST API answers when it does as asked: `{"data", "meta"}`, or nothing at all.
    pub(crate) fn check_envelope(&self) {
        if self.status >= 300 {
            return;
        }
        if self.status == 204 {
            assert!(self.body.is_empty(), "{self:?}");
            return;
        }
        let members: Vec<_> = self.json.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["data", "meta"], "{self:?}");
        let empty = self.json["meta"].as_object().is_some_and(serde_json::Map::is_empty);
        let meta = &self.json["meta"];
        let list = meta["limit"].is_u64()
            && (meta["next_cursor"].is_null() || meta["next_cursor"].is_string())
            && meta.as_object().is_some_and(|meta| meta.len() == 2);
        let fits = if self.json["data"].is_array() { list } else { self.json["data"].is_object() && empty };
        assert!(fits, "{self:?}");
    }

    /// How everything under `/oauth2` refuses (RFC 6749 §5.2), whoever refuses. Unsound requests are refused
    /// before the address counts.
    pub(crate) fn check_oauth_error(&self) {
        let unsound = self.status == 411 || (self.status == 400 && self.header("connection") == "close");
        if self.status < 400 || unsound {
            return;
        }
        let members: Vec<_> = self.json.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["error", "error_description", "request_id"], "{self:?}");
    }

    /// What the REST API's envelope holds, null if there is none.
    pub(crate) fn data(&self) -> Value {
        self.json["data"].clone()
    }

    /// The header's text, empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("an ASCII header"))
    }

    /// The error code, empty if there is none.
    pub(crate) fn code(&self) -> &str {
        self.json["error"].as_str().unwrap_or_default()
    }

    /// Fails the test unless the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?} {}", self.headers, String::from_utf8_lossy(&self.body));
        self
    }

    /// Fails the test unless it is this refusal.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.code(), code, "{}", answer.json);
        answer
    }

    /// The names of the fields an `invalid_request` complains about.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let fields = self.json["details"]["fields"].as_array();
        fields.into_iter().flatten().filter_map(|field| field["field"].as_str()).collect()
    }

    /// A text member of the answer, or of what its envelope holds.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        let holder = self.json.get("data").unwrap_or(&self.json);
        holder[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.json)).to_owned()
    }
}
