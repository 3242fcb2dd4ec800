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
        "A picture is never finished. The bot gives up after 20 minutes. Kill and restart it in the meantime.",
        apiframe.Fault(Kind.HANG),
    ),
    Switch(
        "policy",
        "Policy refusal",
        "The model refuses the prompt, and the credits are refunded. The card says so.",
        apiframe.Fault(Kind.POLICY),
    ),
    Switch(
        "model",
        "Model failure",
        "The model fails, and the credits are refunded. The card says so and offers another try.",
        apiframe.Fault(Kind.MODEL_FAILURE),
    ),
    Switch(
        "references",
        "Dead reference links",
        "The links to reference images no longer work. Attach an image to see the job fail and be refunded.",
        apiframe.Fault(Kind.DEAD_REFERENCES),
    ),
    Switch(
        "too-many",
        "Too many requests (429)",
        "Apiframe asks the bot to retry in 5 seconds. The bot does, and the card says so.",
        apiframe.Fault(Kind.RATE_LIMITED, seconds=5),
    ),
    Switch(
        "credits",
        "Out of credits (402)",
        "Apiframe accepts no orders because its credits are used up. The card says so, and nothing is charged.",
        apiframe.Fault(Kind.OUT_OF_CREDITS),
    ),
    Switch(
        "outage",
        "Outage (503)",
        "Apiframe is down. The bot holds back all orders, and their cards say so. Switch this off within 10 minutes, "
        "and they continue.",
        apiframe.Fault(Kind.SERVER_ERROR, status=503),
    ),
    Switch(
        "blocked",
        "Blocked by a proxy (403 page)",
        "A proxy in front of Apiframe responds with a web page. The bot treats it as an outage, because the key "
        "wasn't rejected.",
        apiframe.Fault(Kind.PROXY_PAGE, status=403),
    ),
    Switch(
        "strange",
        "Strange fields",
        "A job's price is text and its pictures are objects. The bot still reads them and posts the picture.",
        apiframe.Fault(Kind.STRANGE_FIELDS),
    ),
    Switch(
        "lost-answer",
        "Lost answer to an order",
        "Apiframe accepts an order, but its response is lost. The bot repeats the order with the same key, and only "
        "one picture is made and charged.",
        apiframe.Fault(Kind.LOST_ANSWER, route="generate"),
    ),
    Switch(
        "slow-order",
        "Slow order",
        "Apiframe takes 45 seconds to accept an order. The bot repeats it with the same key, and only one picture is "
        "made and charged.",
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
        "A finished picture isn't at its address. The bot retries for a while, and then says what happened.",
        apiframe.Fault(Kind.MISSING),
    ),
    Switch(
        "huge",
        "Huge picture",
        "A picture has 12 MB, and Discord accepts up to 10 MB here. The bot posts a smaller copy.",
        apiframe.Fault(Kind.HUGE, megabytes=12),
    ),
    Switch(
        "webhook",
        "Lost webhook",
        "Apiframe doesn't send the webhook of a finished picture. The bot also polls, and finds it a few seconds "
        "later.",
        apiframe.Fault(Kind.LOST_LAST_WEBHOOK),
    ),
)

OF_DISCORD: Sequence[Switch[discord.Fault]] = (
    Switch(
        "too-many",
        "Too many requests (429)",
        "Discord asks the bot to retry in 2 seconds. The bot does, and nothing is missing.",
        discord.Fault("*", "*", status=429, retry_after=2),
    ),
    Switch(
        "bad-gateway",
        "Bad gateway (502)",
        "A proxy in front of Discord fails a request. The bot retries after a moment.",
        discord.Fault("*", "*", status=502),
    ),
    Switch(
        "outage",
        "Outage (503)",
        "Discord is down. A command that can't be answered costs nothing, and a picture that can't be shown is posted "
        "later.",
        discord.Fault("*", "*", status=503),
    ),
    Switch(
        "lost-answer",
        "Lost answer",
        "Discord handles a request, but its response is lost. Nothing appears twice.",
        discord.Fault("*", "*", drop=True, after_acting=True),
    ),
    Switch(
        "unreadable",
        "Unreadable answer",
        "Discord handles a request, but a proxy responds with a web page. The bot checks what happened, and nothing "
        "appears twice.",
        discord.Fault("*", "*", garbled=Garbled.HTML),
    ),
    Switch(
        "bad-form",
        "Refused message (400)",
        "Discord rejects the layout of a message. The bot sends it without buttons, so the picture or the reason is "
        "still shown.",
        discord.Fault("PATCH", "*", status=400, code=50035),
    ),
    Switch(
        "latency",
        "Latency",
        "Discord takes a second longer for each request. Everything comes later, and nothing is missing.",
        discord.Fault("*", "*", delay=1.0),
    ),
)
