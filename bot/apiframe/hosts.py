"""Where pictures may be fetched from: names that the operator allowed, at addresses that are public."""

import ipaddress
import socket
from collections.abc import Iterable

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.apiframe.errors import DownloadRefused


class AllowedHosts:
    """Decide about addresses: https at one of `patterns` or at the host of `base_url`, on any port.

    `cdn.example.com` is that host alone; `*.example.com` is every host under it, at any depth, and not `example.com`
    itself, which is written beside it where it is wanted. Plain http goes only where `base_url` is plain http. Private,
    loopback and link-local addresses are refused, except those of the base's own host, and of all where the base
    itself is written as such an address (a stand-in on this machine).
    """

    def __init__(self, patterns: Iterable[str], base_url: str) -> None:
        self._patterns = tuple(pattern.strip().lower() for pattern in patterns)
        base = URL(base_url)
        self._base_host = base.raw_host or ""
        self._schemes = {"https", base.scheme}
        self._base_is_private = _is_private(self._base_host)

    def check(self, url: str, relative_to: URL | None = None) -> URL:
        """Return the parsed `url`; raise `DownloadRefused`, naming the host at most, if we do not fetch from there."""
        try:
            target = relative_to.join(URL(url)) if relative_to else URL(url)
        except ValueError:
            raise DownloadRefused("The address cannot be read") from None
        host = target.raw_host or ""
        if target.scheme not in self._schemes:
            raise DownloadRefused(f"Nothing is fetched by {target.scheme or 'an address without a scheme'}")
        if not (host == self._base_host or any(_matches(host, pattern) for pattern in self._patterns)):
            raise DownloadRefused(f"Nothing is fetched from {host or 'an address without a host'}")
        self.check_address(host, host)
        return target

    def check_address(self, host: str, address: str) -> None:
        """Raise `DownloadRefused` if `host` must not lead to `address`; a name instead of an address passes."""
        if _is_private(address) and not (host == self._base_host or self._base_is_private):
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


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern[1:])
    return host == pattern


def _is_private(host: str) -> bool:
    """Say whether `host` is an address, or the name `localhost`, that does not belong to the public internet."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return not address.is_global or address.is_multicast
