// What somebody who walks by keyboard reads of a page: what has the focus, what Tab comes by next, what is offered.
"use strict";

window.walk = {
  words: (one) => one.innerText.replace(/\s+/g, " ").trim(),
  own: (one) => one.childNodes[0].textContent.trim(),

  // What a field is called: of buttons to pick, that stands above them all.
  heading: (one) => {
    const group = one.type === "radio" || one.type === "checkbox" ? one.closest("fieldset") : null;
    return group ? group.firstElementChild : one.labels && one.labels.length ? one.labels[0] : one;
  },

  told: (one) => ({
    name: one.name || "",
    value: one.value || "",
    checked: Boolean(one.checked),
    at: one.selectedIndex,
    kind: one.tagName === "SELECT" ? "select" : one.type || one.tagName.toLowerCase(),
    label: walk.words(one.labels && one.labels.length ? one.labels[0] : one),
    heading: walk.words(walk.heading(one)),
    texts: one.options ? [...one.options].map((each) => each.text) : [],
  }),

  focused: () => walk.told(document.activeElement),

  // Of the radio buttons of one name, Tab comes by one.
  ahead: () => {
    const now = document.activeElement, groups = new Set([now.type === "radio" ? now.name : ""]);
    const comes = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    return [...document.querySelectorAll(comes)].filter((one) => {
      if (now !== document.body && !(now.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)) {
        return false;
      }
      if (one.type === "hidden" || !one.checkVisibility() || (one.type === "radio" && groups.has(one.name))) {
        return false;
      }
      groups.add(one.type === "radio" ? one.name : "");
      return true;
    }).map(walk.told);
  },

  offered: () => [...document.querySelectorAll("main a[href*='/act?'], main details.blocked > summary")]
    .filter((one) => one.checkVisibility()).map(walk.words),

  // The fields of a form, each with what may be picked in it.
  room: () => {
    const found = {};
    for (const one of document.querySelectorAll("form.act [name^='d.']:not([type=hidden])")) {
      const picked = one.type === "radio" || one.type === "checkbox" ? [walk.words(one.labels[0])] : [];
      found[one.name] = [...(found[one.name] || []), ...picked, ...walk.told(one).texts];
    }
    return found;
  },

  // Where something is wrong with a field, its link is all there is; elsewhere the ways out stand below a reason.
  reasons: () => [...document.querySelectorAll("#problem > ul > li")].map(
    (one) => (one.firstElementChild && one.firstElementChild.tagName === "A" ? one.innerText : walk.own(one))),
  advice: () => [...document.querySelectorAll("section.advice > ul > li")].map(walk.own),
  done: () => [...document.querySelectorAll("#done li")].map(walk.words),
  state: () => walk.words(document.querySelector(".heading .chip.state") || document.createElement("p")),
  unsigned: () => [...document.querySelectorAll("[aria-labelledby=h-sign] li")].map(walk.words),
};
