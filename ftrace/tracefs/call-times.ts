/** Sums over the times of a function's calls, exact whatever they come to. */
export class CallTimes {
  hits = 0;
  private sum = 0n;
  private sumOfSquares = 0n;
  /** What is not in those yet, as integers that a number holds exactly. */
  private recent = 0;
  private recentSquares = 0;

  /** Counts a call of so many nanoseconds, at least 0. */
  add(time: number): void {
    this.hits++;
    if (time >= largestRoot) {
      const exact = BigInt(time);
      this.sum += exact;
      this.sumOfSquares += exact * exact;
      return;
    }
    this.recent += time;
    this.recentSquares += time * time;
    if (this.recentSquares >= largestSquare) this.fold();
  }

  get total(): bigint {
    this.fold();
    return this.sum;
  }

  /** Their variance, in the kernel's unit of a thousand ns^2: n * sum(x^2) - sum(x)^2 over n * (n - 1). */
  get variance(): bigint {
    this.fold();
    const count = BigInt(this.hits);
    return this.hits < 2 ? 0n : (count * this.sumOfSquares - this.sum * this.sum) / (count * (count - 1n)) / 1000n;
  }

  private fold(): void {
    this.sum += BigInt(this.recent);
    this.sumOfSquares += BigInt(this.recentSquares);
    this.recent = this.recentSquares = 0;
  }
}

/** Two squares below this are added exactly; no sum of times is above that of their squares. */
const largestSquare = 2 ** 52;
const largestRoot = 2 ** 26;
