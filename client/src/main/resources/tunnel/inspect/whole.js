// Up to which number the list has all there is.

export class Whole {
  upTo = 0;
  hasGap = false; // somewhere above it
  #soon = 0;

  // All is there that was there when the newest had this number.
  filled(newest) {
    this.upTo = Math.max(this.upTo, newest);
    this.#soon = this.upTo;
  }

  restart(newest) {
    this.upTo = newest;
    this.#soon = newest;
    this.hasGap = false;
  }

  // Called once a second while exchanges arrive. That events were left out is told a moment after those that were not, so what is
  // whole is what was there a second ago.
  settle(newest) {
    if (!this.hasGap) {
      this.upTo = Math.max(this.upTo, this.#soon);
      this.#soon = newest;
    }
  }
}
