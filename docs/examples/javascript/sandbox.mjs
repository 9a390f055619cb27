// Starts a sandbox for tests, and stops it. Nothing from npm is needed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const COMMAND = ["-m", "conformance", "sandbox", "--port", "0", "--rate-limit", "off", "--json"];

export async function startSandbox(...options) {
  const server = spawn("python", [...COMMAND, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: server.stdout });
  const ended = once(lines, "close").then(() => [null]);
  const [line] = await Promise.race([once(lines, "line"), ended]); // the line comes once it serves
  if (line === null) throw new Error("the sandbox did not start; its reason is above");
  const box = JSON.parse(line); // base_url, token, other_token, ids

  async function control(method, path, body) {
    const headers = body === undefined ? {} : { "Content-Type": "application/json" };
    const response = await fetch(box.control_url + path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error((await response.json()).message);
    return response.status === 204 ? null : response.json();
  }

  async function stop() {
    server.kill();
    await once(server, "exit");
  }

  return { ...box, control, stop };
}
