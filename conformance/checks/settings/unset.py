"""The settings before anybody sets them, as others than the owner see them (docs: models#public-system-settings-model).

What they see later is in `settings.public`, what the owner sees at first in `settings.settings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.checks.settings.public import differing
from conformance.contract.rows import table_of
from conformance.http.assertions import expect, expect_status, need_object
from conformance.scenarios.system_settings import MODEL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Contract
    from conformance.http import Caller
    from conformance.scenarios.system_settings import UnsetSettings


def rules_of(contract: Contract, keys: list[str]) -> tuple[str, ...]:
    """Return what is said of the first value of one key; of several, that others see what the owner does."""
    defaults = contract.named("default", model=MODEL, key=keys[0]) if len(keys) == 1 else ()
    return defaults or ("get-settings-public",)


@requirement("get-settings-public", "settings-name-format-default")
@each("caller", table_of(("anonymous", "other")))
def check_others_see_the_first_values(
    caller: str,
    unset_settings: UnsetSettings,
    contract: Contract,
    callers: Mapping[str, Callable[[], Caller]],
) -> None:
    """Before a setting is set, others see the value that the owner sees: the default, where the docs name one."""
    callers[caller]()
    own, exchange = need_object(unset_settings.seen_by("owner")), unset_settings.seen_by(caller)
    expect_status(exchange, 200, violates=("get-settings-public",))
    shown = need_object(exchange)
    wrong = differing(own, shown, contract)
    expect(
        "public settings before any is set",
        holds=not wrong,
        expected={key: own[key] for key in wrong},
        actual={key: shown[key] for key in wrong},
        exchange=exchange,
        violates=rules_of(contract, wrong),
    )
