// What the drivers in JavaScript share: carrying out steps, and comparing what came back.
import { deepStrictEqual } from "node:assert";

/** What the environment says of the sandbox; `origin` is the base URL without its version. */
export const sandbox = {
  origin: process.env.PK_BASE_URL.replace(/\/v2$/, ""),
  limited: process.env.PK_LIMITED_URL.replace(/\/v2$/, ""),
  token: process.env.PK_TOKEN,
  otherToken: process.env.PK_OTHER_TOKEN,
  account: process.env.PK_ACCOUNT,
  guild: process.env.PK_GUILD,
  message: process.env.PK_MESSAGE,
  original: process.env.PK_ORIGINAL,
  deleted: process.env.PK_DELETED_MESSAGE,
  image: process.env.PK_IMAGE,
};

export const UNKNOWN_GUILD = "1234567890123456789";
export const UNKNOWN_SWITCH = "c0ffee00-0000-4000-8000-000000000000";
export const EARLIER = new Date("2020-01-02T03:04:05Z");
export const READS = 20; // twice the documented limit of a second
export const WINDOWS = 4; // in so many seconds as many reads are surely allowed
export const NO_SWITCH = [20007, 20008]; // the docs list both

/** Carry out all steps in their order, and print a line for each. */
export async function carryOut(steps) {
  for (const [name, step] of Object.entries(steps)) {
    let error = null;
    try {
      await step();
    } catch (thrown) {
      error = text(thrown);
    }
    process.stdout.write(`${JSON.stringify({ step: name, ok: error === null, error })}\n`);
  }
}

/** What came back must be what is expected. */
export function equal(actual, expected) {
  deepStrictEqual(actual, expected);
}

/** The values of these keys must be as expected. */
export function has(actual, expected) {
  equal(Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]])), expected);
}

/** The call must throw the client's error with this status and one of these codes. */
export async function rejects(status, codes, call) {
  let returned;
  try {
    returned = await call();
  } catch (thrown) {
    if (thrown.status === undefined) throw thrown;
    equal(thrown.status, status);
    if (![codes].flat().includes(thrown.code)) throw new Error(`expected ${codes}, got ${thrown.code}`);
    return;
  }
  throw new Error(`expected status ${status}, got ${JSON.stringify(returned)}`);
}

/** The call must throw before anything is sent: an error without a status. */
export async function rejectsItself(call) {
  let returned;
  try {
    returned = await call();
  } catch (thrown) {
    if (thrown.status !== undefined) throw thrown;
    return;
  }
  throw new Error(`expected an error of the client, got ${JSON.stringify(returned)}`);
}

function text(thrown) {
  const kind = thrown?.constructor?.name ?? typeof thrown;
  const status = thrown?.status === undefined ? "" : ` ${thrown.status} ${thrown.code}`;
  return `${kind}:${status} ${String(thrown?.message ?? thrown)}`.slice(0, 500);
}
