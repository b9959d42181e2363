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

/// Name and hash of every file that a study reads. Files of one name have their way from the study instead.
pub fn input_hashes(study: &Study) -> Result<Vec<(String, String)>, Failure> {
    let folder = study.files.first().and_then(|path| path.parent()).unwrap_or(Path::new(""));
    // Additions may be named twice, and are one file.
    let mut read: Vec<&PathBuf> = Vec::new();
    for path in &study.files {
        if !read.contains(&path) {
            read.push(path);
        }
    }
    let hashed = read.iter().map(|path| {
        let bytes = fs::read(path).map_err(|error| failure(path, "could not be read", &error))?;
        let namesakes = read.iter().filter(|other| other.file_name() == path.file_name()).count();
        let name = match path.file_name().filter(|_| namesakes == 1) {
            Some(name) => name.to_string_lossy().into_owned(),
            None => path.strip_prefix(folder).unwrap_or(path).display().to_string(),
        };
        Ok((name, hash(&bytes)))
    });
    hashed.collect()
}

/// Names with their hashes, as an object of JSON.
pub fn named(
    hashes: impl IntoIterator<Item = (String, String)>,
) -> serde_json::Map<String, serde_json::Value> {
    hashes.into_iter().map(|(name, hash)| (name, hash.into())).collect()
}
