"""What the values of `contract.value_cases` are sent to: for each operation how a body is sent, and what is read after it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from conformance.http import ME, PreconditionFailed
from conformance.http.assertions import need_object

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.autoproxy_patches import AutoproxyPatches
    from conformance.scenarios.guild_settings import GuildSettings
    from conformance.scenarios.patched_entities import PatchedEntities
    from conformance.scenarios.settings_patches import SettingsPatches

VALID_KEY = "description"
VALID = "beside what is rejected"
IN_GUILD = "display_name"  # a text of both settings in a guild
# Another text of each model, and a privacy key.
VALID_KEYS = {
    "System": ("tag", "description_privacy"),
    "Member": ("display_name", "visibility"),
    "Group": ("display_name", "visibility"),
}
PROBE_TEXT = "plain text"


class ChangedObject(Protocol):
    """What one operation changes, or creates.

    `valid` are keys with valid values that are sent beside what must be rejected; `shown` are responses that show the object
    before any value is sent.
    """

    valid: dict[str, Any]
    shown: list[Exchange]

    def prepare(self) -> Exchange:
        """Make sure that it can be changed, and return the response that shows it; raises an outcome otherwise."""

    def send(self, body: dict[str, Any]) -> Exchange:
        """Send a body."""

    def read(self, sent: Exchange) -> Exchange:
        """Return the response that shows the object after a body was sent."""


class ChangedEntity:
    """The system, or a member or group that other checks have changed before."""

    def __init__(self, patched_entities: PatchedEntities, model: str) -> None:
        """Take the entity; nothing is sent yet."""
        self.patched_entities, self.model = patched_entities, model
        self.owner = patched_entities.account.owner
        text, privacy = VALID_KEYS[model]
        self.valid = {VALID_KEY: VALID, text: VALID, "privacy": {privacy: "private"}}
        self.shown: list[Exchange] = []
        self._refs: dict[str, str] = {}

    def prepare(self) -> Exchange:
        """Return the GET of an entity that a PATCH with valid values has changed."""
        created, full_patch = (
            self.patched_entities.created(self.model),
            self.patched_entities.full_patch(self.model),
        )
        self._refs, probe = full_patch.refs, full_patch.patch
        read = self.read(probe)
        is_stored = probe.ok and self.model != "System"
        # A member or group had no description at first, so some PATCH of it was stored.
        if not (is_stored and isinstance(need_object(read).get(VALID_KEY), str)):
            probe = self.send({VALID_KEY: PROBE_TEXT})
            need_object(probe)
            read = self.read(probe)
            if need_object(read).get(VALID_KEY) != PROBE_TEXT:
                # Where no PATCH is stored, a single value that is not stored proves nothing.
                reason = f"what {probe.label} sets is not there afterwards"
                raise PreconditionFailed(reason, read)
        self.shown = [*created, probe, read]
        return read

    def send(self, body: dict[str, Any]) -> Exchange:
        """PATCH the entity."""
        return self.owner.send(f"update{self.model}", self._refs, json=body)

    def read(self, sent: Exchange) -> Exchange:  # noqa: ARG002 - a creation needs it
        """GET the entity."""
        return self.owner.send(f"get{self.model}", self._refs)


@dataclasses.dataclass
class ChangedSettings:
    """The settings of the system, or those of the system or of a member in a guild."""

    patches: SettingsPatches
    booleans: tuple[str, ...]
    valid: dict[str, Any] = dataclasses.field(default_factory=dict)
    shown: list[Exchange] = dataclasses.field(default_factory=list)

    def prepare(self) -> Exchange:
        """Return the settings after the PATCHes that other checks send."""
        self.patches.all_steps()
        read = self._look()
        need_object(read)
        return read

    def send(self, body: dict[str, Any]) -> Exchange:
        """PATCH the settings."""
        return self.patches.patch(body)

    def read(self, sent: Exchange) -> Exchange:  # noqa: ARG002 - a creation needs it
        """GET the settings."""
        return self._look()

    def _look(self) -> Exchange:
        """GET the settings; the valid values are others than those that they have then."""
        read = self.patches.look()
        shown = read.json if isinstance(read.json, dict) else {}
        # A flag that is null, as keep_proxy can be, becomes true.
        self.valid = {key: not shown[key] for key in self.booleans if key in shown}
        if IN_GUILD in shown:
            self.valid[IN_GUILD] = VALID
        return read


@dataclasses.dataclass
class ChangedAutoproxy:
    """The autoproxy in the declared guild, when it is off."""

    patches: AutoproxyPatches
    valid: dict[str, Any] = dataclasses.field(default_factory=lambda: {"autoproxy_mode": "latch"})
    shown: list[Exchange] = dataclasses.field(default_factory=list)

    def prepare(self) -> Exchange:
        """Return the autoproxy after the PATCHes that other checks send, the last of which sets it to off."""
        return self.patches.step("off")[1]

    def send(self, body: dict[str, Any]) -> Exchange:
        """PATCH the autoproxy."""
        return self.patches.send("update", body)

    def read(self, sent: Exchange) -> Exchange:  # noqa: ARG002 - a creation needs it
        """GET the autoproxy."""
        return self.patches.send("get")


class CreatedEntity:
    """The members or groups that POSTs create, each body another one."""

    def __init__(self, account: Account, model: str) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.model = account, model
        self.valid: dict[str, Any] = {}
        self.shown: list[Exchange] = []
        # The names that rejected bodies had: nothing must be there that is called so.
        self.names: set[str] = set()

    def prepare(self) -> Exchange:
        """Return the system: a POST needs nothing else."""
        return self.account.owner.send("getSystem", ME)

    def send(self, body: dict[str, Any]) -> Exchange:
        """POST a body, with a name of its own unless it has one."""
        body = {"name": self.account.name()} | body
        exchange = self.account.owner.send(f"create{self.model}", json=body)
        if not exchange.ok and isinstance(body["name"], str):
            self.names.add(body["name"])
        self.account.adopt(self.model.lower(), body, exchange)
        return exchange

    def read(self, sent: Exchange) -> Exchange:
        """Return the response to the POST: it shows what was created."""
        return sent


def booleans_of(contract: Contract, model: str) -> tuple[str, ...]:
    """Return the settable booleans of a model."""
    fields = contract.fields_of(model)
    return tuple(f.key for f in fields if f.in_patch and "boolean" in f.schema.get("type", ()))


@pytest.fixture(scope="session")
def created_entities(account: Account) -> dict[str, CreatedEntity]:
    """What POSTs of values create, by model."""
    return {model: CreatedEntity(account, model) for model in ("Member", "Group")}


@pytest.fixture(scope="session")
def changed_objects(
    contract: Contract,
    patched_entities: PatchedEntities,
    created_entities: dict[str, CreatedEntity],
    settings_patches: SettingsPatches,
    guild_settings: GuildSettings,
    autoproxy_patches: AutoproxyPatches,
) -> dict[str, ChangedObject]:
    """What each operation with keys in its body changes."""
    return {
        **{f"update{model}": ChangedEntity(patched_entities, model) for model in VALID_KEYS},
        **{f"create{model}": created for model, created in created_entities.items()},
        "updateSystemSettings": ChangedSettings(
            settings_patches, booleans_of(contract, "SystemSettings")
        ),
        **{
            f"update{model}": ChangedSettings(patches, booleans_of(contract, model))
            for model, patches in guild_settings.patches.items()
        },
        "updateAutoproxy": ChangedAutoproxy(autoproxy_patches),
    }
