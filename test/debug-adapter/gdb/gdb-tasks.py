"""Does tasks in one gdb, each with a program in qemu, and writes what gdb says, a line of JSON for each task."""

import json
import os
import subprocess
import tempfile
import time

import gdb


def text(value, letter=None):
    options = {"format": letter} if letter else {}
    try:
        return value.format_string(repeat_threshold=10, max_elements=200, symbols=True, deref_refs=True, **options)
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
    gdb.newest_frame().select()
    return frames


def stack_pointer():
    return str(int(gdb.newest_frame().read_register("sp")) & (2**64 - 1))


def run_quietly(command):
    """Whether the program is still there afterwards."""
    try:
        gdb.execute(command, to_string=True)
        gdb.newest_frame()
        return True
    except gdb.error:
        return False


def visit_stops(addresses, hits):
    """Goes on from one of the addresses to the next, to each so often."""
    breakpoints = {}
    for address in addresses:
        breakpoints[address] = gdb.Breakpoint("*0x%x" % address)
        breakpoints[address].silent = True
    while run_quietly("continue"):
        pc = gdb.newest_frame().pc()
        if pc not in breakpoints:
            break
        if breakpoints[pc].hit_count >= hits:
            breakpoints[pc].enabled = False
        yield pc


def stops(task):
    """Stacks, their variables, and the values of expressions."""
    return [
        {"pc": pc, "sp": stack_pointer(), "frames": stack(), "expressions": [evaluate(each) for each in task["expressions"]]}
        for pc in visit_stops(task["stops"], task["hits"])
    ]


def steps(task):
    """Where each of some commands leads: a command of gdb, or the address to run to."""
    places = []
    for command in task["commands"]:
        is_address = command.startswith("*")
        if is_address:
            passing = gdb.Breakpoint(command, temporary=True)
            passing.silent = True
        if not run_quietly("continue" if is_address else command):
            places.append("no program")
            break
        if is_address and passing.is_valid():
            passing.delete()
        frame = gdb.newest_frame()
        places.append("%s:%d at 0x%x" % (frame.name(), frame.find_sal().line, frame.pc()))
    return places


def writes(task):
    """What becomes of variables that something is assigned to, in two frames; each is given back its value."""
    found = []
    for pc in visit_stops(task["stops"], task["hits"]):
        frames = [gdb.newest_frame(), gdb.newest_frame().older()]
        answers = []
        for frame in filter(None, frames):
            for target, source in task["assignments"]:
                frame.select()
                answers.append(write(target, source))
        found.append({"pc": pc, "sp": stack_pointer(), "caller": frames[1] and frames[1].name(), "answers": answers})
        gdb.newest_frame().select()
    return found


def write(target, source):
    try:
        gdb.set_convenience_variable("before", gdb.parse_and_eval(target))
        gdb.parse_and_eval("%s = %s" % (target, source))
        answer = text(gdb.parse_and_eval(target))
        gdb.parse_and_eval("%s = $before" % target)
        return answer
    except gdb.error:
        return None


def places(task):
    """The addresses of a breakpoint at each place, as LINE or a function's name; none where gdb finds none."""
    found = []
    for place in task["places"]:
        try:
            breakpoint = gdb.Breakpoint(place)
            found.append([location.address for location in breakpoint.locations])
            breakpoint.delete()
        except gdb.error:
            found.append([])
    return found


def formats(task):
    """Values in gdb's formats at an instruction."""
    for _ in visit_stops([task["stop"]], 1):
        return [in_format(expression, letter) for expression, letter in task["values"]]


def in_format(expression, letter):
    try:
        return gdb.parse_and_eval(expression).format_string(format=letter, repeat_threshold=10, max_elements=200, symbols=True, deref_refs=True)
    except gdb.error:
        return None


def expressions(task):
    """Text and type of each expression, which may have a format as `/x` before it, at an instruction; gdb's message where it has none."""
    for _ in visit_stops([task["stop"]], 1):
        return {"sp": stack_pointer(), "answers": [answer(each) for each in task["expressions"]]}


def answer(expression):
    try:
        letter, source = (expression[1], expression[3:]) if expression.startswith("/") else (None, expression)
        value = gdb.parse_and_eval(source)
        return [text(value, letter), str(value.type)]
    except gdb.error as error:
        return str(error)


def types(task):
    """What `ptype` and `whatis` print at an instruction, null where they fail."""
    for _ in visit_stops([task["stop"]], 1):
        return [command_output(each) for each in task["commands"]]


def command_output(command):
    try:
        return gdb.execute(command, to_string=True)
    except gdb.error:
        return None


kinds = {"types": types, "expressions": expressions, "formats": formats, "stops": stops, "steps": steps, "writes": writes, "places": places}


def connect(program, folder):
    """Starts the program in qemu, which takes a while to listen."""
    socket = os.path.join(folder, "%d" % time.monotonic_ns())
    null = subprocess.DEVNULL
    process = subprocess.Popen(["qemu-riscv64", "-g", socket, program], stdin=null, stdout=null, stderr=null)
    deadline = time.monotonic() + 60
    while True:
        try:
            gdb.execute("target remote " + socket, to_string=True)
            return process
        except gdb.error:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.01)


def do(task, folder):
    gdb.execute("file " + task["program"])
    if task["kind"] == "places":
        return places(task)
    process = connect(task["program"], folder)
    try:
        return kinds[task["kind"]](task)
    finally:
        for breakpoint in gdb.breakpoints() or ():
            breakpoint.delete()
        run_quietly("kill")
        process.kill()
        process.wait()


for setting in ("pagination off", "confirm off", "width 0", "backtrace past-main on", "breakpoint always-inserted on"):
    gdb.execute("set " + setting)
gdb.execute("handle SIGUSR1 SIGUSR2 nostop noprint pass", to_string=True)
with tempfile.TemporaryDirectory() as folder, open(os.environ["TASKS"]) as asked, open(os.environ["ANSWERS"], "w") as answers:
    for task in json.load(asked):
        answers.write(json.dumps(do(task, folder)) + "\n")
