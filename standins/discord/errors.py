"""Discord's error responses.

Every refusal is a `Refusal` with Discord's HTTP status and JSON error code; those about a form carry the tree of
`errors` that names each field:

    50035 Invalid Form Body → {"components": {"0": {"label": {"_errors": [{"code", "message"}]}}}}
"""

from collections.abc import Collection

from standins.discord.payload import Payload
from standins.discord.rules.facts import Fields

Place = tuple[str | int, ...]


class Refusal(Exception):
    """A request that Discord turns down, with its HTTP status, code and words."""

    def __init__(self, status: int, code: int, message: str, errors: Payload | None = None) -> None:
        super().__init__(f"{status} {code}: {message} {errors or ''}".strip())
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Payload:
        """Return the JSON that Discord would answer with."""
        body: Payload = {"message": self.message, "code": self.code}
        return body | ({"errors": self.errors} if self.errors else {})


class FormErrors:
    """The complaints about one request body, gathered so that all can be named at once."""

    def __init__(self) -> None:
        self._tree: Payload = {}

    def add(self, place: Place, code: str, message: str) -> None:
        """Note a complaint about the field at `place`, a path of keys and indices; empty for the whole body."""
        branch = self._tree
        for step in place:
            branch = branch.setdefault(str(step), {})
        branch.setdefault("_errors", []).append({"code": code, "message": message})

    def required(self, place: Place) -> None:
        """Note that the field at `place` is missing."""
        self.add(place, "BASE_TYPE_REQUIRED", "This field is required")

    def length(self, place: Place, value: object, least: int, most: int) -> None:
        """Note a complaint unless `value` is a string or list of `least` to `most` characters or entries."""
        if not isinstance(value, str | list):
            self.add(place, "BASE_TYPE_BAD_TYPE", "Value is of the wrong type")
        elif not least <= len(value) <= most:
            words = f"Must be between {least} and {most} in length." if least else f"Must be {most} or fewer in length."
            self.add(place, "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH", words)

    def fields(self, place: Place, part: Payload, known: Fields) -> None:
        """Note a complaint about each field of `part` that is missing, too short or too long."""
        for name, length in known.items():
            if part.get(name) is not None:
                self.length((*place, name), part[name], length.least, length.most)
            elif length.required:
                self.required((*place, name))

    def choice(self, place: Place, value: object, known: Collection[object]) -> None:
        """Note a complaint unless `value` is one of the known ones."""
        if isinstance(value, bool) or value not in known:
            self.add(place, "BASE_TYPE_CHOICES", f"Value must be one of {known}.")

    def join(self, others: "FormErrors") -> None:
        """Note the complaints of others."""
        _merge(self._tree, others._tree)  # noqa: SLF001  (of the same class)

    def __len__(self) -> int:
        """Return the number of complaints."""
        return _complaints(self._tree)

    def refuse_if_any(self) -> None:
        """Raise 50035 with the whole tree, if anything was noted."""
        if self._tree:
            raise self.refusal()

    def refusal(self) -> Refusal:
        """Return 50035 with the whole tree; a place is blamed as a whole only where nothing inside it is."""
        return Refusal(400, 50035, "Invalid Form Body", _innermost(self._tree))


def _merge(tree: Payload, others: Payload) -> None:
    for step, branch in others.items():
        if step == "_errors":
            tree.setdefault(step, []).extend(branch)
        else:
            _merge(tree.setdefault(step, {}), branch)


def _complaints(tree: Payload) -> int:
    return sum(len(branch) if step == "_errors" else _complaints(branch) for step, branch in tree.items())


def _innermost(tree: Payload) -> Payload:
    inside = {key: _innermost(branch) for key, branch in tree.items() if key != "_errors"}
    return inside or tree


def invalid_form(place: Place, code: str, message: str) -> Refusal:
    """Return the refusal of a body with one complaint."""
    errors = FormErrors()
    errors.add(place, code, message)
    return errors.refusal()


def unauthorized() -> Refusal:
    """Return what a wrong bot token gets."""
    return Refusal(401, 0, "401: Unauthorized")


def not_found() -> Refusal:
    """Return what an address that does not exist gets."""
    return Refusal(404, 0, "404: Not Found")


def missing_access() -> Refusal:
    """Return what a bot gets that cannot see the place."""
    return Refusal(403, 50001, "Missing Access")


def missing_permissions() -> Refusal:
    """Return what a bot gets that may see the place but not do this."""
    return Refusal(403, 50013, "Missing Permissions")


def unknown(what: str, code: int) -> Refusal:
    """Return what an id gets that names nothing, such as `unknown("Message", 10008)`."""
    return Refusal(404, code, f"Unknown {what}")


def empty_message() -> Refusal:
    """Return what a message without anything in it gets."""
    return Refusal(400, 50006, "Cannot send an empty message")


def too_large() -> Refusal:
    """Return what a file or a request over its size limit gets."""
    return Refusal(413, 40005, "Request entity too large")


def invalid_token() -> Refusal:
    """Return what a request with a dead interaction token gets."""
    return Refusal(401, 50027, "Invalid Webhook Token")
