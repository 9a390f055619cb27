// What a page does: it calls the API with fetch, from another origin. Playwright evaluates it, and gets a list of steps.
async (sandbox) => {
  const { PK_BASE_URL: base, PK_LIMITED_URL: limited, PK_TOKEN: token, PK_GUILD: guild } = sandbox;
  const made = {};

  function equal(actual, expected) {
    const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (seen !== wanted) throw new Error(`expected ${wanted}, got ${seen}`);
  }

  function call(method, path, body) {
    const headers = { Authorization: token };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  }

  const steps = {
    "read-without-token": async () => {
      const response = await fetch(`${base}/systems/${sandbox.PK_ACCOUNT}`);
      equal((await response.json()).name, "First");
    },
    "read-with-token": async () => {
      const response = await call("GET", "/systems/@me");
      equal((await response.json()).name, "First");
    },
    "post": async () => {
      made.member = await (await call("POST", "/members", { name: "Robin" })).json();
      equal(made.member.name, "Robin");
    },
    "patch": async () => {
      const response = await call("PATCH", `/members/${made.member.id}`, { description: "Quiet." });
      equal([response.status, (await response.json()).description], [200, "Quiet."]);
    },
    "patch-guild-settings": async () => {
      await call("PATCH", `/systems/@me/guilds/${guild}`, { tag: "(g)" });
      const response = await call("GET", `/systems/@me/guilds/${guild}`);
      equal((await response.json()).tag, "(g)");
    },
    "no-fronters": async () => {
      const response = await call("GET", "/systems/@me/fronters");
      equal([response.status, await response.text()], [204, ""]);
    },
    "error-body": async () => {
      const response = await call("PATCH", `/members/${made.member.id}`, { avatar_url: "none" });
      const error = await response.json();
      equal([response.status, error.code, Object.keys(error.errors)], [400, 40001, ["avatar_url"]]);
    },
    "error-without-token": async () => {
      const response = await fetch(`${base}/members`, { method: "POST", body: "{}" });
      equal([400, 401, 415].includes(response.status), true);
    },
    "delete": async () => {
      equal((await call("DELETE", `/members/${made.member.id}`)).status, 204);
      equal((await call("GET", `/members/${made.member.id}`)).status, 404);
    },
    "rate-limit-headers-are-readable": async () => {
      const { headers } = await fetch(`${limited}/systems/@me`, { headers: { Authorization: token } });
      equal(headers.get("X-RateLimit-Limit"), "10");
      const names = ["Remaining", "Reset", "Scope"].map((name) => `X-RateLimit-${name}`);
      equal(names.filter((name) => headers.get(name) === null), []);
    },
    "rate-limit-error-is-readable": async () => {
      const headers = { Authorization: token };
      const all = Array.from({ length: 40 }, () => fetch(`${limited}/systems/@me`, { headers }));
      const response = (await Promise.all(all)).find((one) => one.status === 429);
      equal(typeof (await response.json()).retry_after, "number");
    },
  };

  const done = [];
  for (const [step, run] of Object.entries(steps)) {
    let error = null;
    try {
      await run();
    } catch (thrown) {
      error = String(thrown);
    }
    done.push([step, error]);
  }
  return done;
}
