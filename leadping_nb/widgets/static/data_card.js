// The data card: a form for one list, the load that runs, and the frame that came of it.

import { button, facts, h, mount, table, uniqueId } from "./card.js";

const SAVED = "The notebook may save these rows with the card.";
const KINDS = {
  text: { type: "text", spellcheck: "false", autocapitalize: "off" },
  number: { type: "text", inputmode: "decimal" },
  day: { type: "date" },
  time: { type: "date" },
};

function option(value, label = value) {
  return h("option", { value }, label);
}

function labelled(label, control, classes = "") {
  control.id = uniqueId("control");
  return h("div", { class: `leadping-data-labelled ${classes}` }, h("label", { for: control.id }, label), control);
}

function textField(attributes = {}) {
  return h("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes });
}

// One condition: a field, what is said of it, and one value or two. Their names count, so that each can be told apart.
function filterRow(fields, { remove }, given = {}) {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const field = h("select", {}, ...fields.map(({ name }) => option(name)));
  const operator = h("select", {});
  const values = h("div", { class: "leadping-data-values" });
  const away = button("Remove", () => remove());
  const node = h("div", { class: "leadping-data-filter", role: "group" }, field, operator, values, away);
  const inputs = () => [...values.querySelectorAll("input, select")];
  let number = 1;

  const name = () => {
    node.setAttribute("aria-label", `Filter ${number}`);
    field.setAttribute("aria-label", `Field of filter ${number}`);
    operator.setAttribute("aria-label", `Condition of filter ${number}`);
    away.setAttribute("aria-label", `Remove filter ${number}`);
    const labels = inputs().length > 1 ? ["From", "Until, not included,"] : ["Value"];
    inputs().forEach((input, at) => input.setAttribute("aria-label", `${labels[at]} of filter ${number}`));
  };
  const drawValues = () => {
    const { kind, choices } = byName.get(field.value);
    const make = () =>
      choices.length ? h("select", {}, option("", "choose …"), ...choices.map((choice) => option(choice))) : textField(KINDS[kind]);
    const nodes = [make()];
    if (operator.value === "between") nodes.push(h("span", { "aria-hidden": "true" }, "until"), make());
    values.replaceChildren(...nodes);
    name();
  };
  const drawOperators = () => {
    operator.replaceChildren(...byName.get(field.value).operators.map(([value, label]) => option(value, label)));
    drawValues();
  };
  field.addEventListener("change", drawOperators);
  operator.addEventListener("change", drawValues);

  if (byName.has(given.field)) field.value = given.field;
  drawOperators();
  if (given.operator) {
    operator.value = given.operator;
    drawValues();
    inputs().forEach((input, at) => (input.value = [given.value, given.until][at] ?? ""));
  }
  const read = () => {
    const [value, until] = inputs().map((input) => input.value);
    return { field: field.value, operator: operator.value, value, ...(until === undefined ? {} : { until }) };
  };
  const count = (at) => {
    number = at;
    name();
  };
  return { node, read, count, focus: () => field.focus() };
}

function filterList() {
  const rows = [];
  const list = h("div", { class: "leadping-data-filters" });
  const add = button("Add filter", () => append().focus());
  const node = h("fieldset", {}, h("legend", {}, "Filters"), list, add);
  let fields = [];
  const count = () => rows.forEach((row, at) => row.count(at + 1));
  const append = (given) => {
    const row = filterRow(
      fields,
      {
        remove: () => {
          const at = rows.indexOf(row);
          rows.splice(at, 1);
          row.node.remove();
          count();
          (rows[Math.min(at, rows.length - 1)] ?? { focus: () => add.focus() }).focus();
        },
      },
      given,
    );
    rows.push(row);
    list.append(row.node);
    count();
    return row;
  };
  const draw = (known, given) => {
    fields = known;
    node.hidden = !known.length;
    rows.length = 0;
    list.replaceChildren();
    (given ?? []).forEach(append);
  };
  return { node, draw, read: () => rows.map((row) => row.read()) };
}

function loadForm(send) {
  const lists = h("select", { on: { change: () => send({ action: "choose", list: lists.value }) } });
  const about = h("p", { class: "leadping-quiet" });
  const why = h("p", { class: "leadping-data-why" });
  const path = h("div", { class: "leadping-data-controls" });
  const filters = filterList();
  const order = h("select", { on: { change: () => (direction.disabled = !order.value) } });
  const direction = h("select", { "aria-label": "Direction" }, option("", "ascending"), option("-", "descending"));
  const limit = textField({ inputmode: "numeric" });
  const pageSize = textField({ inputmode: "numeric", placeholder: "200" });
  const limitHelp = h("span", { class: "leadping-quiet", id: uniqueId("help") }, "Leave it empty for all.");
  limit.setAttribute("aria-describedby", limitHelp.id);
  const ordering = h("div", { class: "leadping-data-labelled" });
  order.id = uniqueId("control");
  ordering.append(h("label", { for: order.id }, "Order by"), h("div", { class: "leadping-data-pair" }, order, direction));
  const rows = labelled("Rows at most", limit);
  rows.append(limitHelp);
  const more = h("details", { class: "leadping-data-more" }, h("summary", {}, "More"), labelled("Rows a page", pageSize));
  const node = h(
    "div",
    { class: "leadping-data-form" },
    h("div", { class: "leadping-data-chosen" }, labelled("List", lists), about, why),
    path,
    filters.node,
    h("div", { class: "leadping-data-controls" }, ordering, rows),
    more,
  );
  let shown = null;

  const drawLists = (known, holder) => {
    const group = (label, readable) => {
      const names = known.filter(([, can]) => can === readable).map(([name]) => option(name));
      return names.length ? [h("optgroup", { label }, ...names)] : [];
    };
    lists.replaceChildren(...group(`Readable with ${holder}`, true), ...group(`Not readable with ${holder}`, false));
  };
  const draw = (content) => {
    const { chosen, form, holder } = content;
    about.textContent = chosen.summary;
    about.title = chosen.operation;
    why.textContent = chosen.why;
    why.hidden = !chosen.why;
    path.replaceChildren(
      ...chosen.path.map((name) => labelled(name, textField({ "data-name": name, value: form.path?.[name] ?? "" }))),
    );
    path.hidden = !chosen.path.length;
    filters.draw(chosen.fields, form.filters);
    order.replaceChildren(option("", "as they come"), ...chosen.fields.map(({ name }) => option(name)));
    order.value = form.order ?? "";
    direction.value = form.descending ? "-" : "";
    direction.disabled = !order.value;
    ordering.hidden = !chosen.fields.length;
    limit.value = form.limit ?? "";
    pageSize.value = form.page_size ?? "";
    drawLists(content.lists, holder);
  };
  const update = (content) => {
    const now = JSON.stringify([content.chosen, content.lists, content.holder]);
    if (now !== shown) draw(content); // otherwise a person may be filling it in
    shown = now;
    lists.value = content.chosen.name;
  };
  const read = () => ({
    path: Object.fromEntries([...path.querySelectorAll("input")].map((input) => [input.dataset.name, input.value])),
    filters: filters.read(),
    order: order.value,
    descending: direction.value === "-",
    limit: limit.value,
    page_size: pageSize.value,
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT" && !event.isComposing) {
      node.dispatchEvent(new Event("submitted"));
    }
  });
  return { node, update, read };
}

