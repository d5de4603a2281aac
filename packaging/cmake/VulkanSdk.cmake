# Finds the parts of the Vulkan SDK that Ponder is built with: headers with volk, glslc, spirv-val. The first of these
# whose headers are new enough and whose glslc knows the probed extensions is taken:
#   1. $VULKAN_SDK, if set: always taken, even if it lacks something
#   2. the system's
#   3. .sdk/ in the tree: Debian 13's packages, put there by packaging/vulkan-sdk and run through their own loader
# If none has everything, the one that has most is taken, with a warning for each lack: the kernels that need it are left out.
#
# Gives: the targets ponder_vulkan_headers (vulkan/ and volk.h) and ponder_volk; the lists PONDER_GLSLC and PONDER_SPIRV_VAL
# (commands with their first arguments, PONDER_SPIRV_VAL may be empty); PONDER_GLSLC_HAS_COOPMAT, PONDER_GLSLC_HAS_COOPMAT2 and
# PONDER_GLSLC_HAS_INTEGER_DOT. Set -DPONDER_SDK_PREFIX=FOLDER to use the one in FOLDER/include and FOLDER/bin.

set(PONDER_SDK_PREFIX "" CACHE PATH "Vulkan SDK to build with; empty: \$VULKAN_SDK, else the system's, else .sdk")

set(_probes COOPMAT=cooperative_matrix COOPMAT2=cooperative_matrix2 INTEGER_DOT=integer_dot_product)
set(_COOPMAT_lack "KHR_cooperative_matrix: prompts will be read several times slower on GPUs with matrix units")
set(_COOPMAT2_lack "NV_cooperative_matrix2: prompts will be read more slowly on NVIDIA GPUs")
set(_INTEGER_DOT_lack "EXT_integer_dot_product: quantised models will be slower on every GPU")

