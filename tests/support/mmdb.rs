//! A file of countries by address in the format of `MaxMind` (`MaxMind` DB File Format Specification 2.0) with one network in it.

use std::net::Ipv4Addr;

const RECORD_BITS: u16 = 24;

fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
    let size = u8::try_from(size).expect("a small value");
    assert!(size < 29 || kind == 2, "only texts are longer here");
    let (first, more) = if size < 29 { (size, None) } else { (29, Some(size - 29)) };
    if kind < 8 {
        out.push(kind << 5 | first);
    } else {
        out.extend([first, kind - 7]);
    }
    out.extend(more);
}

fn text(value: &str, out: &mut Vec<u8>) {
    control(2, value.len(), out);
    out.extend(value.as_bytes());
}

fn number(kind: u8, value: u64, out: &mut Vec<u8>) {
    let bytes = value.to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    control(kind, bytes.len() - start, out);
    out.extend(&bytes[start..]);
}

/// The bytes of a file that knows one network: `network` with `bits` bits is in `country`.
pub fn country_file(network: Ipv4Addr, bits: u8, country: &str) -> Vec<u8> {
    let nodes = u32::from(bits);
    let record = |value: u32| value.to_be_bytes()[1..].to_vec();
    let mut file = Vec::new();
    for bit in 0..nodes {
        let next = if bit + 1 == nodes { nodes + 16 } else { bit + 1 };
        let is_right = u32::from(network) >> (31 - bit) & 1 == 1;
        let (left, right) = if is_right { (nodes, next) } else { (next, nodes) };
        file.extend(record(left));
        file.extend(record(right));
    }
    file.extend([0; 16]);
    control(7, 1, &mut file);
    text("country", &mut file);
    control(7, 1, &mut file);
    text("iso_code", &mut file);
    text(country, &mut file);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    control(7, 9, &mut file);
    let mut entry = |key: &str, write: &dyn Fn(&mut Vec<u8>)| {
        text(key, &mut file);
        write(&mut file);
    };
    entry("binary_format_major_version", &|out| number(5, 2, out));
    entry("binary_format_minor_version", &|out| number(5, 0, out));
    entry("build_epoch", &|out| number(9, 1_700_000_000, out));
    entry("database_type", &|out| text("Test-Country", out));
    entry("description", &|out| control(7, 0, out));
    entry("ip_version", &|out| number(5, 4, out));
    entry("languages", &|out| control(11, 0, out));
    entry("node_count", &|out| number(6, u64::from(nodes), out));
    entry("record_size", &|out| number(5, u64::from(RECORD_BITS), out));
    file
}
