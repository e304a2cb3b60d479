// Keeps what is typed in a sealed draft on the server: 2 s after the last keystroke, at the latest 8 s after the first, and
// when the page is left. That leaves the way there two seconds: ten after it was typed it is kept (promise P12). Nothing is
// kept in the browser.
import { reachedServer } from "./activity.mjs";

const PAUSE = 2000;
const LONGEST = 8000;
const PATIENCE = 20000; // with one sending, on a line that may have died without saying so
const NEVER_SENT = ["csrfmiddlewaretoken", "token"];

function fieldsOf(form) {
  const secret = new Set([...form.querySelectorAll("input[type=password], input[type=file]")].map((input) => input.name));
  const kept = [...new FormData(form)].filter(([name, value]) => {
    return typeof value === "string" && !NEVER_SENT.includes(name) && !secret.has(name);
  });
  return new URLSearchParams(kept).toString();
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.autosaveAt ?? `/drafts/${encodeURIComponent(form.dataset.autosave)}/`;
    this.status = form.querySelector("[data-autosave-status]");
    this.saved = fieldsOf(form);
    this.listen();
  }

  listen() {
    this.form.addEventListener("input", () => this.typed());
    this.form.addEventListener("change", () => this.typed());
    this.form.addEventListener("submit", (event) => this.sent(event));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save({ leaving: true }); });
    window.addEventListener("online", () => this.save());
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.stopped = false; });
  }

  typed() {
    this.stopped = false;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.save(), PAUSE);
    this.longest ??= setTimeout(() => this.save(), LONGEST);
  }

  // Without a connection the browser would show a page of its own, and what was typed would be gone with this one.
  sent(event) {
    if (navigator.onLine) return this.stop();
    event.preventDefault();
    this.say("Not sent: there is no connection. Your text is still here; send it again when it is back.", true);
  }

  stop() {
    this.stopped = true;
    this.forgetTimers();
  }

  forgetTimers() {
    clearTimeout(this.pause);
    clearTimeout(this.longest);
    this.longest = undefined;
  }

  async save({ leaving = false } = {}) {
    this.forgetTimers();
    const body = fieldsOf(this.form);
    if (this.stopped || body === this.saved) return;
    if (this.busy && !leaving) { this.again = true; return; }
    this.busy = true;
    try {
      const answer = await this.send(body, leaving);
      this.saved = body;
      if (!answer) return;
      this.say(`Saved ${answer.saved}`, false);
      this.tellCode(answer.code);
    } catch (problem) {
      this.say(problem.words ?? "Not saved: check your connection. Your text is still here.", true);
      this.longest = setTimeout(() => this.save(), LONGEST);
    } finally {
      this.busy = false;
      if (this.again) { this.again = false; this.save(); }
    }
  }

  async send(body, leaving) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await this.answered(await this.post(body, leaving, patience.signal));
    } finally {
      clearTimeout(timer);
    }
  }

  post(body, leaving, signal) {
    return fetch(this.address, {
      method: "POST",
      body,
      signal,
      // A browser carries at most 64 kB of requests beyond the life of their page.
      keepalive: leaving && body.length < 60000,
      credentials: "same-origin",
      redirect: "manual",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        "X-CSRFToken": this.form.elements.csrfmiddlewaretoken?.value ?? "",
        ...(leaving && { "X-Leaving": "1" }),
      },
    });
  }

  async answered(answer) {
    if (answer.status === 413 || answer.status === 429) throw Object.assign(new Error("too much"), { words: (await answer.json()).error });
    if (answer.type === "opaqueredirect") throw Object.assign(new Error("signed out"), { words: "Not saved: you are signed out. Your text is still here." });
    if (!answer.ok) throw new Error(`not saved: ${answer.status}`);
    reachedServer();
    return answer.status === 204 ? undefined : answer.json();
  }

  // Where nobody signs in, a code is the way back to what was typed.
  tellCode(code) {
    const place = code && this.form.querySelector("[data-autosave-code]");
    if (!place) return;
    place.querySelector("[data-code]").textContent = code;
    place.hidden = false;
  }

  say(words, failed) {
    if (!this.status) return;
    if (this.status.textContent !== words) this.status.textContent = words;
    this.status.classList.toggle("eh-autosave--failed", failed);
  }
}

export function startAutosave(form) {
  if (form.autosave) return;
  form.autosave = new Autosave(form);
}
