"""Faults of the database, disk and image store, and a promise for each."""

from enum import unique

from tests.promises.fault import Fault


@unique
class StorageFault(Fault):
    """Faults of the database, the disk, the image store and the settings for them."""

    LOCKED = (
        "The database is locked",
        "Members get a card in time, and the picture afterwards.",
    )
    DATABASE_DOWN = (
        "The database is down for 30 s",
        "Unfinished work waits, then continues where it stopped.",
    )
    DATABASE_READ_ONLY = (
        "PostgreSQL is read-only, as during a failover",
        "Unfinished work waits, then continues where it stopped.",
    )
    DATABASE_DOWN_AT_START = (
        "PostgreSQL goes down while the bot starts, after the first check",
        "The process ends with one sentence, without a traceback, so that a supervisor restarts it.",
    )
    DATABASE_DOWN_AT_STOP = (
        "PostgreSQL is down while the bot stops",
        "The process ends without a traceback, and the next one continues with the same order.",
    )
    OUTAGE_LOG = (
        "Libraries log tracebacks during an outage",
        "The log has one line with the reason. All other errors keep their traceback.",
    )
    QUEUE_INTERRUPTED = (
        "The database fails just as a request is queued",
        "The request is picked up within minutes, without a restart.",
    )
    QUEUE_REFUSES_ONE = (
        "The queue rejects one of several requests that are queued together",
        "That one is refunded, and its card says so. The others are made.",
    )
    COMMIT_IN_DOUBT = (
        "The connection breaks during a request's COMMIT",
        'The member reads "not charged", and a stored request is refunded once the database is back.',
    )
    REFUND_TOO_LATE = (
        "Another process has ordered the picture that this one wants to refund",
        "The picture continues. Only pictures that aren't ordered are refunded.",
    )
    MACHINE_FAILS = (
        "Disk errors (EIO), read-only disk, too many open files, no memory, no network",
        "Unfinished work waits, then continues. A bug of the bot ends the picture with a traceback.",
    )
    DISK_FULL = (
        "The disk is full",
        "As when the database is down: work continues once there is room.",
    )
    STORE_DOWN = (
        "The image store is down or read-only",
        "The picture is posted, and stored once the store is back. Until then `/history` says it isn't saved.",
    )
    STORE_DOWN_A_DAY = (
        "The image store is down for more than a day",
        "The copy from Discord is stored.",
    )
    STORE_DOWN_ATTACHMENT = (
        "The image store is down when a member attaches images",
        'The member reads "not charged". Nothing is ordered and nothing stays reserved.',
    )
    STORE_DOWN_READ = (
        "The image store is down when stored images are needed",
        "An error message says what is missing. A deletion continues later.",
    )
    STORE_UNUSABLE = (
        "At the start, the image store can't be used: missing bucket, credentials or rights",
        "`check` and `run` say so in one sentence before anything is ordered.",
    )
    STORE_DOWN_AT_START = (
        "The image store is down or busy at the start: no connection, timeout, 5xx, 429, full disk",
        "The bot starts with one warning and works as during a later outage.",
    )
    STORE_MISSING = (
        "The bucket is missing or the folder isn't mounted",
        "No image is treated as deleted.",
    )
    STORAGE_FAILS_REQUEST = (
        "The database is down or the disk full during a request",
        'The member reads "not charged". The log has one line without a traceback.',
    )
    SETTING_INVALID = (
        "Wrong encoding of `.env`, a misspelled setting, an invalid value",
        "`check` and `run` name it in one sentence.",
    )
    DATABASE_UNUSABLE = (
        "The database doesn't exist, isn't a database, or there are no rights or no room",
        "`check` and `run` name it in one sentence.",
    )
