"""Random inputs: districts that live for ten years, and files and arguments that are damaged."""
