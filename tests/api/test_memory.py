"""What the garbage collector looks at in a process that serves."""

import subprocess
import sys

PROGRAM = """
import gc, time, weakref
import api.app
from gorax.memory import settle

class Thing:
    pass

def circle():
    thing = Thing()
    thing.itself = thing
    return weakref.ref(thing)

before = circle()
settle()
assert before() is None, "what was garbage is not kept"
after = circle()
began = time.process_time()
gc.collect()
seconds = time.process_time() - began
assert after() is None, "what became garbage later is found"
print(gc.get_freeze_count(), seconds)
"""


def test_what_was_loaded_is_not_looked_at_again() -> None:
    """In a process of its own, as it cannot be undone."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    frozen, seconds = ran.stdout.split()
    assert int(frozen) > 100_000
    assert float(seconds) < 0.05
