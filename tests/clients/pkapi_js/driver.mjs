// Drives pkapi.js through all of its surface.
import PKAPI, { DefaultRateLimiter } from "pkapi.js";

import {
  EARLIER, NO_SWITCH, READS, UNKNOWN_GUILD, UNKNOWN_SWITCH, WINDOWS,
  carryOut, equal, has, rejects, rejectsItself, sandbox,
} from "../javascript/steps.mjs";

const { guild, image, origin } = sandbox;

function caller(token, options = {}) {
  return new PKAPI({ base_url: origin, token, debug: false, ...options });
}

const own = caller(sandbox.token);
const other = caller(sandbox.otherToken);
const anonymous = caller(undefined);
const made = {};

const names = (map) => [...map.values()].map((one) => one.name);
const ids = (...keys) => keys.map((key) => made[key].id).sort();
const keysOf = (map) => [...map.keys()].sort();

const systems = {
  "system-own": async () => {
    made.system = await own.getSystem();
    equal(made.system.name, "First");
  },
  "system-other": async () => {
    made.other = await other.getSystem();
    equal(made.other.name, "Second");
  },
  "system-by-short-id": async () => {
    const read = await anonymous.getSystem({ system: made.system.id });
    equal(read.uuid, made.system.uuid);
  },
  "system-by-uuid": async () => {
    const read = await anonymous.getSystem({ system: made.system.uuid });
    equal(read.id, made.system.id);
  },
  "system-by-account": async () => {
    const read = await anonymous.getAccount({ system: sandbox.account });
    equal(read.id, made.system.id);
  },
  "system-hides-from-others": async () => {
    const read = await anonymous.getSystem({ system: made.other.id });
    equal([read.description, read.privacy], [null, null]);
  },
  "system-of-other-with-token": async () => {
    const read = await own.getSystem({ system: made.other.id });
    equal(read.id, made.other.id);
  },
  "system-with-all-parts": async () => {
    const parts = ["members", "groups", "switches", "config", "group members"];
    const read = await other.getSystem({ fetch: parts });
    equal([read.members.size, read.groups.size, read.switches.size], [2, 1, 100]);
    equal(names([...read.groups.values()][0].members), ["Open"]);
    equal(read.config.timezone, "UTC");
  },
  "system-update": async () => {
    const updated = await own.patchSystem({ name: "Renamed" });
    equal(updated.name, "Renamed");
  },
  "system-not-found": () => rejects(404, 20001, () => anonymous.getSystem({ system: "zzzzz" })),
  "system-without-token": () => rejectsItself(() => anonymous.getSystem()),
  "settings-read": async () => {
    has(await own.getSystemConfig(), { timezone: "UTC", latch_timeout: null, pings_enabled: true });
  },
  "settings-update": async () => {
    await own.patchSystemConfig({ latch_timeout: 90, pings_enabled: false });
    has(await own.getSystemConfig(), { latch_timeout: 90, pings_enabled: false });
  },
  "settings-update-defaults": async () => {
    const defaults = { member_default_private: true, group_default_private: true };
    has(await own.patchSystemConfig({ ...defaults }), defaults);
    await own.patchSystemConfig({ member_default_private: false, group_default_private: false });
  },
  "settings-update-show-private-info": async () => {
    const updated = await own.patchSystemConfig({ show_private_info: false, pings_enabled: true });
    has(updated, { show_private_info: false, pings_enabled: true });
  },
  "settings-update-timezone": async () => {
    await own.patchSystemConfig({ timezone: "America/New_York" });
    equal((await own.getSystemConfig()).timezone, "America/New_York");
  },
  "settings-clear": async () => {
    await own.patchSystemConfig({ latch_timeout: null });
    equal((await own.getSystemConfig()).latch_timeout, null);
  },
  "settings-patch-of-object": async () => {
    const settings = await own.getSystemConfig();
    settings.pings_enabled = false;
    equal((await settings.patch()).pings_enabled, false);
    equal((await own.getSystemConfig()).pings_enabled, false);
  },
  "settings-without-token": () => rejectsItself(() => anonymous.getSystemConfig()),
  "system-guild-read": async () => {
    has(await own.getSystemGuildSettings({ guild }), { guild, proxying_enabled: true, tag: null });
  },
  "system-guild-update": async () => {
    await own.patchSystemGuildSettings({ guild, tag: "(g)", tag_enabled: false, display_name: "G." });
    const read = await own.getSystemGuildSettings({ guild });
    has(read, { tag: "(g)", tag_enabled: false, display_name: "G." });
  },
  "system-guild-clear": async () => {
    await own.patchSystemGuildSettings({ guild, tag: null, tag_enabled: true, display_name: null });
    const read = await own.getSystemGuildSettings({ guild });
    has(read, { tag: null, tag_enabled: true, display_name: null });
  },
  "system-guild-not-found": () =>
    rejects(404, 20009, () => own.getSystemGuildSettings({ guild: UNKNOWN_GUILD })),
  "autoproxy-read": async () => {
    const read = await own.getSystemAutoproxySettings({ guild });
    has(read, { autoproxy_mode: "off", autoproxy_member: null });
  },
  "autoproxy-front": async () => {
    await own.patchSystemAutoproxySettings({ guild, autoproxy_mode: "front" });
    equal((await own.getSystemAutoproxySettings({ guild })).autoproxy_mode, "front");
  },
  "autoproxy-off": async () => {
    const updated = await own.patchSystemAutoproxySettings({ guild, autoproxy_mode: "off" });
    equal(updated.autoproxy_mode, "off");
  },
};

