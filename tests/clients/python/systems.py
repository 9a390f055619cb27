"""Systems, their settings, settings in a guild, and autoproxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clients.python.run import equal, raises, unknown_keys

if TYPE_CHECKING:
    from tests.clients.python.run import Run


def system_own(run: Run) -> None:
    """The system of the token."""
    run.made["system"] = run.own.get_system()
    equal(run.made["system"].name, "First")


def system_other(run: Run) -> None:
    """The system of the other token."""
    run.made["other"] = run.other.get_system()
    equal(run.made["other"].name, "Second")


def system_by_short_id(run: Run) -> None:
    """The id as the client writes it, with a dash."""
    short = run.made["system"].id.id
    equal(run.anonymous.get_system(short).id.uuid, run.made["system"].id.uuid)


def system_by_uuid(run: Run) -> None:
    """The id of the object, which is sent as a UUID."""
    equal(run.anonymous.get_system(run.made["system"].id).name, "First")


def system_by_account(run: Run) -> None:
    """The id of the Discord account."""
    equal(run.anonymous.get_system(run.account).id.uuid, run.made["system"].id.uuid)


def system_hides_from_others(run: Run) -> None:
    """No private description, and no privacy object."""
    seen = run.own.get_system(run.made["other"].id)
    equal((seen.description, seen.description_privacy), (None, None))


def system_update(run: Run) -> None:
    """All texts at once."""
    texts = {"description": "Of the driver.", "tag": "| drv", "pronouns": "they/them"}
    updated = run.own.update_system(name="Renamed", **texts)
    equal(updated.name, "Renamed")
    read = run.own.get_system()
    equal({key: getattr(read, key) for key in texts}, texts)


def system_update_color(run: Run) -> None:
    """A color, as the library's object."""
    equal(run.own.update_system(color="ff8800").color.json(), "ff8800")
    equal(run.own.get_system().color.json(), "ff8800")


def system_update_images(run: Run) -> None:
    """Two URLs."""
    urls = {"avatar_url": "https://example.com/a.png", "banner": "https://example.com/b.png"}
    run.own.update_system(**urls)
    read = run.anonymous.get_system(run.made["system"].id)
    equal({key: getattr(read, key) for key in urls}, urls)


def system_update_privacy(run: Run) -> None:
    """The description is hidden from others, and shown to the owner."""
    updated = run.own.update_system(description_privacy="private")
    equal(updated.description_privacy.value, "private")
    equal(run.anonymous.get_system(run.made["system"].id).description, None)
    equal(run.own.get_system().description, "Of the driver.")


def system_clear(run: Run) -> None:
    """Null clears."""
    run.own.update_system(description=None, tag=None, pronouns=None, avatar_url=None, banner=None)
    read = run.own.update_system(name="First", description_privacy="public")
    equal((read.name, read.description, read.tag, read.pronouns), ("First", None, None, None))


def system_not_found(run: Run) -> None:
    """No system has the id."""
    raises("SystemNotFound", lambda: run.own.get_system("zzzzz"), "20001")


def system_without_token(run: Run) -> None:
    """The client itself rejects @me without a token."""
    raises("Unauthorized", run.anonymous.get_system)


def system_update_without_token(run: Run) -> None:
    """The server rejects a write without a token."""
    raises("Unauthorized", lambda: run.anonymous.update_system(name="No"))


def system_update_invalid(run: Run) -> None:
    """What is no URL is rejected."""
    raises("GenericBadRequest", lambda: run.own.update_system(avatar_url="none"), "40001")


def settings_read(run: Run) -> None:
    """The settings of the system of the token."""
    read = run.own.get_system_settings()
    equal((read.timezone.json(), read.latch_timeout, read.pings_enabled), ("UTC", None, True))


def settings_keys_are_known(run: Run) -> None:
    """The client knows every key of the settings; it warns of others."""
    equal(unknown_keys(run.own.get_system_settings), [])


def settings_update(run: Run) -> None:
    """Texts, numbers and booleans."""
    run.own.update_system_settings(timezone="Europe/Berlin", latch_timeout=90, pings_enabled=False)
    read = run.own.get_system_settings()
    shown = (read.timezone.json(), read.latch_timeout, read.pings_enabled)
    equal(shown, ("Europe/Berlin", 90, False))


def settings_update_defaults(run: Run) -> None:
    """Defaults of what is made later."""
    keys = ("member_default_private", "group_default_private")
    updated = run.own.update_system_settings(**dict.fromkeys(keys, True))
    equal([getattr(updated, key) for key in keys], [True, True])
    run.own.update_system_settings(**dict.fromkeys(keys, False))


def settings_update_show_private_info(run: Run) -> None:
    """What the bot shows, beside a key that every server takes."""
    updated = run.own.update_system_settings(show_private_info=False, pings_enabled=True)
    equal((updated.show_private_info, updated.pings_enabled), (False, True))


def settings_clear(run: Run) -> None:
    """Null clears the timeout; the client sends UTC for no timezone."""
    run.own.update_system_settings(timezone=None, latch_timeout=None, pings_enabled=True)
    read = run.own.get_system_settings()
    equal((read.timezone.json(), read.latch_timeout), ("UTC", None))


def system_guild_read(run: Run) -> None:
    """Settings in the guild."""
    read = run.own.get_system_guild_settings(run.guild)
    equal((read.proxying_enabled, read.tag), (True, None))


def system_guild_keys_are_known(run: Run) -> None:
    """The client knows every key of the settings in a guild; it warns of others."""
    equal(unknown_keys(lambda: run.own.get_system_guild_settings(run.guild)), [])


def system_guild_update(run: Run) -> None:
    """A tag, and two booleans."""
    run.own.update_system_guild_settings(run.guild, tag="(g)", tag_enabled=False)
    read = run.own.get_system_guild_settings(run.guild)
    equal((read.tag, read.tag_enabled), ("(g)", False))


def system_guild_clear(run: Run) -> None:
    """Null clears."""
    run.own.update_system_guild_settings(run.guild, tag=None, tag_enabled=True)
    read = run.own.get_system_guild_settings(run.guild)
    equal((read.tag, read.tag_enabled), (None, True))


def system_guild_not_found(run: Run) -> None:
    """No settings in a guild that is not known."""
    raises("NotFound", lambda: run.own.get_system_guild_settings(1234567890), "20009")


def autoproxy_read(run: Run) -> None:
    """Off, until it is set."""
    read = run.own.get_autoproxy_settings(run.guild)
    equal((read.autoproxy_mode, read.autoproxy_member), ("off", None))


def autoproxy_front(run: Run) -> None:
    """A mode without a member."""
    run.own.update_autoproxy_settings(run.guild, "front")
    equal(run.own.get_autoproxy_settings(run.guild).autoproxy_mode, "front")


def autoproxy_off(run: Run) -> None:
    """Off again."""
    equal(run.own.update_autoproxy_settings(run.guild, "off").autoproxy_mode, "off")
