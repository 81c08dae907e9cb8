"""Plans, instances, scenarios, and the catalogue of what there is."""