const members = {
  "member-create": async () => {
    made.member = await own.createMember({ name: "Robin" });
    equal(made.member.name, "Robin");
  },
  "member-create-with-all-keys": async () => {
    const texts = { display_name: "Sam 🐦", pronouns: "she/her", description: "Likes maps." };
    const proxy_tags = [{ prefix: "s:", suffix: null }, { prefix: null, suffix: "-s" }];
    const rest = { color: "112233", proxy_tags, keep_proxy: true, tts: true };
    made.second = await own.createMember({ name: "Sam", birthday: "2001-02-03", ...texts, ...rest });
    const read = await own.getMember({ member: made.second.id });
    has(read, { name: "Sam", ...texts, ...rest });
    equal(read.birthday.toISOString().slice(0, 10), "2001-02-03");
  },
  "member-create-private": async () => {
    const privacy = { visibility: "private", name_privacy: "private" };
    made.hidden = await own.createMember({ name: "Kit", privacy });
    has(made.hidden.privacy, privacy);
  },
  "member-create-with-images": async () => {
    made.pictured = await own.createMember({ name: "Pic", avatar_url: image, banner: image });
    const read = await own.getMember({ member: made.pictured.id });
    has(read, { avatar_url: image, banner: image });
    equal(await own.deleteMember({ member: made.pictured.id }), null);
  },
  "member-by-short-id": async () => {
    equal((await own.getMember({ member: made.member.id })).name, "Robin");
  },
  "member-by-uuid": async () => {
    equal((await own.getMember({ member: made.member.uuid })).name, "Robin");
  },
  "member-by-upper-case-id": async () => {
    equal((await own.getMember({ member: made.member.id.toUpperCase() })).name, "Robin");
  },
  "member-created-is-now": async () => {
    const { created } = await own.getMember({ member: made.member.id });
    equal(Math.floor(Math.abs(Date.now() - created) / 300_000), 0);
  },
  "members-of-own-system": async () => {
    equal(keysOf(await own.getMembers({})), ids("member", "second", "hidden"));
  },
  "members-of-own-system-for-others": async () => {
    const seen = await anonymous.getMembers({ system: made.system.id });
    equal(keysOf(seen), ids("member", "second"));
  },
  "members-of-other-system": async () => {
    const [seen] = [...(await own.getMembers({ system: made.other.id })).values()];
    made.foreign = seen;
    equal([seen.privacy, seen.description], [null, null]);
  },
  "member-update": async () => {
    const texts = { name: "Robyn", pronouns: "she/they" };
    await own.patchMember({ member: made.member.id, ...texts });
    has(await own.getMember({ member: made.member.id }), texts);
  },
  "member-update-without-name": async () => {
    const updated = await own.patchMember({ member: made.member.id, description: "Quiet." });
    has(updated, { name: "Robyn", description: "Quiet." });
  },
  "member-patch-of-object": async () => {
    const read = await own.getMember({ member: made.member.id });
    read.description = "Quiet.";
    await read.patch();
    has(await own.getMember({ member: made.member.id }), { name: "Robyn", description: "Quiet." });
  },
  "member-update-proxy-tags": async () => {
    const proxy_tags = [{ prefix: "n:", suffix: null }];
    const updated = await own.patchMember({ member: made.second.id, name: "Sam", proxy_tags });
    equal(updated.proxy_tags, proxy_tags);
  },
  "member-clear": async () => {
    const nothing = { display_name: null, pronouns: null, description: null, birthday: null };
    await own.patchMember({ member: made.second.id, name: "Sam", color: null, ...nothing });
    has(await own.getMember({ member: made.second.id }), { ...nothing, color: null });
  },
  "member-update-privacy": async () => {
    const member = made.member.id;
    await own.patchMember({ member, name: "Robyn", privacy: { description_privacy: "private" } });
    equal((await anonymous.getMember({ member })).description, null);
    equal((await own.getMember({ member })).description, "Quiet.");
  },
  "member-not-found": () => rejects(404, 20002, () => own.getMember({ member: "zzzzz" })),
  "member-update-invalid": () =>
    rejects(400, 40001, () => {
      const avatar_url = `${image}?${"x".repeat(300)}`;
      return own.patchMember({ member: made.member.id, name: "R", avatar_url });
    }),
  "member-name-too-long": () => rejectsItself(() => own.createMember({ name: "x".repeat(101) })),
  "member-update-of-other-system": () =>
    rejects(403, 30006, () => own.patchMember({ member: made.foreign.id, name: "Mine" })),
  "member-update-with-wrong-token": () =>
    rejects(401, "???", () => caller("none").patchMember({ member: made.member.id, name: "No" })),
  "member-create-without-token": () => rejectsItself(() => anonymous.createMember({ name: "No" })),
  "member-guild-read": async () => {
    const read = await own.getMemberGuildSettings({ member: made.member.id, guild });
    has(read, { guild, member: made.member.id, display_name: null, avatar_url: null });
  },
  "member-guild-update": async () => {
    const member = made.member.id;
    await own.patchMemberGuildSettings({ member, guild, display_name: "R.", keep_proxy: true });
    has(await own.getMemberGuildSettings({ member, guild }), { display_name: "R.", keep_proxy: true });
  },
  "member-guild-clear": async () => {
    const member = made.member.id;
    await own.patchMemberGuildSettings({ member, guild, display_name: null });
    has(await own.getMemberGuildSettings({ member, guild }), { display_name: null, keep_proxy: true });
  },
  "member-guild-clear-keep-proxy": async () => {
    const member = made.member.id;
    await own.patchMemberGuildSettings({ member, guild, keep_proxy: null });
    equal((await own.getMemberGuildSettings({ member, guild })).keep_proxy, null);
  },
  "member-guild-not-found": () =>
    rejects(404, 20010, () =>
      own.getMemberGuildSettings({ member: made.member.id, guild: UNKNOWN_GUILD })),
  "autoproxy-member": async () => {
    const mode = { autoproxy_mode: "member", autoproxy_member: made.member.id };
    await own.patchSystemAutoproxySettings({ guild, ...mode });
    has(await own.getSystemAutoproxySettings({ guild }), mode);
    await own.patchSystemAutoproxySettings({ guild, autoproxy_mode: "off", autoproxy_member: null });
  },
  "member-delete": async () => {
    await own.deleteMember({ member: made.hidden.id });
    await rejects(404, 20002, () => own.getMember({ member: made.hidden.id }));
  },
  "member-delete-of-other-system": () =>
    rejects(403, 30006, () => own.deleteMember({ member: made.foreign.id })),
};

