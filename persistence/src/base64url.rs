//! Base 64 in the alphabet of URLs without padding (RFC 4648, section 5), for cursors.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The text of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let held = chunk.iter().chain([0, 0].iter()).take(3).fold(0_u32, |held, byte| (held << 8) | u32::from(*byte));
        for place in 0..=chunk.len() {
            let shift = 18 - 6 * u32::try_from(place).unwrap_or(0);
            let six = usize::try_from((held >> shift) & 63).unwrap_or(0);
            text.push(char::from(ALPHABET.get(six).copied().unwrap_or(b'A')));
        }
    }
    text
}

/// The bytes of `text`; `None` when it is no such text.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let six = ALPHABET.iter().position(|known| *known == letter)?;
        held = ((held << 6) | u32::try_from(six).ok()?) & 0x00ff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            let [.., low] = (held >> bits).to_be_bytes();
            bytes.push(low);
        }
    }
    // a single letter more than whole bytes, or bits that stand for nothing, are no text that was ever written
    let rest = held & ((1 << bits) - 1);
    (bits < 6 && rest == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_standard() {
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
        }
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn refuses_what_was_never_written() {
        for text in ["Z", "Zh", "Zm9v=", "Zm 9", "Zm9vZ"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
