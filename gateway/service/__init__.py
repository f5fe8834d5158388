"""COMPOSITION: configuration, clock, logs, metrics, CDRs; the only place that knows every ring."""
