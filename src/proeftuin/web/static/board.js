// What makes a page live. Everything works without it: it brings a page up to date, and moves the focus to what counts.
"use strict";

function focusOn(place) {
  const found = (place || document).querySelector("[data-focus]");
  if (found) {
    found.focus();
  }
}

function tell(text) {
  const news = document.getElementById("news");
  if (news && text) {
    news.textContent = "";
    window.setTimeout(() => { news.textContent = text; }, 50);
  }
}

function fresh(place) {
  const here = new URL(window.location.href);
  here.searchParams.delete("done");
  const opened = [...place.querySelectorAll("details")].map((one) => one.open);
  htmx.ajax("GET", here.pathname + here.search, { target: "#live", select: "#live", swap: "outerHTML" }).then(() => {
    const now = document.getElementById("live");
    const details = [...now.querySelectorAll("details")];
    if (details.length === opened.length) {
      details.forEach((one, place) => { one.open = opened[place]; });
    }
    tell(now.dataset.news);
  });
}

function listen(place) {
  const url = new URL(place.dataset.stream, window.location.href);
  const source = new EventSource(url);
  source.addEventListener("moved", (event) => {
    if (place.id !== "live") {
      if (event.data !== place.dataset.version) {
        tell(place.dataset.news);
      }
      return;
    }
    const live = document.getElementById("live");
    if (event.data !== live.dataset.version) {
      fresh(live);
    }
  });
  window.addEventListener("pagehide", () => source.close());
}

document.addEventListener("DOMContentLoaded", () => {
  focusOn();
  const place = document.querySelector("[data-stream]");
  if (place && window.EventSource) {
    listen(place);
  }
});
