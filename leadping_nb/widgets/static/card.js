// What all cards share: building the page, talking to the kernel, and saying when there is no kernel any more.
// Texts become text nodes and never HTML.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(...paths) {
  const node = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" })) {
    node.setAttribute(name, value);
  }
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    node.append(path);
  }
  return node;
}

export function uniqueId(name) {
  return `leadping-${name}-${Math.random().toString(36).slice(2, 10)}`; // cards of other kinds count for themselves
}

export function button(label, listener, { kind = "plain" } = {}) {
  return h("button", { type: "button", class: `leadping-button leadping-${kind}`, on: { click: listener } }, label);
}

export function facts(rows) {
  return h(
    "dl",
    { class: "leadping-facts" },
    ...rows.map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))),
  );
}

export function table(caption, columns, rows) {
  return h(
    "div",
    { class: "leadping-table", role: "region", "aria-label": caption, tabindex: "0" },
    h(
      "table",
      {},
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, cell ?? ""))))),
    ),
  );
}

// What a call is and does, and what whoever runs it should know.
function callLine({ sentence, call, effect, notes = [], others = [] }, choose) {
  const name = others.length > 1 ? h("select", { "aria-label": "Sent by" }, ...others.map((other) => h("option", {}, other))) : h("code", {}, call);
  if (others.length > 1) {
    name.value = call;
    name.addEventListener("change", () => choose(name.value));
  }
  const mark = effect === "write" ? h("strong", { class: "leadping-writes" }, "writes") : effect === "read" ? "reads" : null;
  return [
    sentence ? h("p", { class: "leadping-quiet" }, sentence) : null,
    call ? h("p", { class: "leadping-row" }, name, mark) : null,
    notes.length ? h("ul", {}, ...notes.map((note) => h("li", {}, note))) : null,
  ].filter(Boolean);
}

// "Show the code": the same in Python, and as requests where there are some. Those that the kernel shows are in `view`.
// Others are asked for when the section is open, arrive by themselves and live in this page alone.
function codeSection(model, receive) {
  const code = h("code", {});
  const kinds = h("select", { "aria-label": "Show it for", on: { change: () => want(kinds.value) } });
  const said = h("div", { class: "leadping-code-said", "aria-live": "polite" });
  const copy = button("Copy", async () => {
    if (copy.getAttribute("aria-disabled") === "true") return;
    await navigator.clipboard.writeText(code.textContent);
    copy.textContent = "Copied";
  });
  copy.hidden = !navigator.clipboard; // browsers have it on secure pages only
  const bar = h("div", { class: "leadping-row leadping-code-bar" }, kinds, copy); // above the code, which it would cover
  const shown = h("div", {}, h("pre", { tabindex: "0", role: "region", "aria-label": "The same in code" }, code));
  const node = h("details", { class: "leadping-code" }, h("summary", {}, "Show the code"), said, bar, shown);
  const own = "this toolkit";
  let lines = "";
  let kept = {};
  let handed = null;
  let wanted = own;
  let question = null; // gives { content, buffers } to ask the kernel with, a sentence that says what is needed, or null
  let mayAsk = false;
  let number = 0; // of the last question; the answers to others are too late
  let call = null;
  let takesFocus = false;
  let spoken = "";

  const draw = () => {
    const texts = { [own]: lines, ...kept, ...handed?.forms };
    const names = Object.keys(texts);
    if (names.join() !== [...kinds.options].map(({ value }) => value).join()) {
      kinds.replaceChildren(...names.map((name) => h("option", {}, name)));
    }
    kinds.value = names.includes(wanted) ? wanted : own;
    kinds.hidden = names.length === 1;
    if (code.textContent === texts[kinds.value]) return;
    code.textContent = texts[kinds.value];
    copy.textContent = "Copy";
  };
  const want = (kind) => {
    wanted = kind;
    draw();
  };
  const say = (next) => {
    if (JSON.stringify(next) === spoken) return; // a reader of the screen hears it once
    spoken = JSON.stringify(next);
    const hadFocus = said.contains(document.activeElement);
    said.replaceChildren(...callLine(next, choose));
    if (hadFocus) (said.querySelector("select") ?? node.firstChild).focus();
  };
  // Code of before stays where it is until the new one is there, and is not copied.
  const wait = (busy) => {
    if (busy) shown.setAttribute("aria-busy", "true");
    else shown.removeAttribute("aria-busy");
    copy.setAttribute("aria-disabled", String(busy));
  };
  const forget = (sentence = "") => {
    number += 1;
    handed = null;
    wait(false);
    say({ sentence });
    draw();
  };
  // What is shown is of before until the answer is there.
  const stale = () => {
    number += 1;
    if (handed) wait(true);
  };
  const refresh = () => {
    if (!mayAsk || !question || !node.open) return;
    const asked = question();
    if (!asked?.content) {
      forget(asked ?? "");
      return;
    }
    stale();
    model.send({ action: "requests", number, ...(call ? { call } : {}), ...asked.content }, undefined, asked.buffers ?? []);
  };
  const choose = (name) => {
    call = name;
    refresh();
  };
  receive((content, buffers) => {
    if (content.requests !== number) return;
    handed = JSON.parse(new TextDecoder().decode(buffers[0]));
    wait(false);
    const { forms, ...about } = handed;
    say(about);
    draw();
    if (takesFocus) (kinds.hidden ? node.firstChild : kinds).focus();
    takesFocus = false;
  });
  node.addEventListener("toggle", refresh);

  const show = (text, requests = {}, asks = false) => {
    lines = text;
    kept = requests;
    mayAsk = asks;
    if (!asks && handed) forget();
    draw();
  };
  // For a card: what to ask with; that it changed; that it will change; to open the section at a request; to drop all.
  const asking = {
    by: (ask) => (question = ask),
    refresh,
    stale,
    forget,
    open: () => {
      if (wanted === own) wanted = "curl";
      takesFocus = true;
      if (node.open) refresh();
      else node.open = true; // and the question follows
    },
  };
  return { node, show, asking };
}

