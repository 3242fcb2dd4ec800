"""The operator whose webhook address is known to the world: only who knows the key is listened to."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.apiframe.signature import WebhookSignature

KEY = "afk_example"
BODY = b'{"event": "completed"}'
DIGEST = hashlib.sha256(KEY.encode())
SECRETS = [DIGEST.digest(), DIGEST.hexdigest().encode()]


def signed(secret: bytes, body: bytes = BODY) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("secret", SECRETS, ids=["bytes", "hex"])
@pytest.mark.parametrize("prefix", ["", "sha256="])
def test_either_reading_of_the_documents_is_taken(secret: bytes, prefix: str) -> None:
    """The secret may be the digest's bytes or its hex characters, and the signature may have its prefix."""
    assert WebhookSignature(SecretStr(KEY)).fits(BODY, prefix + signed(secret))


@given(st.text())
def test_what_was_not_made_with_the_key_is_refused(signature: str) -> None:
    """The header may contain any text: letters of any script are an invalid signature, not an error."""
    assert not WebhookSignature(SecretStr(KEY)).fits(BODY, signature)
    assert not WebhookSignature(SecretStr(KEY)).fits(BODY, f"sha256={signature}")


@pytest.mark.parametrize("secret", [*SECRETS, KEY.encode(), b""])
def test_a_signature_is_good_for_one_body_and_one_key(secret: bytes) -> None:
    """A signature does not fit another body, nor a bot with another key."""
    assert not WebhookSignature(SecretStr(KEY)).fits(BODY + b" ", signed(secret))
    assert not WebhookSignature(SecretStr("afk_other")).fits(BODY, signed(secret))
    assert WebhookSignature(SecretStr(KEY)).fits(BODY, signed(secret)) is (secret in SECRETS)
