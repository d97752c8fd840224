"""The program of the compiled lane, a text to be filled in for one installation."""

from __future__ import annotations

START = """
import gc
import posix
import sys
from marshal import loads

gc.disable()  # a hook is over before a collection could pay for itself
SITE = {site!r}
sys.path.append(SITE)
LANE = posix.open(__file__, posix.O_RDONLY)
closed = []
while LANE < 3:  # a closed stream's number is not kept: the door fills it
    closed.append(LANE)
    LANE = posix.dup(LANE)
for number in closed:
    posix.close(number)
try:
    fits = posix.stat({record!r}).st_mtime_ns == {stamp}
except OSError:
    fits = False
Spec = type(sys.__spec__)
Module = type(sys)
modules = sys.modules
BASE = posix.fstat(LANE).st_size - {size}
EVENTS = {events}
places = {{}}
ready = {{}}
packs = []


def at(place, length):
    return loads(posix.pread(LANE, length, BASE + place))


def find(name):
    while name not in ready and packs:
        ready.update(at(*packs.pop(0)))
    if name not in ready:
        if not places:
            places.update(at(*{index}))
        ready[name] = at(*places[name]) if name in places else None
    return ready[name]


def function(module, name):
    own = module + ":" + name
    while own not in ready and packs:
        ready.update(at(*packs.pop(0)))
    return ready[own] if own in ready else at(*find(module + ":")[name])


def file_of(name, found):
    return SITE + "/" + name.replace(".", "/") + ("/__init__.py" if found[3] else ".py")


def module_of(name):
    return modules[name] if name in modules else add(name)


def fill(module, found):
    needed, given, code, _, later = found
    names = module.__dict__
    for name in needed:
        if name not in modules:
            add(name)
    for own, place, name in given:
        names[own] = getattr(modules[place], name) if name else modules[place]
    for name in later:
        names[name] = left_out(names, name)
    exec(code, names)


def left_out(names, name):
    def call(*given, **named):
        if names[name] is call:
            exec(function(names["__name__"], name), names)
        return names[name](*given, **named)

    return call


def add(name):
    above, _, own = name.rpartition(".")
    if above:
        module_of(above)
    found = find(name)
    module = modules[name] = Module(name)
    module.__file__ = file_of(name, found)
    if found[3]:
        module.__path__ = [module.__file__.rpartition("/")[0]]
    fill(module, found)
    if above:
        setattr(modules[above], own, module)
    return module


class Lane:
    @staticmethod
    def find_spec(name, path=None, target=None):
        found = find(name) if name.startswith({package!r}) else None
        if not found:
            return None
        file = file_of(name, found)
        spec = Spec(name, Lane, origin=file, loader_state=found, is_package=found[3])
        if found[3]:
            spec.submodule_search_locations = [file.rpartition("/")[0]]
        return spec

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.__file__ = module.__spec__.origin
        fill(module, module.__spec__.loader_state)


class System(Module):
    def __getattr__(self, name):
        if name.startswith("O_") or name == "__path__":  # what `posix` lacks, `os` lacks too
            raise AttributeError(name)
        del modules["os"]
        import os

        modules["os"] = self
        self.__class__ = Module
        self.__dict__.update(os.__dict__)
        return getattr(self, name)


def fsencode(name):
    path = posix.fspath(name)
    return path.encode(CODING, ERRORS) if isinstance(path, str) else path


def fsdecode(name):
    path = posix.fspath(name)
    return path.decode(CODING, ERRORS) if isinstance(path, bytes) else path


def add_system():
    system = modules["os"] = System("os")
    names = system.__dict__
    names.update(posix.__dict__)
    del names["__name__"], names["__spec__"], names["__loader__"], names["__doc__"]
    names.update(
        __name__="os", __spec__=None, name="posix", sep="/", curdir=".", pardir="..",
        pathsep=":", linesep="\\n", devnull="/dev/null", SEEK_SET=0, SEEK_CUR=1, SEEK_END=2,
        fsencode=fsencode, fsdecode=fsdecode,
        environ={{fsdecode(name): fsdecode(value) for name, value in posix.environ.items()}},
    )
    import posixpath

    names["path"] = modules["os.path"] = posixpath


CODING = sys.getfilesystemencoding()
ERRORS = sys.getfilesystemencodeerrors()
event = sys.argv.pop(1)
if fits:
    if "os" not in modules:
        add_system()
    sys.meta_path.insert(0, Lane)
    __builtins__.{module_of} = module_of
    packs = EVENTS.get(event, packs)
from clearpoint.door import run

run("clearpoint.handlers." + event)
"""
"""What the lane does when it is started with an event's name.

What a module imports in any case is known, and is added without Python's import system, which
takes longer for a module than its code. The codes stand behind this program in its file:
what an event needs in the usual case, what it may need beyond that, and everything by name. What
is left out of a module's code is defined when it is first called.

Nor does it load `os`, most of which makes abstract classes that no hook needs, for as long as
`posix` beneath it will do: where more of it is asked for, all of it comes, into the same module.
"""
