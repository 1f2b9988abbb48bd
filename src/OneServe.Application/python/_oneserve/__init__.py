"""OneServe's side of a Python process: the prototype, which imports the application, and the workers forked from it.

docs/protocol.md is the contract with the other processes. Pure Python, standard library only, CPython 3.8 and later.
"""
