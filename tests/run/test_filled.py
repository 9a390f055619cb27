"""Runs on an account in use: its members, groups, switches and settings are as before, and only one member has settings in the guild."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract import revisions
from conformance.reference import target_file
from tests.interruptions.store import content
from tests.reference.conftest import running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import ReadReport, Run


@pytest.mark.long
@pytest.mark.parametrize("revision", revisions())
def test_a_filled_account_is_as_before(
    run_suite: Run, report: ReadReport, tmp_path: Path, revision: str
) -> None:
    """The settings in the guild are tested by the declared member, and the store is as before the run."""
    with running(filled=True, revision=revision) as sandbox:
        target = tmp_path / "target.toml"
        target_file.write(target, sandbox.server, "filled", sandbox.base_url, None)
        before = content(sandbox.server.store)
        run = run_suite("--target", str(target), "--effort", "quick")
        assert run.returncode == 0, run.stdout
        assert content(sandbox.server.store) == before
    made = report("filled", revision)
    assert made["left_over"] == []
    verdicts = {row["id"]: row["verdict"] for row in made["requirements"]}
    assert verdicts["update-member-guild-persists"] == "passed"


def test_the_declared_member_must_fit(run_suite: Run, tmp_path: Path) -> None:
    """A member that is not of the system, or whose null could not be put back, is rejected before anything is written."""
    with running(filled=True) as sandbox:
        target, seeded = tmp_path / "target.toml", sandbox.server.seeded
        target_file.write(target, sandbox.server, "filled", sandbox.base_url, None)
        member = sandbox.server.store.members.find(str(seeded.guild_member_id))
        assert member is not None
        member.guilds[seeded.guild_id].fields["keep_proxy"] = None
        run = run_suite("--target", str(target))
        assert (run.returncode, run.stdout) == (4, "")
        assert f"error: keep_proxy of member {member.short_id} is null in the guild" in run.stderr
        text = target.read_text("utf-8").replace(
            f'guild_member_id = "{member.short_id}"', 'guild_member_id = "zzzzz"'
        )
        target.write_text(text, "utf-8")
        run = run_suite("--target", str(target))
        assert run.returncode == 4
        assert "guild_member_id 'zzzzz' in [fixtures] is no short id of a member" in run.stderr
