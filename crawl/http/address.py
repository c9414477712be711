"""The IP addresses that the crawler may connect to: not this machine, no private networks."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: IPv6 addresses that stand for one of IPv4 (RFC 6052; RFC 2765, 2.1).
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96")))
#: Addresses of a private network that Python may not know as such: site-local ones, no longer given out (RFC 3879), and the
#: prefix for translators of one's own (RFC 8215), whose bytes stand for an IPv4 address in a way that only the translator knows.
_PRIVATE = tuple(map(ipaddress.IPv6Network, ("fec0::/10", "64:ff9b:1::/48")))


def network(text: str) -> Network:
    """A network as written in sites.toml. Raises ValueError."""
    return ipaddress.ip_network(text, strict=False)


def allowed(address: str, everything: bool = False, networks: Sequence[Network] = ()) -> bool:
    """Whether a connection to this address may be made.

    Refused are all that the IANA registries do not call globally reachable: this machine, private
    and link-local ranges (169.254.169.254, where clouds give out keys), multicast, and those IPv6
    addresses that stand for such an IPv4 address. `everything` and `networks` are exceptions.
    """
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if everything or any(found in one for one in networks):
        return True
    if any(found in one for one in _PRIVATE):
        return False
    inner = _inner(found)
    if inner is not None and inner != found:
        return allowed(str(inner), everything, networks)
    return found.is_global and not found.is_multicast


def _inner(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in one for one in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if int(address) >> 32 == 0 and int(address) > 1:  # ::1.2.3.4, deprecated but still supported
        return ipaddress.IPv4Address(int(address))
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
