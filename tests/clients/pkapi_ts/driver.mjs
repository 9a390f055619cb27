// Drives pkapi-ts through all of its surface.
import Client from "pkapi-ts";
import DefaultRateLimiter from "pkapi-ts/RateLimiter/DefaultRateLimiter";
import NoOpRateLimiter from "pkapi-ts/RateLimiter/NoOpRateLimiter";

import {
  EARLIER, NO_SWITCH, READS, UNKNOWN_GUILD, UNKNOWN_SWITCH, WINDOWS,
  carryOut, equal, has, rejects, rejectsItself, sandbox,
} from "../javascript/steps.mjs";

console.log = () => {}; // the client logs each request there

const { guild, image, origin } = sandbox;

const caller = (token, limiter, base = origin) => new Client(token, false, base, limiter);
const own = caller(sandbox.token);
const other = caller(sandbox.otherToken);
const anonymous = caller(null);
const made = {};

const names = (list) => list.map((one) => one.name);
const ids = (...keys) => keys.map((key) => made[key].id).sort();
const idsOf = (list) => list.map((one) => one.id).sort();

const systems = {
  "system-own": async () => {
    made.system = await own.getSystem("@me");
    equal(made.system.name, "First");
  },
  "system-other": async () => {
    made.other = await other.getSystem("@me");
    equal(made.other.name, "Second");
  },
  "system-by-short-id": async () => {
    equal((await anonymous.getSystem(made.system.id)).uuid, made.system.uuid);
  },
  "system-by-uuid": async () => {
    equal((await anonymous.getSystem(made.system.uuid)).id, made.system.id);
  },
  "system-by-account": async () => {
    equal((await anonymous.getSystem(sandbox.account)).id, made.system.id);
  },
  "system-hides-from-others": async () => {
    const read = await anonymous.getSystem(made.other.id);
    equal([read.description, read.privacy], [null, null]);
  },
  "system-update": async () => {
    const texts = { name: "Renamed", description: "Of the driver.", tag: "| drv", pronouns: "they/them" };
    await own.updateSystem("@me", texts);
    has(await own.getSystem("@me"), texts);
  },
  "system-update-color": async () => {
    await own.updateSystem("@me", { color: "ff8800" });
    equal((await own.getSystem("@me")).color, "ff8800");
  },
  "system-update-images": async () => {
    await own.updateSystem("@me", { avatarUrl: image, banner: image });
    has(await anonymous.getSystem(made.system.id), { avatarUrl: image, banner: image });
  },
  "system-update-privacy-of-one-key": async () => {
    const updated = await own.updateSystem("@me", { privacy: { descriptionPrivacy: "private" } });
    equal(updated.privacy.descriptionPrivacy, "private");
  },
  "system-update-privacy": async () => {
    const { privacy } = await own.getSystem("@me");
    await own.updateSystem("@me", { privacy: { ...privacy, descriptionPrivacy: "private" } });
    equal((await anonymous.getSystem(made.system.id)).description, null);
    await own.updateSystem("@me", { privacy });
  },
  "system-clear": async () => {
    const nothing = { description: null, tag: null, pronouns: null, avatarUrl: null, banner: null };
    await own.updateSystem("@me", { name: "First", color: null, ...nothing });
    has(await own.getSystem("@me"), { name: "First", color: null, ...nothing });
  },
  "system-not-found": () => rejects(404, 20001, () => own.getSystem("zzzzz")),
  "system-update-without-token": () => rejectsItself(() => anonymous.updateSystem("@me", { name: "No" })),
  "system-update-with-wrong-token": () =>
    rejects(401, [0, undefined], () => caller("none").updateSystem("@me", { name: "No" })),
  "system-update-of-other": () =>
    rejects(403, 0, () => own.updateSystem(made.other.id, { name: "Mine" })),
  "system-update-invalid": () =>
    rejects(400, 40001, () => own.updateSystem("@me", { avatarUrl: "mailto:a@example.com" })),
  "settings-read": async () => {
    has(await own.getOwnSystemSettings(), { timezone: "UTC", latchTimeout: null, pingsEnabled: true });
  },
  "settings-of-other": async () => {
    const read = await own.getSystemSettings(made.other.id);
    equal([read.latchTimeout, read.pingsEnabled], [null, true]);
  },
  "settings-update": async () => {
    const values = { timezone: "Europe/Berlin", latchTimeout: 90, pingsEnabled: false };
    await own.updateSystemSettings("@me", values);
    has(await own.getOwnSystemSettings(), values);
  },
  "settings-update-defaults": async () => {
    const defaults = { memberDefaultPrivate: true, groupDefaultPrivate: true };
    has(await own.updateSystemSettings("@me", defaults), defaults);
    await own.updateSystemSettings("@me", { memberDefaultPrivate: false, groupDefaultPrivate: false });
  },
  "settings-update-show-private-info": async () => {
    const values = { showPrivateInfo: false, pingsEnabled: true };
    has(await own.updateSystemSettings("@me", values), values);
  },
  "settings-update-display": async () => {
    const values = { hidDisplaySplit: true, hidDisplayCaps: true, proxySwitch: "new", nameFormat: "{name}" };
    await own.updateSystemSettings("@me", values);
    has(await own.getOwnSystemSettings(), values);
  },
  "settings-update-padding": async () => {
    const values = { hidListPadding: "left", pingsEnabled: true };
    has(await own.updateSystemSettings("@me", values), values);
  },
  "settings-clear": async () => {
    await own.updateSystemSettings("@me", { timezone: "UTC", latchTimeout: null });
    has(await own.getOwnSystemSettings(), { timezone: "UTC", latchTimeout: null });
  },
  "system-guild-read": async () => {
    has(await own.getOwnSystemGuildSettings(guild), { proxyingEnabled: true, tag: null });
  },
  "system-guild-update": async () => {
    const values = { tag: "(g)", tagEnabled: false, displayName: "G." };
    await own.updateOwnSystemGuildSettings(guild, values);
    has(await own.getOwnSystemGuildSettings(guild), values);
  },
  "system-guild-clear": async () => {
    const values = { tag: null, tagEnabled: true, displayName: null };
    await own.updateOwnSystemGuildSettings(guild, values);
    has(await own.getOwnSystemGuildSettings(guild), values);
  },
  "system-guild-not-found": () =>
    rejects(404, 20009, () => own.getOwnSystemGuildSettings(UNKNOWN_GUILD)),
  "autoproxy-read": async () => {
    const read = await own.getOwnSystemAutoproxySettings(guild);
    has(read, { autoproxyMode: "off", autoproxyMember: null });
  },
  "autoproxy-front": async () => {
    await own.updateOwnSystemAutoproxySettings(guild, { autoproxyMode: "front" });
    equal((await own.getOwnSystemAutoproxySettings(guild)).autoproxyMode, "front");
  },
  "autoproxy-off": async () => {
    const updated = await own.updateOwnSystemAutoproxySettings(guild, { autoproxyMode: "off" });
    equal(updated.autoproxyMode, "off");
  },
};

