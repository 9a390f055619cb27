// A whole session with a client of which openapi-typescript generates the types: a mistake in the document does not compile here.
import createClient from "openapi-fetch";

import type { components, paths } from "./api.js";

declare const process: { env: Record<string, string>; stdout: { write(line: string): void } };

type Member = components["schemas"]["Member"];
type Group = components["schemas"]["Group"];

const api = createClient<paths>({
  baseUrl: process.env.PK_BASE_URL,
  headers: { Authorization: process.env.PK_TOKEN },
});
const guildId: string = process.env.PK_GUILD!;
const messageId: string = process.env.PK_MESSAGE!;
const systemId = "@me";
const made = {} as { member: Member; group: Group; switchId: string };

function equal(actual: unknown, expected: unknown): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (seen !== wanted) throw new Error(`expected ${wanted}, got ${seen}`);
}

const steps: Record<string, () => Promise<void>> = {
  "read-system": async () => {
    const { data } = await api.GET("/systems/{systemId}", { params: { path: { systemId } } });
    equal(data?.name, "First");
  },
  "create-member": async () => {
    const { data } = await api.POST("/members", { body: { name: "Robin", color: "112233" } });
    equal(data?.name, "Robin");
    made.member = data!;
  },
  "patch-member": async () => {
    const path = { memberId: made.member.id };
    await api.PATCH("/members/{memberId}", {
      params: { path },
      body: { description: "Quiet.", color: null },
    });
    const { data } = await api.GET("/members/{memberId}", { params: { path } });
    equal([data?.name, data?.description, data?.color], ["Robin", "Quiet.", null]);
  },
  "create-group": async () => {
    const { data } = await api.POST("/groups", { body: { name: "Cats" } });
    equal(data?.name, "Cats");
    made.group = data!;
  },
  "add-member": async () => {
    const params = { path: { groupId: made.group.id } };
    const added = await api.POST("/groups/{groupId}/members/add", { params, body: [made.member.id] });
    const { data } = await api.GET("/groups/{groupId}/members", { params });
    equal([added.response.status, data?.map((one) => one.id)], [204, [made.member.id]]);
  },
  "no-fronters": async () => {
    const { data, response } = await api.GET("/systems/{systemId}/fronters", {
      params: { path: { systemId } },
    });
    equal([response.status, data === undefined], [204, true]);
  },
  "create-switch": async () => {
    const { data } = await api.POST("/systems/{systemId}/switches", {
      params: { path: { systemId } },
      body: { members: [made.member.id] },
    });
    equal(data?.members.map((one) => one.name), ["Robin"]);
    made.switchId = data!.id;
  },
  "read-fronters": async () => {
    const { data } = await api.GET("/systems/{systemId}/fronters", { params: { path: { systemId } } });
    equal(data?.id, made.switchId);
  },
  "guild-settings": async () => {
    const params = { path: { guildId } };
    await api.PATCH("/systems/@me/guilds/{guildId}", { params, body: { tag: "(g)" } });
    const { data } = await api.GET("/systems/@me/guilds/{guildId}", { params });
    equal(data?.tag, "(g)");
  },
  "read-message": async () => {
    const { data } = await api.GET("/messages/{messageId}", { params: { path: { messageId } } });
    equal(data?.id, messageId);
  },
  "error-body": async () => {
    const { error } = await api.PATCH("/members/{memberId}", {
      params: { path: { memberId: made.member.id } },
      body: { avatar_url: "none" },
    });
    equal([error?.code, Object.keys(error?.errors ?? {})], [40001, ["avatar_url"]]);
  },
  "delete-all": async () => {
    const member = { params: { path: { memberId: made.member.id } } };
    const gone = await api.DELETE("/systems/{systemId}/switches/{switchId}", {
      params: { path: { systemId, switchId: made.switchId } },
    });
    const done = await api.DELETE("/members/{memberId}", member);
    const left = await api.DELETE("/groups/{groupId}", { params: { path: { groupId: made.group.id } } });
    const read = await api.GET("/members/{memberId}", member);
    equal([gone, done, left, read].map((one) => one.response.status), [204, 204, 204, 404]);
  },
};

for (const [step, run] of Object.entries(steps)) {
  let error: string | null = null;
  try {
    await run();
  } catch (thrown) {
    error = String(thrown);
  }
  process.stdout.write(`${JSON.stringify({ step, ok: error === null, error })}\n`);
}
