# Every kernel that is built: kernel x format x defines. Nothing is built that is not here; see CMakeLists.txt for the syntax.

# --- the Vulkan layer's own tests
ponder_shader(NAME self_test SOURCE kernels/self_test.comp)

# --- matrix products (one line or loop a family)

# --- attention and elementwise
