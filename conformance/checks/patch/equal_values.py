"""Keys with the same value are two keys (docs: reference#api-reference): both are stored, and one changes without the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http.assertions import expect, need_key, need_object, need_success
from conformance.scenarios.equal_values import FOR_WEBHOOKS, ONE, OTHER, images

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.equal_values import EqualValues

MODELS = ("Member", "Group")


def changed(contract: Contract) -> Iterator[Row]:
    """Rows for the models, with the requirement on what a PATCH changes."""
    for model in MODELS:
        yield Row(model, model.lower(), contract.named("persists", operation=f"update{model}"))


def with_webhooks(contract: Contract) -> Iterator[Row]:
    """A row for the image of webhooks, where the revision has it."""
    if any(field.key == FOR_WEBHOOKS for field in contract.fields_of("Member")):
        yield Row(FOR_WEBHOOKS, FOR_WEBHOOKS)


def expect_values(exchange: Exchange, expected: dict[str, object]) -> None:
    """The response shows these values."""
    body = need_object(exchange)
    actual = {key: need_key(exchange, body, key) for key in expected}
    expect(
        f"keys in {exchange.label}",
        holds=actual == expected,
        expected=expected,
        actual=actual,
        exchange=exchange,
    )


@requirement("create-stores-sent-keys")
@each("model", table_of(MODELS, str.lower))
def check_equal_images_are_stored(
    model: str, equal_values: EqualValues, contract: Contract
) -> None:
    """A POST with the same address for several images stores all of them."""
    expect_values(equal_values.read(model), dict.fromkeys(images(contract, model), ONE))


@requirement("create-stores-sent-keys")
@each("key", with_webhooks)
def check_image_for_webhooks_needs_no_other(key: str, equal_values: EqualValues) -> None:
    """A POST with an image for webhooks alone stores it, and no other."""
    expect_values(equal_values.read("webhooks"), {key: ONE, "avatar_url": None})


@requirement("patch-preserves-missing-keys")
@each("model", table_of(MODELS, str.lower))
def check_equal_image_is_left_alone(
    model: str, equal_values: EqualValues, contract: Contract
) -> None:
    """A PATCH of one of two images with the same address leaves the other one, and a name the same as the display name."""
    need_success(equal_values.changed(model))
    before, kept = need_object(equal_values.read(model)), images(contract, model)[:-1]
    expected = {key: before.get(key) for key in (*kept, "name")}
    expect_values(equal_values.read_again(model), expected)


@each("model", changed)
def check_value_of_another_key_is_stored(
    model: str, equal_values: EqualValues, contract: Contract
) -> None:
    """A PATCH stores a display name that is the same as the name, and an image beside one that it equalled."""
    need_success(equal_values.changed(model))
    name = equal_values.made(model).sent["name"]
    expected = {"display_name": name, images(contract, model)[-1]: OTHER}
    expect_values(equal_values.read_again(model), expected)
