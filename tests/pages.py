"""Pages of the documentation with generated tables."""


def with_table(page: str, name: str, table: str) -> str:
    """Return the page with one table replaced, which stands between `<!-- name -->` and `<!-- end -->`."""
    before, start, rest = page.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    if not end:
        message = f"the page has no place for the table of {name}"
        raise ValueError(message)
    return f"{before}{start}{table}\n{end}{after}"
