// The lead card: a form, what is wrong with the lead, the request that it would be, and a second yes before it is sent.
// What is typed goes to the kernel in buffers; what repeats it (the request's body and code, names and ids of one's own, what
// the API says of it) comes back by itself: none of it is in `view`.

import { button, facts, h, mount, uniqueId } from "./card.js";

const PAUSE = 500; // milliseconds without a key before what was typed is checked
const KEPT = "The notebook does not keep what you type here.";
const NO_BODY = "Preview the lead again to see its body, which the notebook does not keep.";
const NOT_KEPT = "The notebook does not keep it.";

function labelled(label, control) {
  control.id = uniqueId("control");
  return h("div", { class: "leadping-lead-labelled" }, h("label", { for: control.id }, label), control);
}

function leadForm(changed, submitted) {
  const inputs = new Map();
  const fields = h("div", { class: "leadping-lead-fields" });
  const text = h("textarea", { rows: "10", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  const json = labelled("The lead as a JSON object, flat or structured", text);
  const name = uniqueId("mode");
  const mode = (value, label, checked) => {
    const input = h("input", { type: "radio", name, value, checked, id: uniqueId("mode") });
    input.addEventListener("change", () => switchTo(value));
    return h("label", { for: input.id }, input, label);
  };
  const modes = h(
    "div",
    { class: "leadping-row leadping-lead-modes", role: "radiogroup", "aria-label": "How to write the lead" },
    mode("fields", "Fields", true),
    mode("json", "JSON", false),
    h("span", { class: "leadping-quiet" }, KEPT),
  );
  const node = h("div", { class: "leadping-lead-form" }, modes, fields, json);
  let asJson = false;
  json.hidden = true;

  const filled = () =>
    Object.fromEntries([...inputs].map(([field, input]) => [field, input.value]).filter(([, value]) => value.trim()));
  const switchTo = (value) => {
    asJson = value === "json";
    if (asJson && !text.value.trim()) text.value = JSON.stringify(filled(), null, 2);
    fields.hidden = asJson;
    json.hidden = !asJson;
    changed();
  };
  const draw = (known) => {
    if (inputs.size) return; // a person may be filling it in
    for (const [field, label] of known) {
      const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", "data-field": field });
      inputs.set(field, input);
      fields.append(labelled(label, input));
    }
  };
  node.addEventListener("input", (event) => {
    if (event.target.type !== "radio") changed();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.dataset.field && !event.isComposing) submitted();
  });
  const read = () => JSON.stringify(asJson ? { text: text.value } : { fields: filled() });
  const clear = () => {
    inputs.forEach((input) => (input.value = ""));
    text.value = "";
  };
  const invalid = (names) => inputs.forEach((input, field) => input.setAttribute("aria-invalid", String(names.has(field))));
  return { node, draw, read, clear, invalid };
}

function checkPart() {
  const summary = h("p", { class: "leadping-lead-summary" });
  const list = h("ul", { class: "leadping-lead-issues" });
  const node = h("section", { "aria-label": "Check" }, summary, list);
  const update = (check, fields) => {
    node.hidden = !check;
    if (!check) return;
    summary.replaceChildren(h("span", { "aria-hidden": "true" }, check.ok ? "✓ " : "✗ "), `Lead, ${check.summary}`);
    list.replaceChildren(
      ...check.issues.map(([sign, severity, kept, message, hint], index) => {
        const field = fields?.[index] ?? kept;
        return h(
          "li",
          { "data-severity": severity },
          h("span", { class: "leadping-lead-sign", "aria-hidden": "true" }, sign),
          h("span", {}, h("strong", {}, `${severity}${field ? `, ${field}` : ""}: `), `${message} ${hint}`),
        );
      }),
    );
  };
  return { node, update };
}

function previewPart(confirmed) {
  const request = h("code", {});
  const cautions = h("ul", { class: "leadping-lead-issues" });
  const box = h("input", { type: "checkbox", id: uniqueId("confirm") });
  const promise = h("span", {});
  const confirm = h("label", { class: "leadping-lead-confirm", for: box.id }, box, promise);
  const send = button("Send lead", () => send.getAttribute("aria-disabled") !== "true" && confirmed(), { kind: "main" });
  const step = h("div", { class: "leadping-lead-step" }, confirm, send);
  const node = h(
    "section",
    { class: "leadping-lead-preview", "aria-label": "Preview" },
    h("p", { class: "leadping-lead-summary" }, "This is the request. Nothing was sent."),
    h("pre", { tabindex: "0", role: "region", "aria-label": "The request" }, request),
    cautions,
    step,
  );
  let shown = null;
  const ready = (busy) => {
    send.disabled = !box.checked;
    send.setAttribute("aria-disabled", String(busy)); // a button that is disabled would lose the focus
  };
  box.addEventListener("change", () => ready(false));
  const update = ({ preview, target }, text, busy, stale) => {
    node.hidden = !preview || stale;
    if (preview?.number !== shown) box.checked = false; // a yes is for one preview
    shown = preview?.number;
    if (!preview) return;
    const head = [preview.request, ...preview.headers.map(([name, value]) => `${name}: ${value}`)].join("\n");
    request.textContent = `${head}\n\n${text ?? NO_BODY}`;
    cautions.replaceChildren(
      ...preview.cautions.map((caution) =>
        h("li", {}, h("span", { class: "leadping-lead-sign", "aria-hidden": "true" }, "!"), h("span", {}, caution)),
      ),
    );
    promise.textContent = `Yes, this creates a lead at ${target}.`;
    step.hidden = !preview.can || text === undefined; // what cannot be seen is not sent
    box.disabled = busy;
    ready(busy);
  };
  const withdraw = () => {
    box.checked = false;
    ready(false);
  };
  return { node, send, update, withdraw };
}

function build({ body, alert, send, receive, asking }) {
  const missing = h("div", { class: "leadping-lead-missing" });
  const refusal = h("p", { class: "leadping-lead-refusal" });
  let timer = null;
  let stale = false;
  let last = "";
  let sender = "";
  let told = {}; // what the kernel said besides `view`: the last of each, by what it is about
  const typed = () => [new TextEncoder().encode(form.read()).buffer];
  const submit = (action, content = {}) => {
    clearTimeout(timer);
    last = action;
    send({ action, ...content }, typed());
    if (action !== "send") asking.refresh();
  };
  asking.by(() => ({ content: {}, buffers: typed() }));
  const form = leadForm(
    () => {
      stale = true;
      asking.stale();
      preview.withdraw();
      preview.node.hidden = true;
      clearTimeout(timer);
      timer = setTimeout(() => submit("check"), PAUSE);
    },
    () => show.click(),
  );
  const show = button("Preview", () => {
    stale = false;
    submit("preview");
  });
  const check = checkPart();
  const preview = previewPart(() => submit("send", { confirmed: true }));
  const sent = h("section", { class: "leadping-lead-sent", "aria-label": "Sent" });
  const all = h(
    "div",
    { class: "leadping-lead" },
    refusal,
    form.node,
    h("div", { class: "leadping-row" }, show),
    check.node,
    alert,
    preview.node,
    sent,
  );
  body.append(missing, all);
  receive((words) => {
    for (const about of ["check", "preview", "sent", "failed"]) if (about in words) told[about] = words;
  });
  const heard = (about, number) => (number !== undefined && told[about]?.[about] === number ? told[about] : undefined);

  const update = (content, error, busy) => {
    const focused = document.activeElement;
    const now = JSON.stringify([content.missing, content.target, content.refusal]);
    if (sender && now !== sender) asking.refresh(); // the code is of another credential
    sender = now;
    missing.hidden = !content.missing;
    all.hidden = Boolean(content.missing);
    missing.replaceChildren(
      ...(content.missing
        ? [h("strong", {}, content.missing.sentence), h("span", { class: "leadping-quiet" }, content.missing.hint)]
        : []),
    );
    if (content.missing) {
      form.clear();
      return content.missing.sentence;
    }
    refusal.hidden = !content.refusal;
    refusal.textContent = content.refusal ?? "";
    form.draw(content.fields);
    const problems = content.check?.issues.filter(([, severity]) => severity === "problem") ?? [];
    form.invalid(new Set(problems.map(([, , field]) => field)));
    check.update(content.sent ? null : content.check, heard("check", content.told.check)?.fields);
    show.disabled = busy;
    preview.update(content, heard("preview", content.preview?.number)?.body, busy, stale);
    const failed = heard("failed", content.told.failed);
    if (failed) alert.replaceChildren(h("strong", {}, failed.sentence), h("span", {}, failed.hint));
    const own = content.told.sent ? [["externalId", heard("sent", content.told.sent)?.external_id ?? NOT_KEPT]] : [];
    sent.hidden = !content.sent;
    sent.replaceChildren(
      ...(content.sent
        ? [h("p", { class: "leadping-lead-summary" }, "✓ The lead was sent, and taken in."), facts([...content.sent, ...own])]
        : []),
    );
    // What is not there any more, or cannot be pressed now, must not take the focus with it.
    if (focused === preview.send && !busy && preview.node.hidden) show.focus();
    if (busy) return "Sending the lead …";
    if (error) return "";
    if (content.sent) return "The lead was sent, and taken in.";
    if (content.preview && last === "preview") return "Previewed. Nothing was sent.";
    return content.check ? content.check.summary : "";
  };
  const clear = () => {
    clearTimeout(timer);
    told = {};
    form.clear();
  };
  return { update, clear };
}

export default { render: (context) => mount(context, "Lead", build) };
