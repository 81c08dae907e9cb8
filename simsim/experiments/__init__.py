"""Many runs, then their reading: request, units, processes, store, manifest, results, differences."""
