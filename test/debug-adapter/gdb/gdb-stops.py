"""Runs a program in gdb from one stop to the next and writes what gdb says there, a line of JSON for each."""

import json
import os

import gdb

stops = json.loads(os.environ["STOPS"])
hits = int(os.environ["HITS"])
expressions = json.loads(os.environ["EXPRESSIONS"])


def text(value):
    try:
        return value.format_string(repeat_threshold=10, max_elements=200, symbols=True, deref_refs=True)
    except gdb.error as error:
        return "<error: %s>" % error


def is_shown(symbol):
    return symbol.is_variable or symbol.is_argument or (symbol.is_constant and symbol.addr_class != gdb.SYMBOL_LOC_BLOCK)


def variables(frame):
    try:
        block = frame.block()
    except RuntimeError:
        return []
    frame.select()
    found = []
    while block is not None and not block.is_static and not block.is_global:
        own = []
        for symbol in block:
            if not is_shown(symbol):
                continue
            try:
                value = symbol.value(frame)
                own.append([symbol.name, text(value), str(value.type)])
            except gdb.error as error:
                own.append([symbol.name, "<error: %s>" % error, str(symbol.type)])
        found = own + found
        if block.function:
            break
        block = block.superblock
    return found


def evaluate(expression):
    try:
        return text(gdb.parse_and_eval(expression))
    except gdb.error:
        return None


def stack():
    frames = []
    frame = gdb.newest_frame()
    while frame is not None and len(frames) < 30:
        frames.append({"name": frame.name(), "line": frame.find_sal().line, "variables": variables(frame)})
        try:
            frame = frame.older()
        except gdb.error:
            break
    return frames


for setting in ("pagination off", "confirm off", "width 0", "backtrace past-main on"):
    gdb.execute("set " + setting)
gdb.execute("target remote " + os.environ["SOCKET"])
breakpoints = {}
for address in stops:
    breakpoints[address] = gdb.Breakpoint("*0x%x" % address)
    breakpoints[address].silent = True
with open(os.environ["OUTPUT"], "w") as output:
    while True:
        try:
            gdb.execute("continue", to_string=True)
            pc = gdb.newest_frame().pc()
        except gdb.error:
            break
        if pc not in breakpoints:
            break
        if breakpoints[pc].hit_count >= hits:
            breakpoints[pc].enabled = False
        sp = int(gdb.newest_frame().read_register("sp")) & (2**64 - 1)
        frames = stack()
        gdb.newest_frame().select()
        answer = {"pc": pc, "sp": sp, "frames": frames, "expressions": [evaluate(each) for each in expressions]}
        output.write(json.dumps(answer) + "\n")
gdb.execute("kill")