const members = {
  "member-create": async () => {
    made.member = await own.createMember({ name: "Robin" });
    equal(made.member.name, "Robin");
  },
  "member-create-with-all-keys": async () => {
    const values = {
      name: "Sam",
      displayName: "Sam 🐦",
      pronouns: "she/her",
      description: "Likes maps.",
      avatarUrl: image,
      webhookAvatarUrl: `${image}?webhook`,
      banner: image,
      color: "112233",
      birthday: { year: 2001, month: 2, day: 3 },
      proxyTags: [{ prefix: "s:", suffix: null }, { prefix: null, suffix: "-s" }],
      keepProxy: true,
      tts: true,
    };
    made.second = await own.createMember(values);
    has(await own.getMember(made.second.id), values);
  },
  "member-create-private": async () => {
    const { privacy } = made.member;
    made.hidden = await own.createMember({ name: "Kit", privacy: { ...privacy, visibility: "private" } });
    equal(made.hidden.privacy.visibility, "private");
  },
  "member-by-short-id": async () => equal((await own.getMember(made.member.id)).name, "Robin"),
  "member-by-uuid": async () => equal((await own.getMember(made.member.uuid)).name, "Robin"),
  "member-by-upper-case-id": async () => {
    equal((await own.getMember(made.member.id.toUpperCase())).name, "Robin");
  },
  "member-created-is-now": async () => {
    const { created } = await own.getMember(made.member.id);
    equal(Math.floor(Math.abs(Date.now() - created) / 300_000), 0);
  },
  "members-of-own-system": async () => {
    equal(idsOf(await own.getSystemMembers("@me")), ids("member", "second", "hidden"));
  },
  "members-of-own-system-for-others": async () => {
    equal(idsOf(await anonymous.getSystemMembers(made.system.id)), ids("member", "second"));
  },
  "members-of-other-system": async () => {
    [made.foreign] = await own.getSystemMembers(made.other.id);
    equal([made.foreign.privacy, made.foreign.description], [null, null]);
  },
  "member-update": async () => {
    const texts = { name: "Robyn", pronouns: "she/they" };
    await own.updateMember(made.member.id, texts);
    has(await own.getMember(made.member.id), texts);
  },
  "member-update-without-name": async () => {
    const updated = await own.updateMember(made.member.id, { description: "Quiet." });
    has(updated, { name: "Robyn", description: "Quiet." });
  },
  "member-update-birthday-without-year": async () => {
    const birthday = { year: null, month: 5, day: 6 };
    await own.updateMember(made.member.id, { name: "Robyn", description: "Quiet.", birthday });
    has(await own.getMember(made.member.id), { birthday, description: "Quiet." });
  },
  "member-update-proxy-tags": async () => {
    const proxyTags = [{ prefix: "n:", suffix: null }];
    equal((await own.updateMember(made.second.id, { name: "Sam", proxyTags })).proxyTags, proxyTags);
  },
  "member-clear": async () => {
    const keys = ["displayName", "pronouns", "description", "birthday", "color", "avatarUrl", "banner"];
    const nothing = Object.fromEntries(keys.map((key) => [key, null]));
    await own.updateMember(made.second.id, { name: "Sam", ...nothing });
    has(await own.getMember(made.second.id), nothing);
  },
  "member-update-privacy": async () => {
    const { id, name, privacy } = await own.getMember(made.member.id);
    await own.updateMember(id, { name, privacy: { ...privacy, descriptionPrivacy: "private" } });
    equal((await anonymous.getMember(id)).description, null);
    equal((await own.getMember(id)).description, "Quiet.");
  },
  "member-not-found": () => rejects(404, 20002, () => own.getMember("zzzzz")),
  "member-update-invalid": () =>
    rejects(400, 40001, () =>
      own.updateMember(made.member.id, { name: "Robyn", avatarUrl: "mailto:a@example.com" })),
  "member-name-too-long": () => rejectsItself(() => own.createMember({ name: "x".repeat(101) })),
  "member-update-of-other-system": () =>
    rejects(403, 30006, () => own.updateMember(made.foreign.id, { name: "Mine" })),
  "member-create-without-token": () => rejectsItself(() => anonymous.createMember({ name: "No" })),
  "member-guild-read": async () => {
    has(await own.getMemberGuildSettings(made.member.id, guild), { displayName: null, avatarUrl: null });
  },
  "member-guild-update": async () => {
    const values = { displayName: "R.", avatarUrl: image, keepProxy: true };
    await own.updateMemberGuildSettings(made.member.id, guild, values);
    has(await own.getMemberGuildSettings(made.member.id, guild), values);
  },
  "member-guild-clear": async () => {
    const values = { displayName: null, avatarUrl: null };
    await own.updateMemberGuildSettings(made.member.id, guild, values);
    has(await own.getMemberGuildSettings(made.member.id, guild), values);
  },
  "member-guild-clear-keep-proxy": async () => {
    await own.updateMemberGuildSettings(made.member.id, guild, { keepProxy: null });
    equal((await own.getMemberGuildSettings(made.member.id, guild)).keepProxy, null);
  },
  "member-guild-not-found": () =>
    rejects(404, 20010, () => own.getMemberGuildSettings(made.member.id, UNKNOWN_GUILD)),
  "autoproxy-member": async () => {
    const mode = { autoproxyMode: "member", autoproxyMember: made.member.id };
    await own.updateOwnSystemAutoproxySettings(guild, mode);
    has(await own.getOwnSystemAutoproxySettings(guild), mode);
    await own.updateOwnSystemAutoproxySettings(guild, { autoproxyMode: "off", autoproxyMember: null });
  },
  "member-delete": async () => {
    await own.deleteMember(made.hidden.id);
    await rejects(404, 20002, () => own.getMember(made.hidden.id));
  },
  "member-delete-of-other-system": () => rejects(403, 30006, () => own.deleteMember(made.foreign.id)),
};

