"""A real S3 server that is not ours, to be taken away and brought back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from moto.s3.models import S3Backend, s3_backends
from moto.server import ThreadedMotoServer

from playground.app import free_port

_ACCOUNT = "123456789012"  # in which moto puts everybody
ACCESS_KEY, SECRET_KEY = "an-access-key", "a-secret-key"


@dataclass
class S3Server:
    """A server with one bucket; its objects survive an outage."""

    port: int
    bucket: str
    _server: ThreadedMotoServer | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    @contextmanager
    def away(self) -> Iterator[None]:
        """Close the server's port while the block runs."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def settings(self) -> dict[str, object]:
        """Return the settings that lead here."""
        return {
            "image_store_url": f"s3://{self.bucket}/pictures",
            "aws_access_key_id": ACCESS_KEY,
            "aws_secret_access_key": SECRET_KEY,
            "aws_endpoint_url": self.endpoint,
        }

    def environment(self) -> dict[str, str]:
        """Return the same as a process reads it."""
        return {name.upper(): str(value) for name, value in self.settings().items()}

    def make_bucket(self) -> None:
        self._backend.create_bucket(self.bucket, "us-east-1")

    def names(self) -> set[str]:
        """Return the names of all objects, without the prefix."""
        return {str(name).removeprefix("pictures/") for name in self._backend.buckets[self.bucket].keys}

    def clear(self) -> None:
        """Lose all objects."""
        self._backend.buckets[self.bucket].keys.clear()

    def age(self, days: int) -> None:
        """Make all objects this many days older."""
        for key in self._backend.buckets[self.bucket].keys.values():
            key.last_modified -= timedelta(days=days)

    @property
    def _backend(self) -> S3Backend:
        return s3_backends[_ACCOUNT]["aws"]


@contextmanager
def running_s3() -> Iterator[S3Server]:
    """Run a server with an empty bucket until the block ends."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = S3Server(free_port(), f"pictures-{uuid4().hex}")
    server.start()
    try:
        server.make_bucket()
        yield server
    finally:
        server.stop()