function progressBar() {
  const text = h("span", { id: uniqueId("progress") });
  const bar = h("progress", { max: "1", "aria-describedby": text.id });
  const node = h("div", { class: "leadping-data-progress", hidden: true }, bar, text);
  const update = (run) => {
    node.hidden = !run;
    if (!run) return;
    if (run.share === null) bar.removeAttribute("value");
    else bar.value = run.share;
    bar.setAttribute("aria-label", run.what === "load" ? `Loading ${run.name}` : `Forecast of ${run.name}`);
    text.textContent = run.text;
  };
  return { node, update };
}

function variableField(send) {
  const input = textField({ class: "leadping-data-mono", autocapitalize: "off" });
  const use = () => send({ action: "use", name: input.value });
  const label = labelled("Name of the variable", input);
  const said = h("p", { class: "leadping-data-next" });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) use();
  });
  const entry = h("div", { class: "leadping-data-use" }, label, button("Use as variable", use));
  const node = h("div", { class: "leadping-data-variable" }, said, entry);
  let shown = null;
  const update = (variable) => {
    entry.hidden = !variable.exists;
    said.replaceChildren(
      ...(variable.name && variable.exists
        ? ["In the next cell: ", h("code", {}, `${variable.name}.head()`)]
        : [variable.said]),
    );
    if (variable.suggested !== shown) input.value = variable.suggested ?? "";
    shown = variable.suggested;
  };
  return { node, update };
}

