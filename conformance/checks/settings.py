"""The settings of a system: what they hold, who sees which, and what a PATCH of one does (docs: models, endpoints#systems).

Settings in a guild are in `guild_settings`, those of autoproxy in `autoproxy`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.contract.samples import sample
from conformance.wire import ME, NotApplicable, Outcome, Unmet
from conformance.wire.expectation import (
    ABSENT,
    expect,
    expect_status,
    expect_value,
    need_object,
    need_success,
    same,
)
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract, Field
    from conformance.wire import Caller, Exchange
    from conformance.world import World

MODEL, PUBLIC_MODEL = "SystemSettings", "PublicSystemSettings"
DEFAULTS = ("timezone", "name_format")
FORBIDDEN_LIMIT = 12345
# Settings that PluralKit's own server does not read from a body: alone they are no valid key.
UNREAD_UPSTREAM = ("show_private_info", "hid_list_padding")
OTHERS = ("anonymous", "other")
HTTP_BAD_REQUEST = 400
KINDS = ("member", "group")


@dataclasses.dataclass(frozen=True)
class Change:
    """One setting and the value that a PATCH gives it; None for a boolean means the other one."""

    key: str
    value: Any


@dataclasses.dataclass
class Step:
    """What one PATCH did: the settings before it, the value, its answer, and the settings after it."""

    before: dict[str, Any]
    value: Any
    patch: Exchange
    after: Exchange


def about_key(contract: Contract, key: str) -> tuple[str, ...]:
    """Return the requirements on the values that one setting can have."""
    endings = ("-boolean", "-enum", "settings-latch-timeout")
    rules = contract.about(model=MODEL, key=key)
    return tuple(rule for rule in rules if rule.endswith(endings))


def changes(contract: Contract) -> Iterator[Row]:
    """Rows for the values of each setting that a PATCH may carry."""
    for field in contract.fields_of(MODEL):
        values = _values(field) if field.in_patch else []
        for value in values:
            label = field.key if len(values) == 1 else f"{field.key}-{value}"
            rules = about_key(contract, field.key)
            yield Row(Change(field.key, value), label, (*rules, "update-settings-persists"))


def answers(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on what a PATCH answers with."""
    for row in changes(contract):
        rules = about_key(contract, row.value.key)
        yield Row(row.value, row.id, (*rules, "update-settings-returns-settings"))


