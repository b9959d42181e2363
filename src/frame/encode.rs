//! Text into the encodings that are read.

use encoding_rs::{EncoderResult, SHIFT_JIS};

use super::Encoding;

/// The text in this encoding, without a mark; or the first character that it does not have.
///
/// # Errors
/// CP932 has few thousand characters, none of them 𠮷 or an emoji.
pub fn encode(text: &str, encoding: Encoding) -> Result<Vec<u8>, char> {
    match encoding {
        Encoding::Utf8 => Ok(text.as_bytes().to_vec()),
        Encoding::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Encoding::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        Encoding::Cp932 => {
            let mut encoder = SHIFT_JIS.new_encoder();
            let room = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
            let mut bytes = Vec::with_capacity(room.unwrap_or(text.len() * 2 + 16));
            let text: String = text.chars().map(as_windows).collect();
            match encoder.encode_from_utf8_to_vec_without_replacement(&text, &mut bytes, true) {
                (EncoderResult::Unmappable(character), _) => Err(character),
                _ => Ok(bytes),
            }
        }
    }
}

/// Signs that JIS and Windows took for different characters: a file for Windows has its own.
fn as_windows(character: char) -> char {
    match character {
        '〜' => '～',
        '−' => '－',
        '—' => '―',
        '‖' => '∥',
        '¢' => '￠',
        '£' => '￡',
        '¬' => '￢',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_cp932_does_not_have_is_named() {
        assert_eq!(encode("あ,①", Encoding::Cp932), Ok(vec![0x82, 0xA0, b',', 0x87, 0x40]));
        assert_eq!(encode("〜", Encoding::Cp932), Ok(vec![0x81, 0x60]));
        assert_eq!(encode("𠮷野", Encoding::Cp932), Err('𠮷'));
        assert_eq!(encode("a", Encoding::Utf16Le), Ok(vec![b'a', 0]));
    }
}
