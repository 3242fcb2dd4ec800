"""Turning values into HTML by the templates beside this file."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


class Renderer:
    """Fills in templates; every value is escaped unless it is `Markup`, and a name that is missing is an error."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("playground.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def html(self, template: str, **values: object) -> Markup:
        """Return a template filled in."""
        return Markup(self._environment.get_template(template).render(**values))  # noqa: S704  (it escapes)
