"""Overwrites rule in Discord's order."""

import pytest

from standins.discord.model.permissions import NOTHING, Overwrite, Permission, after_overwrites, without_the_implied

EVERYONE, PAINTERS, MODS, ALICE = range(1, 5)
SEE, SEND, FILES = Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.ATTACH_FILES


@pytest.mark.parametrize(
    ("overwrites", "expected"),
    [
        ([], SEE | SEND),
        ([Overwrite(EVERYONE, True, deny=SEND)], SEE),
        ([Overwrite(EVERYONE, True, deny=SEND), Overwrite(MODS, True, allow=SEND)], SEE | SEND),
        ([Overwrite(PAINTERS, True, deny=SEND), Overwrite(MODS, True, allow=SEND)], SEE | SEND),
        ([Overwrite(MODS, True, allow=FILES), Overwrite(ALICE, False, deny=FILES)], SEE | SEND),
        ([Overwrite(9, True, deny=SEE)], SEE | SEND),
    ],
)
def test_the_closer_overwrite_wins(overwrites: list[Overwrite], expected: Permission) -> None:
    """Everyone's come first, then those of all roles (allowing beats denying), then the member's own."""
    roles = {PAINTERS, MODS}
    ruled = after_overwrites(SEE | SEND, overwrites, everyone_id=EVERYONE, role_ids=roles, member_id=ALICE)
    assert ruled == expected


def test_what_is_denied_takes_more_with_it() -> None:
    """Without View Channel, everything is denied; without Send Messages, Attach Files is too."""
    assert without_the_implied(SEND | FILES, thread=False) == NOTHING
    assert without_the_implied(SEE | FILES, thread=False) == SEE
    assert without_the_implied(SEE | FILES | SEND, thread=True) == SEE | SEND
