from hypothesis import settings

from tests.scale import scaled

# No deadline: an example that is slow on a busy machine is not a defect, and benchmarks judge speed.
settings.register_profile("proeftuin", deadline=None, max_examples=scaled(100), print_blob=True)
settings.load_profile("proeftuin")
