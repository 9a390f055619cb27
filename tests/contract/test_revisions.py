"""The revisions: the overlays of the older ones, and the documents that come of them."""

from __future__ import annotations

import copy
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from conformance.contract import load, overlay, revisions
from conformance.contract.document import data_folder, read, read_yaml
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract

NEWEST, *OLDER = revisions()
LAUNCH = "2021-11"

KEYS = {
    "System": {
        *("id", "uuid", "name", "description", "tag", "avatar_url", "banner", "color", "created"),
        *("timezone", "privacy"),
    },
    "Member": {
        *("id", "uuid", "name", "display_name", "color", "birthday", "pronouns", "avatar_url"),
        *("banner", "description", "created", "keep_proxy", "privacy"),
    },
    "Group": {
        *("id", "uuid", "name", "display_name", "description", "icon", "banner", "color"),
        "privacy",
    },
    "Message": {"timestamp", "id", "original", "sender", "channel", "system", "member"},
    "SystemGuildSettings": {
        *("proxying_enabled", "autoproxy_mode", "autoproxy_member", "tag", "tag_enabled"),
    },
    "MemberGuildSettings": {"display_name", "avatar_url"},
    "SystemPrivacy": {
        *("description_privacy", "member_list_privacy", "group_list_privacy", "front_privacy"),
        "front_history_privacy",
    },
    "MemberPrivacy": {
        *("visibility", "name_privacy", "description_privacy", "birthday_privacy"),
        *("pronoun_privacy", "avatar_privacy", "metadata_privacy"),
    },
    "GroupPrivacy": {"description_privacy", "icon_privacy", "list_privacy", "visibility"},
}
OPTIONAL = {"Member": {"proxy_tags"}, "Group": {"members"}}
BODIES = {
    "SystemPrivacyPatch": "SystemPrivacy",
    "MemberPrivacyPatch": "MemberPrivacy",
    "GroupPrivacyPatch": "GroupPrivacy",
    "SystemGuildSettingsPatch": "SystemGuildSettings",
    "MemberGuildSettingsPatch": "MemberGuildSettings",
}
HIDDEN = {
    "system.description": "description_privacy",
    "member.name": "name_privacy",
    "member.display_name": "name_privacy",
    "member.birthday": "birthday_privacy",
    "member.pronouns": "pronoun_privacy",
    "member.avatar_url": "avatar_privacy",
    "member.description": "description_privacy",
    "member.created": "metadata_privacy",
    "group.description": "description_privacy",
    "group.icon": "icon_privacy",
}
PRIVACY = {f"{model}.privacy": OWNER_ONLY for model in ("system", "member", "group")}
NULL_WHEN_UNSET = [
    *(("System", "name"), ("System", "tag"), ("System", "color")),
    *(("Member", "color"), ("Group", "color")),
]
LATER_OPERATIONS = {"getSystemSettings", "updateSystemSettings", "getAutoproxy", "updateAutoproxy"}
LATER_WORDS = ("X-RateLimit", "User-Agent", "user agent", "webhook", "generic_get", "six letters")
SWITCH_WRITES = ("createSwitch", "updateSwitch", "updateSwitchMembers", "deleteSwitch")


@pytest.fixture(scope="module")
def launch() -> Contract:
    """The contract of the revision at which version 2 of the API was new."""
    return load(LAUNCH)


def schemas(contract: Contract) -> dict[str, Any]:
    """Return the schemas of a contract's document."""
    found: dict[str, Any] = contract.document["components"]["schemas"]
    return found


def objects(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, dict | list):
            yield from objects(child)


# What revisions there are, and how they are read.


def test_revisions_are_newest_first() -> None:
    """The newest revision is that of the document, the others are those of the overlays."""
    assert read(NEWEST)["x-revision"] == NEWEST
    assert LAUNCH in OLDER
    assert list(revisions()) == sorted(revisions(), reverse=True)


