#pragma once
// The one place that includes Vulkan's headers: volk loads the functions at run time, so no program links libvulkan. They
// are there once an Instance has been made; then any thread may call them. Owns nothing.
#include <volk.h>
