"""How one system, member or group must look to its owner and to others, and what is different about how it does.

Only what the docs determine is compared: undocumented keys, the order of proxy tags, the case of colors and the id format
of timestamps are not. Nothing is sent from here.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.contract.equivalence import same
from conformance.http.assertions import ABSENT
from conformance.properties import attribution
from conformance.properties.model import READ_ONLY, UNKNOWN, Thing
from conformance.scenarios.switch_history import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = "response.json()"  # the body of the last response, in the words of a snippet


@dataclasses.dataclass(frozen=True)
class Difference:
    """Something that a response shows otherwise than the docs say; `test` is a Python expression that ought to hold."""

    what: str
    expected: Any
    actual: Any
    violates: tuple[str, ...]
    test: str
    as_upstream: bool = False


@dataclasses.dataclass(frozen=True)
class Sight:
    """One thing in one response: who looks, and where in the body it stands."""

    thing: Thing
    operation: str
    owner: bool
    where: str = SHOWN
    responses: dict[str, Any] | None = (
        None  # the body of the PATCH or POST that this is the response to
    )

    def differences(self, body: Any) -> Iterator[Difference]:
        """Yield what is different about this body."""
        if not isinstance(body, dict):
            yield self._difference(
                "the object", "an object", body, self._returned(), f"isinstance({self.where}, dict)"
            )
            return
        for key in self.thing.values:
            yield from self._of_key(key, body.get(key, ABSENT))
        yield from self._of_privacy(body.get("privacy", ABSENT))

    def _of_key(self, key: str, actual: Any) -> Iterator[Difference]:
        expected = self.thing.values[key]
        if actual is ABSENT:
            rules = attribution.of_missing_key(
                self.thing.contract, expected_null=expected is None, owner=self.owner
            )
            yield self._difference(key, "the key", actual, rules, f"{key!r} in {self.where}")
            return
        hidden = None if self.owner else self.thing.hides(key)
        if hidden:
            yield from self._of_secret(key, hidden, actual)
        elif expected is not UNKNOWN and not self._fits(key, expected, actual):
            yield self._wrong(key, expected, actual, (*self._why(key), *self._hiding(key, actual)))

    def _hiding(self, key: str, actual: Any) -> tuple[str, ...]:
        """Return what is broken when the owner does not see what is hidden from others."""
        if not self.owner or actual not in (None, []) or not self.thing.hides(key):
            return ()
        return attribution.known(self.thing.contract, "own-token-shows-private-fields")

    def _of_secret(self, key: str, privacy: str, actual: Any) -> Iterator[Difference]:
        thing = self.thing
        rules = attribution.of_shown_secret(thing.contract, thing.model, privacy, key)
        if thing.contract.field(thing.model, key).hidden_name:
            stand_in = thing.values.get("display_name")
            if stand_in and stand_in != thing.values["name"] and actual == thing.values["name"]:
                yield self._wrong(key, stand_in, actual, rules)
        elif actual is not None and actual != []:
            yield self._wrong(key, None, actual, rules)

    def _of_privacy(self, actual: Any) -> Iterator[Difference]:
        thing, contract = self.thing, self.thing.contract
        if actual is ABSENT:
            rules = attribution.of_missing_key(
                contract, expected_null=not self.owner, owner=self.owner
            )
            yield self._difference(
                "privacy", "the key", actual, rules, f"'privacy' in {self.where}"
            )
        elif not self.owner:
            if actual is not None:
                rules = attribution.of_shown_secret(contract, thing.model, "owner", "privacy")
                yield self._wrong("privacy", None, actual, rules)
        elif not isinstance(actual, dict):
            rules = attribution.known(
                contract, "privacy-object-shown-to-owner", "own-token-shows-private-fields"
            )
            yield self._wrong("privacy", thing.privacy, actual, rules)
        else:
            yield from self._of_levels(actual)

    def _of_levels(self, shown: dict[str, Any]) -> Iterator[Difference]:
        for key, level in self.thing.privacy.items():
            actual = shown.get(key, ABSENT)
            if actual is ABSENT:
                rules = attribution.of_missing_key(
                    self.thing.contract, expected_null=False, owner=True
                )
                where = f"{self.where}['privacy']"
                yield self._difference(
                    f"privacy.{key}", "the key", actual, rules, f"{key!r} in {where}"
                )
            elif actual not in ("public", "private"):
                rules = attribution.known(self.thing.contract, "privacy-values-public-private")
                yield self._wrong(f"privacy.{key}", level, actual, rules)
            elif actual != level:
                yield self._wrong(f"privacy.{key}", level, actual, self._why(f"privacy.{key}"))

    def _why(self, key: str) -> tuple[str, ...]:
        """Return what a wrong value violates that is not hidden from who looks."""
        thing = self.thing
        if not self.owner:
            return (
                *thing.why.get(key, ()),
                *attribution.known(thing.contract, "auth-optional-for-public-reads"),
            )
        if self.responses is not None and key in thing.named and key not in READ_ONLY:
            plain = key.removeprefix("privacy.")
            private = plain != key
            body = self.responses.get("privacy", {}) if private else self.responses
            if self.operation.startswith("update"):
                return attribution.of_returned(
                    thing.contract, thing.model, body.get(plain), private=private
                )
        rules = thing.why.get(key, ())
        if not rules and not key.startswith("privacy.") and thing.hides(key):
            rules = attribution.known(thing.contract, "own-token-shows-private-fields")
        return rules or self._returned()

    def _fits(self, key: str, expected: Any, actual: Any) -> bool:
        if same(expected, actual):
            return True
        if key == "color" and isinstance(expected, str) and isinstance(actual, str):
            return expected.lower() == actual.lower()
        if key == "proxy_tags":
            return bool(_tags(expected) == _tags(actual))
        if key in ("created", "last_message_timestamp"):
            return bool(moment(actual)) and moment(actual) == moment(expected)
        return actual is None and self._may_hide(key)

    def _may_hide(self, key: str) -> bool:
        """Whether a key without a privacy key of its own may go with the description (the banner of the launch)."""
        keys = {row.key for row in self.thing.contract.privacy_keys_of(self.thing.model)}
        loose = key == "banner" and "banner_privacy" not in keys and not self.owner
        return loose and self.thing.privacy.get("description_privacy") == "private"

    def _returned(self) -> tuple[str, ...]:
        return attribution.returned(self.thing.contract, self.operation)

    def _wrong(self, key: str, expected: Any, actual: Any, rules: tuple[str, ...]) -> Difference:
        where = self.where + "".join(f"[{part!r}]" for part in key.split("."))
        test = f"{where} is None" if expected is None else f"{where} == {expected!r}"
        return self._difference(key, expected, actual, rules, test)

    def _difference(
        self, key: str, expected: Any, actual: Any, rules: tuple[str, ...], test: str
    ) -> Difference:
        what = f"{key} of {self.thing.model.lower()} {self.thing.values.get('id')}"
        return Difference(what, expected, actual, rules or self._returned(), test)


def _tags(value: Any) -> Any:
    """Return proxy tags for comparison: the two documented keys, in any order of the list."""
    if not isinstance(value, list) or not all(isinstance(tag, dict) for tag in value):
        return value
    return sorted((str(tag.get("prefix", ABSENT)), str(tag.get("suffix", ABSENT))) for tag in value)
