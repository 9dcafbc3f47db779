//! SPDX licence expressions: OR needs one allowed side, AND needs both (SPDX 2.3, annex D). The old `/` of early
//! crates means OR.

/// Whether an expression can be satisfied with the allowed licences alone.
pub(crate) fn allowed(expression: &str, licences: &[String]) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, licences, depth: 0 };
    let verdict = reader.either()?;
    if reader.words.is_empty() {
        Ok(verdict)
    } else {
        Err(format!("`{}` is left over", reader.words.join(" ")))
    }
}

/// Parentheses nest no deeper than this in any licence one could read.
const MAX_DEPTH: usize = 8;

struct Reader<'a> {
    words: &'a [&'a str],
    licences: &'a [String],
    depth: usize,
}

impl<'a> Reader<'a> {
    fn either(&mut self) -> Result<bool, String> {
        let mut verdict = self.both()?;
        while self.take("OR") {
            verdict |= self.both()?;
        }
        Ok(verdict)
    }

    fn both(&mut self) -> Result<bool, String> {
        let mut verdict = self.one()?;
        while self.take("AND") {
            verdict &= self.one()?;
        }
        Ok(verdict)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err("too deep".to_owned());
            }
            let verdict = self.either()?;
            self.depth -= 1;
            return if self.take(")") { Ok(verdict) } else { Err("a parenthesis stays open".to_owned()) };
        }
        let name = self.next().ok_or("it ends too early")?;
        if matches!(name, "AND" | "OR" | "WITH" | ")") {
            return Err(format!("`{name}` where a licence should stand"));
        }
        let full = if self.take("WITH") {
            format!("{name} WITH {}", self.next().ok_or("WITH names no exception")?)
        } else {
            name.to_owned()
        };
        Ok(self.licences.contains(&full))
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.first() == Some(&word);
        if there {
            self.next();
        }
        there
    }

    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(expression: &str) -> Result<bool, String> {
        allowed(
            expression,
            &["MIT".to_owned(), "ISC".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()],
        )
    }

    #[test]
    fn or_needs_one_side_and_needs_both() {
        assert_eq!(verdict("MIT OR GPL-3.0"), Ok(true));
        assert_eq!(verdict("MIT AND GPL-3.0"), Ok(false));
        assert_eq!(verdict("MIT/GPL-3.0"), Ok(true));
        assert_eq!(verdict("ISC AND (GPL-3.0 OR MIT)"), Ok(true));
        assert_eq!(verdict("GPL-3.0 OR MIT AND GPL-3.0"), Ok(false));
    }

    #[test]
    fn an_exception_is_part_of_the_name() {
        assert_eq!(verdict("Apache-2.0 WITH LLVM-exception"), Ok(true));
        assert_eq!(verdict("Apache-2.0"), Ok(false));
    }

    #[test]
    fn nonsense_is_an_error_and_no_pass() {
        for expression in ["", "OR MIT", "(MIT", "MIT MIT", "MIT WITH", "((((((((((MIT))))))))))"] {
            assert!(verdict(expression).is_err(), "{expression}");
        }
    }
}
