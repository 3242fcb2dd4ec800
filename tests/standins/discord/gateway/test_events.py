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