# What the SDK in `prefix` has -> ${out}_INCLUDE, _GLSLC, _SPIRV_VAL, _COOPMAT, _COOPMAT2, _INTEGER_DOT and _SCORE (0: unusable).
function(_ponder_examine_sdk prefix out)
    set(loader)
    if(prefix STREQUAL "${CMAKE_SOURCE_DIR}/.sdk/usr") # made for a newer C library than the system's
        file(GLOB lib ${prefix}/lib/*-linux-gnu*)
        file(GLOB loader ${lib}/ld-linux-*.so.*)
        if(loader)
            list(APPEND loader --library-path ${lib})
        endif()
    endif()
    find_file(header vulkan/vulkan_core.h PATHS ${prefix}/include NO_DEFAULT_PATH NO_CACHE)
    find_file(volk volk.h PATHS ${prefix}/include PATH_SUFFIXES volk Volk NO_DEFAULT_PATH NO_CACHE)
    find_program(glslc glslc PATHS ${prefix}/bin NO_DEFAULT_PATH NO_CACHE)
    find_program(spirv_val spirv-val PATHS ${prefix}/bin NO_DEFAULT_PATH NO_CACHE)
    set(${out}_SCORE 0 PARENT_SCOPE)
    if(NOT header OR NOT volk OR NOT glslc)
        return()
    endif()
    file(STRINGS ${header} new_enough REGEX "define VK_NV_cooperative_matrix2 1")
    if(NOT new_enough)
        return()
    endif()

    set(score 1)
    foreach(probe ${_probes})
        string(REGEX MATCH "^([A-Z0-9_]+)=(.+)$" _ ${probe})
        set(key ${CMAKE_MATCH_1})
        execute_process(COMMAND ${loader} ${glslc} --target-env=vulkan1.3 -o ${CMAKE_BINARY_DIR}/CMakeFiles/probe.spv
                                ${CMAKE_SOURCE_DIR}/shaders/probes/${CMAKE_MATCH_2}.comp
                        RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
        if(status EQUAL 0)
            set(${out}_${key} ON PARENT_SCOPE)
            math(EXPR score "${score} + 1")
        else()
            set(${out}_${key} OFF PARENT_SCOPE)
        endif()
    endforeach()
    get_filename_component(volk_folder ${volk} DIRECTORY)
    set(folders ${prefix}/include ${volk_folder})
    list(REMOVE_DUPLICATES folders)
    set(${out}_INCLUDE "${folders}" PARENT_SCOPE)
    set(${out}_GLSLC ${loader} ${glslc} PARENT_SCOPE)
    set(${out}_SPIRV_VAL PARENT_SCOPE)
    if(spirv_val)
        set(${out}_SPIRV_VAL ${loader} ${spirv_val} PARENT_SCOPE)
    endif()
    set(${out}_SCORE ${score} PARENT_SCOPE)
endfunction()

if(PONDER_SDK_PREFIX)
    set(_candidates ${PONDER_SDK_PREFIX})
elseif(DEFINED ENV{VULKAN_SDK})
    set(_candidates $ENV{VULKAN_SDK})
else()
    set(_candidates /usr/local /usr ${CMAKE_SOURCE_DIR}/.sdk/usr)
endif()

set(_best_SCORE 0)
set(_complete 4) # usable, and all three probes
foreach(_prefix ${_candidates})
    _ponder_examine_sdk(${_prefix} _found)
    if(_found_SCORE GREATER _best_SCORE)
        set(_best_PREFIX ${_prefix})
        foreach(_part SCORE INCLUDE GLSLC SPIRV_VAL COOPMAT COOPMAT2 INTEGER_DOT)
            set(_best_${_part} ${_found_${_part}})
        endforeach()
    endif()
    if(_best_SCORE EQUAL _complete)
        break()
    endif()
endforeach()
if(_best_SCORE EQUAL 0)
    list(JOIN _candidates ", " _candidates)
    message(FATAL_ERROR "No Vulkan SDK 1.4 (vulkan/vulkan_core.h with VK_NV_cooperative_matrix2, volk.h, glslc) in "
                        "${_candidates}: run packaging/setup, or set VULKAN_SDK; -DPONDER_ENGINE=OFF builds without it.")
endif()

set(PONDER_GLSLC ${_best_GLSLC} CACHE INTERNAL "Command that compiles shaders")
set(PONDER_SPIRV_VAL ${_best_SPIRV_VAL} CACHE INTERNAL "Command that validates SPIR-V, or empty")
message(STATUS "Vulkan SDK: ${_best_PREFIX}")
foreach(_probe ${_probes})
    string(REGEX REPLACE "=.*" "" _key ${_probe})
    set(PONDER_GLSLC_HAS_${_key} ${_best_${_key}} CACHE INTERNAL "Whether glslc compiled the probe")
    if(NOT _best_${_key})
        message(WARNING "glslc of the Vulkan SDK in ${_best_PREFIX} does not know ${_${_key}_lack}. "
                        "Install the Vulkan SDK 1.4.309 or newer and set VULKAN_SDK to avoid this.")
    endif()
endforeach()
if(NOT PONDER_SPIRV_VAL)
    message(WARNING "There is no spirv-val in ${_best_PREFIX}: shaders are not validated when they are built.")
endif()

add_library(ponder_vulkan_headers INTERFACE)
target_include_directories(ponder_vulkan_headers SYSTEM INTERFACE ${_best_INCLUDE})
target_compile_definitions(ponder_vulkan_headers INTERFACE VK_NO_PROTOTYPES)
# Vulkan's structs are begun with their type and zero elsewhere.
target_compile_options(ponder_vulkan_headers INTERFACE -Wno-missing-field-initializers)

find_file(_volk_source volk.c PATHS ${_best_INCLUDE} NO_DEFAULT_PATH NO_CACHE REQUIRED)
add_library(ponder_volk STATIC ${_volk_source})
target_link_libraries(ponder_volk PUBLIC ponder_vulkan_headers PRIVATE ${CMAKE_DL_LIBS})
