"""The faults that a visitor can cause on either side, with their labels."""

from collections.abc import Sequence

from playground.web.control_panel.switches import Switch
from standins.apiframe import faults as apiframe
from standins.apiframe.faults import Kind
from standins.discord import faults as discord
from standins.discord.garbled import Garbled

OF_APIFRAME: Sequence[Switch[apiframe.Fault]] = (
    Switch(
        "slow",
        "Slow",
        "A picture takes 20 seconds longer. The bot shows how far it is.",
        apiframe.Fault(Kind.SLOW, seconds=20),
    ),
    Switch(
        "hang",
        "Hang",
        "A picture is never finished. The bot waits for 20 minutes, then says so; kill and restart it meanwhile.",
        apiframe.Fault(Kind.HANG),
    ),
    Switch(
        "policy",
        "Policy refusal",
        "The model will not draw the prompt, and the credits come back. The bot says that the prompt was refused.",
        apiframe.Fault(Kind.POLICY),
    ),
    Switch(
        "model",
        "Model failure",
        "The model breaks down on a picture, and the credits come back. The bot says so and offers another try.",
        apiframe.Fault(Kind.MODEL_FAILURE),
    ),
    Switch(
        "references",
        "Dead reference links",
        "The links to the reference images of a picture are dead. Attach an image to see the job fail and be refunded.",
        apiframe.Fault(Kind.DEAD_REFERENCES),
    ),
    Switch(
        "too-many",
        "Too many requests (429)",
        "Apiframe refuses a request and asks to come back in 5 seconds. The bot does, and says what it waits for.",
        apiframe.Fault(Kind.RATE_LIMITED, seconds=5),
    ),
    Switch(
        "credits",
        "Out of credits (402)",
        "Apiframe takes no order, since the team cannot pay. The bot says so, and nothing is spent.",
        apiframe.Fault(Kind.OUT_OF_CREDITS),
    ),
    Switch(
        "outage",
        "Outage (503)",
        "Apiframe is not available. The bot holds all orders back and says so on their cards. Switch it off within 10 "
        "minutes, and they go on by themselves.",
        apiframe.Fault(Kind.SERVER_ERROR, status=503),
    ),
    Switch(
        "blocked",
        "Blocked by a proxy (403 page)",
        "Something in front of Apiframe answers with a page of its own. The bot takes it for an outage, since the key "
        "was not refused.",
        apiframe.Fault(Kind.PROXY_PAGE, status=403),
    ),
    Switch(
        "strange",
        "Strange fields",
        "A job's price comes as text, its pictures as objects. The bot reads what it needs, and posts the picture.",
        apiframe.Fault(Kind.STRANGE_FIELDS),
    ),
    Switch(
        "lost-answer",
        "Lost answer to an order",
        "Apiframe takes an order, and its answer is lost on the way. The bot asks again with the same key, and only "
        "one picture is made and paid for.",
        apiframe.Fault(Kind.LOST_ANSWER, route="generate"),
    ),
    Switch(
        "slow-order",
        "Slow order",
        "Apiframe takes 45 seconds to accept an order. The bot asks again with the same key, and only "
        "one picture is made and paid for.",
        apiframe.Fault(Kind.SLOW_ORDER, seconds=45),
    ),
    Switch(
        "cut-off",
        "Cut-off picture",
        "The connection is lost halfway through the download of a picture. The bot downloads it again.",
        apiframe.Fault(Kind.CUT_OFF),
    ),
    Switch(
        "missing",
        "Missing picture (404)",
        "A finished picture is not where Apiframe says. The bot looks again for a while, and then says what happened.",
        apiframe.Fault(Kind.MISSING),
    ),
    Switch(
        "huge",
        "Huge picture",
        "A picture has 12 MB, more than the 10 MB that Discord takes here. The bot makes it fit.",
        apiframe.Fault(Kind.HUGE, megabytes=12),
    ),
    Switch(
        "webhook",
        "Lost webhook",
        "Apiframe does not tell that a picture is finished. The bot also asks by itself, and finds it a few seconds "
        "later.",
        apiframe.Fault(Kind.LOST_LAST_WEBHOOK),
    ),
)

OF_DISCORD: Sequence[Switch[discord.Fault]] = (
    Switch(
        "too-many",
        "Too many requests (429)",
        "Discord refuses a request and asks to come back in 2 seconds. The bot does, and nothing is missing.",
        discord.Fault("*", "*", status=429, retry_after=2),
    ),
    Switch(
        "bad-gateway",
        "Bad gateway (502)",
        "A request fails in front of Discord. The bot tries it again after a moment.",
        discord.Fault("*", "*", status=502),
    ),
    Switch(
        "outage",
        "Outage (503)",
        "Discord is not available. A command that cannot be answered costs nothing; a picture that cannot be shown is "
        "posted later.",
        discord.Fault("*", "*", status=503),
    ),
    Switch(
        "lost-answer",
        "Lost answer",
        "Discord does what the bot asks, and the connection is lost before it says so. Nothing appears twice.",
        discord.Fault("*", "*", drop=True, after_acting=True),
    ),
    Switch(
        "unreadable",
        "Unreadable answer",
        "Discord does what the bot asks, and a web page of some proxy comes back. The bot looks what became of it, and "
        "nothing appears twice.",
        discord.Fault("*", "*", garbled=Garbled.HTML),
    ),
    Switch(
        "bad-form",
        "Refused message (400)",
        "Discord does not like how a message looks. The bot sends it without its buttons: the picture, or the reason, "
        "comes in any case.",
        discord.Fault("PATCH", "*", status=400, code=50035),
    ),
    Switch(
        "latency",
        "Latency",
        "Discord takes a second longer over a request. Everything comes later, and nothing is missing.",
        discord.Fault("*", "*", delay=1.0),
    ),
)
