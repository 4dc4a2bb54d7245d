// The permissions card: every operation of a contract, searched and filtered in the page without asking the kernel, which
// is asked for an operation's request, and for the reads that try what is documented.

import { button, facts, h, mount, table, uniqueId } from "./card.js";

const CHOOSE = "Open an operation above and press “Show the request” for its code in curl, httpx and the official SDK.";
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

function classOf(word) {
  return `leadping-permission-${word.replaceAll(" ", "-")}`;
}

function mark({ word, sign }) {
  return h(
    "span",
    { class: `leadping-permission-mark ${classOf(word)}` },
    h("span", { class: "leadping-permission-sign", "aria-hidden": "true" }, sign),
    h("span", { class: "leadping-permission-word" }, word),
  );
}

// What one source says: its word and sign, when that was, and what was seen.
function stated([word, sign, ...rest]) {
  return h("span", {}, mark({ word, sign }), ...rest.filter(Boolean).map((text) => ` · ${text}`));
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function breakable(path) {
  return path.split(/(?<=\/)/).flatMap((part) => [part, h("wbr")]);
}

function choice(label, apply) {
  const id = uniqueId("choice");
  const select = h("select", { id, on: { change: apply } });
  const node = h("div", {}, h("label", { for: id }, label), select);
  // `options`: [value, text] of each, the one for everything first. What was chosen stays chosen where it still exists.
  const offer = (options) => {
    const chosen = select.value;
    select.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
    select.value = options.some(([value]) => value === chosen) ? chosen : "";
  };
  return { node, select, offer };
}

// Chips that count the rows of each word and show those of the pressed ones; `before` stands in front of them.
function chips(label, apply, before = null) {
  const node = h("div", { class: "leadping-row", role: "group", "aria-label": label });
  const pressed = new Set();
  const draw = (words) => {
    for (const word of pressed) if (!words.some((known) => known.word === word)) pressed.delete(word);
    node.hidden = !words.length;
    const toggles = words.map(({ word, sign, count }) => {
      if (count === 0) pressed.delete(word);
      const chip = h(
        "button",
        { type: "button", class: "leadping-permission-chip", "aria-pressed": String(pressed.has(word)), disabled: count === 0 },
        h("span", { class: `leadping-permission-sign ${classOf(word)}`, "aria-hidden": "true" }, sign),
        `${count} ${word}`,
      );
      chip.addEventListener("click", () => {
        const now = !pressed.delete(word);
        if (now) pressed.add(word);
        chip.setAttribute("aria-pressed", String(now));
        apply();
      });
      return chip;
    });
    node.replaceChildren(...(before ? [h("span", { class: "leadping-quiet" }, before)] : []), ...toggles);
  };
  const clear = () => {
    pressed.clear();
    for (const chip of node.querySelectorAll("button")) chip.setAttribute("aria-pressed", "false");
  };
  const fits = (word) => pressed.size === 0 || pressed.has(word);
  return { node, draw, clear, fits };
}

function reasonsOf(operation, content, marks) {
  const reason = content.reasons[operation.reason];
  return facts([
    ["Why", reason.why],
    ["Certainty", reason.certainty],
    ["Basis", reason.basis],
    ["Seed", stated(reason.evidence[0])],
    ["Contract", stated(reason.evidence[1])],
    ["Observed", stated(content.observations[operation.observed])],
    ["Would do", operation.would_do],
    ["Group", operation.group],
    ...content.others.map((name, index) => {
      const { verdict, why } = content.reasons[operation.beside[index]];
      return [capital(name), h("span", {}, mark(marks[verdict]), " ", why)];
    }),
  ]);
}

// Below the verdict of what was tried: what was seen.
function seen([word, sign]) {
  return word === "not tried" ? null : h("span", { class: "leadping-permission-seen" }, "seen: ", mark({ word, sign }));
}

// Whether documents and reality agree: a plan that says which calls would be made, a second yes, and what came of them.
function trialPart(send, receive) {
  let number = null;
  const observe = button("Observe", () => send({ action: "plan" }));
  const hint = h("span", { class: "leadping-quiet" });
  const sentence = h("p", { tabindex: "-1" });
  const calls = h("div", {});
  const yes = button("", () => send({ action: "observe", plan: number, confirmed: true }), { kind: "main" });
  const no = button("Not now", () => send({ action: "leave" }));
  const plan = h("section", { class: "leadping-trial-part", "aria-label": "Plan" }, sentence, calls, h("div", { class: "leadping-row" }, yes, no));
  const told = h("span", { id: uniqueId("told") });
  const bar = h("progress", { max: "1", "aria-label": "Observing", "aria-describedby": told.id });
  const stop = button("Stop", () => send({ action: "stop" }));
  const run = h("div", { class: "leadping-row leadping-trial-run" }, bar, told, stop);
  const found = h("section", { class: "leadping-trial-part", "aria-label": "Observed" });
  const node = h("div", { class: "leadping-trial" }, h("div", { class: "leadping-row" }, observe, hint), plan, run, found);
  let shown = "";

  const hidden = (part) => h("details", {}, h("summary", {}, part.title), table(part.title, part.columns, part.rows));
  const advance = ({ count, done, observed, stopping }) => {
    if (done) bar.value = done / count;
    else bar.removeAttribute("value");
    const soFar = done ? `${done} of ${count}: ${observed}` : `${count} reads …`;
    told.textContent = stopping ? "Stopping after the call that is on its way …" : soFar;
    stop.setAttribute("aria-disabled", String(stopping)); // a button that goes would take the focus with it
  };
  const show = (trial) => {
    observe.hidden = Boolean(trial.missing || trial.plan || trial.run);
    hint.textContent = trial.missing || "Tries what is documented with a few safe reads; says first which ones.";
    hint.hidden = Boolean(trial.plan || trial.run || trial.found);
    plan.hidden = !trial.plan;
    run.hidden = !trial.run;
    found.hidden = !trial.found || Boolean(trial.plan || trial.run);
    if (trial.plan) {
      const { count, columns, address } = trial.plan;
      number = trial.plan.number;
      sentence.replaceChildren(h("strong", {}, "Nothing was sent yet."), ` ${trial.plan.sentence}`);
      calls.replaceChildren(
        ...(count ? [hidden({ title: `The calls, to ${address}`, columns, rows: trial.plan.calls })] : []),
        hidden({ title: "What is left out", columns: ["operations", "because"], rows: trial.plan.left_out }),
      );
      yes.textContent = `Yes, make ${count === 1 ? "this read" : `these ${count} reads`}`;
      yes.hidden = !count;
    }
    if (trial.run) advance(trial.run);
    if (trial.found) {
      found.replaceChildren(
        h("p", {}, trial.found.sentence),
        h("p", { class: "leadping-quiet" }, `${trial.found.address} · ${trial.found.dated}`),
        ...(trial.found.findings.length
          ? [h("ul", { class: "leadping-trial-findings" }, ...trial.found.findings.map(disagreement))]
          : []),
      );
    }
  };
  const update = (trial, busy) => {
    for (const control of [observe, yes, no]) control.disabled = busy;
    const text = JSON.stringify(trial);
    if (text === shown) return "";
    const hadFocus = node.contains(document.activeElement);
    const isFirst = shown === "";
    shown = text;
    show(trial);
    if (hadFocus && !(node.contains(document.activeElement) && document.activeElement.checkVisibility())) {
      (trial.plan ? sentence : trial.run ? stop : observe).focus(); // what had it is gone
    }
    return isFirst ? "" : trial.run ? "Observing …" : (trial.plan ?? trial.found)?.sentence ?? "";
  };
  receive((message) => {
    if (message.run && !run.hidden) advance(message.run);
  });
  return { node, update };
}

function disagreement({ severity, sign, message, facts: rows }) {
  return h(
    "li",
    { class: `leadping-trial-${severity}` },
    h("p", {}, h("span", { class: "leadping-permission-sign", "aria-hidden": "true" }, sign), h("strong", {}, ` ${severity} `), message),
    facts(rows),
  );
}

// One row: a table body of its own, so that the row and what it opens are hidden by one attribute.
function row(operation, content, marks, request) {
  const { method, path, effect, group, summary, observed } = operation;
  const { verdict } = content.reasons[operation.reason];
  const toggle = h(
    "button",
    { type: "button", class: "leadping-permission-toggle", "aria-expanded": "false", tabindex: "-1" },
    h("span", { class: "leadping-permission-method" }, method),
    " ",
    ...breakable(path),
  );
  const node = h(
    "tbody",
    {},
    h(
      "tr",
      {},
      h("td", {}, mark(marks[verdict]), seen(content.observations[observed])),
      h("th", { scope: "row" }, toggle, h("span", { class: "leadping-permission-summary" }, summary)),
      h("td", {}, effect),
      ...operation.beside.map((number) => h("td", {}, mark(marks[content.reasons[number].verdict]))),
    ),
  );
  let details = null;
  toggle.addEventListener("click", () => {
    if (details === null) {
      const show = h("div", { class: "leadping-row" }, button("Show the request", () => request(`${method} ${path}`)));
      const cell = h("td", { colspan: 3 + content.others.length }, show, reasonsOf(operation, content, marks));
      details = h("tr", { class: "leadping-permission-details", id: uniqueId("details"), hidden: true }, cell);
      node.append(details);
      toggle.setAttribute("aria-controls", details.id);
    }
    details.hidden = !details.hidden;
    toggle.setAttribute("aria-expanded", String(!details.hidden));
  });
  const words = `${method} ${path} ${summary} ${group}`.toLowerCase();
  return { node, toggle, words, verdict, outcome: content.observations[observed][0], effect, group };
}

function grouped(operations) {
  const counts = new Map();
  for (const { group } of operations) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([group, count]) => [group, `${group} (${count})`]);
}

