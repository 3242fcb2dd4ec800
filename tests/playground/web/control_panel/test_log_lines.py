"""The bot's log for people: JSON lines are split into fields, and other lines are shown unchanged."""

import json

from playground.web.control_panel.log_lines import LogLine, LogReader, read_line


def test_an_event_is_told_from_its_details() -> None:
    """Time, level and event are separate; the source of a line is left out, and all other fields keep their names."""
    line = {"generation": "0a1b", "credits": 7, "event": "picture_delivered", "level": "info", "logger": "bot.x"}
    read = read_line(json.dumps(line | {"timestamp": "2026-11-22T11:55:35.123456Z"}))
    assert read == LogLine("picture_delivered", "11:55:35", "info", (("generation", "0a1b"), ("credits", "7")))


def test_a_traceback_is_kept_whole() -> None:
    """The lines of a traceback stay lines."""
    read = read_line(json.dumps({"event": "broke", "level": "error", "exception": "Traceback\n  here\nOops"}))
    assert (read.level, read.trace, read.details) == ("error", "Traceback\n  here\nOops", ())


def test_what_is_no_event_is_shown_as_it_is() -> None:
    """A sentence on the way out, a number, an object without an event, a level nobody knows."""
    for line in ("-- the process has ended: killed", "12", '{"level": "info"}', ""):
        assert read_line(line) == LogLine(line)
    assert read_line('{"event": "x", "level": "\\"><script>"}').level == ""


def test_lines_keep_their_order_and_their_number() -> None:
    """The same line twice is shown twice, and lines that have scrolled away are forgotten."""
    reader = LogReader()
    assert [line.event for line in reader.read(["a", "b", "a"])] == ["a", "b", "a"]
    assert [line.event for line in reader.read(["b", "c"])] == ["b", "c"]
