import { argumentsWord } from '../../graph/native-graph';
import { recordField, recordSize } from '../../record-layout';
import { recordType } from '../../ring-buffer';
import type { FetchWord } from './fetch-word';
import type { NativeEvent } from './native-fetch';

/** Where the registers of a record of a return have the result. */
const resultWord = 2;
const halvesOfRecord = recordSize / 4;
const regsAt = recordField.regs / 4;

/** The records of an event at the return from a function, of the engine's records of these returns: the first word is where it returned to. */
export function returnEvents(bytes: Uint8Array, count: number, address: bigint, { decoder, words }: NativeEvent): Uint8Array {
  const found = new Uint32Array(bytes.buffer, bytes.byteOffset, count * halvesOfRecord);
  const made = new Uint32Array(count * halvesOfRecord);
  const places = words.map(placeOf);
  const constants = words.map((word) => (word.kind === 'constant' ? halvesOf(word.value) : undefined));
  const [low, high] = halvesOf(address);
  for (let at = 0; at < made.length; at += halvesOfRecord) {
    copy(found, at + recordField.timestamp / 4, made, at + recordField.timestamp / 4);
    made[at + recordField.ip / 4] = low;
    made[at + recordField.ip / 4 + 1] = high;
    made[at + recordField.type / 4] = recordType.event;
    made[at + recordField.depth / 4] = decoder;
    copy(found, at + recordField.parentIp / 4, made, at + regsAt);
    for (let index = 0; index < places.length; index += 1) {
      const to = at + regsAt + 2 + 2 * index;
      const constant = constants[index];
      if (constant) made.set(constant, to);
      else copy(found, at + places[index]!, made, to);
    }
  }
  return new Uint8Array(made.buffer);
}

function placeOf(word: FetchWord): number {
  return regsAt + 2 * (word.kind === 'argument' ? argumentsWord + word.index : resultWord);
}

function copy(from: Uint32Array, at: number, to: Uint32Array, toAt: number): void {
  to[toAt] = from[at]!;
  to[toAt + 1] = from[at + 1]!;
}

function halvesOf(value: bigint): readonly [number, number] {
  return [Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n))];
}
