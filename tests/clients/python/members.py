"""Members, and their settings in a guild."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pluralkit.v2 import models  # type: ignore[import-not-found]

from tests.clients.python.run import equal, ids, raises, unknown_keys

if TYPE_CHECKING:
    from tests.clients.python.run import Run


def member_create(run: Run) -> None:
    """Nothing but a name."""
    run.made["member"] = run.own.new_member("Robin")
    equal(run.made["member"].name, "Robin")


def member_create_with_all_keys(run: Run) -> None:
    """Every key that the client can send, read back."""
    texts = {
        "display_name": "Sam 🐦",
        "pronouns": "she/her",
        "description": "Likes maps.",
        "avatar_url": "https://example.com/a.png",
        "banner": "https://example.com/b.png",
    }
    made = run.own.new_member(
        "Sam",
        color="112233",
        birthday=models.Birthday(year=2001, month=2, day=3),
        proxy_tags=[models.ProxyTag(prefix="s:"), models.ProxyTag(suffix="-s")],
        keep_proxy=True,
        **texts,
    )
    run.made["second"] = made
    read = run.own.get_member(made.id)
    equal({key: getattr(read, key) for key in texts}, texts)
    equal((read.color.json(), read.birthday, read.keep_proxy), ("112233", "2001-02-03", True))
    tags = [{"prefix": "s:", "suffix": None}, {"prefix": None, "suffix": "-s"}]
    equal(read.proxy_tags.json(), tags)


def member_create_private(run: Run) -> None:
    """Privacy keys are sent beside the others, and put into an object."""
    made = run.own.new_member("Kit", visibility="private", name_privacy="private")
    run.made["hidden"] = made
    equal((made.visibility.value, made.name_privacy.value), ("private", "private"))


def member_by_uuid(run: Run) -> None:
    """The id of the object, which is sent as a UUID."""
    equal(run.own.get_member(run.made["member"].id).name, "Robin")


def member_by_short_id(run: Run) -> None:
    """The short id as the client writes it, with a dash."""
    equal(run.own.get_member(run.made["member"].id.id).name, "Robin")


def member_by_upper_case_id(run: Run) -> None:
    """The short id in capitals."""
    equal(run.own.get_member(run.made["member"].id.id.upper()).name, "Robin")


def member_created_is_now(run: Run) -> None:
    """The client can read the time."""
    created = run.own.get_member(run.made["member"].id).created.datetime.replace(tzinfo=dt.UTC)
    age = abs(dt.datetime.now(dt.UTC) - created)
    equal(age // dt.timedelta(minutes=5), 0)


def member_keys_are_known(run: Run) -> None:
    """The client knows every key of a member; it warns of others."""
    equal(unknown_keys(lambda: run.own.get_member(run.made["member"].id)), [])


def members_of_own_system(run: Run) -> None:
    """The owner sees all three."""
    equal(ids(run.own.get_members()), ids(run.made[key] for key in ("member", "second", "hidden")))


def members_of_own_system_for_others(run: Run) -> None:
    """Others don't see the hidden one."""
    seen = run.anonymous.get_members(run.made["system"].id)
    equal(ids(seen), ids([run.made["member"], run.made["second"]]))


def members_of_other_system(run: Run) -> None:
    """Members without a privacy object."""
    [seen] = run.own.get_members(run.made["other"].id)
    run.made["foreign"] = seen
    equal((seen.name_privacy, seen.description), (None, None))


def visibility_of_other_system(run: Run) -> None:
    """Like all privacy keys of what belongs to others, visibility is null."""
    equal(run.made["foreign"].visibility, None)


def member_update(run: Run) -> None:
    """A name and a text."""
    run.own.update_member(run.made["member"], name="Robyn", pronouns="she/they")
    read = run.own.get_member(run.made["member"].id)
    equal((read.name, read.pronouns), ("Robyn", "she/they"))


def member_update_without_name(run: Run) -> None:
    """One key that is not the name."""
    run.own.update_member(run.made["member"], description="Quiet.")
    read = run.own.get_member(run.made["member"].id)
    equal((read.name, read.description), ("Robyn", "Quiet."))


