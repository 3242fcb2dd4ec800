"""Events have what a client needs that knows nothing else yet."""

from standins.discord import DiscordStandIn, Intent
from standins.discord.client.person import Person
from standins.discord.gateway.gateway import Op
from standins.discord.model.channel_types import ChannelType
from standins.discord.model.channels import Channel
from tests.standins.discord.gateway.test_gateway import gateway, identify


async def test_a_message_names_the_kind_of_its_channel(
    standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """A client that doesn't know a direct channel yet learns from the event that it is one."""
    async with gateway(standin) as socket:
        await socket.receive_json()
        intents = int(Intent.GUILD_MESSAGES | Intent.DIRECT_MESSAGES)
        await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin, intents)})
        assert (await socket.receive_json())["t"] == "READY"
        await alice.sends(channel, "hello")
        await alice.sends(alice.opens_direct_messages(), "hello")
        kinds = [(await socket.receive_json())["d"]["channel_type"] for _ in range(2)]
    assert kinds == [ChannelType.TEXT, ChannelType.DIRECT]


async def test_a_deleted_thread_and_a_deleted_role_are_named_as_such(standin: DiscordStandIn, channel: Channel) -> None:
    """A thread's event has four fields only, as Discord documents it, and nobody has the role any more."""
    guild = channel.guild
    assert guild is not None
    thread, role = channel.add_thread("a thread"), guild.add_role("painters")
    member = guild.add_member("bob", roles=[role])
    async with gateway(standin) as socket:
        await socket.receive_json()
        await socket.send_json({"op": Op.IDENTIFY, "d": identify(standin, int(Intent.GUILDS))})
        while (await socket.receive_json())["t"] != "GUILD_CREATE":
            pass
        thread.delete()
        guild.remove_role(role)
        channel.delete()
        events = [await socket.receive_json() for _ in range(3)]
    assert [event["t"] for event in events] == ["THREAD_DELETE", "GUILD_ROLE_DELETE", "CHANNEL_DELETE"]
    assert set(events[0]["d"]) == {"id", "guild_id", "parent_id", "type"}
    assert events[1]["d"] == {"guild_id": str(guild.id), "role_id": str(role.id)}
    assert member.roles == []