const groups = {
  "group-create": async () => {
    made.group = await own.createGroup({ name: "Cats" });
    equal(made.group.name, "Cats");
  },
  "group-create-with-all-keys": async () => {
    const texts = { displayName: "Dogs!", description: "Loud.", color: "445566" };
    made.dogs = await own.createGroup({ name: "Dogs", icon: image, banner: image, ...texts });
    has(await own.getGroup(made.dogs.id), { icon: image, banner: image, ...texts });
  },
  "group-by-uuid": async () => equal((await own.getGroup(made.group.uuid)).name, "Cats"),
  "groups-of-own-system": async () => equal(idsOf(await own.getGroups("@me")), ids("group", "dogs")),
  "groups-of-other-system": async () => {
    const [seen] = await own.getGroups(made.other.id);
    equal([seen.name, seen.privacy], ["Some", null]);
  },
  "group-update": async () => {
    await own.updateGroup(made.group.id, { description: "Quiet." });
    has(await own.getGroup(made.group.id), { name: "Cats", description: "Quiet." });
  },
  "group-clear": async () => {
    const nothing = { displayName: null, description: null, icon: null, banner: null, color: null };
    await own.updateGroup(made.dogs.id, nothing);
    has(await own.getGroup(made.dogs.id), nothing);
  },
  "group-members-are-private": async () => {
    const { id, privacy } = await own.getGroup(made.group.id);
    await own.updateGroup(id, { privacy: { ...privacy, listPrivacy: "private" } });
    await rejects(403, 30003, () => anonymous.getGroupMembers(id));
    await own.updateGroup(id, { privacy });
  },
  "group-not-found": () => rejects(404, 20004, () => own.getGroup("zzzzz")),
  "group-members-add": async () => {
    await own.addMembersToGroup(made.group.id, ids("member", "second"));
    equal(idsOf(await own.getGroupMembers(made.group.id)), ids("member", "second"));
  },
  "group-with-members": async () => {
    const read = await own.getGroup(made.group.id, true);
    equal(read.members.sort(), [made.member.uuid, made.second.uuid].sort());
  },
  "groups-with-members": async () => {
    const seen = (await own.getGroups("@me", true)).find((one) => one.id === made.group.id);
    equal(seen.members.sort(), [made.member.uuid, made.second.uuid].sort());
  },
  "group-members-remove": async () => {
    await own.removeMembersFromGroup(made.group.id, ids("second"));
    equal(idsOf(await own.getGroupMembers(made.group.id)), ids("member"));
  },
  "group-members-set": async () => {
    await own.overwriteGroupMembers(made.group.id, ids("second"));
    equal(idsOf(await own.getGroupMembers(made.group.id)), ids("second"));
  },
  "group-members-set-to-none": async () => {
    await own.overwriteGroupMembers(made.group.id, []);
    equal(await own.getGroupMembers(made.group.id), []);
  },
  "group-members-not-found": () =>
    rejects(404, 20003, () => own.addMembersToGroup(made.group.id, [made.hidden.id])),
  "member-groups-add": async () => {
    await own.addMemberToGroups(made.member.id, ids("group", "dogs"));
    equal(idsOf(await own.getMemberGroups(made.member.id)), ids("group", "dogs"));
  },
  "member-groups-remove": async () => {
    await own.removeMemberFromGroups(made.member.id, ids("dogs"));
    equal(idsOf(await own.getMemberGroups(made.member.id)), ids("group"));
  },
  "member-groups-set": async () => {
    await own.overwriteMemberGroups(made.member.id, ids("dogs"));
    equal(idsOf(await own.getMemberGroups(made.member.id)), ids("dogs"));
  },
  "group-delete": async () => {
    await own.deleteGroup(made.dogs.id);
    await rejects(404, 20004, () => own.getGroup(made.dogs.id));
    equal(await own.getMemberGroups(made.member.id), []);
  },
};