def member_update_proxy_tags(run: Run) -> None:
    """Proxy tags are replaced."""
    updated = run.own.update_member(run.made["second"], proxy_tags=[models.ProxyTag(prefix="n:")])
    equal(updated.proxy_tags.json(), [{"prefix": "n:", "suffix": None}])


def member_clear(run: Run) -> None:
    """Null clears."""
    keys = ("display_name", "pronouns", "description", "avatar_url", "banner", "birthday")
    run.own.update_member(run.made["second"], **dict.fromkeys(keys))
    read = run.own.get_member(run.made["second"].id)
    equal([getattr(read, key) for key in keys], [None] * len(keys))


def member_clear_color(run: Run) -> None:
    """Null clears the color, too."""
    equal(run.own.update_member(run.made["second"], color=None).color, None)


def member_update_privacy(run: Run) -> None:
    """The description is hidden from others."""
    run.own.update_member(run.made["member"], description_privacy="private")
    equal(run.anonymous.get_member(run.made["member"].id).description, None)
    equal(run.own.get_member(run.made["member"].id).description, "Quiet.")


def member_not_found(run: Run) -> None:
    """No member has the id."""
    raises("MemberNotFound", lambda: run.own.get_member("zzzzz"), "20002")


def member_update_invalid(run: Run) -> None:
    """What is no URL is rejected."""
    wrong = {"avatar_url": "none"}
    member = run.made["member"]
    raises("GenericBadRequest", lambda: run.own.update_member(member, **wrong), "40001")


def member_update_of_other_system(run: Run) -> None:
    """The member of another system can't be changed."""
    foreign = run.made["foreign"]
    raises("NotOwnMember", lambda: run.own.update_member(foreign, name="Mine"), "30006")


def member_update_without_token(run: Run) -> None:
    """Nor without a token."""
    member = run.made["member"]
    raises("Unauthorized", lambda: run.anonymous.update_member(member, name="No"))


def member_create_without_token(run: Run) -> None:
    """The client has no error of its own for this status here."""
    raises("HTTPError", lambda: run.anonymous.new_member("No"), "401")


def member_guild_read(run: Run) -> None:
    """Settings in the guild."""
    read = run.own.get_member_guild_settings(run.guild, run.made["member"].id)
    equal((read.display_name, read.avatar_url), (None, None))


def member_guild_update(run: Run) -> None:
    """A name and an image in the guild."""
    values = {"display_name": "R.", "avatar_url": "https://example.com/g.png"}
    run.own.update_member_guild_settings(run.guild, run.made["member"], **values)
    read = run.own.get_member_guild_settings(run.guild, run.made["member"].id)
    equal({key: getattr(read, key) for key in values}, values)


def member_guild_clear(run: Run) -> None:
    """Null clears."""
    nothing = dict.fromkeys(("display_name", "avatar_url"))
    updated = run.own.update_member_guild_settings(run.guild, run.made["member"], **nothing)
    equal((updated.display_name, updated.avatar_url), (None, None))


def member_guild_keys_are_known(run: Run) -> None:
    """The client knows every key of the settings in a guild; it warns of others."""
    equal(
        unknown_keys(lambda: run.own.get_member_guild_settings(run.guild, run.made["member"].id)),
        [],
    )


def member_guild_not_found(run: Run) -> None:
    """No settings in a guild that is not known."""
    member = run.made["member"].id
    raises("NotFound", lambda: run.own.get_member_guild_settings(1234567890, member), "20010")


def autoproxy_member(run: Run) -> None:
    """A mode with a member."""
    run.own.update_autoproxy_settings(run.guild, "member", autoproxy_member=run.made["member"])
    read = run.own.get_autoproxy_settings(run.guild)
    shown = read.autoproxy_member
    short = run.made["member"].id.id.replace("-", "")
    equal((read.autoproxy_mode, shown), ("member", short))
    run.own.update_autoproxy_settings(run.guild, "off", autoproxy_member=None)


def member_delete(run: Run) -> None:
    """It can't be read any more."""
    run.own.delete_member(run.made["hidden"].id)
    raises("MemberNotFound", lambda: run.own.get_member(run.made["hidden"].id), "20002")


def member_delete_of_other_system(run: Run) -> None:
    """The member of another system can't be deleted."""
    raises("NotOwnMember", lambda: run.own.delete_member(run.made["foreign"].id), "30006")