const groups = {
  "group-create": async () => {
    made.group = await own.createGroup({ name: "Cats" });
    equal(made.group.name, "Cats");
  },
  "group-create-with-all-keys": async () => {
    const values = { display_name: "Dogs!", description: "Loud.", color: "445566" };
    made.dogs = await own.createGroup({ name: "Dogs", icon: image, banner: image, ...values });
    has(await own.getGroup({ group: made.dogs.id }), { icon: image, banner: image, ...values });
  },
  "group-by-uuid": async () => {
    equal((await own.getGroup({ group: made.group.uuid })).name, "Cats");
  },
  "groups-of-own-system": async () => {
    equal(keysOf(await own.getGroups({})), ids("group", "dogs"));
  },
  "groups-of-other-system": async () => {
    const [seen] = [...(await own.getGroups({ system: made.other.id })).values()];
    equal([seen.name, seen.privacy], ["Some", null]);
  },
  "group-update": async () => {
    await own.patchGroup({ group: made.group.id, name: "Cats", description: "Quiet." });
    has(await own.getGroup({ group: made.group.id }), { name: "Cats", description: "Quiet." });
  },
  "group-update-without-name": async () => {
    const updated = await own.patchGroup({ group: made.group.id, description: "Quieter." });
    has(updated, { name: "Cats", description: "Quieter." });
  },
  "group-patch-of-object": async () => {
    const read = await own.getGroup({ group: made.group.id });
    read.display_name = "Cats!";
    await read.patch();
    equal((await own.getGroup({ group: made.group.id })).display_name, "Cats!");
  },
  "group-clear": async () => {
    const nothing = { display_name: null, description: null, icon: null, banner: null, color: null };
    await own.patchGroup({ group: made.dogs.id, name: "Dogs", ...nothing });
    has(await own.getGroup({ group: made.dogs.id }), nothing);
  },
  "group-members-are-private": async () => {
    const group = made.group.id;
    await own.patchGroup({ group, name: "Cats", privacy: { list_privacy: "private" } });
    await rejects(403, 30003, () => anonymous.getGroupMembers({ group }));
    await own.patchGroup({ group, name: "Cats", privacy: { list_privacy: "public" } });
  },
  "group-not-found": () => rejects(404, 20004, () => own.getGroup({ group: "zzzzz" })),
  "group-members-add": async () => {
    const group = made.group.id;
    await own.addGroupMembers({ group, members: ids("member", "second") });
    equal(keysOf(await own.getGroupMembers({ group })), ids("member", "second"));
  },
  "groups-with-members": async () => {
    const seen = await own.getGroups({ with_members: true });
    equal(keysOf(seen.get(made.group.id).members), ids("member", "second"));
  },
  "groups-with-members-raw": async () => {
    const seen = await own.getGroups({ with_members: true, raw: true });
    equal([...seen.get(made.group.id).members].sort(), [made.member.uuid, made.second.uuid].sort());
  },
  "group-members-remove": async () => {
    const group = made.group.id;
    await own.removeGroupMembers({ group, members: ids("second") });
    equal(keysOf(await own.getGroupMembers({ group })), ids("member"));
  },
  "group-members-set": async () => {
    const group = await own.getGroup({ group: made.group.id, fetch_members: true });
    equal(keysOf(await group.setMembers(ids("second"))), ids("second"));
  },
  "group-members-set-to-none": async () => {
    const group = made.group.id;
    await own.setGroupMembers({ group, members: [] });
    equal((await own.getGroupMembers({ group })).size, 0);
  },
  "group-members-not-found": () =>
    rejects(404, 20003, () =>
      own.addGroupMembers({ group: made.group.id, members: [made.hidden.id] })),
  "member-groups-add": async () => {
    const member = made.member.id;
    await own.addMemberGroups({ member, groups: ids("group", "dogs") });
    equal(keysOf(await own.getMemberGroups({ member })), ids("group", "dogs"));
  },
  "member-groups-remove": async () => {
    const member = await own.getMember({ member: made.member.id });
    equal(keysOf(await member.removeGroups(ids("dogs"))), ids("group"));
  },
  "member-groups-set": async () => {
    const member = made.member.id;
    await own.setMemberGroups({ member, groups: ids("dogs") });
    equal(keysOf(await own.getMemberGroups({ member })), ids("dogs"));
  },
  "group-delete": async () => {
    await own.deleteGroup({ group: made.dogs.id });
    await rejects(404, 20004, () => own.getGroup({ group: made.dogs.id }));
    equal((await own.getMemberGroups({ member: made.member.id })).size, 0);
  },
};

