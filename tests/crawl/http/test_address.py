"""Which addresses may be connected to, and that names are sieved where connections are made."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.crawl.http.address import allowed, network


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fd00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a9fe:a9fe",
        "2002:7f00:1::", "::127.0.0.1", "no address", "",
        "fec0::1", "feff::1%eth0", "64:ff9b:1:a00:0:100:808:808", "::ffff:0:127.0.0.1", "::ffff:0:a00:1", "::ffff:0:a9fe:a9fe",
    ],
)  # fmt: skip
def test_this_machine_and_private_networks_are_refused(address: str) -> None:
    assert not allowed(address)


@pytest.mark.parametrize(
    "address",
    ["202.108.0.1", "2408:8000::1", "64:ff9b::ca6c:1", "::ffff:202.108.0.1", "::ffff:0:202.108.0.1"],
)
def test_addresses_of_the_internet_are_allowed(address: str) -> None:
    assert allowed(address)


def test_an_exception_is_for_its_network_only() -> None:
    ours = [network("10.1.0.0/16")]
    assert allowed("10.1.2.3", networks=ours)
    assert not allowed("10.2.2.3", networks=ours)
    assert allowed("10.2.2.3", everything=True)


class Receiver:
    """Collects what a resolver says."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


def test_a_name_that_changes_its_address_is_sieved_each_time() -> None:
    pytest.importorskip("scrapy", reason="the extra gongkai[crawl] is not installed")
    from twisted.internet.address import IPv4Address

    from gongkai.crawl.http import resolver

    turns = [["202.108.0.1"], ["127.0.0.1"], ["10.0.0.1", "202.108.0.2"], []]

    class Original:
        def resolveHostName(self, receiver: Any, name: str, port: int = 0, *more: Any) -> None:
            for host in turns.pop(0):
                receiver.addressResolved(IPv4Address("TCP", host, port))
            receiver.resolutionComplete()

    guarded = resolver.GuardedResolver(Original(), False, ())
    said = []
    for _ in range(4):
        receiver = Receiver()
        guarded.resolveHostName(receiver, "www.linjiang.gov.cn", 80)
        said.append((receiver.addresses, receiver.complete, resolver.refused.get("www.linjiang.gov.cn")))
    assert said == [
        (["202.108.0.1"], True, None),
        ([], True, "127.0.0.1"),
        (["202.108.0.2"], True, None),
        ([], True, None),
    ]
