use intelliauth_model::Timestamp;

/// ISO 8601 in UTC with milliseconds, such as `2026-11-24T02:00:00.000Z`.
pub(crate) fn iso(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_and_zulu() {
        assert_eq!(iso(Timestamp(1_700_000_000_007)), "2023-11-14T22:13:20.007Z");
    }
}
