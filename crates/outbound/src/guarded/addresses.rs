//! Which addresses are somebody else's on the public internet, after the special-purpose registries of
//! IANA (<https://www.iana.org/assignments/iana-ipv4-special-registry> and its twin for IPv6, as of
//! November 2026). The standard library's `is_global` is not stable.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// (first address, bits of the block): not globally reachable, or nobody's to be asked.
const V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),       // this network
    ([10, 0, 0, 0], 8),      // private
    ([100, 64, 0, 0], 10),   // shared by carriers
    ([127, 0, 0, 0], 8),     // loopback
    ([169, 254, 0, 0], 16),  // link-local, where clouds serve their metadata
    ([172, 16, 0, 0], 12),   // private
    ([192, 0, 0, 0], 24),    // protocol assignments
    ([192, 0, 2, 0], 24),    // documentation
    ([192, 88, 99, 0], 24),  // relays of 6to4, given up
    ([192, 168, 0, 0], 16),  // private
    ([198, 18, 0, 0], 15),   // benchmarking
    ([198, 51, 100, 0], 24), // documentation
    ([203, 0, 113, 0], 24),  // documentation
    ([224, 0, 0, 0], 4),     // multicast
    ([240, 0, 0, 0], 4),     // reserved, and broadcast
];

/// The one block of IPv6 that is given out as global unicast.
const GLOBAL: ([u16; 8], u32) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Blocks of it that are not globally reachable.
const V6: &[([u16; 8], u32)] = &[
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),     // protocol assignments
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),     // documentation
];

/// Blocks of the protocol assignments that are globally reachable all the same.
const V6_AFTER_ALL: &[([u16; 8], u32)] = &[
    ([0x2001, 1, 0, 0, 0, 0, 0, 1], 128),    // port control
    ([0x2001, 1, 0, 0, 0, 0, 0, 2], 128),    // relays around NAT
    ([0x2001, 1, 0, 0, 0, 0, 0, 3], 128),    // service registration
    ([0x2001, 3, 0, 0, 0, 0, 0, 0], 32),     // multicast by unicast
    ([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48), // AS112
    ([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28),  // ORCHIDv2
    ([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28),  // drone identifiers
];

/// Whether an address, and every address inside it, is on the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match inside(v6) {
            Some(within) => within.into_iter().all(is_public_v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !V4.iter().any(|(first, length)| {
        let mask = u32::MAX << (32 - length);
        bits & mask == u32::from_be_bytes(*first)
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let is_in = |blocks: &[([u16; 8], u32)]| blocks.iter().any(|block| contains(*block, address));
    contains(GLOBAL, address) && (!is_in(V6) || is_in(V6_AFTER_ALL))
}

fn contains((first, length): ([u16; 8], u32), address: Ipv6Addr) -> bool {
    let mask = u128::MAX << (128 - length);
    address.to_bits() & mask == Ipv6Addr::from(first).to_bits()
}

/// The IPv4 addresses that an IPv6 address stands for, by whatever way of getting from one to the
/// other; `None` where it stands for itself.
fn inside(address: Ipv6Addr) -> Option<Vec<Ipv4Addr>> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        // Mapped, compatible (with :: and ::1), translated, NAT64, and 6to4.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(vec![v4(high, low)]),
        // Teredo: its server, and the client, whose bits are turned around.
        [0x2001, 0, high, low, .., turned, round] => Some(vec![v4(high, low), v4(!turned, !round)]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn the_public_internet_is_let_through() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.31.196.1",
            "192.52.193.1",
            "192.175.48.1",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "2620:4f:8000::1",
            "2001:1::1",
            "2001:3::1",
            "2001:4:112::1",
            "2001:20::1",
            "2001:30::1",
            "2001:200::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(public(text), "{text}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.9",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "192.168.255.255",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            // IPv6 of its own.
            "::",
            "::1",
            "100::1",
            "100:0:0:1::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
            "64:ff9b:1::1",
            "4000::1",
            // IPv4 inside.
            "::ffff:127.0.0.1",
            "::ffff:a9fe:a9fe",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "::a9fe:a9fe",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2002:a9fe:a9fe::1",
            "2001:0:7f00:1::",
            "2001:0:808:808::80ff:fffe",
            "2001:0:808:808::f5ff:fffe",
        ] {
            assert!(!public(text), "{text}");
        }
    }
}
