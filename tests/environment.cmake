# Read by ctest before it runs anything: the environment of every test. Vulkan is tested wherever a test names no device, on
# software too, where Ponder itself would take the CPU. PONDER_DEVICE=cpu in front of ctest tests that instead.
if(NOT DEFINED ENV{PONDER_DEVICE})
    set(ENV{PONDER_DEVICE} vulkan)
endif()