const switches = {
  "fronters-before-any-switch": async () => equal(await own.getFronters("@me"), null),
  "switch-create": async () => {
    made.switch = await own.createSwitch("@me", [made.member.id, made.second.id]);
    equal(names(made.switch.members), ["Robyn", "Sam"]);
  },
  "fronters": async () => equal(names((await own.getFronters("@me")).members), ["Robyn", "Sam"]),
  "switch-create-earlier": async () => {
    made.earlier = await own.createSwitch("@me", [made.member.id], EARLIER);
    equal(made.earlier.timestamp, EARLIER);
  },
  "switch-create-without-members": async () => {
    made.nobody = await own.createSwitch("@me", []);
    equal((await own.getFronters("@me")).members, []);
  },
  "switches-of-own-system": async () => {
    const seen = await own.getSwitches("@me");
    equal(seen.map((one) => one.id), ["nobody", "switch", "earlier"].map((key) => made[key].id));
    equal(seen[1].members, [made.member.id, made.second.id]);
  },
  "switches-limit": async () => equal(idsOf(await own.getSwitches("@me", 1)), [made.nobody.id]),
  "switches-before": async () => {
    const before = new Date(EARLIER.valueOf() + 1000);
    equal(idsOf(await own.getSwitches("@me", 100, before)), [made.earlier.id]);
  },
  "switches-of-other-system": async () => equal((await own.getSwitches(made.other.id)).length, 100),
  "switch-read": async () => {
    equal(names((await own.getSwitch("@me", made.switch.id)).members), ["Robyn", "Sam"]);
  },
  "switch-update-members": async () => {
    await own.updateSwitchMembers("@me", made.switch.id, [made.second.id]);
    equal(names((await own.getSwitch("@me", made.switch.id)).members), ["Sam"]);
  },
  "switch-update-timestamp": async () => {
    const later = new Date(EARLIER.valueOf() + 60_000);
    await own.updateSwitch("@me", made.earlier.id, later);
    equal((await own.getSwitch("@me", made.earlier.id)).timestamp, later);
  },
  "switch-same-members": () => rejects(400, 40004, () => own.createSwitch("@me", [])),
  "switch-not-found": () => rejects(404, NO_SWITCH, () => own.getSwitch("@me", UNKNOWN_SWITCH)),
  "switch-delete": async () => {
    await own.deleteSwitch("@me", made.nobody.id);
    await rejects(404, NO_SWITCH, () => own.getSwitch("@me", made.nobody.id));
  },
  "fronters-are-private": async () => {
    const { privacy } = await own.getSystem("@me");
    const hidden = { ...privacy, frontPrivacy: "private", frontHistoryPrivacy: "private" };
    await own.updateSystem("@me", { privacy: hidden });
    await rejects(403, 30004, () => anonymous.getFronters(made.system.id));
    await rejects(403, 30005, () => anonymous.getSwitches(made.system.id));
  },
};

