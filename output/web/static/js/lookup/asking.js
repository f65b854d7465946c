/** Questions to the worker that holds the graph, and their answers. */

export class Asking {
  /** @param {string} base the absolute address of the folder of the index, with a slash at its end */
  constructor(base) {
    this.base = base;
    this.worker = null;
    this.number = 0;
    this.waiting = new Map();
  }

  /** Begin to load the index; `all` for looking up, else what search needs. */
  open(all) {
    return this.ask("open", { base: this.base, all });
  }

  /** @returns {Promise<any>} the answer; refused where the index cannot be had */
  ask(kind, asked) {
    if (!this.worker) {
      this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
      this.worker.addEventListener("message", ({ data }) => {
        const { good, bad } = this.waiting.get(data.number);
        this.waiting.delete(data.number);
        if ("failed" in data) bad(new Error(data.failed));
        else good(data.answer);
      });
      if (kind !== "open") this.open(false).catch(() => {});
    }
    const number = ++this.number;
    return new Promise((good, bad) => {
      this.waiting.set(number, { good, bad });
      this.worker.postMessage({ number, kind, ...asked });
    });
  }
}
