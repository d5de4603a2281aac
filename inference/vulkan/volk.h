#pragma once
// The one place that includes Vulkan's headers: volk loads the functions at run time, so no program links libvulkan.
#include <volk.h>