function loadedPart(send) {
  const verdict = h("p", { class: "leadping-data-verdict" });
  const reason = h("p", { class: "leadping-data-reason" });
  const goOn = button("Go on", () => send({ action: "go on" }));
  const variable = variableField(send);
  const passport = h("div", {});
  const check = h("input", { type: "checkbox", id: uniqueId("preview") });
  check.addEventListener("change", () => send({ action: "preview", shown: check.checked }));
  const rows = h("div", { class: "leadping-data-preview" });
  const place = h("div", {});
  const node = h(
    "section",
    { class: "leadping-data-loaded", "aria-label": "What was loaded" },
    verdict,
    reason,
    h("div", { class: "leadping-row" }, goOn),
    h("div", {}, variable.node, place),
    h("details", { class: "leadping-data-more" }, h("summary", {}, "Where it came from"), passport),
    h(
      "div",
      { class: "leadping-row leadping-data-keep" },
      h("label", { for: check.id }, check, "Preview"),
      h("span", { class: "leadping-quiet" }, SAVED),
    ),
    rows,
  );
  let shown = null;
  const update = (content, busy) => {
    const { loaded } = content;
    node.hidden = !loaded;
    if (!loaded) return;
    variable.update(content.variable);
    goOn.disabled = busy;
    const now = JSON.stringify([loaded, content.preview]);
    if (now === shown) return;
    shown = now;
    node.dataset.state = loaded.state;
    verdict.replaceChildren(h("span", { class: "leadping-data-sign", "aria-hidden": "true" }, loaded.sign), loaded.line);
    reason.textContent = [loaded.reason, loaded.hint].filter(Boolean).join(" ");
    reason.hidden = !reason.textContent;
    goOn.parentElement.hidden = !loaded.goOn;
    goOn.textContent = loaded.goOn ?? "";
    passport.replaceChildren(facts(loaded.facts));
    check.checked = content.preview;
    const { preview } = loaded;
    rows.replaceChildren(...(preview ? [table(preview.sentence, preview.columns, preview.rows)] : []));
  };
  return { node, place, goOn, update };
}

function build({ body, alert, send }) {
  const form = loadForm(send);
  const missing = h("div", { class: "leadping-data-missing" });
  let last = "";
  const submit = (action) => {
    last = action;
    send({ action, form: form.read() });
  };
  const load = button("Load", () => submit("load"), { kind: "main" });
  const foresee = button("Forecast", () => submit("forecast"));
  const stop = button("Stop", () => send({ action: "stop" }));
  const bar = progressBar();
  const said = h("p", { class: "leadping-quiet leadping-data-said" });
  const forecast = h("section", { class: "leadping-data-forecast", "aria-label": "Forecast" });
  const place = h("div", {});
  const loaded = loadedPart((message) => {
    last = message.action;
    send(message);
  });
  form.node.addEventListener("submitted", () => {
    if (!load.disabled) submit("load");
  });
  const all = h("div", { class: "leadping-data" }, form.node, h("div", { class: "leadping-row leadping-data-actions" }, load, foresee, stop), place, bar.node, said, forecast, loaded.node);
  body.append(missing, all);
  let had = null;

  const update = (content, error, busy) => {
    const { run } = content;
    const focused = document.activeElement;
    missing.hidden = !content.missing;
    all.hidden = Boolean(content.missing);
    missing.replaceChildren(
      ...(content.missing
        ? [h("strong", {}, content.missing.sentence), h("span", { class: "leadping-quiet" }, content.missing.hint), alert]
        : []),
    );
    if (content.missing) return content.missing.sentence;
    // An error of the variable stands below its name, any other below the buttons of the form.
    (last === "use" ? loaded.place : place).append(alert);
    form.update(content);
    const denied = content.chosen.verdict === "denied";
    load.disabled = foresee.disabled = busy || denied;
    stop.hidden = !run;
    bar.update(run);
    said.textContent = run?.stopping ? "Stopping after what is on its way …" : run ? "" : content.said;
    said.hidden = !said.textContent;
    const foreseen = content.forecast;
    forecast.hidden = !foreseen;
    forecast.replaceChildren(
      ...(foreseen
        ? [
            facts(foreseen.facts),
            ...foreseen.warnings.map((text) => h("p", { class: "leadping-data-beware" }, text)),
            ...(foreseen.less ? [h("p", { class: "leadping-quiet" }, foreseen.less)] : []),
          ]
        : []),
    );
    loaded.update(content, busy);
    const was = had;
    // What is not there any more, or cannot be pressed now, must not take the focus with it.
    if (run && [load, foresee, loaded.goOn].includes(focused)) stop.focus();
    if (!run && focused === stop) (was?.what === "forecast" ? foresee : load).focus();
    had = run;
    if (run) return run.what === "load" ? `Loading ${run.name} …` : `Asking about ${run.name} …`;
    if (busy) return "The load of before is ending …";
    if (error) return "";
    if (content.loaded && last === "use" && content.variable.name) return `The variable ${content.variable.name} holds the frame.`;
    if (was?.what === "load" && content.loaded) return `${content.loaded.line} ${content.loaded.reason}`;
    if (was?.what === "forecast" && foreseen) return `Forecast: ${foreseen.facts.map((fact) => fact.join(" ")).join(", ")}.`;
    return was ? content.said : "";
  };
  return { update, clear: () => {} };
}

export default { render: (context) => mount(context, "Data", build) };