// JupyterLab takes keys before the page does: Enter on a button would edit the cell, and a letter would command it.
// Plain keys in a card are the card's; Ctrl+S and its like stay JupyterLab's.
function keepPlainKeys(root) {
  const listen = (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter"));
    // On the target itself: JupyterLab's selectors match it before they look at what is around it.
    if (root.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", plain);
  };
  window.addEventListener("keydown", listen, true); // before the document's listeners, which are JupyterLab's
  return () => window.removeEventListener("keydown", listen, true);
}

// Build a card. `build` gets { body, alert, heading, send, receive, asking } and gives { update(content, error, busy), clear() }: `update` draws what
// the kernel says (`busy`: it is still at work beside its own thread), `clear` drops what a person typed.
export function mount({ model, el }, title, build) {
  const titleId = uniqueId("title");
  const layout = model.get("layout"); // a model of its own, which says what anywidget's does not: whether its kernel lives
  const gone = h("div", { class: "leadping-gone", role: "alert" });
  const alert = h("div", { class: "leadping-alert", role: "alert", id: uniqueId("alert") });
  const status = h("p", { class: "leadping-status", role: "status" });
  const body = h("div", { class: "leadping-body" });
  const heading = h("h3", { id: titleId, tabindex: "-1" }, title);
  const root = h(
    "section",
    { class: `leadping-card leadping-${title.toLowerCase()}-card`, "aria-labelledby": titleId },
    h("header", {}, heading, status),
    gone,
    body,
  );

  const send = (content, buffers = []) => {
    root.setAttribute("aria-busy", "true");
    status.textContent = "Waiting for the kernel …";
    model.send(content, undefined, buffers);
  };
  // What the kernel says besides `view` is kept nowhere: no notebook saves it, and a page that is opened again lacks it.
  const deaf = [];
  const receive = (listener) => {
    model.on("msg:custom", listener);
    deaf.push(() => model.off("msg:custom", listener));
  };
  const code = codeSection(model, receive);
  root.append(code.node);
  const part = build({ body, alert, heading, send, receive, asking: code.asking });

  const update = () => {
    const { content, error, busy, code: lines, requests, asks } = model.get("view");
    root.setAttribute("aria-busy", String(busy));
    alert.replaceChildren(...(error ? [h("strong", {}, error.sentence), h("span", {}, error.hint)] : []));
    code.show(lines, requests, asks);
    status.textContent = part.update(content, error, busy) ?? "";
  };
  const checkKernel = () => {
    const isGone = layout?.comm_live === false;
    if (isGone) {
      part.clear();
      code.asking.forget();
    }
    body.hidden = status.hidden = isGone;
    gone.replaceChildren(
      ...(isGone
        ? [h("strong", {}, "Run the cell again."), h("span", {}, "The kernel that this card belonged to has ended.")]
        : []),
    );
  };

  model.on("change:view", update);
  layout?.on("comm_live_update", checkKernel);
  const giveKeysBack = keepPlainKeys(root);
  el.classList.add("leadping-host");
  el.append(root);
  update();
  checkKernel();
  return () => {
    model.off("change:view", update);
    layout?.off("comm_live_update", checkKernel);
    giveKeysBack();
    deaf.forEach((stop) => stop());
    part.clear();
    code.asking.forget();
  };
}
