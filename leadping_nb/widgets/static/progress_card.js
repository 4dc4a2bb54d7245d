// The progress card: a line a part, with a bar of its exercises.

import { button, h, mount } from "./card.js";

function line({ number, title, here, right, of, sign, word }) {
  const steps = Array.from({ length: of }, (_, place) => h("span", { "data-right": String(place < right) }));
  return h(
    "li",
    { "data-here": String(here), "data-word": word, "aria-current": here ? "step" : null },
    h("span", { class: "leadping-sign", "aria-hidden": "true" }, sign),
    h("span", { class: "leadping-name" }, `${number}. ${title}`),
    h("span", { class: "leadping-steps", "aria-hidden": "true" }, ...steps),
    h("span", { class: "leadping-count" }, `${right} of ${of}, ${word}`),
  );
}

function build({ body, alert, send }) {
  const list = h("ol", { class: "leadping-parts" });
  const warning = h("p", { class: "leadping-quiet" });
  const look = button("Look again", () => send({ action: "look" }));
  body.append(list, warning, alert, h("div", { class: "leadping-row" }, look));
  const update = ({ parts, warning: said }) => {
    list.replaceChildren(...parts.map(line));
    warning.textContent = said;
    warning.hidden = !said;
    const right = parts.reduce((sum, part) => sum + part.right, 0);
    return `${right} of ${parts.reduce((sum, part) => sum + part.of, 0)} exercises are right.`;
  };
  return { update, clear: () => {} };
}

export default { render: (context) => mount(context, "Progress", build) };
