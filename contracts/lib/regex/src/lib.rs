//! What the SDK needs of the regex crate, which it takes with the standard library.
//!
//! It looks for keywords in names when macros run, and never in a program. But a program that depends on the standard
//! library has the panics of that, which are a twentieth of its size.
//! The search itself is that of regex, from the crate which that is made of.
#![no_std]
#![deny(missing_docs)]
extern crate alloc;

use alloc::boxed::Box;
use core::ops::Index;
use regex_automata::nfa::thompson::{self, pikevm::PikeVM};
use regex_automata::util::captures;
use regex_automata::util::syntax;

/// Why a pattern is refused.
pub type Error = Box<thompson::BuildError>;

/// A pattern. `\d` is an ASCII digit.
#[derive(Debug)]
pub struct Regex(PikeVM);

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// If it is not one.
    pub fn new(pattern: &str) -> Result<Self, Error> {
        PikeVM::builder().syntax(syntax::Config::new().unicode(false)).build(pattern).map(Self).map_err(Box::new)
    }

    /// Whether something in `text` matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.captures(text).is_some()
    }

    /// The first match in `text`, with its groups.
    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        let mut groups = self.0.create_captures();
        self.0.captures(&mut self.0.create_cache(), text, &mut groups);
        groups.is_match().then_some(Captures { text, groups })
    }
}

/// A match.
#[derive(Debug)]
pub struct Captures<'t> {
    text: &'t str,
    groups: captures::Captures,
}

impl Index<usize> for Captures<'_> {
    type Output = str;

    /// What a group matched; nothing if there is no such group.
    fn index(&self, group: usize) -> &str {
        self.groups.get_group(group).and_then(|span| self.text.get(span.range())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_of_the_sdk_match_what_they_say() {
        let bits = |name: &str| Regex::new(r"^uint(\d+)$").unwrap().captures(name).map(|found| found[1].len());
        assert_eq!(bits("uint128"), Some(3));
        assert!(Regex::new("^[0-9a-z]+$").unwrap().is_match("owner2"));
        for other in ["uint", "uint8x", "xuint8", "uint٣"] {
            assert_eq!(bits(other), None);
        }
    }

    #[test]
    fn a_group_that_is_not_there_matches_nothing() {
        let found = Regex::new("a(b)?").unwrap().captures("a").map(|found| (found[1].len(), found[2].len()));
        assert_eq!(found, Some((0, 0)));
    }
}
