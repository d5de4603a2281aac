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
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # When it optimises, GCC 12 sees overlapping copies in `"text" + std::string` and values never set in the unused
    # alternatives of a std::variant.
    target_compile_options(ponder_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(PONDER_WERROR)
    target_compile_options(ponder_options INTERFACE -Werror)
endif()
if(PONDER_SANITIZE)
    add_compile_options(-fsanitize=${PONDER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${PONDER_SANITIZE})
endif()
if(PONDER_FUZZ) # what is fuzzed counts its branches; the targets in tests/fuzz add the main function
    add_compile_options(-fsanitize=fuzzer-no-link)
    add_link_options(-fsanitize=fuzzer-no-link)
endif()

if(PONDER_ENGINE)
    include(VulkanSdk)
endif()
