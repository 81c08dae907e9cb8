"""`python -m benchmarks` times a run."""

from benchmarks.bench import main

main()
