import { GroupWriter } from '../../../emulator/recorder/hooks';
import { i32, i64 } from '../../../emulator/wasm/expression';
import type { ReturnRecorder } from '../../graph/native-graph';
import { walkFromReturn } from '../../graph/return-walk';
import { type NativeEvent, prepareEvent, requireRoomFor } from './native-fetch';
import { sp } from './probe-point';

/** Records the events of the returns from a function, which begins at `address`, in a group of their own. */
export function nativeFprobeReturn(number: number, event: NativeEvent, address: bigint, returnToHandler: bigint): ReturnRecorder {
  return (writing, call) => {
    const group = new GroupWriter(writing, i32.constant(number));
    requireRoomFor(event, group, true);
    const registers = {
      sp: writing.x(sp),
      argument: call.argument,
      register: (): never => {
        throw new Error('registers are not known at a return');
      },
      retval: call.retval,
    };
    const walk = walkFromReturn(call, returnToHandler);
    return prepareEvent(writing, group, event, i64.constant(address), registers, { returnedTo: call.ret, walk });
  };
}
