"""The roles of a process: everything, or one of two halves that several processes share on PostgreSQL."""

from enum import StrEnum


class Role(StrEnum):
    """The part of the work that `imagine-bot run` does."""

    ALL = "all"
    GATEWAY = "gateway"  # answers members, and reserves their pictures
    WORKER = "worker"  # makes and posts pictures, without a connection to Discord's gateway
