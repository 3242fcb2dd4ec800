"""Hosts that pictures may be downloaded from."""

import pytest

from bot.apiframe.errors import DownloadRefused
from bot.apiframe.hosts import AllowedHosts

PRODUCTION = AllowedHosts(["*.apiframe.ai", "cdn.discordapp.com"], "https://discord.com/api/v10")
STAND_IN = AllowedHosts(["*.apiframe.ai"], "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.apiframe.ai/a.png?signature=1",
        "https://eu.cdn.APIFRAME.ai:8443/a.png",
        "https://cdn.discordapp.com/attachments/1/2/a.png",
        "https://discord.com/a.png",
    ],
)
def test_allowed(url: str) -> None:
    """The operator's hosts, all that is under a wildcard, and the base's own host may be fetched from."""
    PRODUCTION.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://apiframe.ai/a.png",  # the wildcard only covers subdomains
        "https://evil-apiframe.ai/a.png",
        "https://cdn.apiframe.ai.evil.example/a.png",
        "https://cdn.apiframe.ai@evil.example/a.png",
        "https://evil.example#@cdn.apiframe.ai/a.png",
        "https://.apiframe.ai/a.png",
        "https://media.discordapp.com/a.png",
        "http://cdn.apiframe.ai/a.png",
        "ftp://cdn.apiframe.ai/a.png",
        "file:///etc/passwd",
        "//cdn.apiframe.ai/a.png",
        "https://127.0.0.1/a.png",
        "https://[::1]/a.png",
        "https://2130706433/a.png",  # other spellings of 127.0.0.1
        "https://0x7f000001/a.png",
        "https://127.1/a.png",
        "https://[::ffff:127.0.0.1]/a.png",
        "https://localhost/a.png",
        "https://cdn.apiframe.ai\\@evil.example/",
        "https:///a.png",
        "",
    ],
)
def test_refused(url: str) -> None:
    """Anything else is refused before a connection is made."""
    with pytest.raises(DownloadRefused):
        PRODUCTION.check(url)


def test_stand_in_on_this_machine() -> None:
    """A base of plain http on this machine opens plain http there, on any port, and no other host."""
    STAND_IN.check("http://127.0.0.1:9999/a.png")
    for elsewhere in (
        "http://10.0.0.1/a.png",
        "http://169.254.169.254/latest",
        "http://evil.example/a.png",
        "http://cdn.apiframe.ai/a.png",
    ):
        with pytest.raises(DownloadRefused):
            STAND_IN.check(elsewhere)
    with pytest.raises(DownloadRefused):
        STAND_IN.check_address("cdn.apiframe.ai", "127.0.0.1")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1", "fe80::1",
     "fd00::1", "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
     "2001:0:7f00:1::", "::", "255.255.255.255", "192.0.2.1", "198.18.0.1"],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    """An allowed name that leads into a private network is refused; a public address is not."""
    for public in ("104.16.0.1", "2606:4700::1", "::ffff:104.16.0.1", "64:ff9b::6810:1"):
        PRODUCTION.check_address("cdn.apiframe.ai", public)
    with pytest.raises(DownloadRefused):
        PRODUCTION.check_address("cdn.apiframe.ai", address)


def test_private_address_among_the_operators_hosts() -> None:
    """Naming a private address as a host does not open it while the base is public."""
    with pytest.raises(DownloadRefused):
        AllowedHosts(["10.0.0.5"], "https://api.apiframe.ai").check("https://10.0.0.5/a.png")


def test_base_in_a_private_network() -> None:
    """The base's own host may be anywhere, since the operator chose it (a proxy, a neighbouring container)."""
    AllowedHosts([], "http://apiframe-proxy:8080").check_address("apiframe-proxy", "172.18.0.2")


def test_refusal_keeps_the_signature() -> None:
    """A refusal names the host and not the signed address."""
    with pytest.raises(DownloadRefused) as refused:
        PRODUCTION.check("https://evil.example/a.png?signature=s3cret")
    assert "evil.example" in str(refused.value)
    assert "s3cret" not in repr(refused.value)