@pytest.mark.parametrize("revision", OLDER)
def test_overlay_says_what_it_is(revision: str) -> None:
    """An overlay names its version, revision and document; each action does one thing and says why."""
    folder = data_folder() / "overlays"
    found = read_yaml(folder / f"{revision}.yaml")
    assert (found["overlay"], found["info"]["version"]) == ("1.1.0", revision)
    assert (folder / found["extends"]).resolve() == (data_folder() / "pluralkit-v2.yaml").resolve()
    for action in found["actions"]:
        assert len(action.keys() & {"update", "remove"}) == 1
        assert action.keys() <= {"target", "description", "update", "remove"}
        assert action["description"].endswith(".")


def test_newest_needs_no_jsonpath() -> None:
    """Who reads the newest revision does not wait for what only overlays need."""
    program = "import sys; from conformance.contract import load; load()"
    program += "; sys.exit('jsonpath_rfc9535' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("revision", OLDER)
def test_newest_stays_as_it_is(revision: str) -> None:
    """The document of an older revision shares nothing with the newest, which stays as it is."""
    before = copy.deepcopy(read(NEWEST))
    found = read_yaml(data_folder() / "overlays" / f"{revision}.yaml")
    changed = overlay.apply(found, read(NEWEST))
    assert read(NEWEST) == before
    assert not {id(node) for node in objects(changed)} & {
        id(node) for node in objects(read(NEWEST))
    }


# The documents of older revisions.


@pytest.mark.parametrize("revision", OLDER)
def test_document_is_valid(revision: str) -> None:
    """The document of an older revision is valid OpenAPI and names the revision."""
    document = read(revision)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["x-revision"] == document["info"]["version"] == revision


@pytest.mark.parametrize("revision", OLDER)
def test_examples_fit_their_schemas(revision: str) -> None:
    """Every example of an older revision is valid by the schema that it stands beside."""
    document = read(revision)
    checker = Draft202012Validator.FORMAT_CHECKER
    shown = [node for node in objects(document) if "example" in node and "schema" in node]
    assert len(shown) > 50
    for node in shown:
        schema = {**node["schema"], "components": document["components"]}
        errors = Draft202012Validator(schema, format_checker=checker).iter_errors(node["example"])
        assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("revision", OLDER)
@pytest.mark.parametrize("model", ["System", "Member", "Group", "Message", "SystemGuildSettings"])
def test_examples_have_known_keys(revision: str, model: str) -> None:
    """Examples of models have no keys that the models of the revision lack."""
    response = read(revision)["components"]["responses"][model]
    known = read(revision)["components"]["schemas"][model]["properties"]
    assert response["content"]["application/json"]["example"].keys() <= known.keys()


@pytest.mark.parametrize("revision", OLDER)
def test_privacy_agrees(revision: str) -> None:
    """Privacy keys, and the keys and operations that they hide, close or leave, name each other."""
    contract = load(revision)
    keys, operations = contract.privacy_keys, contract.operations.values()
    fields = [field for field in contract.fields if field.hidden_by not in (None, OWNER_ONLY)]
    private = [(o.private_list, o.id) for o in operations if o.private_list]
    assert {(f.model, f.hidden_by, f.key) for f in fields} == {
        (key.model, key.key, name) for key in keys for name in key.hides
    }
    assert {(listed.model, listed.key, name) for listed, name in private} == {
        (key.model, key.key, name) for key in keys for name in key.closes
    }
    assert {name for key in keys for name in key.unlists} <= contract.operations.keys()


@pytest.mark.parametrize("revision", OLDER)
def test_every_scope_has_a_limit(revision: str) -> None:
    """Each operation counts for a limit that the document states."""
    contract = load(revision)
    scopes = {operation.scope for operation in contract.operations.values()}
    assert scopes == contract.rate_limits.keys()


@pytest.mark.parametrize("revision", OLDER)
def test_samples(revision: str) -> None:
    """There are two valid samples for every key that can be set, but for members and privacy."""
    contract = load(revision)
    for field in contract.fields:
        if field.in_patch and field.key not in ("autoproxy_member", "privacy"):
            schema = {**field.schema, "components": contract.document["components"]}
            first, second = sample(field, 0), sample(field, 1)
            assert first != second
            assert all(Draft202012Validator(schema).is_valid(value) for value in (first, second))


