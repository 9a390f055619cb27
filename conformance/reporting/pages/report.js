const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = document.querySelector(".find"), said = form.querySelector("[role=status]");
const rows = all("tr[data-verdict]"), cards = all(".card"), lines = all(".index > li"), areas = all(".area");
const order = new Map([...rows, ...cards, ...lines].map((one, place) => [one, place]));
const subjects = ["verdict", "level", "area", "operation", "key", "caller"].filter(name => form.elements[name]);
const several = new Set(["operation", "key", "caller"]);

// What can be searched, read once: the text of a row, and that of the card about it but for what was sent.
let texts = null;
function textOf(row) {
  if (!texts) {
    texts = new Map(rows.map(one => [one.id, one.textContent.toLowerCase()]));
    for (const card of cards) {
      const text = all("summary h3, .tags, .reason, .finding .soft, .diff, .names, .more p", card)
        .map(one => one.textContent.toLowerCase()).join(" ");
      for (const id of card.dataset.ids.split(" ")) texts.set(id, (texts.get(id) ?? "") + text);
    }
  }
  return texts.get(row.id);
}

function matches(row, wanted, words) {
  for (const [name, value] of wanted) {
    const has = row.dataset[name];
    if (several.has(name) ? !` ${has} `.includes(` ${value} `) : has !== value) return false;
  }
  return words.every(word => textOf(row).includes(word));
}

function apply() {
  const wanted = subjects.map(name => [name, form.elements[name].value]).filter(([, value]) => value);
  const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Set(rows.filter(row => matches(row, wanted, words)).map(row => row.id));
  for (const row of rows) row.classList.toggle("out", !found.has(row.id));
  for (const one of [...cards, ...lines])
    one.classList.toggle("out", !one.dataset.ids.split(" ").some(id => found.has(id)));
  for (const area of areas) area.classList.toggle("out", !area.querySelector("tr[data-verdict]:not(.out)"));
  for (const section of all(".cards, .findings")) section.classList.toggle("out", !section.querySelector(".card:not(.out), .index > li:not(.out)"));
  sort(form.elements.sort.value);
  const shown = cards.filter(card => !card.classList.contains("out")).length;
  const some = wanted.length + words.length > 0;
  said.textContent = some ? `${found.size} of ${rows.length} requirements, ${shown} of ${cards.length} findings${found.size ? "" : ": nothing matches"}` : "";
  form.classList.toggle("active", some);
}

let sorted = "";
function sort(by) {
  if (by === sorted) return;
  sorted = by;
  const idOf = one => one.id || one.dataset.ids.split(" ")[0];
  const number = new Map(cards.map(card => [idOf(card), Number(card.dataset.checks)]));
  const compare = {
    id: (a, b) => idOf(a) < idOf(b) ? -1 : 1,
    checks: (a, b) => (number.get(idOf(b)) ?? 0) - (number.get(idOf(a)) ?? 0) || order.get(a) - order.get(b),
  }[by] ?? ((a, b) => order.get(a) - order.get(b));
  for (const group of [lines, cards, rows]) {
    const parents = Map.groupBy ? Map.groupBy(group, one => one.parentElement)
      : group.reduce((map, one) => map.set(one.parentElement, [...map.get(one.parentElement) ?? [], one]), new Map());
    for (const [parent, children] of parents) parent.append(...children.sort(compare));
  }
}

// The address has all that was chosen, so that it can be sent to somebody; a card is its fragment.
function read() {
  const chosen = new URLSearchParams(location.search);
  for (const name of ["q", ...subjects, "sort"]) {
    const field = form.elements[name];
    field.value = chosen.get(name) ?? "";
    if (field.selectedIndex === -1) field.value = "";
  }
  apply();
}
function write(fragment = location.hash) {
  const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  const query = chosen.size ? `?${chosen}` : "";
  try { history.replaceState(null, "", location.pathname + query + fragment); } catch { /* the page still filters */ }
  apply();
}

// What a link leads to is shown: folds around it open, and filters that hide it are cleared.
function arrive() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.closest(".out")) { clear(); write(); }
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  const card = target.closest(".card");
  const place = card && target.matches(".inside") ? card.querySelector("summary") : target;
  place.scrollIntoView();
  if (card) place.focus({ preventScroll: true });
}
function clear() { for (const name of ["q", ...subjects, "sort"]) form.elements[name].value = ""; }

form.hidden = false;
form.addEventListener("input", () => write());
form.addEventListener("submit", event => event.preventDefault());
form.addEventListener("reset", event => { event.preventDefault(); clear(); write(); });
for (const link of all('.counts a'))
  link.addEventListener("click", event => {
    event.preventDefault();
    clear();
    form.elements.verdict && (form.elements.verdict.value = new URLSearchParams(link.search).get("verdict"));
    write("#requirements");
    document.getElementById("requirements").scrollIntoView();
  });
// A link to where one is already does not change the fragment.
addEventListener("click", event => {
  const link = event.target.closest('a[href^="#"]');
  if (link && link.hash === location.hash) { event.preventDefault(); arrive(); }
});
addEventListener("hashchange", arrive);
addEventListener("popstate", read);

const button = document.querySelector(".all");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") === "false";
    for (const card of cards) card.open = open;
    button.setAttribute("aria-pressed", open);
    button.textContent = open ? "Close all" : "Open all";
  });
}

async function copied(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* older browsers, and files in some */ }
  const field = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
for (const one of all(".copy button")) {
  one.hidden = false;
  const label = one.firstChild, text = label.data;
  one.addEventListener("click", async () => {
    label.data = await copied(one.previousElementSibling.textContent) ? "Copied" : "Select it";
    one.focus();
    setTimeout(() => { label.data = text; }, 1500);
  });
}

// Paper shows every card; what is folded inside stays out.
let folded = [];
addEventListener("beforeprint", () => { folded = cards.filter(card => !card.open); for (const card of folded) card.open = true; });
addEventListener("afterprint", () => { for (const card of folded) card.open = false; });

read();
arrive();