const switches = {
  "fronters-before-any-switch": async () => {
    equal(await own.getFronters({}), undefined);
  },
  "switch-create": async () => {
    made.switch = await own.createSwitch({ members: [made.member.id, made.second.id] });
    equal(names(made.switch.members), ["Robyn", "Sam"]);
  },
  "fronters": async () => {
    equal(names((await own.getFronters({})).members), ["Robyn", "Sam"]);
  },
  "switch-create-without-members": async () => {
    made.nobody = await own.createSwitch({ members: [] });
    equal((await own.getFronters({})).members.size, 0);
  },
  "switches-of-own-system": async () => {
    const seen = await own.getSwitches({});
    equal([...seen.keys()], [made.nobody.id, made.switch.id]);
    equal(names(seen.get(made.switch.id).members), ["Robyn", "Sam"]);
  },
  "switches-raw": async () => {
    const seen = await own.getSwitches({ raw: true });
    equal(seen.get(made.switch.id).members, [made.member.id, made.second.id]);
  },
  "switches-limit": async () => {
    equal([...(await own.getSwitches({ limit: 1 })).keys()], [made.nobody.id]);
  },
  "switch-update-timestamp": async () => {
    await own.patchSwitchTimestamp({ switch: made.switch.id, timestamp: EARLIER });
    const { timestamp } = await own.getSwitch({ switch: made.switch.id });
    equal(timestamp, EARLIER);
  },
  "switches-before": async () => {
    const before = new Date(EARLIER.valueOf() + 1000);
    equal([...(await own.getSwitches({ before })).keys()], [made.switch.id]);
  },
  "switch-create-earlier": async () => {
    const timestamp = new Date(EARLIER.valueOf() + 60_000);
    made.later = await own.createSwitch({ members: [made.member.id], timestamp });
    equal(made.later.timestamp, timestamp);
  },
  "switches-of-other-system": async () => {
    equal((await own.getSwitches({ system: made.other.id })).size, 100);
  },
  "switch-read": async () => {
    const read = await own.getSwitch({ switch: made.switch.id });
    equal(names(read.members), ["Robyn", "Sam"]);
  },
  "switch-update-members": async () => {
    await own.patchSwitchMembers({ switch: made.switch.id, members: [made.second.id] });
    equal(names((await own.getSwitch({ switch: made.switch.id })).members), ["Sam"]);
  },
  "switch-update-members-with-timestamp": async () => {
    const members = [made.second.id];
    await own.patchSwitchMembers({ switch: made.switch.id, members, timestamp: new Date() });
    equal(names((await own.getSwitch({ switch: made.switch.id })).members), ["Sam"]);
  },
  "switch-same-members": () =>
    rejects(400, 40004, async () => {
      const fronters = await own.getFronters({});
      return own.createSwitch({ members: [...fronters.members.keys()] });
    }),
  "switch-not-found": () => rejects(404, NO_SWITCH, () => own.getSwitch({ switch: UNKNOWN_SWITCH })),
  "switch-delete": async () => {
    await own.deleteSwitch({ switch: made.nobody.id });
    await rejects(404, NO_SWITCH, () => own.getSwitch({ switch: made.nobody.id }));
  },
};

