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

function codeSection() {
  const code = h("code", {});
  const kinds = h("select", { "aria-label": "Show it for", on: { change: () => draw() } });
  let texts = {};
  const copy = button("Copy", async () => {
    await navigator.clipboard.writeText(code.textContent);
    copy.textContent = "Copied";
  });
  copy.hidden = !navigator.clipboard; // browsers have it on secure pages only
  const node = h(
    "details",
    { class: "leadping-code" },
    h("summary", {}, "Show the code"),
    kinds,
    h("div", {}, h("pre", { tabindex: "0", role: "region", "aria-label": "The same in code" }, code), copy),
  );
  const draw = () => {
    const text = texts[kinds.value];
    if (code.textContent === text) return;
    code.textContent = text;
    copy.textContent = "Copy";
  };
  const show = (lines, requests = {}) => {
    texts = { "this toolkit": lines, ...requests };
    const names = Object.keys(texts);
    if (names.length !== kinds.options.length) kinds.replaceChildren(...names.map((name) => h("option", {}, name)));
    kinds.hidden = names.length === 1;
    draw();
  };
  return { node, show };
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

// Build a card. `build` gets { body, alert, heading, send, receive } and gives { update(content, error, busy), clear() }: `update` draws what
// the kernel says (`busy`: it is still at work beside its own thread), `clear` drops what a person typed.
export function mount({ model, el }, title, build) {
  const titleId = uniqueId("title");
  const layout = model.get("layout"); // a model of its own, which says what anywidget's does not: whether its kernel lives
  const gone = h("div", { class: "leadping-gone", role: "alert" });
  const alert = h("div", { class: "leadping-alert", role: "alert", id: uniqueId("alert") });
  const status = h("p", { class: "leadping-status", role: "status" });
  const body = h("div", { class: "leadping-body" });
  const code = codeSection();
  const heading = h("h3", { id: titleId, tabindex: "-1" }, title);
  const root = h(
    "section",
    { class: `leadping-card leadping-${title.toLowerCase()}-card`, "aria-labelledby": titleId },
    h("header", {}, heading, status),
    gone,
    body,
    code.node,
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
  const part = build({ body, alert, heading, send, receive });

  const update = () => {
    const { content, error, busy, code: lines, requests } = model.get("view");
    root.setAttribute("aria-busy", String(busy));
    alert.replaceChildren(...(error ? [h("strong", {}, error.sentence), h("span", {}, error.hint)] : []));
    code.show(lines, requests);
    status.textContent = part.update(content, error, busy) ?? "";
  };
  const checkKernel = () => {
    const isGone = layout?.comm_live === false;
    if (isGone) part.clear();
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
  };
}
