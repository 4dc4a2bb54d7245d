// The token card: a verdict, a time line that goes on by itself, a dial for a sandbox's clock, and tables.

import { button, h, icon, mount, table, uniqueId } from "./card.js";

const SHAPES = {
  issued: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  "not before": "M6 3l15 9-15 9z",
  now: "M2 5h20L12 20z",
  expires: "M4 4h16v16H4z",
};
const UNITS = [
  [86400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];
const LONGEST = 1000 * 365.25 * 86400;
const PAUSE = 250; // milliseconds between two moves of the dial

function span(seconds) {
  const whole = Math.abs(Math.ceil(Math.round(seconds * 1000) / 1000));
  if (whole > LONGEST) return "more than a thousand years";
  const place = UNITS.findIndex(([size]) => whole >= size);
  if (place < 0) return "0 s";
  const [size, unit] = UNITS[place];
  const [smaller, name] = UNITS[place + 1] ?? [size, ""];
  const rest = Math.floor((whole % size) / smaller);
  return `${Math.floor(whole / size)} ${unit}${rest ? ` ${rest} ${name}` : ""}`;
}

function utc(seconds) {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function distance(name, seconds) {
  if (name === "now") return "";
  return seconds < 0 ? `${span(seconds)} ago` : `in ${span(seconds)}`;
}

function timeLine() {
  const drawing = h("div", { class: "leadping-token-line", "aria-hidden": "true" });
  const title = h("strong", { id: uniqueId("line") });
  const list = h("ol", { class: "leadping-token-moments", "aria-labelledby": title.id });
  let parts = [];
  let token = null;

  const place = (node, from, to = from) => {
    const [begin, end] = token.line;
    const [left, right] = [from, to].map((at) => Math.min(Math.max((at - begin) / (end - begin), 0), 1) * 100);
    node.style.left = `${left}%`;
    if (to !== from) node.style.width = `${Math.max(right - left, 0)}%`;
  };
  const show = (next) => {
    token = next;
    title.textContent = `Time line${token.doubt}`;
    const at = Object.fromEntries(token.moments.map((moment) => [moment.name, moment.at]));
    const life = h("span", { class: "leadping-token-life" });
    const left = h("span", { class: "leadping-token-left" });
    parts = token.moments.map((moment) => ({
      ...moment,
      mark: h("span", { class: "leadping-token-mark", "data-name": moment.name }, icon(SHAPES[moment.name])),
      when: h("span", { class: "leadping-token-when" }, moment.utc),
      away: h("span", { class: "leadping-quiet" }),
    }));
    drawing.replaceChildren(life, left, ...parts.map((part) => part.mark));
    list.replaceChildren(
      ...parts.map(({ name, when, away }) =>
        h("li", { "data-name": name }, icon(SHAPES[name]), h("span", {}, name), when, away),
      ),
    );
    const isIssuedThen = Math.abs(at["not before"] - at.issued) < (token.line[1] - token.line[0]) / 40;
    for (const { name, mark } of parts) mark.hidden = name === "not before" && isIssuedThen; // one would hide the other
    const begin = at.issued ?? at["not before"] ?? token.line[0];
    const end = at.expires ?? token.line[1];
    place(life, begin, end);
    parts.draw = (now) => place(left, Math.max(begin, now), Math.max(end, now));
  };
  const draw = (now) => {
    for (const { name, at, mark, when, away } of parts) {
      place(mark, name === "now" ? now : at);
      if (name === "now") when.textContent = utc(now);
      away.textContent = distance(name, at - now);
    }
    parts.draw(now);
  };
  return { title, drawing, list, show, draw };
}

function clockDial(send) {
  const id = uniqueId("dial");
  const input = h("input", { id, type: "range", class: "leadping-token-range" });
  const label = h("label", { for: id }, "Move the sandbox’s clock");
  const words = h("span", { class: "leadping-quiet leadping-token-when" });
  let marks = [];
  let awaited = null; // what the kernel was asked for and has not answered
  let timer = 0;
  let last = -Infinity;

  const forget = () => {
    clearTimeout(timer);
    timer = 0;
    awaited = null;
  };
  const back = button("Back to now", () => {
    forget();
    input.focus();
    send({ action: "back" });
  });
  const say = (at) => {
    const passed = marks.filter(([, mark]) => mark <= at);
    const [name, mark] = passed[passed.length - 1] ?? marks[0];
    const text = `${utc(at)}, ${span(mark - at)} ${passed.length ? "after" : "before"} ${name}`;
    input.setAttribute("aria-valuetext", text);
    words.textContent = text;
  };
  const move = () => {
    timer = 0;
    last = performance.now();
    awaited = Number(input.value);
    send({ action: "move", to: awaited });
  };
  input.addEventListener("input", () => {
    say(Number(input.value));
    const wait = last + PAUSE - performance.now();
    if (wait <= 0) move();
    else timer ||= setTimeout(move, wait);
  });

  const node = h("div", { class: "leadping-token-dial" }, label, back);
  const isTouched = () => timer !== 0 || awaited !== null;
  const set = (now) => {
    input.value = String(Math.round(now));
    say(now);
  };
  const show = (dial, token, error) => {
    node.hidden = words.hidden = input.hidden = !dial;
    back.hidden = !dial?.moved;
    if (!dial) return;
    ({ marks } = token);
    if (error || dial.asked === awaited) awaited = null;
    Object.assign(input, { min: dial.first, max: dial.last, step: dial.step });
    if (!isTouched()) set(token.now);
  };
  // A reader of the screen would hear each change of a slider that has the focus.
  const draw = (now) => {
    if (!input.hidden && !isTouched() && document.activeElement !== input) set(now);
  };
  return { node, words, input, show, draw, forget };
}

function cellOf({ text, below, href, mark }, column) {
  const words = href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text) : text;
  return h("span", { "data-mark": mark, "data-column": column }, words, below ? h("span", { class: "leadping-token-below" }, below) : null);
}

function section(open) {
  const summary = h("summary", {});
  const place = h("div", {});
  const node = h("details", { class: "leadping-token-table", open }, summary, place);
  let shown = "";
  const show = ({ title, columns, rows }) => {
    const next = JSON.stringify([title, rows]);
    if (next === shown) return;
    shown = next;
    summary.textContent = title;
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(table(title, columns, rows.map((row) => row.map((cell, index) => cellOf(cell, columns[index])))));
    if (hadFocus) place.firstChild.focus();
  };
  return { node, show };
}

function build({ body, alert, send }, isAlive) {
  const verdict = h("div", { class: "leadping-token-verdict" });
  const timer = h("p", { role: "timer", "aria-live": "off", class: "leadping-token-timer" });
  const line = timeLine();
  const dial = clockDial(send);
  const sections = [section(true), section(false), section(false)];
  const found = h(
    "div",
    {},
    timer,
    h("div", { class: "leadping-token-title" }, line.title, dial.words),
    h("div", { class: "leadping-token-track" }, line.drawing, dial.input),
    dial.node,
    line.list,
    ...sections.map(({ node }) => node),
  );
  body.append(alert, verdict, found);
  let token = null;
  let ticking = 0;
  let since = 0;
  let said = null;

  const stop = () => {
    clearInterval(ticking);
    ticking = 0;
  };
  const draw = () => {
    const now = token.now + (token.ticks ? (performance.now() - since) / 1000 : 0);
    line.draw(now);
    dial.draw(now);
    timer.hidden = !token.countdown;
    if (!token.countdown) return;
    const { label, until, end } = token.countdown;
    if (now < until) {
      timer.replaceChildren(`${label} `, h("strong", {}, span(until - now)), token.doubt);
    } else {
      stop();
      timer.replaceChildren(`${end}${token.doubt}`);
      send({ action: "judge" });
    }
  };
  const begin = () => {
    since = performance.now();
    draw();
    if (token.ticks && !ticking) ticking = setInterval(draw, 1000);
  };
  const clear = () => {
    stop();
    dial.forget();
    timer.hidden = true;
  };

  const update = ({ nothing, token: next }, error) => {
    stop();
    const isFirst = said === null;
    token = next;
    found.hidden = !token;
    const { sign, sentence } = token ?? { sign: "", sentence: nothing.sentence };
    verdict.dataset.verdict = token?.verdict ?? "none";
    verdict.replaceChildren(
      h("p", {}, sign ? h("span", { class: "leadping-token-sign", "aria-hidden": "true" }, sign) : null, sentence),
      ...(token?.advice ?? [nothing.hint]).map((text) => h("p", { class: "leadping-quiet" }, text)),
    );
    if (token) {
      line.show(token);
      dial.show(token.dial, token, error);
      sections.forEach(({ show }, index) => show(token.tables[index]));
      begin();
      if (isFirst && token.ticks && isAlive()) send({ action: "judge" }); // it may be shown long after it was judged
    }
    const news = isFirst || sentence === said ? "" : sentence;
    said = sentence;
    return news;
  };
  return { update, clear };
}

export default {
  render: (context) =>
    mount(context, "Token", (tools) => build(tools, () => context.model.get("layout")?.comm_live !== false)),
};