const messages = {
  "message-read": async () => {
    const read = await own.getMessage({ message: sandbox.message });
    has(read, { id: sandbox.message, original: sandbox.original, guild });
    equal(read.system.id, made.other.id);
  },
  "message-names-its-member": async () => {
    const read = await own.getMessage({ message: sandbox.message });
    equal(read.member.id, made.foreign.id);
  },
  "message-by-original": async () => {
    equal((await own.getMessage({ message: sandbox.original })).id, sandbox.message);
  },
  "message-of-deleted-member": async () => {
    const read = await own.getMessage({ message: sandbox.deleted });
    equal([read.id, read.system, read.member], [sandbox.deleted, null, null]);
  },
  "message-not-found": () =>
    rejects(404, 20006, () => own.getMessage({ message: UNKNOWN_GUILD })),
};

/** Counts how often the client is limited although it waits. */
class Counting extends DefaultRateLimiter {
  limited = 0;

  async handleError(error) {
    if (error.response?.status === 429) this.limited += 1;
    return super.handleError(error);
  }
}

const rateLimits = {
  "rate-limit-is-kept": async () => {
    const limiter = new Counting();
    const paced = caller(sandbox.token, { base_url: sandbox.limited, rate_limiter: limiter });
    for (let read = 0; read < READS; read += 1) equal((await paced.getSystem()).name, "First");
    made.limited = limiter.limited;
    equal(made.limited, 0);
  },
  "rate-limit-is-waited-for": async () => {
    equal(made.limited < WINDOWS, true);
  },
  "rate-limit-exceeded": () =>
    rejects(429, "???", async () => {
      const hasty = caller(sandbox.token, { base_url: sandbox.limited });
      for (let read = 0; read < 3 * READS; read += 1) await hasty.getSystem();
    }),
};

await carryOut({ ...systems, ...members, ...groups, ...switches, ...messages, ...rateLimits });
