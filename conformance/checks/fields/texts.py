"""Texts are stored and shown as they were sent (docs: reference#api-reference, models).

The texts are those of `openapi/texts.yaml`. Checks of other requirements pass over what a server changes in a text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.contract.texts import MODELS, NOTHING, text_fields
from conformance.http import PreconditionFailed
from conformance.http.assertions import ABSENT, described, expect
from conformance.http.outcomes import Wording
from conformance.scenarios.kept_texts import IN_GUILD, SETTINGS, requests_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.fields import Field
    from conformance.scenarios.kept_texts import KeptTexts, SentText


def texts(contract: Contract) -> Iterator[Row]:
    """Rows for each key that takes any text, for each request that shows what became of one."""
    for model in (*MODELS, SETTINGS, *IN_GUILD):
        for field in text_fields(contract, model):
            for request in requests_of(model):
                yield Row((field, request), f"{field.name}-{request}")


@requirement("text-is-kept")
@each("case", texts)
def check_text_is_kept(case: tuple[Field, str], kept_texts: KeptTexts) -> None:
    """A text comes back as it was sent: neither trimmed nor tidied, put in another form, escaped or taken for something else."""
    field, request = case
    sent = kept_texts.sent(field.model, field.key, request)
    expect(
        f"{field.name} in {sent.exchange.label}",
        holds=sent.exchange.ok,
        expected="accepted",
        actual=described(sent.exchange),
        exchange=sent.exchange,
    )
    actual = sent.shown().get(field.key, ABSENT)
    need_stored(field, sent, actual)
    expect(
        f"{field.name} in {sent.exchange.label}",
        holds=actual == sent.text.text,
        expected=escaped(sent.text.text),
        actual=escaped(actual),
        exchange=sent.exchange,
    )


def escaped(value: object) -> Wording:
    """Return a value as JSON of ASCII alone: letters in two forms, and marks without width, look alike otherwise."""
    return Wording(json.dumps(value))


def need_stored(field: Field, sent: SentText, actual: object) -> None:
    """Something of the text is stored; raises PreconditionFailed where the request left the key as it was, or without a value."""
    emptied = actual is None and sent.text.mistaken_for != NOTHING
    if actual is ABSENT or emptied or (actual == sent.before and actual is not None):
        reason = f"{field.name} was not set, which is for the requirements on what is stored"
        raise PreconditionFailed(reason, sent.exchange)
