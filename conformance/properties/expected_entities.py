"""How one system, member or group must be shown to its owner and to others, and how a body differs from that.

Only what the docs determine is compared: undocumented keys, the order of proxy tags, the case of colors and the id format
of timestamps are not. Nothing is sent from here.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.contract.equivalence import is_tidied, same
from conformance.http.assertions import ABSENT
from conformance.properties import attribution
from conformance.properties.account_state import CHOSEN_BY_SERVER, READ_ONLY, EntityState
from conformance.properties.expected_response import SHOWN, Difference
from conformance.scenarios.switch_history import moment

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclasses.dataclass(frozen=True)
class ExpectedEntity:
    """One entity in one response: whether its owner reads it, and where in the body it stands."""

    entity: EntityState
    operation: str
    owner: bool
    where: str = SHOWN
    # The body of the PATCH that this is the response to.
    patch_body: dict[str, Any] | None = None

    def differences(self, body: Any) -> Iterator[Difference]:
        """Yield how this body differs from the entity."""
        if not isinstance(body, dict):
            yield self._difference(
                "the object", "an object", body, self._returned(), f"isinstance({self.where}, dict)"
            )
            return
        for key in self.entity.values:
            yield from self._of_key(key, body.get(key, ABSENT))
        yield from self._of_privacy(body.get("privacy", ABSENT))

    def _of_key(self, key: str, actual: Any) -> Iterator[Difference]:
        expected = self.entity.values[key]
        if actual is ABSENT:
            requirements = attribution.of_missing_key(
                self.entity.contract, expected_null=expected is None, owner=self.owner
            )
            yield self._difference(key, "the key", actual, requirements, f"{key!r} in {self.where}")
            return
        hidden = None if self.owner else self.entity.hides(key)
        if hidden:
            yield from self._of_secret(key, hidden, actual)
        elif expected is not CHOSEN_BY_SERVER and not self._fits(key, expected, actual):
            requirements = (*self._violated(key), *self._hiding(key, actual))
            if is_tidied(key, expected, actual):
                requirements = attribution.known(self.entity.contract, "text-is-kept")
            yield self._wrong(key, expected, actual, requirements)

    def _hiding(self, key: str, actual: Any) -> tuple[str, ...]:
        """Return what is violated as well when the owner does not see what is hidden from others."""
        if not self.owner or actual not in (None, []) or not self.entity.hides(key):
            return ()
        return attribution.known(self.entity.contract, "own-token-shows-private-fields")

    def _of_secret(self, key: str, privacy: str, actual: Any) -> Iterator[Difference]:
        entity = self.entity
        requirements = attribution.of_shown_secret(entity.contract, entity.model, privacy, key)
        if entity.contract.field(entity.model, key).hidden_name:
            display_name = entity.values.get("display_name")
            if (
                display_name
                and display_name != entity.values["name"]
                and actual == entity.values["name"]
            ):
                yield self._wrong(key, display_name, actual, requirements)
        elif actual is not None and actual != []:
            yield self._wrong(key, None, actual, requirements)

    def _of_privacy(self, actual: Any) -> Iterator[Difference]:
        entity, contract = self.entity, self.entity.contract
        if actual is ABSENT:
            requirements = attribution.of_missing_key(
                contract, expected_null=not self.owner, owner=self.owner
            )
            yield self._difference(
                "privacy", "the key", actual, requirements, f"'privacy' in {self.where}"
            )
        elif not self.owner:
            if actual is not None:
                requirements = attribution.of_shown_secret(
                    contract, entity.model, "owner", "privacy"
                )
                yield self._wrong("privacy", None, actual, requirements)
        elif not isinstance(actual, dict):
            requirements = attribution.known(
                contract, "privacy-object-shown-to-owner", "own-token-shows-private-fields"
            )
            yield self._wrong("privacy", entity.privacy, actual, requirements)
        else:
            yield from self._of_levels(actual)

    def _of_levels(self, shown: dict[str, Any]) -> Iterator[Difference]:
        for key, level in self.entity.privacy.items():
            actual = shown.get(key, ABSENT)
            if actual is ABSENT:
                requirements = attribution.of_missing_key(
                    self.entity.contract, expected_null=False, owner=True
                )
                where = f"{self.where}['privacy']"
                yield self._difference(
                    f"privacy.{key}", "the key", actual, requirements, f"{key!r} in {where}"
                )
            elif actual not in ("public", "private"):
                requirements = attribution.known(
                    self.entity.contract, "privacy-values-public-private"
                )
                yield self._wrong(f"privacy.{key}", level, actual, requirements)
            elif actual != level:
                yield self._wrong(f"privacy.{key}", level, actual, self._violated(f"privacy.{key}"))

    def _violated(self, key: str) -> tuple[str, ...]:
        """Return what a wrong value violates that is not hidden from the caller."""
        entity = self.entity
        if not self.owner:
            return (
                *entity.requirements_of.get(key, ()),
                *attribution.known(entity.contract, "auth-optional-for-public-reads"),
            )
        if self.patch_body is not None and key in entity.named and key not in READ_ONLY:
            plain = key.removeprefix("privacy.")
            private = plain != key
            body = self.patch_body.get("privacy", {}) if private else self.patch_body
            return attribution.of_returned(
                entity.contract, entity.model, body.get(plain), private=private
            )
        requirements = entity.requirements_of.get(key, ())
        if not requirements and not key.startswith("privacy.") and entity.hides(key):
            requirements = attribution.known(entity.contract, "own-token-shows-private-fields")
        return requirements or self._returned()

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
        keys = {row.key for row in self.entity.contract.privacy_keys_of(self.entity.model)}
        loose = key == "banner" and "banner_privacy" not in keys and not self.owner
        return loose and self.entity.privacy.get("description_privacy") == "private"

    def _returned(self) -> tuple[str, ...]:
        return attribution.returned(self.entity.contract, self.operation)

    def _wrong(
        self, key: str, expected: Any, actual: Any, requirements: tuple[str, ...]
    ) -> Difference:
        where = self.where + "".join(f"[{part!r}]" for part in key.split("."))
        test = f"{where} is None" if expected is None else f"{where} == {expected!r}"
        return self._difference(key, expected, actual, requirements, test)

    def _difference(
        self, key: str, expected: Any, actual: Any, requirements: tuple[str, ...], test: str
    ) -> Difference:
        ref = self.entity.values.get("id")  # not known before the response to its creation
        named = self.entity.model.lower() + (f" {ref}" if isinstance(ref, str) else "")
        what = f"{key} of {named}"
        return Difference(what, expected, actual, requirements or self._returned(), test)


def _tags(value: Any) -> Any:
    """Return proxy tags for comparison: the two documented keys, in any order of the list."""
    if not isinstance(value, list) or not all(isinstance(tag, dict) for tag in value):
        return value
    return sorted((str(tag.get("prefix", ABSENT)), str(tag.get("suffix", ABSENT))) for tag in value)
