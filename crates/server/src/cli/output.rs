use std::io::Write;

use intelliauth_engine::Paged;
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};

/// Prints one value: as JSON on one line, or as aligned names and values.
pub(crate) fn one(value: &Value, json: bool) -> Outcome {
    if json {
        return print(&format!("{value}\n"));
    }
    let Value::Object(fields) = value else { return print(&format!("{}\n", plain(value))) };
    let width = fields.keys().map(String::len).max().unwrap_or(0);
    let lines = fields.iter().map(|(name, value)| format!("{name:<width$}  {}\n", plain(value)));
    print(&lines.collect::<String>())
}

/// Prints what is a text already.
pub(crate) fn text(text: &str) -> Outcome {
    print(text)
}

/// Prints a list: as one JSON array, or as a table.
pub(crate) fn many(values: &[Value], json: bool) -> Outcome {
    if json {
        return print(&format!("{}\n", Value::Array(values.to_vec())));
    }
    let Some(Value::Object(first)) = values.first() else { return print("none\n") };
    let names: Vec<&String> = first.keys().collect();
    let cell = |value: &Value, name: &str| value.get(name).map(plain).unwrap_or_default();
    let width = |name: &&String| {
        values.iter().map(|value| cell(value, name).chars().count()).chain([name.len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = names.iter().map(width).collect();
    let row = |cells: Vec<String>| {
        let padded = cells.iter().zip(&widths).map(|(text, width)| format!("{text:<width$}"));
        format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    let mut text = row(names.iter().map(|name| (*name).clone()).collect());
    for value in values {
        text.push_str(&row(names.iter().map(|name| cell(value, name)).collect()));
    }
    print(&text)
}

/// Prints a page of a list with where to go on.
pub(crate) fn page<T>(page: &Paged<T>, show: impl Fn(&T) -> Value, json: bool) -> Outcome {
    let rows: Vec<Value> = page.items.iter().map(show).collect();
    if json {
        return one(&json!({ "data": rows, "next_cursor": page.next_cursor }), true);
    }
    many(&rows, false)?;
    page.next_cursor.as_ref().map_or(Ok(()), |cursor| one(&json!({ "next_cursor": cursor }), false))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text),
        Value::Null => "-".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// A name somebody chose must not move the cursor of the operator's terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn print(text: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::new(format!("standard output: {error}")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(super::printable("a\x1b[2Jb\n"), "a\u{fffd}[2Jb\u{fffd}");
    }
}
