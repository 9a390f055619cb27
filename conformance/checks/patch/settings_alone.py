"""A PATCH of one setting alone leaves all others, which have values, as they were (docs: endpoints#update-system-settings, #update-system-guild-settings).

What is stored of a setting itself is tested in `settings.settings` and `guilds.settings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.scenarios.guild_settings import MODELS, changeable
from conformance.scenarios.keys_alone import expect_others_kept
from conformance.scenarios.system_settings import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Field
    from conformance.scenarios.keys_alone import KeysAlone


def settings(contract: Contract) -> Iterator[Row]:
    """Rows for each key of the settings of the system, and of those in a guild."""
    for model in (MODEL, *MODELS):
        for field in changeable(contract, model) if f"get{model}" in contract.operations else ():
            yield Row(field, field.name)


@requirement("patch-preserves-missing-keys")
@each("field", settings)
def check_setting_changed_alone_leaves_the_others(
    field: Field, keys_alone: dict[str, KeysAlone]
) -> None:
    """A setting that is taken away and set again, each time alone, leaves all others as they were."""
    expect_others_kept(keys_alone[field.model].steps(field.key))
