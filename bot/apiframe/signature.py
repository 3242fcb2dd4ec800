"""Whether a webhook comes from Apiframe: the signature over its body."""

import hashlib
import hmac

from pydantic import SecretStr

_PREFIX = "sha256="


class WebhookSignature:
    """Checks `X-Webhook-Signature`, an HMAC-SHA256 over the raw body in hex, with or without a prefix.

    The secret is the SHA-256 of the API key; the documents leave open whether that means the digest's 32 bytes or its
    64 hex characters, so either is taken.
    """

    def __init__(self, key: SecretStr) -> None:
        digest = hashlib.sha256(key.get_secret_value().encode())
        self._secrets = (digest.digest(), digest.hexdigest().encode())

    def fits(self, body: bytes, signature: str) -> bool:
        """Return True if `body` was signed with the key, in the same time for every wrong `signature`."""
        given = signature.removeprefix(_PREFIX).lower().encode(errors="replace")
        expected = [hmac.new(secret, body, hashlib.sha256).hexdigest().encode() for secret in self._secrets]
        matches = [hmac.compare_digest(given, each) for each in expected]  # both, whichever it is
        return any(matches)
