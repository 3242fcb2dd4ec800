"""Faults that need alerts and monitoring, and a promise for each."""

from enum import unique

from tests.promises.fault import Fault


@unique
class MonitoringFault(Fault):
    """Faults that the operator has to notice."""

    KEY_OR_CREDITS = (
        "The key is rejected, or credits are gone or low",
        "One message says what to do, and one that it's over; not repeated after restarts.",
    )
    APIFRAME_DOWN = (
        "Apiframe is down, or accepts no orders, for five minutes",
        "One message, and one when orders are accepted again.",
    )
    SEVERAL_PROCESSES = (
        "Several processes notice the same problem",
        "One of them sends the message.",
    )
    ALERT_UNDELIVERED = (
        "Discord rejects the message, or the process dies first",
        "Any running process sends it later, unless the problem is over by then.",
    )
    OWNER_UNREACHABLE = (
        "The owner accepts no direct messages, or is a team",
        "The log and metrics have the alert and nothing stops. Of a team, each member who can act gets it.",
    )
    NOT_READY = (
        "The gateway, a shard or the database is down, or the process stops",
        "`/readyz` says which. `/healthz` stays 200.",
    )
    QUEUE_STUCK = (
        "The queue is stuck",
        "`/readyz` says for how long. A full or rate-limited queue isn't stuck.",
    )
    DISCORD_BAN = (
        "Many requests that could lead to a ban by Discord",
        "`/metrics` shows their number.",
    )
    LOOP_BLOCKED = (
        "Something blocks the event loop",
        "`/metrics` shows the lag.",
    )
    LOG_LEAK = (
        "A secret or prompt in a log line, or a name in a metric",
        "No log line at any level and no metric has one.",
    )
