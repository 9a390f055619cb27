"""All requests that change an account: those of entities and switches, of memberships and of the settings.

Which of them comes when is decided elsewhere.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.account.refs import rule_of
from conformance.http import ME
from conformance.properties import attribution, expected_settings
from conformance.properties.entity_requests import EntityRequests
from conformance.properties.expected_response import Difference, ExpectedResponse
from conformance.properties.requirement_ids import LISTED_BY_UUID
from conformance.properties.steps import step
from conformance.properties.switch_requests import SwitchRequests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract import Contract
    from conformance.properties.account_state import EntityState

# By the model that the path names: the operation of each verb, and the model that the body lists.
MEMBERSHIP_OPERATIONS = {
    "Group": {
        "add": "addGroupMembers",
        "remove": "removeGroupMembers",
        "overwrite": "overwriteGroupMembers",
    },
    "Member": {
        "add": "addMemberGroups",
        "remove": "removeMemberGroups",
        "overwrite": "overwriteMemberGroups",
    },
}
LISTED_MODEL = {"Group": "Member", "Member": "Group"}
# The codes for a list with an unknown ref: the one for lists, and the one for paths.
UNKNOWN_LISTED = {"Member": (20003, 20002), "Group": (20005, 20004)}

# Bodies that list a foreign ref, with the code that PluralKit production is known to send where it is another one.
LISTED = {
    "createSwitch": ("member", 30008, 20003),
    "updateSwitchMembers": ("member", 30008, None),
    "addGroupMembers": ("member", 30008, 20003),
    "overwriteGroupMembers": ("member", 30008, 20003),
    "addMemberGroups": ("group", 30009, 20004),
    "overwriteMemberGroups": ("group", 30009, 20005),
}


def unknown_listed(contract: Contract, model: str) -> ExpectedResponse:
    """Return the expected rejection of a list with a ref of this model that names nothing; both codes fit."""
    codes = UNKNOWN_LISTED[model]
    return ExpectedResponse((404,), attribution.of_code(contract, codes[0]), codes)


class WriteRequests(EntityRequests, SwitchRequests):
    """The requests that change an account."""

    @step
    def change_memberships(
        self,
        entity: EntityState,
        verb: str,
        listed: list[EntityState],
        *,
        by_uuid: bool,
        unknown_ref: str | None = None,
    ) -> None:
        """Add, remove or overwrite the members of a group, or the groups of a member; with an unknown ref all is rejected."""
        operation = MEMBERSHIP_OPERATIONS[entity.model][verb]
        model = LISTED_MODEL[entity.model]
        body = [one.uuid if by_uuid else one.id for one in listed]
        body += [unknown_ref] if unknown_ref else []
        of_body = attribution.known(self.contract, LISTED_BY_UUID[model]) if by_uuid else ()
        requirements = (*attribution.returned(self.contract, operation), *of_body)
        expected_response = (
            unknown_listed(self.contract, model)
            if unknown_ref
            else ExpectedResponse((204,), requirements)
        )
        self.sender.send_and_compare(
            operation, "owner", expected_response, self.refs(entity, "short"), json=body
        )
        if not unknown_ref:
            changed = self.contract.named("takes_effect", operation=operation)
            emptied = () if listed else self.contract.named("empty_list", operation=operation)
            self.account_state.change_memberships(
                entity, verb, listed, (*changed, *emptied, *of_body)
            )

    @step
    def patch_settings(self, body: Mapping[str, Any], id_format: str = "short") -> None:
        """PATCH the settings of the system."""
        account_state, contract = self.account_state, self.contract
        refs = self.refs(account_state.system, id_format)
        self.sender.require_budget()
        account_state.settings = {**account_state.settings, **body}
        returned = {
            key: attribution.of_returned(contract, "SystemSettings", value, private=False)
            for key, value in body.items()
        }
        plain = expected_settings.own(contract, account_state.settings, returned)
        requirements = (
            *attribution.known(contract, "update-settings-returns-settings"),
            *attribution.of_key(contract, "SystemSettings", body),
        )
        requirements = requirements if id_format == "short" else (rule_of("System", id_format),)
        account_state.settings_requirements = {
            key: attribution.of_stored(contract, "SystemSettings", value, private=False)
            for key, value in body.items()
        }
        differences = partial(_differences_of_settings, plain, body)
        expected_response = ExpectedResponse((200,), requirements, differences=differences)
        with self.stored_too("getSystemSettings", ME, None):
            self.sender.send_and_compare(
                "updateSystemSettings", "owner", expected_response, refs, json=dict(body)
            )


def _differences_of_settings(
    plain: ExpectedResponse, sent: Mapping[str, Any], body: Any
) -> Iterable[Difference]:
    """Yield all differences but that of a name format that was not sent and is returned as null."""
    unset = (
        isinstance(body, dict) and body.get("name_format", 0) is None and "name_format" not in sent
    )
    for one in plain.differences(body):
        if not (unset and one.what == "name_format"):
            yield one
