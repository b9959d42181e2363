//! What manifests say: hashes of files read and written.

use std::fs;

use sha2::{Digest, Sha256};

use crate::diag::{Failure, failure};
use crate::study::Study;

/// SHA-256, in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Name and hash of every file that a study reads.
pub fn input_hashes(study: &Study) -> Result<Vec<(String, String)>, Failure> {
    let mut hashes = Vec::new();
    for path in &study.files {
        let bytes = fs::read(path).map_err(|error| failure(path, "could not be read", &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        hashes.push((name, hash(&bytes)));
    }
    Ok(hashes)
}

/// Names with their hashes, as an object of JSON.
pub fn named(
    hashes: impl IntoIterator<Item = (String, String)>,
) -> serde_json::Map<String, serde_json::Value> {
    hashes.into_iter().map(|(name, hash)| (name, hash.into())).collect()
}
