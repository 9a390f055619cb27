"""PATCHes of one settings object that name one key each, while all others have a value: each is taken away, and set again before the next.

Only the responses are read, and the object after all; what they must show is in the checks of settings and of guilds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import sample
from conformance.http import NotApplicable, Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, expect, need_object
from conformance.scenarios.guild_settings import changeable
from conformance.scenarios.settings_patches import SettingsPatch, SettingsPatches
from conformance.scenarios.system_settings import MODEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract import Contract, Field
    from conformance.scenarios.guild_settings import GuildSettings


class KeysAlone:
    """Sends all PATCHes when the first is asked for; the last one sets all keys as they were before."""

    def __init__(self, patches: SettingsPatches, fields: Sequence[Field]) -> None:
        """Take how the object is read and changed, and its keys; nothing is sent yet."""
        self.patches, self.fields = patches, fields
        self._steps: dict[str, list[SettingsPatch]] = {}
        self._problem: Outcome | None = None

    def steps(self, key: str) -> list[SettingsPatch]:
        """Return the PATCHes of one key; raises what prevented them."""
        if not self._steps and self._problem is None:
            try:
                self._send_all()
            except Outcome as problem:
                self._problem = problem
        if key not in self._steps:
            raise self._problem or PreconditionFailed(f"{key} was not sent alone")
        return self._steps[key]

    def _send_all(self) -> None:
        self.patches.all_steps()
        before = need_object(self.patches.look())
        known = [field for field in self.fields if field.key in before]
        known = [field for field in known if field.nullable or before[field.key] is not None]
        on, off = ({f.key: value(f) for f in known} for value in (on_value, off_value))
        last = need_object(self.patches.patch(on))
        for field in known:
            for values in (off, on):
                body = {field.key: values[field.key]}
                patch = self.patches.patch(body)
                step = SettingsPatch(last, body, patch, patch)
                self._steps.setdefault(field.key, []).append(step)
                last = need_object(patch) if patch.ok else last
        self.patches.patch({field.key: before[field.key] for field in known})


def on_value(field: Field) -> Any:
    """Return a value that is neither null nor false, nor what the key has when nothing was set."""
    types = field.schema.get("type", ())
    if "enum" in field.schema:
        return field.schema["enum"][-1]
    if "integer" in types:
        return 60
    return True if "boolean" in types else sample(field, 0)


def off_value(field: Field) -> Any:
    """Return null for a text or a number that may be null, false for a boolean, and another value for the others."""
    types = field.schema.get("type", ())
    if "boolean" in types:
        return False
    if field.nullable:
        return None
    return field.schema["enum"][0] if "enum" in field.schema else sample(field, 1)


def expect_others_kept(steps: list[SettingsPatch]) -> None:
    """The responses to the PATCHes of one key show all other keys as they were."""
    for step in steps:
        if not step.patch.ok:
            reason = f"{step.patch.label} was rejected, which is for the requirements on the key"
            raise NotApplicable(reason, step.patch)
        after = need_object(step.after)
        others = step.before.keys() - step.body.keys()
        lost = {key: after.get(key, ABSENT) for key in others if after.get(key) != step.before[key]}
        [(key, value)] = step.body.items()
        expect(
            f"other keys after a PATCH of {key} alone with {json.dumps(value)}",
            holds=not lost,
            expected={key: step.before[key] for key in lost},
            actual=lost,
            exchange=step.patch,
        )


@pytest.fixture(scope="session")
def keys_alone(
    settings_patches: SettingsPatches, guild_settings: GuildSettings, contract: Contract
) -> dict[str, KeysAlone]:
    """The PATCHes of one key of the settings of the system, and of those in a guild, by model."""
    patches = {MODEL: settings_patches, **guild_settings.patches}
    return {
        model: KeysAlone(found, changeable(contract, model)) for model, found in patches.items()
    }
