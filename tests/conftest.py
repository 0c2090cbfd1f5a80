"""How all tests run: a property that is slow on a busy machine is no failure; speed is for benchmarks."""

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
