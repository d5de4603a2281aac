// Switches from the environment: every one of them, defaults, and values that are no numbers.
#include <doctest/doctest.h>

#include "inference/tuning.h"

using ponder::inference::parseTuning;
using ponder::inference::Tuning;

TEST_CASE("an empty environment gives the defaults") {
    const char* const none[] = {nullptr};
    for (const char* const* environment : {none, static_cast<const char* const*>(nullptr)}) {
        const Tuning tuning = parseTuning(environment);
        CHECK_FALSE(tuning.validation);
        CHECK(tuning.device.empty());
        CHECK(tuning.cacheFolder.empty());
        CHECK_FALSE(tuning.noCooperativeMatrix);
        CHECK_FALSE(tuning.anyCooperativeMatrix);
        CHECK_FALSE(tuning.selfTest);
        CHECK(tuning.subgroupSize == 0);
        CHECK(tuning.failVulkanCall == 0);
        CHECK(tuning.maxArenaBytes == 0);
        CHECK(tuning.prefillChunk == 0);
        CHECK_FALSE(tuning.directThreads);
        CHECK_FALSE(tuning.spinMicroseconds);
        CHECK_FALSE(tuning.expertCache.has_value());
        CHECK_FALSE(tuning.restlessExperts);
        CHECK_FALSE(tuning.expertLink);
        CHECK_FALSE(tuning.expertStream);
        CHECK_FALSE(tuning.expertLinkMeasured);
        CHECK_FALSE(tuning.layerStream);
        CHECK_FALSE(tuning.profile);
        CHECK(tuning.logLevel == ponder::LogLevel::Warning);
    }
}

TEST_CASE("every switch arrives") {
    const char* const environment[] = {"PONDER_VALIDATION=1",
                                       "PONDER_CACHE_DIR=/tmp/x",
                                       "PONDER_NO_COOPMAT=yes",
                                       "PONDER_INTEGER_DOT=0",
                                       "PONDER_SELF_TEST=1",
                                       "PONDER_SUBGROUP=16",
                                       "PONDER_MAX_ARENA=65536",
                                       "PONDER_PREFILL_CHUNK=33",
                                       "PONDER_LOAD_DIRECT=4",
                                       "PONDER_SPIN=200",
                                       "PONDER_EXPERT_CACHE=restless",
                                       "PONDER_EXPERT_STREAM=4",
                                       "PONDER_EXPERT_LINK=3",
                                       "PONDER_LAYER_STREAM=65",
                                       "PONDER_PROFILE=1",
                                       "PONDER_LOG=info",
                                       "HOME=/home/somebody",
                                       "PONDER_UNKNOWN=1",
                                       "PONDER_FAIL_VULKAN_CALL=12:device_memory",
                                       "NO_EQUALS_SIGN",
                                       "PONDER_DEVICE=vulkan:2",
                                       nullptr};
    const Tuning tuning = parseTuning(environment);
    CHECK(tuning.validation);
    CHECK(tuning.device == "vulkan:2");
    CHECK(tuning.cacheFolder == "/tmp/x");
    CHECK(tuning.noCooperativeMatrix);
    CHECK_FALSE(tuning.anyCooperativeMatrix);
    CHECK(tuning.selfTest == true);
    CHECK(tuning.integerDot == false);
    CHECK(tuning.subgroupSize == 16);
    CHECK(tuning.maxArenaBytes == 65536);
    CHECK(tuning.prefillChunk == 33);
    CHECK(tuning.directThreads == 4);
    CHECK(tuning.spinMicroseconds == 200);
    CHECK(tuning.layerStream == 65);
    CHECK(tuning.profile);
    CHECK(tuning.logLevel == ponder::LogLevel::Info);
    CHECK(tuning.expertCache == true);
    CHECK(tuning.restlessExperts);
    CHECK(tuning.expertLink == 3);
    CHECK_FALSE(tuning.expertLinkMeasured);
    CHECK(tuning.expertStream == 4);
    CHECK(tuning.failVulkanCall == 12);
    CHECK(tuning.failVulkanResult == "device_memory");
}

TEST_CASE("the cache folder follows XDG, then the home folder, and can be turned off") {
    const char* const home[] = {"HOME=/home/somebody", nullptr};
    CHECK(parseTuning(home).cacheFolder == "/home/somebody/.cache/ponder");
    const char* const xdg[] = {"HOME=/home/somebody", "XDG_CACHE_HOME=/cache", nullptr};
    CHECK(parseTuning(xdg).cacheFolder == "/cache/ponder");
    const char* const off[] = {"HOME=/home/somebody", "PONDER_CACHE_DIR=-", nullptr};
    CHECK(parseTuning(off).cacheFolder.empty());
}

TEST_CASE("what is no number, or too large a one, is as if it were not there") {
    for (const char* value : {"PONDER_MAX_ARENA=", "PONDER_MAX_ARENA=x", "PONDER_MAX_ARENA=12x",
                              "PONDER_MAX_ARENA=-1", "PONDER_MAX_ARENA=99999999999999999999"}) {
        CAPTURE(value);
        const char* const environment[] = {value, nullptr};
        CHECK(parseTuning(environment).maxArenaBytes == 0);
    }
    const char* const wide[] = {"PONDER_SUBGROUP=4294967312", "PONDER_VALIDATION=0", nullptr}; // 2^32 + 16
    CHECK(parseTuning(wide).subgroupSize == 0);
    CHECK_FALSE(parseTuning(wide).validation);
    const char* const never[] = {"PONDER_SELF_TEST=0", "PONDER_NO_COOPMAT=0", nullptr};
    CHECK(parseTuning(never).selfTest == false);
    CHECK_FALSE(parseTuning(never).noCooperativeMatrix);
    CHECK(parseTuning(never).anyCooperativeMatrix);
    const char* const plain[] = {"PONDER_FAIL_VULKAN_CALL=7", nullptr};
    CHECK(parseTuning(plain).failVulkanCall == 7);
    CHECK(parseTuning(plain).failVulkanResult.empty());
}
