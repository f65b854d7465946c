"""Writes the expected readings of all saved documents anew: ``python -m tests.readers.regold``. Read the difference."""

from tests.readers.golden import SAVED, cases, reading_of, write

if __name__ == "__main__":
    for case in cases():
        write(case, reading_of(case))
        print(case.relative_to(SAVED))
