// Warns two minutes before the server ends an idle session, and covers the page once it has. Tells ten minutes before it
// ends a session that has lasted ten hours: going on working does not prolong that.
import { reachedServer, secondsSinceReached } from "./activity.mjs";

const WARNING = 120;
const LAST_WARNING = 600;
const CHECK = 1000;

class Timeout {
  constructor(body, dialog) {
    this.dialog = dialog;
    this.idle = Number(body.dataset.idleSeconds);
    this.ends = Date.now() + Number(body.dataset.secondsLeft || Infinity) * 1000;
    this.address = body.dataset.stillHere || "/still-here/";
    this.find("stay").addEventListener("click", () => this.stay());
    this.find("show").addEventListener("click", () => this.dialog.close());
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); if (!this.over) this.stay(); });
    this.timer = setInterval(() => this.check(), CHECK);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.check(); });
  }

  find(name) {
    return this.dialog.querySelector(`[data-timeout-${name}]`);
  }

  check() {
    const left = this.idle - secondsSinceReached();
    const whole = (this.ends - Date.now()) / 1000;
    if (this.over) return;
    if (whole <= LAST_WARNING) this.tell();
    if (Math.min(left, whole) <= 0) this.end();
    else if (left <= WARNING) this.warn();
    else if (this.dialog.open) this.dialog.close();
  }

  tell() {
    const notice = document.querySelector("[data-ending]");
    if (this.told || !notice) return;
    this.told = true;
    notice.querySelector("[data-ending-at]").textContent = clock(new Date(this.ends));
    notice.querySelector("[data-ending-close]").addEventListener("click", () => { notice.firstElementChild.hidden = true; });
    notice.firstElementChild.hidden = false;
  }

  warn() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.dialog.querySelector("h2").focus();
  }

  async stay() {
    try {
      const answer = await fetch(this.address, { credentials: "same-origin", redirect: "error", cache: "no-store" });
      if (!answer.ok) throw new Error(`refused: ${answer.status}`);
      reachedServer();
      this.dialog.close();
    } catch {
      this.find("text").textContent = "You could not be kept signed in. Check your connection and try again.";
    }
  }

  end() {
    this.over = true;
    clearInterval(this.timer);
    this.dialog.classList.add("eh-timeout--over");
    this.dialog.querySelector("h2").textContent = "You have been signed out";
    this.find("text").textContent = "This protects families’ information. What you typed is kept.";
    this.find("stay").hidden = true;
    this.find("leave").hidden = true;
    this.find("return").hidden = false;
    this.find("show").hidden = !this.holdsText();
    if (!this.dialog.open) this.dialog.showModal();
    this.find("return").focus();
  }

  /** A form that does not save itself: its reader may want to copy the text, or send it and sign in again. */
  holdsText() {
    const boxes = document.querySelectorAll("form[method=post]:not([data-autosave]) :is(textarea, input[type=text])");
    return [...boxes].some((box) => box.value !== box.defaultValue);
  }
}

/** 5:05pm, 5pm, midday: as every page of ours writes a time. */
function clock(moment) {
  const [hour, minute] = [moment.getHours(), moment.getMinutes()];
  if (hour === 12 && minute === 0) return "midday";
  return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, "0")}` : ""}${hour < 12 ? "am" : "pm"}`;
}

export function startTimeout(body) {
  const dialog = document.querySelector("dialog[data-timeout]");
  if (dialog?.showModal && Number(body.dataset.idleSeconds) > 0) new Timeout(body, dialog);
}
