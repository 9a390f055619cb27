"""The text of a target file, with comments, from what a server showed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.target.sighting import Sighting

TEXT = """\
# Describes the server for `python -m conformance run --target FILE`. All keys are in the README of the suite.
base_url = {base_url}
revision = {revision}  # of the docs{revision_reason}
name = {name}  # names the folder of its reports

{tokens}{allow_existing}
# What the server has, of guilds, messages, autoproxy, settings and rate_limits. What is named must work, what is not is not tested.
# guilds and autoproxy need guild_id below, messages need message_id.
features = {features}

# Commands that make the server ready before a run, and clean it up after it: lists of words, run in the folder of this file.
# provision = ["./reset-database.sh"]
# reset = ["./reset-database.sh"]

# Requirements that are expected to fail, with reasons, see the README.
# known_failures = "known-failures.toml"

[fixtures]
{fixtures}
# guild_id = "..."                # guild in which the system has settings
# guild_member_id = "..."         # an existing member with settings there, unless each new member has some
# message_id = "..."              # a proxied message; also original_message_id, and deleted_message_id of a deleted member
# history_system = "..."          # a system with more than 100 public switches

# [rate_limit]                    # an instance with its limiter on, if the one above has none
# base_url = "http://..."
# own_data = true                 # if nothing that is written there shows above
"""
READ_ANONYMOUSLY = """\
# No token was given, so that nothing can be written. For a whole run set PK_TOKEN to that of an empty system, and begin anew.
profile = "anonymous"
"""
WRITE = """\
token_env = "PK_TOKEN"  # environment variable with the token of system {system_id}, which the run changes and restores
{other}
# profile = "read-only"  # sends nothing that writes
"""
SEEN_BY_OTHER = (
    'other_token_env = "PK_OTHER_TOKEN"  # that of system {other_id}, which is only read'
)
SEEN_BY_OWNER = '# other_token_env = "PK_OTHER_TOKEN"  # of another system, to see what others see'


def sketch(seen: Sighting) -> str:
    """Return the content of the file."""
    has_token = bool(seen.system_id)
    other = SEEN_BY_OTHER.format(other_id=seen.other_id) if seen.other_id else SEEN_BY_OWNER
    tokens = WRITE.format(system_id=seen.system_id, other=other)
    reason = ": it is the newest that the server seems to keep to" if has_token else ""
    system = '# account_id = "..."              # Discord account linked to the system'
    return TEXT.format(
        base_url=json.dumps(seen.base_url),
        revision=json.dumps(seen.revision),
        revision_reason=reason,
        name=json.dumps(seen.name),
        tokens=tokens if has_token else READ_ANONYMOUSLY,
        allow_existing=_allow_existing(seen),
        features=json.dumps(list(seen.features)),
        fixtures=system
        if has_token
        else 'system_id = "..."               # a public system to read',
    )


def _allow_existing(seen: Sighting) -> str:
    if not seen.holds:
        return ""
    return (
        f"# The system holds {', '.join(seen.holds)}. A run leaves them alone, but writes to the system only with this line:\n"
        f"# allow_existing = [{json.dumps(seen.system_id)}]\n"
    )
