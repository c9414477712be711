"""Host names → IP addresses that the crawler may connect to.

A check of the URL would be too early: a name may resolve to this machine, or differently the second
time, or after a redirect. Twisted connects only to addresses that this resolver passes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from gongkai.crawl.http.address import allowed, network

#: Scrapy's settings that say what else is allowed: everything, or these networks
EVERYTHING = "GONGKAI_ALLOW_PRIVATE"
NETWORKS = "GONGKAI_PRIVATE_NETWORKS"

#: blocked hosts, with the address that they resolved to; the spider reads it
refused: dict[str, str] = {}


@implementer(IResolutionReceiver)
class _AddressFilter:
    """Passes on only the allowed addresses."""

    def __init__(self, receiver: Any, name: str, resolver: GuardedResolver) -> None:
        self._receiver = receiver
        self._name = name
        self._resolver = resolver
        self._bad = ""
        self._good = False

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:
        if isinstance(address, IPv4Address | IPv6Address) and self._resolver.allows(address.host):
            self._good = True
            self._receiver.addressResolved(address)
        else:
            self._bad = str(getattr(address, "host", address))

    def resolutionComplete(self) -> None:
        if self._bad and not self._good:
            refused[self._name] = self._bad
        else:
            refused.pop(self._name, None)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Filters what the original resolver gives. There is no cache: each connection resolves the name again."""

    def __init__(self, original: Any, everything: bool, networks: Sequence[str]) -> None:
        self._original = original
        self._everything = everything
        self._networks = tuple(network(text) for text in networks)
        self._reactor: Any = None

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """As Scrapy makes a resolver."""
        settings = crawler.settings
        made = cls(reactor.nameResolver, settings.getbool(EVERYTHING), settings.getlist(NETWORKS))
        made._reactor = reactor
        return made

    def install_on_reactor(self) -> None:
        """As Scrapy installs it."""
        self._reactor.installNameResolver(self)

    def allows(self, address: str) -> bool:
        """Whether the crawler may connect to an address."""
        return allowed(address, self._everything, self._networks)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        filtered = _AddressFilter(resolutionReceiver, hostName, self)
        return self._original.resolveHostName(
            filtered, hostName, portNumber, addressTypes, transportSemantics
        )
