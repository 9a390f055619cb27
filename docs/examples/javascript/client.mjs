// A client of PluralKit's API: your own one takes its place.
import { setTimeout as sleep } from "node:timers/promises";

export class Client {
  constructor(baseUrl, token) {
    this.baseUrl = baseUrl;
    this.headers = { Authorization: token, "User-Agent": "example (https://example.com)" };
  }

  createMember(name) {
    return this.send("POST", "/members", { name });
  }

  member(ref) {
    return this.send("GET", `/members/${ref}`);
  }

  async send(method, path, body) {
    const headers = { ...this.headers, ...(body && { "Content-Type": "application/json" }) };
    const request = { method, headers, body: JSON.stringify(body) };
    let response = await fetch(this.baseUrl + path, request);
    while (response.status === 429) {
      await sleep((await response.json()).retry_after);
      response = await fetch(this.baseUrl + path, request);
    }
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.json();
  }
}
