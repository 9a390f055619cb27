// The page at `/`: copies what a button names, and shows the requests that clients send.
"use strict";

const EACH = 1000; // milliseconds between two looks at the log
const SHOWN = 200; // requests
const FIRST_ERROR = 400; // status
const of = (id) => document.getElementById(id);
let since = 0;
let paused = false;

async function copy(button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  of("heard").textContent = button.textContent;
  setTimeout(() => {
    button.textContent = label;
    of("heard").textContent = "";
  }, 1500);
}

function cell(text, className) {
  const made = document.createElement("td");
  made.textContent = text ?? ""; // never as HTML: a client may have sent anything
  if (className) made.className = className;
  return made;
}

function row(request) {
  const query = new URLSearchParams(request.query).toString();
  const failed = request.status === null || request.status >= FIRST_ERROR;
  const made = document.createElement("tr");
  made.append(
    cell(new Date(request.time).toLocaleTimeString()),
    cell(`${request.method} ${request.path}${query && `?${query}`}`, "request"),
    cell(request.status ?? "none", failed ? "bad" : "good"),
    cell(request.operation),
    cell(request.system ? `${request.caller} (${request.system})` : request.caller),
    cell(request.failure),
    cell(request.user_agent, "agent"),
  );
  return made;
}

function show(found) {
  const log = of("log");
  if (found.last < since) location.reload(); // another sandbox has begun at this address, with tokens of its own
  since = found.last;
  for (const request of found.requests.slice(-SHOWN)) log.prepend(row(request));
  while (log.rows.length > SHOWN) log.lastElementChild.remove();
  document.querySelector(".scroll").hidden = log.rows.length === 0;
  of("none").hidden = log.rows.length > 0;
}

function say(text) {
  if (of("state").textContent !== text) of("state").textContent = text;
}

async function look() {
  try {
    const response = await fetch(`${document.body.dataset.requests}?since=${since}`, { cache: "no-store" });
    if (!response.ok) throw new Error(response.statusText);
    const found = await response.json();
    if (!paused) {
      show(found);
      say("Live.");
    }
  } catch {
    if (!paused) say("The sandbox does not respond.");
  }
}

async function watch() {
  if (!paused && !document.hidden) await look();
  setTimeout(watch, EACH);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard; // browsers have it on this machine, but not for a server elsewhere without TLS
  button.addEventListener("click", () => copy(button));
}
of("pause").addEventListener("click", () => {
  paused = !paused;
  of("pause").setAttribute("aria-pressed", String(paused));
  say(paused ? "Paused." : "Live.");
});
document.querySelector(".live").hidden = false;
watch();
