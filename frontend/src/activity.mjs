// When this person last reached the server, agreed between their open pages. Nothing is stored.
const channel = "BroadcastChannel" in window ? new BroadcastChannel("early-help-activity") : null;
let last = Date.now();

channel?.addEventListener("message", () => { last = Date.now(); });

export function reachedServer() {
  last = Date.now();
  channel?.postMessage("reached");
}

export function secondsSinceReached() {
  return (Date.now() - last) / 1000;
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && !event.detail.elt.closest("[data-watches]")) reachedServer(); // a page that asks by itself is nobody
});
reachedServer();
