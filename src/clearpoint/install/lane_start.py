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


def at(place, length):
    return loads(posix.pread(LANE, length, BASE + place))


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
        spec.submodule_search_locations = [file.rpartition("/")[0]]
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
    if event in EVENTS:
        ready = at(*EVENTS[event])
from clearpoint.door import run

run("clearpoint.handlers." + event)
"""
"""What the lane does when it is started with an event's name.

What a module imports in any case is known, and is added without Python's import system, which
takes longer for a module than its code. The codes stand behind this program in its file.

Nor does it load `os`, most of which makes abstract classes that no hook needs, for as long as
`posix` beneath it will do: where more of it is asked for, all of it comes, into the same module.
"""