function build({ body, alert, heading, send, receive, asking }) {
  let rows = [];
  let drawn = null;
  let chosen = null; // the operation whose request is shown
  const trial = trialPart(send, receive);
  const subject = h("p", { class: "leadping-permission-subject" });
  const searchId = uniqueId("search");
  const search = h("input", { id: searchId, type: "search", autocomplete: "off", spellcheck: "false" });
  const left = h("p", { role: "status", class: "leadping-quiet" });
  const head = h("tr", {});
  const list = h("table", {}, h("caption", { class: "leadping-permission-caption" }), h("thead", {}, head));
  const nothing = h("p", { class: "leadping-quiet" }, "No operation fits all of this.");
  const region = h("div", { class: "leadping-table leadping-permission-list", role: "region", tabindex: "0" }, list, nothing);

  // One row is reached by Tab, and the others from it by the arrow keys.
  const reach = (chosen) => {
    for (const { toggle } of rows) {
      if (toggle.tabIndex === 0 && toggle !== chosen?.toggle) toggle.tabIndex = -1;
    }
    if (chosen && chosen.toggle.tabIndex !== 0) chosen.toggle.tabIndex = 0;
  };
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    const fits = (row) =>
      verdicts.fits(row.verdict) &&
      outcomes.fits(row.outcome) &&
      (effects.select.value === "" || effects.select.value === row.effect) &&
      (groups.select.value === "" || groups.select.value === row.group) &&
      words.every((word) => row.words.includes(word));
    region.scrollTop = 0; // before anything is hidden, while it costs nothing
    const shown = rows.filter(fits);
    const kept = new Set(shown);
    for (const row of rows) {
      if (row.node.hidden === kept.has(row)) row.node.hidden = !kept.has(row);
    }
    nothing.hidden = shown.length > 0;
    showAll.hidden = shown.length === rows.length;
    if (!shown.some(({ toggle }) => toggle.tabIndex === 0)) reach(shown[0]);
    left.textContent = shown.length === rows.length ? `${rows.length} operations` : `${shown.length} of ${rows.length} operations`;
  };
  const verdicts = chips("Verdicts to show", apply);
  const outcomes = chips("Observations to show", apply, "seen:");
  const effects = choice("Effect", apply);
  const groups = choice("Group", apply);
  effects.offer([["", "reads and writes"], ["read", "reads"], ["write", "writes"]]);
  const reset = () => {
    search.value = effects.select.value = groups.select.value = "";
    verdicts.clear();
    outcomes.clear();
    apply();
  };
  const showAll = button("Show all", () => {
    reset();
    search.focus();
  });
  search.addEventListener("input", apply);
  list.addEventListener("keydown", (event) => {
    const shown = rows.filter(({ node }) => !node.hidden);
    const at = shown.findIndex(({ toggle }) => toggle === event.target);
    if (!(event.key in STEPS) || at < 0) return;
    event.preventDefault();
    shown[Math.min(Math.max(at + STEPS[event.key], 0), shown.length - 1)].toggle.focus();
  });
  list.addEventListener("focusin", (event) => reach(rows.find(({ node }) => node.contains(event.target))));

  asking.by(() => (chosen === null ? CHOOSE : { content: { operation: chosen } }));
  const request = (operation) => {
    chosen = operation;
    asking.open();
  };
  body.append(
    alert,
    h(
      "div",
      { class: "leadping-permissions" },
      subject,
      trial.node,
      verdicts.node,
      outcomes.node,
      h(
        "div",
        { class: "leadping-permission-filters", role: "search", "aria-label": "Operations" },
        h("div", {}, h("label", { for: searchId }, "Search"), search),
        effects.node,
        groups.node,
      ),
      h("div", { class: "leadping-permission-left" }, left, showAll),
      region,
      h("p", { class: "leadping-quiet" }, "Enter opens a row and says why; the arrow keys go from row to row."),
    ),
  );

  const update = ({ trial: tried, ...content }, error, busy) => {
    const news = trial.update(tried, busy);
    const text = JSON.stringify(content);
    if (text === drawn) return news;
    const hadFocus = body.contains(document.activeElement);
    const marks = Object.fromEntries(content.verdicts.map((verdict) => [verdict.word, verdict]));
    const name = capital(content.subject);
    const caption = `Operations of the contract of ${content.revision}`;
    subject.replaceChildren(h("strong", {}, name), ` · contract of ${content.revision}`);
    region.setAttribute("aria-label", caption);
    list.caption.textContent = caption;
    list.classList.toggle("leadping-permission-many", content.others.length > 2);
    head.replaceChildren(
      ...["Verdict", "Operation", "Effect", ...content.others.map(capital)].map((column) => h("th", { scope: "col" }, column)),
    );
    verdicts.draw(content.verdicts);
    outcomes.draw(content.outcomes);
    groups.offer([["", "all groups"], ...grouped(content.operations)]);
    rows.forEach(({ node }) => node.remove());
    rows = content.operations.map((operation) => row(operation, content, marks, request));
    list.append(...rows.map(({ node }) => node));
    apply();
    if (hadFocus && !body.contains(document.activeElement)) heading.focus();
    const said = drawn === null ? "" : `${name}: ${content.verdicts.map(({ count, word }) => `${count} ${word}`).join(", ")}.`;
    drawn = text;
    if (!content.operations.some(({ method, path }) => `${method} ${path}` === chosen)) chosen = null;
    asking.refresh();
    return news || said;
  };
  const clear = () => {
    chosen = null;
    reset();
  };
  return { update, clear };
}

export default { render: (context) => mount(context, "Permissions", build) };