# The revision at which version 2 was new.


@pytest.mark.parametrize("model", KEYS)
def test_keys_at_the_launch(launch: Contract, model: str) -> None:
    """Models have the keys of the time, and only those that were documented are required."""
    schema = schemas(launch)[model]
    assert set(schema["required"]) == KEYS[model]
    assert set(schema["properties"]) == KEYS[model] | OPTIONAL.get(model, set())


@pytest.mark.parametrize("body", BODIES)
def test_bodies_at_the_launch(launch: Contract, body: str) -> None:
    """Bodies of PATCH have the keys of their models."""
    assert set(schemas(launch)[body]["properties"]) == KEYS[BODIES[body]]


@pytest.mark.parametrize("model", ["System", "Member", "Group"])
def test_settable_keys_at_the_launch(launch: Contract, model: str) -> None:
    """Every key of systems, members and groups can be set, but for those that the server gives."""
    settable = {field.key for field in launch.fields_of(model) if field.in_patch}
    given = {"id", "uuid", "created", "members"}
    assert settable == (KEYS[model] | OPTIONAL.get(model, set())) - given


def test_hidden_keys_at_the_launch(launch: Contract) -> None:
    """Keys are hidden by the privacy keys of the time."""
    found = {field.name: field.hidden_by for field in launch.fields if field.hidden_by}
    assert found == HIDDEN | PRIVACY


@pytest.mark.parametrize(("model", "key"), NULL_WHEN_UNSET)
def test_null_is_tolerated_at_the_launch(launch: Contract, model: str, key: str) -> None:
    """Keys that are null when unset may be, though their types were printed without the mark for it."""
    assert launch.field(model, key).nullable


def test_operations_at_the_launch(launch: Contract) -> None:
    """The endpoints of system settings and autoproxy came later."""
    assert load().operations.keys() - launch.operations.keys() == LATER_OPERATIONS
    assert launch.operations.keys() <= load().operations.keys()


def test_rate_limit_at_the_launch(launch: Contract) -> None:
    """One limit for all requests was announced, and said not to be there yet."""
    assert launch.rate_limits == {"ip": 2}
    assert launch.document["x-rate-limits-status"] == "unimplemented"


@pytest.mark.parametrize("operation", SWITCH_WRITES)
def test_switches_are_written_on_me(launch: Contract, operation: str) -> None:
    """Switches are written for the system of the token alone."""
    nodes = objects(launch.document["paths"])
    (node,) = [node for node in nodes if node.get("operationId") == operation]
    (parameter,) = [launch.resolve(parameter) for parameter in node["parameters"]]
    assert (parameter["name"], parameter["schema"]["enum"]) == ("systemId", ["@me"])


@pytest.mark.parametrize("wrong", ["abcdef", "ABCDE", "abc-def"])
def test_short_ids_at_the_launch(launch: Contract, wrong: str) -> None:
    """Short IDs are five lower-case letters, in responses and in requests."""
    system = launch.document["components"]["parameters"]["SystemId"]["schema"]
    for schema in (schemas(launch)["ShortId"], schemas(launch)["EntityRef"], system):
        assert Draft202012Validator(schema).is_valid("abcde")
        assert not Draft202012Validator(schema).is_valid(wrong)


def test_time_zone_at_the_launch(launch: Contract) -> None:
    """The time zone is the system's, and UTC until it is set."""
    schema = launch.field("System", "timezone").schema
    assert (schema["default"], schema["format"]) == ("UTC", "timezone")


@pytest.mark.parametrize("operation", ["updateSystem", "updateMember", "updateGroup"])
def test_empty_patch_at_the_launch(launch: Contract, operation: str) -> None:
    """A PATCH that sets nothing may be returned 500 and, tolerantly, with 400."""
    assert {"400", "500"} <= launch.operations[operation].responses.keys()


@pytest.mark.parametrize("word", LATER_WORDS)
def test_nothing_later_is_said_at_the_launch(launch: Contract, word: str) -> None:
    """No text or key of the launch speaks of what came later."""
    assert word not in str(launch.document)