const messages = {
  "message-read": async () => {
    const read = await own.getProxiedMessageInformation(sandbox.message);
    has(read, { id: sandbox.message, original: sandbox.original, guild });
    equal(read.system.id, made.other.id);
  },
  "message-names-its-member": async () => {
    equal((await own.getProxiedMessageInformation(sandbox.message)).member.id, made.foreign.id);
  },
  "message-by-original": async () => {
    equal((await own.getProxiedMessageInformation(sandbox.original)).id, sandbox.message);
  },
  "message-of-deleted-member": async () => {
    equal((await own.getProxiedMessageInformation(sandbox.deleted)).id, sandbox.deleted);
  },
  "message-not-found": () =>
    rejects(404, 20006, () => own.getProxiedMessageInformation(UNKNOWN_GUILD)),
};

/** Counts how often the client is limited although it waits. */
class Counting extends DefaultRateLimiter {
  limited = 0;

  async handleError(bucket, error) {
    if (error.status === 429) this.limited += 1;
    return super.handleError(bucket, error);
  }
}

const rateLimits = {
  "rate-limit-is-kept": async () => {
    const limiter = new Counting();
    const paced = caller(sandbox.token, limiter, sandbox.limited);
    for (let read = 0; read < READS; read += 1) equal((await paced.getSystem("@me")).name, "First");
    made.limited = limiter.limited;
    equal(made.limited, 0);
  },
  "rate-limit-is-waited-for": async () => equal(made.limited < WINDOWS, true),
  "rate-limit-exceeded": () =>
    rejects(429, undefined, async () => {
      const hasty = caller(sandbox.token, new NoOpRateLimiter(), sandbox.limited);
      for (let read = 0; read < 3 * READS; read += 1) await hasty.getSystem("@me");
    }),
};

await carryOut({ ...systems, ...members, ...groups, ...switches, ...messages, ...rateLimits });