def kept(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on the keys that a PATCH does not name."""
    for row in changes(contract):
        yield Row(row.value, row.id, ("patch-preserves-missing-keys",))


def _values(field: Field) -> list[Any]:
    types = field.schema.get("type", ())
    if "boolean" in types:
        return [None]
    if "enum" in field.schema:
        return list(field.schema["enum"])[1:]  # the first is the default
    if "integer" in types:
        return [0, None]
    return [sample(field, 0)]


def keys(contract: Contract) -> Iterator[Row]:
    """Rows for each setting, with the requirements on its type."""
    for field in contract.fields_of(MODEL):
        rules = about_key(contract, field.key)
        yield Row(field, field.key, ("settings-keys", "get-settings-owner", *rules))


def defaults(contract: Contract) -> Iterator[Row]:
    """Rows for the settings that are text until somebody sets them."""
    for field in contract.fields_of(MODEL):
        if field.key in DEFAULTS:
            rules = tuple(
                rule for rule in contract.about(model=MODEL, key=field.key) if "-default" in rule
            )
            yield Row(field, field.key, rules)


def limits(contract: Contract) -> Iterator[Row]:
    """Rows for the settings that nobody can set."""
    for field in contract.fields_of(MODEL):
        rule = f"settings-{field.key.replace('_', '-')}-read-only"
        if rule in contract.requirements:
            yield Row(field, field.key, (rule,))


def viewers(_: Contract) -> Iterator[Row]:
    """Rows for those who see the public settings alone."""
    for caller in OTHERS:
        rules = ("public-settings-for-foreign-token",) if caller == "other" else ()
        yield Row(caller, caller, rules)


class Series:
    """PATCHes of the settings, one at a time; each is sent once, in the order of the table."""

    def __init__(self, world: World, contract: Contract) -> None:
        """Take the world; nothing is sent before the first step is asked for."""
        self.world, self.contract = world, contract
        self._steps: dict[Change, Step | Outcome] = {}
        self._first: Exchange | None = None

    @property
    def first(self) -> Exchange:
        """The settings before they are changed."""
        if self._first is None:
            self._first = self.read()
        return self._first

    def read(self) -> Exchange:
        """Read the settings as the owner."""
        return self.world.owner.send("getSystemSettings", ME)

    def patch(self, body: dict[str, Any]) -> Exchange:
        """PATCH the settings; how they were is in the journal."""
        self.world.will_change("updateSystemSettings")
        return self.world.owner.send("updateSystemSettings", ME, json=body)

    def step(self, change: Change) -> Step:
        """Return the step that made this change; raises Unmet when it was not possible."""
        if not self._steps:
            self._run([row.value for row in changes(self.contract)])
        found = self._steps[change]
        if isinstance(found, Outcome):
            raise found
        return found

    def _run(self, rows: list[Change]) -> None:
        before = self.read()
        try:
            for change in rows:
                step = self._change(change, need_object(before))
                self._steps[change], before = step, step.after
        except Outcome as problem:
            self._steps.update({change: problem for change in rows if change not in self._steps})

    def _change(self, change: Change, before: dict[str, Any]) -> Step:
        value = change.value
        if "boolean" in self.contract.field(MODEL, change.key).schema.get("type", ()):
            value = before.get(change.key) is not True
        patch = self.patch({change.key: value})
        return Step(before, value, patch, self.read())


@pytest.fixture(scope="session")
def series(world: World, contract: Contract) -> Series:
    """The PATCHes that all checks of this module look at."""
    return Series(world, contract)


class Views:
    """How others see the settings, each asked once, and how the owner sees them then."""

    def __init__(self, series: Series, callers: Mapping[str, Callable[[], Caller]]) -> None:
        """Take who may ask; nothing is sent before the first view is asked for."""
        self.series, self.callers = series, callers
        self._seen: dict[str, tuple[Exchange, Exchange]] = {}

    def view(self, caller: str) -> tuple[Exchange, Exchange]:
        """Return how the owner and this caller see the settings."""
        who = self.callers[caller]()
        if caller not in self._seen:
            own = need_success(self.series.read())
            refs = {"systemId": self.series.world.system_id}
            self._seen[caller] = own, who.send("getSystemSettings", refs)
        return self._seen[caller]


@pytest.fixture(scope="session")
def views(series: Series, callers: Mapping[str, Callable[[], Caller]]) -> Views:
    """The views that all checks of the public settings look at."""
    return Views(series, callers)


def fits(contract: Contract, key: str, value: Any) -> bool:
    """Whether a value has the type that the contract gives a setting."""
    field = contract.field(MODEL, key)
    types, schema = field.schema.get("type", ()), field.schema
    if value is None:
        return field.nullable
    if "enum" in schema:
        return value in schema["enum"]
    known = {"boolean": bool, "integer": int, "string": str}
    return type(value) in {known[name] for name in known if name in types}


def expect_type(contract: Contract, field: Field, exchange: Exchange) -> None:
    """The settings have the key, with a value of its type."""
    actual = need_object(exchange).get(field.key, ABSENT)
    present = actual is not ABSENT
    rules = about_key(contract, field.key)
    expect(
        f"{field.key} in {exchange.label}",
        holds=present and fits(contract, field.key, actual),
        expected=Wording(f"a value that fits {field.schema.get('enum') or field.schema['type']}"),
        actual=actual,
        exchange=exchange,
        breaks=(rules or ("settings-keys",))
        if present
        else ("settings-keys", "get-settings-owner"),
    )


@pytest.fixture(scope="session")
def private_by_default(series: Series, bare: Scene) -> Exchange:
    """The PATCH that makes new members and groups private by default; the bare ones were made before it."""
    del bare
    need_success(series.first)
    return series.patch({f"{kind}_default_private": True for kind in KINDS})


@changes_system
@requirement("settings-default-private-not-for-api")
@each("kind", lambda _: (Row(kind, kind) for kind in KINDS))
def check_default_private_is_not_for_the_api(
    kind: str, private_by_default: Exchange, world: World, bare: Scene
) -> None:
    """A member or group created here has the same privacy whether or not the settings say private by default."""
    usual = (bare.members if kind == "member" else bare.groups)[0]
    if need_object(private_by_default).get(f"{kind}_default_private") is not True:
        reason = f"{kind}_default_private could not be set"
        raise Unmet(reason, private_by_default)
    made = world.member() if kind == "member" else world.group()
    actual, expected = made.body.get("privacy"), usual.body.get("privacy")
    expect_value(made.created, "privacy of the new one", actual, expected)


@changes_system
@each("field", keys)
def check_owner_sees_every_setting(field: Field, series: Series, contract: Contract) -> None:
    """The owner's settings have each documented key, with a value of its type."""
    exchange = series.first
    expect_status(exchange, 200, breaks=("get-settings-owner",))
    expect_type(contract, field, exchange)


@changes_system
@each("field", defaults)
def check_unset_text_has_its_default(field: Field, series: Series) -> None:
    """A setting that was never set has its documented default."""
    exchange = series.first
    actual, default = need_object(exchange).get(field.key), field.schema.get("default")
    if isinstance(actual, str) and actual and actual != default:
        reason = f"{field.key} may have been set before the run"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, field.key, actual, default)


@changes_system
@requirement("settings-keys")
def check_patch_answers_with_every_setting(series: Series, contract: Contract) -> None:
    """The answer to a PATCH has each documented key, too."""
    steps = [series.step(row.value) for row in changes(contract)]
    answered = next((step for step in steps if step.patch.ok), None)
    if answered is None:
        reason = "no setting could be changed"
        raise Unmet(reason, steps[0].patch)
    body = need_object(answered.patch)
    missing = [field.key for field in contract.fields_of(MODEL) if field.key not in body]
    expect(
        "missing settings in the answer to a PATCH",
        holds=not missing,
        expected=[],
        actual=missing,
        exchange=answered.patch,
    )


