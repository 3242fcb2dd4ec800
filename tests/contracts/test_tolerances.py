"""Each tolerance is as narrow as its reason."""

from dataclasses import replace
from typing import Any

import pytest

from standins.exchange import Exchange
from tests.contracts.openapi import Contract
from tests.contracts.published import MISSING, published_contract


def refused(error: dict[str, Any]) -> Exchange:
    """Return a message that Discord refused with one complaint about its content."""
    body = {"message": "Invalid Form Body", "code": 50035, "errors": {"data": {"content": {"_errors": [error]}}}}
    return Exchange(
        method="POST",
        path="/channels/1/messages",
        query={},
        request_headers={},
        request_body={"content": ""},
        request_files={},
        request_content_type="application/json",
        status=400,
        response_headers={},
        response_body=body,
    )


@pytest.fixture
def discord() -> Contract:
    contract = published_contract("discord")
    if contract is None:
        pytest.skip(MISSING)
    return contract


def test_a_409_is_tolerated_for_orders_and_nothing_else() -> None:
    """Apiframe's SDK names it there, its document nowhere."""
    contract = published_contract("apiframe") or pytest.skip(MISSING)
    conflict = replace(refused({}), path="/v2/images/generate", status=409, response_body={"error": "x"})
    assert contract.answer_violations(conflict) == []
    assert contract.answer_violations(replace(conflict, status=410)) != []
    assert contract.answer_violations(replace(conflict, method="GET", path="/v2/jobs")) != []


def test_words_for_codes_are_tolerated_in_a_form_s_errors_and_nothing_else(discord: Contract) -> None:
    """A complaint's code may be a word, as Discord sends it; one without its words breaks the document."""
    word = {"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}
    assert discord.answer_violations(refused(word)) == []
    assert discord.answer_violations(refused({"code": "BASE_TYPE_REQUIRED"})) != []
    assert discord.answer_violations(refused({"message": "This field is required"})) != []
