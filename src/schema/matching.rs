//! The matching key: when do two spellings mean the same option?

/// NFKC, wave dashes and minus signs folded, trimmed.
pub fn matching_key(_text: &str) -> String {
    unimplemented!()
}
