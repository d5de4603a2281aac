# What every target of Ponder shares: language level, warnings, sanitizers, where binaries go, where the Vulkan SDK is.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()

add_library(ponder_options INTERFACE)
target_include_directories(ponder_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(ponder_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(PONDER_WERROR)
    target_compile_options(ponder_options INTERFACE -Werror)
endif()
if(PONDER_SANITIZE)
    add_compile_options(-fsanitize=${PONDER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${PONDER_SANITIZE})
endif()

# The SDK: $VULKAN_SDK, else the one that packaging/setup put beside the system, else the system's.
set(PONDER_SDK_PREFIX ${CMAKE_SOURCE_DIR}/.sdk)
