// A meeting that is followed from several screens: its clock, its keys, and a line that says when the connection is lost.
// What has changed is asked for and put in by htmx.
const SLOT = 60; // seconds a minute

function two(number) {
  return String(number).padStart(2, "0");
}

// Counts on from what the server said, so that a wrong clock of this computer does not matter.
function startClock(clock) {
  const began = performance.now() - Number(clock.dataset.given) * 1000;
  const place = clock.querySelector("[data-clock-time]");
  const tick = () => {
    if (!clock.isConnected) return clearInterval(timer);
    const gone = Math.floor((performance.now() - began) / 1000);
    place.textContent = `${two(Math.floor(gone / 60))}:${two(gone % 60)}`;
    clock.classList.toggle("eh-clock--over", gone > Number(clock.dataset.slot) * SLOT);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

function typing(element) {
  return element.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
}

function pressed(event) {
  const form = document.querySelector("form[data-autosave]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.contains(event.target)) form.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  document.querySelector(`[data-keys] [data-key="${CSS.escape(event.key)}"]`)?.click();
}

function say(words, isLost) {
  document.querySelectorAll("[data-connection]").forEach((place) => {
    if (place.textContent !== words) place.textContent = words;
    place.classList.toggle("eh-connection--lost", isLost);
  });
}

function timeNow() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

let lostAt = null;

function lost(event) {
  if (!event.detail.elt.closest("[data-watches]")) return;
  lostAt ??= timeNow();
  say(`The connection was lost at ${lostAt}. Trying again. What you type stays on this page and is saved when it is back.`, true);
}

function back(event) {
  if (!lostAt || !event.detail.successful || !event.detail.elt.closest("[data-watches]")) return;
  say(`The connection was lost at ${lostAt}, and is back since ${timeNow()}. What stands here is up to date.`, false);
  lostAt = null;
}

export function startFollowing(scope) {
  scope.querySelectorAll("[data-clock]").forEach(startClock);
}

document.addEventListener("keydown", pressed);
["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((what) => document.addEventListener(what, lost));
document.addEventListener("htmx:afterRequest", back);
