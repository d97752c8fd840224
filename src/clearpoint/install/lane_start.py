"""The program of the compiled lane, a text to be filled in for one installation."""

from __future__ import annotations

START = """
import gc
import os
import sys
from marshal import loads

gc.disable()  # a hook is over before a collection could pay for itself
SITE = {site!r}
sys.path.append(SITE)
LANE = os.open(__file__, os.O_RDONLY)
closed = []
while LANE < 3:  # a closed stream's number is not kept: the door fills it
    closed.append(LANE)
    LANE = os.dup(LANE)
for number in closed:
    os.close(number)
try:
    fits = os.stat({record!r}).st_mtime_ns == {stamp}
except OSError:
    fits = False
Spec = type(sys.__spec__)
Module = type(sys)
modules = sys.modules
BASE = os.fstat(LANE).st_size - {size}
EVENTS = {events}
places = {{}}
ready = {{}}


def at(place, length):
    return loads(os.pread(LANE, length, BASE + place))


def find(name):
    if name in ready:
        return ready[name]
    if not places:
        places.update(at(*{index}))
    return at(*places[name]) if name in places else None


def spec_of(name, found):
    is_package = found[2]
    file = SITE + "/" + name.replace(".", "/") + ("/__init__.py" if is_package else ".py")
    spec = Spec(name, Lane, origin=file, loader_state=found, is_package=is_package)
    if is_package:
        spec.submodule_search_locations = [os.path.dirname(file)]
    return spec


def fill(module, found):
    needed, code, _ = found
    for name in needed:
        if name not in modules:
            add(name)
    exec(code, module.__dict__)


def add(name):
    found = find(name)
    is_package = found[2]
    module = modules[name] = Module(name)
    module.__spec__ = spec = spec_of(name, found)
    module.__file__ = spec.origin
    module.__loader__ = Lane
    above, _, own = name.rpartition(".")
    module.__package__ = name if is_package else above
    if is_package:
        module.__path__ = spec.submodule_search_locations
    fill(module, found)
    if above:
        setattr(modules[above], own, module)


class Lane:
    @staticmethod
    def find_spec(name, path=None, target=None):
        found = find(name) if name.startswith({package!r}) else None
        return spec_of(name, found) if found else None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.__file__ = module.__spec__.origin
        fill(module, module.__spec__.loader_state)


event = sys.argv.pop(1)
if fits:
    sys.meta_path.insert(0, Lane)
    if event in EVENTS:
        ready = at(*EVENTS[event])
from clearpoint.door import run

run("clearpoint.handlers." + event)
"""
"""What the lane does when it is started with an event's name.

What a module imports in any case is known, and is added without Python's import system, which
takes longer for a module than its code. The codes stand behind this program in its file.
"""
