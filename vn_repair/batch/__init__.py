"""Repair of a corpus: many files or large ones, several processes, and runs that can be interrupted and resumed.

The parent process (`run.CorpusRun`) reads the inputs in order and cuts them into units of bounded size (`units`),
worker processes repair them (`worker`, `pool`), and the parent alone writes what they send back, in the order of the
inputs, with a journal of what is done (`journal`). So the results are the same bytes for any number of workers, and a
run that was interrupted at any point goes on from its journal.

`datatrove_steps` holds the same stages as steps of a datatrove pipeline, for more than one machine.
"""
