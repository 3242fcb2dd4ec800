"""The temporary folder fills up with files of killed processes."""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bot.storage.scratch import scratch_folder, sweep_scratch
from tests.promises import ProcessFault

HOURS_AGO = time.time() - 5 * 3600


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder only for this test and its processes."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def work_on(told: Connection) -> None:
    """Use a temporary file until the process ends."""
    with scratch_folder() as folder:
        (folder / "picture").write_bytes(b"half of it")
        told.send(str(folder))
        told.recv()


@contextmanager
def worker() -> Iterator[tuple[multiprocessing.process.BaseProcess, Path]]:
    """Run a process that works in a folder that is hours old, until it's killed or the block ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work_on, args=(theirs,))
    process.start()
    folder = Path(ours.recv())
    os.utime(folder, (HOURS_AGO, HOURS_AGO))
    yield process, folder
    ours.close()  # and not before: the process would end by itself
    process.join()


def test_a_folder_is_gone_after_its_block() -> None:
    """A process that isn't killed deletes its folder."""
    with scratch_folder() as folder:
        (folder / "picture").write_bytes(b"bytes")
    assert not folder.exists()


@pytest.mark.promise(ProcessFault.TEMPORARY_FILES)
def test_what_a_killed_process_left_is_swept_and_what_a_living_one_uses_is_not() -> None:
    """However old the folder is, its process keeps it by living, and loses it by dying."""
    with worker() as (process, folder):
        assert sweep_scratch() == 0
        assert (folder / "picture").exists()
        process.kill()
        process.join()
        assert sweep_scratch() == 1
        assert not folder.exists()


def test_ones_own_folder_is_not_swept() -> None:
    """A process that deletes old folders keeps its own."""
    with scratch_folder() as folder:
        os.utime(folder, (HOURS_AGO, HOURS_AGO))
        assert sweep_scratch() == 0
        assert folder.exists()


@pytest.mark.promise(ProcessFault.TEMPORARY_FILES)
def test_young_folders_and_strangers_are_left_alone(temporary: Path) -> None:
    """A new folder may not be locked yet; links and other programs' files don't belong to us."""
    young, elsewhere = temporary / "imagine-bot-young", temporary / "elsewhere"
    for folder in (young, elsewhere):
        folder.mkdir()
    (temporary / "imagine-bot-link").symlink_to(elsewhere)
    (temporary / "imagine-bot-file").write_text("a file")
    for name in ("elsewhere", "imagine-bot-file"):
        os.utime(temporary / name, (HOURS_AGO, HOURS_AGO))
    assert sweep_scratch() == 0
    assert {each.name for each in temporary.iterdir()} == {
        "imagine-bot-young",
        "imagine-bot-link",
        "imagine-bot-file",
        "elsewhere",
    }
