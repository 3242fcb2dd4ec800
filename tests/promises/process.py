"""Faults of processes, and a promise for each."""

from enum import unique

from tests.promises.fault import Fault


@unique
class ProcessFault(Fault):
    """Faults of processes: crashes, locks, takeovers and upgrades."""

    SIGKILL = (
        "SIGKILL at any point between two effects, even twice",
        "One order, one charge, one picture.",
    )
    SIGKILL_23_HOURS = (
        "SIGKILL during an order, and no restart for 23 hours",
        "The job is looked for and never ordered again, since the key expires after a day. An unsent order is sent.",
    )
    SIGKILL_TOKEN_DEAD = (
        "SIGKILL, and the interaction token dies before the restart",
        "One picture in the channel and no card beside it.",
    )
    SIGKILL_BUSY_CHANNEL = (
        "SIGKILL right after a post, in a busy channel",
        "The picture is found among the latest thousand messages (latest hundred on a first try).",
    )
    SIGKILL_CARD = (
        "SIGKILL before a card's id is stored",
        "The card is found again and becomes the picture.",
    )
    SIGKILL_BATCH = (
        "SIGKILL while several pictures share a card",
        "One card has every picture once, each ordered and paid for once, also if its token died or it was deleted.",
    )
    ROLES_BATCH = (
        "Two workers and a gateway make the pictures of one command, and any of them gets SIGKILL",
        "One card has every picture once, each ordered and paid for once.",
    )
    SIGKILL_CANCELLING = (
        "SIGKILL while a picture is being cancelled",
        "It is refunded and never ordered, or keeps its place. The card says so after the restart.",
    )
    SIGKILL_UNDO = (
        "SIGKILL while an undo shows a picture again",
        "Nothing is ordered or charged. A picture that was posted and not noted is deleted with its original.",
    )
    CANCELLED_WHILE_ORDERED = (
        "A member cancels a picture at the moment it is ordered, or twice at once",
        "It is ordered and paid for, or refunded and never ordered. One refund.",
    )
    CANCELLED_ELSEWHERE = (
        "A picture is cancelled in one process while another has it",
        "The other process notices before it sends the order, and does not send it.",
    )
    SIGTERM = (
        "SIGTERM at any time",
        "The process exits within seconds and the next one continues.",
    )
    ROLES = (
        "A gateway or worker process dies or stops",
        "Workers make the pictures that a gateway reserved, and continue those of a worker, once and at one price.",
    )
    PROCESS_DIES = (
        "One of several processes dies",
        "Within 30 s, its pictures continue in another process. Requests that weren't ordered are ordered once.",
    )
    PROCESS_GONE = (
        "A dead process isn't restarted",
        "The operator gets one alert that names it. `/metrics` shows it until its shards are served again.",
    )
    SAME_SHARDS = (
        "Two processes have the same shards",
        "The second waits for 15 s, then ends with a message. A deploy with a shorter overlap works.",
    )
    LOCK_LOST = (
        "The executor lock is lost: its connection breaks, or its file is deleted",
        "The process starts nothing until it holds the lock again. If another process has it, this one ends.",
    )
    EVENT_TWICE = (
        "Two processes, or one twice, get the same command, mention or reaction",
        "One order, one charge, one picture. Removing and adding a reaction again makes another.",
    )
    SIGKILL_SHOWCASE = (
        "SIGKILL while a picture is put into the showcase",
        "It is shown there once. The next process continues within 40 s.",
    )
    SIGKILL_SUMMARY = (
        "SIGKILL while a weekly summary is posted, or two processes at once",
        "It is posted once. The next process continues within three minutes.",
    )
    SIGKILL_REVIEW = (
        "SIGKILL while a picture or prompt is put into review, or a decision is carried out",
        "Moderators get one card, decide once, and the picture is posted once. The next process continues within 40 s.",
    )
    REVIEWED_TWICE = (
        "Moderators decide at once, in two processes, or at the moment of the deadline",
        "The first decision counts, and is carried out once. The others read who was faster.",
    )
    SIGKILL_STYLE = (
        "SIGKILL while a style is saved",
        "It is there once with all of its images, or not at all.",
    )
    SIGKILL_STYLED_PICTURE = (
        "SIGKILL while a picture in a style is made, and the style is deleted",
        "The picture is ordered once, with the words and images of the moment of the request.",
    )
    STYLES_TWICE = (
        "A style is made, renamed or deleted in one process while another completes names",
        "The other process knows at once, or within a minute if the message is lost.",
    )
    SHOWCASE_TWICE = (
        "Two processes get the stars with which a picture reaches the showcase",
        "It is shown there once.",
    )
    PGBOUNCER = (
        "PgBouncer in transaction mode",
        "Locks, takeover and pictures work. Webhooks wake other processes only with `DATABASE_DIRECT_URL`.",
    )
    DIES_AND_RESTARTS = (
        "A process dies while others run and restarts at once",
        "Its lock is free, since the holder of a lock waits only for the database.",
    )
    STUCK_PROCESS = (
        "A process is stuck without its lock but still takes work from the queue",
        "Another process takes that work over every 30 s.",
    )
    PROCESS_ROW_DELETED = (
        "Another process deleted this process's row in the meantime",
        "It saves the row again before it works, so that its work can be taken over.",
    )
    LOCK_WRITE_FAILS = (
        "The database rejects a write as a process starts or stops",
        "The start ends with a message. The lock is free for the next process.",
    )
    PUBSUB_DOWN = (
        "The database is unreachable while a process starts to listen for webhooks",
        "It reconnects, with one log line for each failure.",
    )
    DEFAULTS_ELSEWHERE = (
        "A member or a moderator changes defaults in one process, also while another one gets no messages",
        "The others use them soon. A process that gets messages again reads all defaults.",
    )
    QUEUED_ELSEWHERE = (
        "A picture waits at one process, and another one starts it",
        "The card shows the result and not its old place. Places are counted over all processes.",
    )
    UPGRADE = (
        "Upgrade with unfinished pictures",
        "Tables are migrated and the work continues.",
    )
    CLOCK_JUMP = (
        "The clock jumps forward or back",
        "No picture times out early or waits forever. The queue continues within about a minute, at its usual rate.",
    )
    BURST = (
        "Fifty requests at once in four processes",
        "Limits are exact.",
    )
    TEMPORARY_FILES = (
        "SIGKILL leaves temporary files",
        "The next process deletes them, and none that another process uses.",
    )
    OLD_WORKFLOWS = (
        "Finished workflows and tokens pile up",
        "They are deleted a day after the end. Unfinished pictures keep theirs.",
    )
    PLAYGROUND_KILL = (
        "SIGKILL from the playground's page",
        "The picture is ordered and posted once. Everybody can try it.",
    )
    SOAK = (
        "All faults together, at random",
        "No duplicates, no losses, no differences in the ledger.",
    )
