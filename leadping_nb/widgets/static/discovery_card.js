// The discovery card: buttons that make requests one by one or all at once, and what came of them as a list, a graph
// and findings. The list says in words what the graph draws.

import { button, facts, h, mount, uniqueId } from "./card.js";

const DRAWING = "http://www.w3.org/2000/svg";
const NODE = { width: 204, height: 42, gap: 12, letters: 28 };
const HOST = { head: 32, margin: 10, gap: 44, letters: 24 };
const COLUMN = NODE.width + 2 * HOST.margin + HOST.gap;
const DETOUR = 28; // of an arrow within a column, past the nodes between
const WELL_KNOWN = /^\/\.well-known\//; // RFC 8615; what tells addresses apart comes after it
const MANY_FINDINGS = 3;

function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(DRAWING, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function shortened(text, most) {
  if (text.length <= most) return text;
  const half = Math.floor((most - 1) / 2);
  return `${text.slice(0, most - 1 - half)}…${text.slice(-half)}`;
}

// Hosts are columns in the order in which they were asked, and so are the steps in each.
function placed(steps) {
  const columns = new Map();
  for (const step of steps) {
    if (!columns.has(step.host)) columns.set(step.host, []);
    columns.get(step.host).push(step);
  }
  const places = new Map();
  [...columns.values()].forEach((own, column) =>
    own.forEach((step, row) =>
      places.set(step.number, {
        column,
        row,
        x: column * COLUMN + HOST.margin,
        y: HOST.head + row * (NODE.height + NODE.gap),
      }),
    ),
  );
  return { columns, places };
}

function way(from, to) {
  const middle = NODE.height / 2;
  if (from.column === to.column && to.row === from.row + 1) return `M${from.x + 24} ${from.y + NODE.height}V${to.y}`;
  const [x, y, endY] = [from.x + NODE.width, from.y + middle, to.y + middle];
  if (from.column === to.column) return `M${x} ${y}C${x + DETOUR} ${y} ${x + DETOUR} ${endY} ${x} ${endY}`;
  const [startX, endX] = to.column > from.column ? [x, to.x] : [from.x, to.x + NODE.width];
  const half = (startX + endX) / 2;
  return `M${startX} ${y}C${half} ${y} ${half} ${endY} ${endX} ${endY}`;
}

function graphOf(steps, host, hostMark) {
  const { columns, places } = placed(steps);
  const rows = Math.max(...[...columns.values()].map((own) => own.length));
  const width = columns.size * COLUMN - HOST.gap + DETOUR / 2;
  const height = HOST.head + rows * (NODE.height + NODE.gap) - NODE.gap + HOST.margin;
  const marker = uniqueId("arrow");
  const hosts = [...columns].map(([name, own], column) =>
    draw(
      "g",
      { class: "leadping-host-column", transform: `translate(${column * COLUMN} 0)` },
      draw("rect", {
        x: 0.5,
        y: 0.5,
        width: NODE.width + 2 * HOST.margin - 1,
        height: HOST.head + own.length * (NODE.height + NODE.gap) - NODE.gap + HOST.margin - 1,
        rx: 4,
      }),
      draw("text", { x: HOST.margin, y: 22 }, `${name === host && hostMark ? `${hostMark} ` : ""}${shortened(name, HOST.letters)}`),
    ),
  );
  const arrows = steps
    .filter((step) => places.has(step.parent))
    .map((step) =>
      draw("path", {
        class: "leadping-arrow",
        d: way(places.get(step.parent), places.get(step.number)),
        "marker-end": `url(#${marker})`,
      }),
    );
  const nodes = steps.map((step) => {
    const { x, y } = places.get(step.number);
    return draw(
      "g",
      { class: `leadping-node leadping-is-${step.state}`, transform: `translate(${x} ${y})` },
      draw("title", {}, `${step.number}. ${step.request}`),
      draw("rect", { width: NODE.width, height: NODE.height, rx: 3 }),
      draw(
        "text",
        { x: 10, y: 17 },
        draw("tspan", { class: "leadping-sign" }, step.sign),
        ` ${step.number}. ${shortened(step.kind, HOST.letters)}`,
      ),
      draw("text", { x: 10, y: 33, class: "leadping-path" }, shortened(step.path.replace(WELL_KNOWN, "…/"), NODE.letters)),
    );
  });
  const counted = columns.size === 1 ? "1 host" : `${columns.size} hosts`;
  return draw(
    "svg",
    { width, height, role: "img", "aria-label": `What led to what, at ${counted}. The list of steps says the same in words.` },
    draw(
      "defs",
      {},
      draw(
        "marker",
        { id: marker, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" },
        draw("path", { class: "leadping-arrowhead", d: "M0 0.5L8 4L0 7.5z" }),
      ),
    ),
    ...hosts,
    ...arrows,
    ...nodes,
  );
}

function sign(text, state) {
  return h("span", { class: `leadping-sign leadping-is-${state}`, "aria-hidden": "true" }, text);
}

function stepItem(step, isLatest) {
  return h(
    "li",
    { class: "leadping-step", "aria-current": isLatest && "step" },
    sign(step.sign, step.state),
    h(
      "div",
      {},
      h("p", {}, h("strong", {}, `${step.number}. ${step.question}`)),
      h("p", {}, h("code", {}, step.request)),
      h("p", {}, `${step.outcome} `, h("span", { class: "leadping-quiet" }, `· ${step.spec}`)),
      ...step.findings.map((found) => h("p", { class: "leadping-code-of-finding" }, found)),
    ),
  );
}

function findingItem(finding) {
  return h(
    "li",
    { class: `leadping-finding leadping-is-${finding.severity}` },
    h(
      "p",
      {},
      sign(finding.sign, finding.severity),
      h("strong", {}, ` ${finding.severity} `),
      h("code", {}, finding.code),
      h("span", { class: "leadping-quiet" }, ` · ${finding.where}`),
    ),
    h("p", {}, finding.message),
    facts(finding.facts),
  );
}

function filterOf(findings, show) {
  const severities = [...new Set(findings.map(({ severity }) => severity))];
  if (findings.length <= MANY_FINDINGS || severities.length < 2) return null;
  const choices = [null, ...severities].map((severity) => {
    const label = severity === null ? "All" : `${findings.find((finding) => finding.severity === severity).sign} ${severity}s`;
    const choice = button(label, () => {
      for (const other of choices) other.setAttribute("aria-pressed", String(other === choice));
      show(severity);
    });
    choice.setAttribute("aria-pressed", String(severity === null));
    return choice;
  });
  return h("div", { class: "leadping-row", role: "group", "aria-label": "Findings to show" }, ...choices);
}

function findingsOf({ findings, more_findings: more, over }) {
  const items = findings.map((finding) => [finding.severity, findingItem(finding)]);
  const show = (severity) => {
    for (const [own, item] of items) item.hidden = severity !== null && own !== severity;
  };
  return [
    h("h4", {}, over ? "Findings" : "Findings so far"),
    filterOf(findings, show),
    findings.length ? h("ul", {}, ...items.map(([, item]) => item)) : h("p", {}, over ? "✓ No findings." : "None yet. What is missing is said at the end."),
    more ? h("p", { class: "leadping-quiet" }, more) : null,
  ].filter(Boolean);
}

function region(name, ...children) {
  return h("div", { class: "leadping-region", role: "region", "aria-label": name, tabindex: "0" }, ...children);
}

function build({ body, alert, heading, send }) {
  let isBusy = false;
  let drawn = "";
  let count = 0;
  const ask = (action) => () => {
    if (isBusy) return; // and a second press is none
    isBusy = true;
    send({ action });
  };
  const next = button("Next step", ask("next"), { kind: "main" });
  const all = button("All steps", ask("all"));
  const again = button("Again", ask("again"));
  const start = h("code", {});
  const verdict = h("p", { class: "leadping-end" });
  const known = h("div", {});
  const list = h("ol", {});
  const more = h("p", { class: "leadping-quiet" });
  const steps = region("Steps", list);
  const graph = region("Graph");
  const findings = h("section", {});
  const walked = h(
    "div",
    { class: "leadping-walked" },
    h("section", {}, h("h4", {}, "Steps"), more, steps),
    h(
      "section",
      {},
      h("h4", {}, "What led to what"),
      graph,
      h("p", { class: "leadping-quiet" }, "✓ as it should be · ✗ error · ⚠ warning · • note · – nothing there"),
    ),
    findings,
  );
  body.classList.add("leadping-discovery");
  body.append(
    h("p", {}, "Starts at ", start),
    h("p", { class: "leadping-quiet" }, "From a call without a credential to the signing keys. No credential is sent to anyone."),
    h("div", { class: "leadping-row leadping-choices" }, next, all, again),
    alert,
    verdict,
    known,
    walked,
  );

  const showLatest = () => {
    steps.scrollTop = steps.scrollHeight;
    const [node, seen] = [graph.querySelector("svg").lastChild, graph].map((part) => part.getBoundingClientRect());
    graph.scrollLeft += Math.max(0, node.right - seen.right + 30) + Math.min(0, node.left - seen.left - 30);
  };
  const show = (content) => {
    const isNew = content.steps.length > 0 && content.steps.at(-1).number !== count;
    count = content.steps.at(-1)?.number ?? 0;
    start.textContent = content.url;
    next.hidden = all.hidden = content.over;
    again.hidden = !content.over;
    walked.hidden = count === 0;
    verdict.hidden = known.hidden = !content.over;
    if (content.over) {
      verdict.replaceChildren(sign(content.verdict.sign, content.verdict.state), content.verdict.sentence);
      known.replaceChildren(facts(content.facts));
    }
    more.textContent = content.more_steps;
    more.hidden = !content.more_steps;
    list.replaceChildren(...content.steps.map((step) => stepItem(step, step.number === count && !content.over)));
    graph.replaceChildren(...(count ? [graphOf(content.steps, content.host, content.host_mark)] : []));
    findings.replaceChildren(...findingsOf(content));
    if (isNew) showLatest();
  };

  const update = (content, error, busy) => {
    const hadFocus = body.contains(document.activeElement);
    const wasOver = next.hidden;
    isBusy = busy;
    for (const choice of [next, all, again]) choice.setAttribute("aria-disabled", String(busy));
    const text = JSON.stringify(content);
    if (text !== drawn) show(content);
    drawn = text;
    if (hadFocus && content.over !== wasOver) (content.over ? heading : next).focus();
    return content.said;
  };
  return { update, clear: () => {} };
}

export default { render: (context) => mount(context, "Discovery", build) };
