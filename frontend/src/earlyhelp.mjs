// Everything here is an improvement on a page that already works without it.
import {
  Button, CharacterCount, Checkboxes, createAll, ErrorSummary, ExitThisPage, NotificationBanner, Radios,
  ServiceNavigation, SkipLink, Tabs, isSupported,
} from "govuk-frontend";
import { AddAnother, ButtonMenu, MultiSelect } from "@ministryofjustice/frontend";
import { startAutosave } from "./autosave.mjs";
import { startFolds } from "./folds.mjs";
import { startFollowing } from "./follow.mjs";
import { startPasskey } from "./passkey.mjs";
import { startPrint } from "./print.mjs";
import { startTimeout } from "./timeout.mjs";

// ARIA knows no expanded radio; the question it reveals follows it in the page all the same.
class RevealingRadios extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}

const PARTS = [
  Button, CharacterCount, Checkboxes, ErrorSummary, ExitThisPage, NotificationBanner, RevealingRadios, ServiceNavigation,
  SkipLink, Tabs, AddAnother, ButtonMenu, MultiSelect,
];

function start(scope = document) {
  PARTS.forEach((part) => createAll(part, undefined, scope));
  scope.querySelectorAll("form[data-autosave]").forEach(startAutosave);
  startFollowing(scope);
  startFolds(scope);
  scope.querySelectorAll("[data-passkey]").forEach(startPasskey);
  scope.querySelectorAll("[data-print]").forEach(startPrint);
}

if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
}
// A link to come back bears its code behind the «#», which no browser sends: it goes into its box, and out of the address.
function takeCodeFromLink() {
  const box = document.querySelector("form[data-code-from-link] input[name=code]");
  const code = location.hash.slice(1);
  if (box && /^[a-z0-9-]{1,40}$/i.test(code)) box.value = code;
  if (box && code) history.replaceState(null, "", location.pathname);
}

// htmx notes the page's address, which may hold a name that was searched for. Nothing is to stay in the browser.
function forgetAddress() {
  sessionStorage.removeItem("htmx-current-path-for-history");
}

["DOMContentLoaded", "htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"].forEach((moment) => {
  document.addEventListener(moment, forgetAddress);
});

if (isSupported()) {
  start();
  startTimeout(document.body);
  takeCodeFromLink();
  // What htmx brings in is given the same behaviour as what came with the page.
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt !== document.body) start(event.detail.elt);
  });
}
