"""The live explorer: levers, worlds that fill in behind, and the answer in a sentence; widgets last."""
