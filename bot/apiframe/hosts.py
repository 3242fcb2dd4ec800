"""Download hosts: names that the operator allowed, at public addresses."""

import ipaddress
import re
import socket
from collections.abc import Iterable, Iterator
from urllib.parse import quote, urljoin

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.apiframe.errors import DownloadRefused

# NAT64, and the long abandoned "IPv4-compatible" addresses: the last four bytes are the IPv4 address.
_TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))

_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_UNSENDABLE = re.compile(r"[^\x21-\x7e]")


class AllowedHosts:
    """Decide about addresses: https at one of `patterns`, or the host of `base_url` in its own scheme, on any port.

    `cdn.example.com` is only that host; `*.example.com` is every host under it, at any depth, and not `example.com`
    itself, which has to be listed separately. Private, loopback and link-local addresses are rejected, except those of
    the base's own host: the operator configured it, and it may be a neighbour or a stand-in.
    """

    def __init__(self, patterns: Iterable[str], base_url: str) -> None:
        self._patterns = tuple(pattern.strip().lower() for pattern in patterns)
        base = URL(base_url)
        self._base_host = base.raw_host or ""
        self._base_scheme = base.scheme

    def check(self, url: str, relative_to: URL | None = None) -> URL:
        """Return `url` so that it is asked for as it is spelled; raise `DownloadRefused` if we do not fetch from there.

        The error names the host at most.
        """
        try:
            target = _verbatim(_absolute(url, relative_to))
        except ValueError:
            raise DownloadRefused("The address cannot be read") from None
        host = target.raw_host or ""
        is_base = host == self._base_host
        if not (target.scheme == "https" or (is_base and target.scheme == self._base_scheme)):
            raise DownloadRefused(f"Nothing is fetched by {target.scheme or 'an address without a scheme'}")
        if not (is_base or any(_matches(host, pattern) for pattern in self._patterns)):
            raise DownloadRefused(f"Nothing is fetched from {host or 'an address without a host'}")
        self.check_address(host, host)
        return target

    def check_address(self, host: str, address: str) -> None:
        """Raise `DownloadRefused` if `host` must not lead to `address`; a name instead of an address passes."""
        if host != self._base_host and _is_private(address):
            raise DownloadRefused(f"{host} leads to an address that is not public")


class GuardedResolver(AbstractResolver):
    """Resolve names and check the very addresses that will be connected to, so that no rebinding slips between."""

    def __init__(self, hosts: AllowedHosts, resolver: AbstractResolver | None = None) -> None:
        self._hosts = hosts
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return where `host` is; raise `DownloadRefused` if any of it is forbidden ground."""
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            self._hosts.check_address(host, result["host"])
        return found

    async def close(self) -> None:
        """Release the resolver behind this one."""
        await self._resolver.close()


def _absolute(url: str, relative_to: URL | None) -> str:
    """Return a redirect's target as an absolute address; one that is absolute already stays as it is."""
    if relative_to is None or _ABSOLUTE.match(url):
        return url
    return urljoin(str(relative_to), url)


def _verbatim(url: str) -> URL:
    """Parse an address without respelling it: a signature may cover `%2F`, `%3A`, `%27` or `%7E` as they stand.

    Only the host is normalized, and characters that an HTTP request line cannot carry are quoted.
    """
    sendable = _UNSENDABLE.sub(lambda found: quote(found[0].encode(errors="surrogateescape")), url.strip())
    host = URL(url.strip()).raw_host
    target = URL(sendable, encoded=True)
    return target if host is None or target.raw_host == host else target.with_host(host)


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern[1:])
    return host == pattern


def _is_private(host: str) -> bool:
    """Return True if `host` is a non-public address, or the name `localhost`."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return any(not each.is_global or each.is_multicast for each in (address, *_carried(address)))


def _carried(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """Yield the IPv4 addresses to which the network may forward packets for an IPv6 address."""
    if isinstance(address, ipaddress.IPv6Address):
        yield from (each for each in (address.ipv4_mapped, address.sixtofour) if each is not None)
        if any(address in network for network in _TRANSLATED):
            yield ipaddress.IPv4Address(address.packed[-4:])
