/** Whose run is next: the person with the fewest runs going on, then the one who has waited longest since a start. */

export interface WaitingPerson {
  readonly name: string;
  /** Runs of this person that are going on. */
  readonly running: number;
  /** Counts up over all runs as they start; 0 of a person who never started one. */
  readonly lastStart: number;
}

/** The person to serve next; the list must not be empty. */
export function nextPerson<P extends WaitingPerson>(waiting: readonly P[]): P {
  return waiting.reduce((best, person) =>
    person.running < best.running || (person.running === best.running && person.lastStart < best.lastStart) ? person : best,
  );
}
