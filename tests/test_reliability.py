"""The operator who reads a promise in `docs/reliability.md` and wants to see it held."""

import re
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "reliability.md"
LINK = re.compile(r"\]\((?P<file>[^)#]+\.py)#(?P<test>test_\w+)\)")
ROW = re.compile(r"^\| (?!fault|---)", re.MULTILINE)


def test_every_promise_has_a_test_that_exists() -> None:
    """Each row of the tables links to a test, and each link leads to one."""
    rows = [line for line in PAGE.read_text().splitlines() if ROW.match(line)]
    assert len(rows) > 30
    for row in rows:
        links = list(LINK.finditer(row))
        assert links, f"no test: {row}"
        for link in links:
            file = (PAGE.parent / link["file"]).resolve()
            assert re.search(rf"^(async )?def {link['test']}\(", file.read_text(), re.MULTILINE), link[0]
