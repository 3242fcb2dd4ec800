"""Faults during deletion, and a promise for each."""

from enum import unique

from tests.promises.fault import Fault


@unique
class DeletionFault(Fault):
    """Faults while the bot deletes a member's data."""

    DELETIONS_REJECTED = (
        "Discord accepts no deletions, or the bot restarts in between",
        "Texts and files are deleted immediately. The messages follow later.",
    )
    DELETIONS_FAIL = (
        "Discord fails on some messages, or opens no direct messages",
        "The others are deleted immediately and these are retried.",
    )
    CHANNEL_HIDDEN = (
        "The bot can't see a channel, temporarily or permanently",
        "It retries every hour for 30 days, then gives up and forgets the messages.",
    )
    UNFINISHED_PICTURES = (
        "The member has unfinished pictures",
        "Queued ones are refunded. Ordered ones are deleted once they are done.",
    )
    REMOVAL_KILLED = (
        "The process dies while a moderator deletes a member's latest pictures",
        "The next process deletes the rest. The audit log has one line.",
    )
    IN_REVIEW = (
        "The member has pictures or prompts in review, or had some",
        "They end, and their cards in the review channel are deleted, also those of decided ones.",
    )
    SHARED_FILES = (
        "Another person's picture uses a file",
        "The file stays.",
    )
    LEDGER_KEPT = (
        "The ledger and limits",
        "They stay the same. After 30 days they name nobody.",
    )
