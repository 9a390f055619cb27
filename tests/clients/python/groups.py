"""Groups, and memberships from both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clients.python.run import equal, ids, raises, unknown_keys

if TYPE_CHECKING:
    from tests.clients.python.run import Run


def group_create(run: Run) -> None:
    """Nothing but a name."""
    run.made["group"] = run.own.new_group("Cats")
    equal(run.made["group"].name, "Cats")


def group_create_with_all_keys(run: Run) -> None:
    """Every key that the client can send, read back."""
    texts = {
        "display_name": "Dogs!",
        "description": "Loud.",
        "icon": "https://example.com/i.png",
        "banner": "https://example.com/b.png",
    }
    run.made["dogs"] = run.own.new_group("Dogs", color="445566", **texts)
    read = run.own.get_group(run.made["dogs"].id)
    equal({key: getattr(read, key) for key in texts}, texts)
    equal(read.color.json(), "445566")


def group_by_short_id(run: Run) -> None:
    """The short id as the client writes it, with a dash."""
    equal(run.own.get_group(run.made["group"].id.id).name, "Cats")


def group_keys_are_known(run: Run) -> None:
    """The client knows every key of a group; it warns of others."""
    equal(unknown_keys(lambda: run.own.get_group(run.made["group"].id)), [])


def groups_of_own_system(run: Run) -> None:
    """Both."""
    equal(ids(run.own.get_groups()), ids([run.made["group"], run.made["dogs"]]))


def groups_of_other_system(run: Run) -> None:
    """Groups without a privacy object."""
    [seen] = run.own.get_groups(run.made["other"].id)
    equal(seen.name, "Some")


def group_update(run: Run) -> None:
    """One text."""
    run.own.update_group(run.made["group"], description="Quiet.")
    read = run.own.get_group(run.made["group"].id)
    equal((read.name, read.description), ("Cats", "Quiet."))


def group_clear(run: Run) -> None:
    """Null clears."""
    keys = ("display_name", "description", "icon", "banner")
    run.own.update_group(run.made["dogs"], **dict.fromkeys(keys))
    read = run.own.get_group(run.made["dogs"].id)
    equal([getattr(read, key) for key in keys], [None] * len(keys))


def group_update_privacy(run: Run) -> None:
    """Privacy keys are sent beside the others, and put into an object."""
    updated = run.own.update_group(run.made["group"], list_privacy="private")
    equal((updated.list_privacy.value, updated.visibility.value), ("private", "public"))


def group_members_are_private(run: Run) -> None:
    """Others can't read the list, which the step before closed."""
    group = run.made["group"].id
    raises("NotOwnGroup", lambda: run.anonymous.get_group_members(group), "30003")
    run.own.update_group(run.made["group"], list_privacy="public")


def group_not_found(run: Run) -> None:
    """No group has the id."""
    raises("GroupNotFound", lambda: run.own.get_group("zzzzz"), "20004")


def group_update_invalid(run: Run) -> None:
    """What is no URL is rejected."""
    group = run.made["group"]
    raises("GenericBadRequest", lambda: run.own.update_group(group, icon="none"), "40001")


def group_members_add(run: Run) -> None:
    """Two members into a group."""
    run.own.add_group_members(run.made["group"], [run.made["member"], run.made["second"]])
    seen = run.own.get_group_members(run.made["group"].id)
    equal(ids(seen), ids([run.made["member"], run.made["second"]]))


def group_members_remove(run: Run) -> None:
    """One of them out of it."""
    run.own.remove_group_members(run.made["group"], [run.made["second"]])
    equal(ids(run.own.get_group_members(run.made["group"].id)), ids([run.made["member"]]))


def group_members_set(run: Run) -> None:
    """Only the other one."""
    run.own.set_group_members(run.made["group"], [run.made["second"]])
    equal(ids(run.own.get_group_members(run.made["group"].id)), ids([run.made["second"]]))


def group_members_set_to_none(run: Run) -> None:
    """An empty list empties it."""
    run.own.set_group_members(run.made["group"], [])
    equal(run.own.get_group_members(run.made["group"].id), [])


def group_members_not_found(run: Run) -> None:
    """A member that was deleted can't be added."""
    add = run.own.add_group_members
    raises("GroupNotFound", lambda: add(run.made["group"], [run.made["hidden"].id]), "20003")


def member_groups_add(run: Run) -> None:
    """A member into two groups."""
    run.own.add_member_groups(run.made["member"].id, [run.made["group"], run.made["dogs"]])
    seen = run.own.get_member_groups(run.made["member"].id)
    equal(ids(seen), ids([run.made["group"], run.made["dogs"]]))


def member_groups_remove(run: Run) -> None:
    """Out of one of them."""
    run.own.remove_member_groups(run.made["member"].id, [run.made["dogs"]])
    equal(ids(run.own.get_member_groups(run.made["member"].id)), ids([run.made["group"]]))


def member_groups_set(run: Run) -> None:
    """Only into the other one."""
    run.own.set_member_groups(run.made["member"].id, [run.made["dogs"]])
    equal(ids(run.own.get_member_groups(run.made["member"].id)), ids([run.made["dogs"]]))


def group_delete(run: Run) -> None:
    """It can't be read any more, nor is the member in it."""
    run.own.delete_group(run.made["dogs"])
    raises("GroupNotFound", lambda: run.own.get_group(run.made["dogs"].id), "20004")
    equal(run.own.get_member_groups(run.made["member"].id), [])