def unread(change: Change, step: Step) -> bool:
    """Whether the PATCH was refused as PluralKit's own server refuses it, which does not read the setting."""
    return change.key in UNREAD_UPSTREAM and step.patch.status == HTTP_BAD_REQUEST


def expect_changed(change: Change, step: Step, exchange: Exchange, breaks: tuple[str, ...]) -> None:
    """The setting has the value that the PATCH gave it; `breaks` is what is refuted when it was accepted and is not there."""
    expect_status(step.patch, 200, as_upstream=unread(change, step))
    actual = need_object(exchange).get(change.key, ABSENT)
    expect(
        f"{change.key} in {exchange.label}",
        holds=same(actual, step.value),
        expected=step.value,
        actual=actual,
        exchange=exchange,
        breaks=breaks,
    )


@changes_system
@each("change", changes)
def check_setting_is_stored(change: Change, series: Series) -> None:
    """A GET after a PATCH of one setting shows its new value."""
    step = series.step(change)
    expect_changed(change, step, step.after, ("update-settings-persists",))


@changes_system
@each("change", answers)
def check_setting_is_answered(change: Change, series: Series) -> None:
    """The answer to a PATCH of one setting shows its new value."""
    step = series.step(change)
    expect_changed(change, step, step.patch, ("update-settings-returns-settings",))


@changes_system
@each("change", kept)
def check_other_settings_are_kept(change: Change, series: Series) -> None:
    """A PATCH of one setting leaves all others as they were."""
    step = series.step(change)
    if unread(change, step):
        reason = f"PluralKit's own server does not read {change.key} either"
        raise NotApplicable(reason, step.patch)
    need_success(step.patch)
    now = need_object(step.after)
    names = [field.key for field in series.contract.fields_of(MODEL) if field.key != change.key]
    lost = [key for key in names if key in step.before and not same(step.before[key], now.get(key))]
    expect(
        f"settings that a PATCH of {change.key} does not name",
        holds=not lost,
        expected={key: step.before[key] for key in lost},
        actual={key: now.get(key, ABSENT) for key in lost},
        exchange=step.after,
    )


@pytest.fixture(scope="session")
def after_limits(series: Series, contract: Contract) -> tuple[dict[str, Any], Exchange]:
    """The settings before and after a PATCH that names those which nobody can set, beside one that can be."""
    before = need_object(series.read())
    names = [row.id for row in limits(contract)]
    body = dict.fromkeys(names, FORBIDDEN_LIMIT)
    series.patch({"pings_enabled": before.get("pings_enabled") is True, **body})
    after = series.read()
    set_by_it = {
        key: before.get(key) for key in names if need_object(after).get(key) == FORBIDDEN_LIMIT
    }
    if set_by_it:
        series.patch(set_by_it | {"pings_enabled": before.get("pings_enabled") is True})
    return before, after


@changes_system
@each("field", limits)
def check_limit_cannot_be_set(field: Field, after_limits: tuple[dict[str, Any], Exchange]) -> None:
    """A PATCH with the limit beside a valid key does not change the limit."""
    before, exchange = after_limits
    actual = need_object(exchange).get(field.key)
    expect_value(exchange, f"{field.key} after a PATCH", actual, before.get(field.key))


@changes_system
@requirement("get-settings-public")
@each("caller", viewers)
def check_others_see_public_settings(caller: str, views: Views, contract: Contract) -> None:
    """Everybody but the owner gets the public settings, with the same values as the owner."""
    mine, exchange = views.view(caller)
    expect_status(exchange, 200)
    own, shown = need_object(mine), need_object(exchange)
    wrong = [
        key
        for key in public_keys(contract)
        if key in own and key in shown
        if fits(contract, key, own[key]) and not same(own[key], shown[key])
    ]
    expect(
        "public settings",
        holds=not wrong,
        expected={key: own[key] for key in wrong},
        actual={key: shown[key] for key in wrong},
        exchange=exchange,
    )


def public_keys(contract: Contract) -> list[str]:
    """Return the keys of the public settings."""
    schema = contract.document["components"]["schemas"].get(PUBLIC_MODEL, {})
    return list(schema.get("properties", {}))


@changes_system
@requirement("public-settings-keys")
@each("caller", viewers)
def check_public_settings_have_their_keys(caller: str, views: Views, contract: Contract) -> None:
    """The public settings have each of their keys."""
    _, exchange = views.view(caller)
    missing = [key for key in public_keys(contract) if key not in need_object(exchange)]
    expect("missing keys", holds=not missing, expected=[], actual=missing, exchange=exchange)


@changes_system
@requirement("public-settings-no-private-keys")
@each("caller", viewers)
def check_public_settings_have_no_private_key(
    caller: str, views: Views, contract: Contract
) -> None:
    """The public settings have none of the keys that are the owner's alone."""
    _, exchange = views.view(caller)
    public = public_keys(contract)
    private = [field.key for field in contract.fields_of(MODEL) if field.key not in public]
    shown = [key for key in private if key in need_object(exchange)]
    expect("private keys", holds=not shown, expected=[], actual=shown, exchange=exchange)
