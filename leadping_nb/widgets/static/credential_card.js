// The credential card: a field that forgets what was typed as soon as it is sent, and what the kernel says of it.

import { button, facts, h, icon, mount, uniqueId } from "./card.js";

const EYE = "M12 5C6.5 5 2.6 9.6 1.5 12c1.1 2.4 5 7 10.5 7s9.4-4.6 10.5-7C21.4 9.6 17.5 5 12 5zm0 2c4 0 7 3.1 8.3 5-1.3 1.9-4.3 5-8.3 5s-7-3.1-8.3-5C5 10.1 8 7 12 7zm0 1.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z";
const STROKE = "M3.3 2 2 3.3 20.7 22 22 20.7z";
const PROMISE =
  "It stays in the memory of your kernel. The notebook, its widget state and logs do not get it.";

function field(send, alert) {
  const id = uniqueId("field");
  const promiseId = uniqueId("promise");
  const input = h("input", {
    id,
    type: "password",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: "lp_…, lp_src_…, sk_… or eyJ…",
    "aria-describedby": `${alert.id} ${promiseId}`,
  });
  const eye = h(
    "button",
    { type: "button", class: "leadping-eye", "aria-label": "Show what is typed", "aria-pressed": "false", title: "Show what is typed" },
    icon(EYE, STROKE),
  );
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
  };
  const clear = () => {
    input.value = "";
    show(false);
  };
  const enter = () => {
    const text = new TextEncoder().encode(input.value);
    clear();
    send({ action: "enter" }, [text.buffer]);
  };
  eye.addEventListener("click", () => show(input.type === "password"));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) enter();
  });
  const promise = h("p", { id: promiseId, class: "leadping-quiet" }, PROMISE);
  const node = h(
    "div",
    { class: "leadping-field" },
    h("label", { for: id }, "Key or token"),
    h("div", { class: "leadping-entry" }, h("div", { class: "leadping-input" }, input, eye), button("Recognise", enter, { kind: "main" })),
    alert,
    promise,
  );
  const warn = (warning) => {
    promise.textContent = warning || PROMISE;
  };
  return { node, input, clear, warn };
}

function otherWays(send) {
  const sandbox = h(
    "div",
    { class: "leadping-row", role: "group", "aria-label": "Use the sandbox's" },
    h("span", { class: "leadping-quiet", "aria-hidden": "true" }, "Use the sandbox’s"),
    ...Object.entries({ user: "user token", business: "business key", source: "source key" }).map(([which, label]) =>
      button(label, () => send({ action: "sandbox", which })),
    ),
  );
  const environment = button("Use the environment’s", () => send({ action: "environment" }));
  return { node: h("div", { class: "leadping-ways" }, environment, sandbox), sandbox };
}

function build({ body, alert, heading, send }) {
  const { node, input, clear, warn } = field(send, alert);
  const ways = otherWays(send);
  const form = h("div", {}, node, ways.node);
  const found = h("div", { class: "leadping-found" });
  body.append(form, found);
  let had = null;

  const update = ({ credential, sandbox, warning }, error) => {
    const hadFocus = body.contains(document.activeElement);
    ways.sandbox.hidden = !sandbox;
    warn(warning);
    input.setAttribute("aria-invalid", String(Boolean(error)));
    form.hidden = Boolean(credential);
    found.hidden = !credential;
    // An error of what was done with a credential stands beside it, one of what was typed beside the field.
    if (credential) {
      found.replaceChildren(
        h("p", { class: "leadping-verdict" }, h("span", { class: "leadping-sign", "aria-hidden": "true" }, "✓"), credential.type),
        facts(credential.facts.map(([name, text]) => [name, name === "Header" ? h("code", {}, text) : text])),
        h("details", { class: "leadping-safe" }, h("summary", {}, "Keep it safe"), facts(credential.advice)),
        alert,
        h("div", { class: "leadping-row" }, button("Forget", () => send({ action: "forget" }))),
      );
    } else {
      node.insertBefore(alert, node.lastChild);
    }
    if (hadFocus && Boolean(credential) !== Boolean(had)) (credential ? heading : input).focus();
    const said = credential ? `Recognised: ${credential.type}.` : had ? "Forgotten." : "";
    had = credential;
    return said;
  };
  return { update, clear };
}

export default { render: (context) => mount(context, "Credential", build) };
