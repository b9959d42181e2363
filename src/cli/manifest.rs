//! What manifests say: hashes of files read and written.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::diag::{Failure, failure};
use crate::study::Study;

/// SHA-256, in hexadecimal digits.
pub fn hash(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal digits.
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Name and hash of every file that a study reads. Where two have one name, the later has its way from the study.
pub fn input_hashes(study: &Study) -> Result<Vec<(String, String)>, Failure> {
    let folder = study.files.first().and_then(|path| path.parent()).unwrap_or(Path::new(""));
    let mut hashes: Vec<(String, String)> = Vec::new();
    let mut read: Vec<&PathBuf> = Vec::new();
    for path in &study.files {
        // Additions may be named twice, and are one file.
        if read.contains(&path) {
            continue;
        }
        read.push(path);
        let bytes = fs::read(path).map_err(|error| failure(path, "could not be read", &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = match hashes.iter().any(|(known, _)| *known == name) {
            true => path.strip_prefix(folder).unwrap_or(path).display().to_string(),
            false => name,
        };
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
