/**
 * What a script writes, on its way from the main thread to the one that passes
 * it on: records of a header (the frame's kind, three bytes of length) and data,
 * in shared memory. To write one costs no system call: a script that prints
 * 100,000 lines would wait for each. A full ring holds the script back.
 */

/** Positions only ever grow; where they are in the ring is what is left of a division. */
const CONTROL = { written: 0, passedOn: 1, readerSleeps: 2, writerSleeps: 3 };
const RING_BYTES = 2 ** 18;
const MASK = RING_BYTES - 1;
const HEADER_BYTES = 4;
const LONGEST_RECORD = 2 ** 16;

/** Memory for one ring, to be given to both threads. */
export function ringMemory() {
  return new SharedArrayBuffer(RING_BYTES + 16);
}

class Ring {
  constructor(memory) {
    this.control = new Int32Array(memory, RING_BYTES, 4);
    this.bytes = new Uint8Array(memory, 0, RING_BYTES);
  }
}

/** The end that the script's thread has. */
export class RingWriter extends Ring {
  #written = 0;

  /** Puts in all of it, as one record or several; waits for room. */
  write(kind, data) {
    for (let at = 0; at < data.length; at += LONGEST_RECORD) this.#record(kind, data.subarray(at, at + LONGEST_RECORD));
  }

  /** Waits until all of it has been passed on. */
  drain() {
    this.#waitWhile(() => this.#unread > 0);
  }

  get #unread() {
    return (this.#written - Atomics.load(this.control, CONTROL.passedOn)) | 0;
  }

  #record(kind, data) {
    const size = HEADER_BYTES + data.length;
    if (RING_BYTES - this.#unread < size) this.#waitWhile(() => RING_BYTES - this.#unread < size);
    const { bytes } = this;
    let at = this.#written;
    bytes[at++ & MASK] = kind;
    bytes[at++ & MASK] = data.length >> 16;
    bytes[at++ & MASK] = data.length >> 8;
    bytes[at++ & MASK] = data.length;
    const start = at & MASK;
    if (data.length < 32 && start + data.length <= RING_BYTES) for (let i = 0; i < data.length; i++) bytes[start + i] = data[i];
    else {
      const head = Math.min(data.length, RING_BYTES - start);
      bytes.set(data.subarray(0, head), start);
      bytes.set(data.subarray(head), 0);
    }
    this.#written = (this.#written + size) | 0;
    Atomics.store(this.control, CONTROL.written, this.#written);
    if (Atomics.exchange(this.control, CONTROL.readerSleeps, 0) === 1) Atomics.notify(this.control, CONTROL.readerSleeps);
  }

  #waitWhile(test) {
    while (test()) {
      const passedOn = Atomics.load(this.control, CONTROL.passedOn);
      Atomics.store(this.control, CONTROL.writerSleeps, 1);
      if (test()) Atomics.wait(this.control, CONTROL.passedOn, passedOn);
    }
  }
}

/** The end that passes it on. */
export class RingReader extends Ring {
  /** Resolves when there is something. */
  async untilWritten() {
    while (this.#unread === 0) {
      Atomics.store(this.control, CONTROL.readerSleeps, 1);
      if (this.#unread > 0) break;
      const { async, value } = Atomics.waitAsync(this.control, CONTROL.readerSleeps, 1);
      if (async) await value;
    }
    Atomics.store(this.control, CONTROL.readerSleeps, 0);
  }

  /** Calls `pass(kind, data)` with all that is there, in order; records of a kind that follow each other as one. How many bytes that were. */
  passOn(pass) {
    const available = this.#unread;
    const from = Atomics.load(this.control, CONTROL.passedOn);
    const { bytes } = this;
    let kind = 0;
    let data = Buffer.allocUnsafe(available);
    let length = 0;
    for (let at = 0; at < available; ) {
      const header = (index) => bytes[(from + at + index) & MASK];
      const size = (header(1) << 16) | (header(2) << 8) | header(3);
      if (header(0) !== kind && length > 0) {
        pass(kind, data.subarray(0, length));
        data = data.subarray(length);
        length = 0;
      }
      kind = header(0);
      const start = (from + at + HEADER_BYTES) & MASK;
      const head = Math.min(size, RING_BYTES - start);
      data.set(bytes.subarray(start, start + head), length);
      data.set(bytes.subarray(0, size - head), length + head);
      length += size;
      at += HEADER_BYTES + size;
    }
    if (length > 0) pass(kind, data.subarray(0, length));
    Atomics.store(this.control, CONTROL.passedOn, (from + available) | 0);
    if (Atomics.exchange(this.control, CONTROL.writerSleeps, 0) === 1) Atomics.notify(this.control, CONTROL.passedOn);
    return available;
  }

  get #unread() {
    return (Atomics.load(this.control, CONTROL.written) - Atomics.load(this.control, CONTROL.passedOn)) | 0;
  }
}
