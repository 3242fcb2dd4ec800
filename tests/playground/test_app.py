"""Ports for a bot whose address has to be known before it runs."""

from playground.app import free_port

HANDED_OUT_FROM = 32_768  # by Linux, and from 49152 by others, to those who don't say which port they want
TRIES = 100


def test_a_free_port_is_none_that_the_system_hands_out() -> None:
    """Otherwise, somebody else could get it while the server that has it is down for a moment."""
    ports = {free_port() for _ in range(TRIES)}
    assert max(ports) < HANDED_OUT_FROM
    assert len(ports) > TRIES // 2
