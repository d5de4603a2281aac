// What follows from a device's measured rates, and the record of them, for devices made up here.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

#include "inference/calibration.h"
#include "inference/kernels/matmul_plan.h"

using namespace ponder;
using namespace ponder::inference;
using models::QuantType;

namespace {

vulkan::DeviceCaps device(bool integerDot = true, bool software = false) {
    vulkan::DeviceCaps caps;
    caps.name = "A card";
    caps.driver = "driver 1.2.3";
    caps.vendorId = 0x10de;
    caps.deviceId = 0x2330;
    caps.driverVersion = 7;
    caps.integerDot = integerDot;
    caps.integerDotAny = true;
    caps.software = software;
    return caps;
}

// As bench_kernels has them of an H100.
constexpr KernelRates kH100{
    .copy = 2600, .integerMatVec = 2400, .floatMatVec = 1900, .cooperativeMatMul = 170, .plainMatMul = 14};

class Folder {
public:
    Folder()
        : m_path(std::filesystem::temp_directory_path() /
                 ("ponder-calibration-" + std::to_string(::getpid()))) {
        std::filesystem::remove_all(m_path);
    }
    ~Folder() { std::filesystem::remove_all(m_path); }
    std::string path() const { return m_path.string(); }

private:
    std::filesystem::path m_path;
};

std::string textOf(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("the path that the caps suggest stays unless the other is clearly faster") {
    struct Row {
        double integers, floats;
        std::optional<bool> accelerated,
            otherwise; // what is chosen where int8 is the default, and where it is not
    };
    constexpr Row kRows[] = {
        {2400, 1900, true, true}, // an H100
        {100, 100, true, false},  // as fast: the default
        {100, 109, true, false},
        {109, 100, true, false}, // by a little: the default
        {100, 111, false, false},
        {111, 100, true, true}, // clearly: the faster
        {1, 1000, false, false},
        {1000, 1, true, true},
        {0, 100, std::nullopt, std::nullopt}, // one was not measured: nobody knows
        {100, 0, std::nullopt, std::nullopt},
        {0, 0, std::nullopt, std::nullopt},
    };
    for (const Row& row : kRows) {
        CAPTURE(row.integers);
        CAPTURE(row.floats);
        const KernelRates rates{.copy = 1000, .integerMatVec = row.integers, .floatMatVec = row.floats};
        CHECK(choosePaths(device(true), rates).integers == row.accelerated);
        CHECK(choosePaths(device(false), rates).integers == row.otherwise);
        CHECK(choosePaths(device(true, true), rates).integers ==
              row.otherwise); // software is not taken at its word
        // Cooperative matrices are the default wherever there are any.
        const KernelRates matrices{.cooperativeMatMul = row.integers, .plainMatMul = row.floats};
        CHECK(choosePaths(device(), matrices).matrices == row.accelerated);
    }
}

TEST_CASE("a device that is as fast as expected chooses as without the test") {
    vulkan::DeviceCaps caps = device();
    const auto paths = choosePaths(caps, kH100);
    CHECK(paths.integers == true);
    CHECK(paths.matrices == true);
    CHECK(slowDriver(caps, kH100).empty());
    const bool before = kernels::useIntegers(caps, {}, QuantType::Q4_K, false);
    caps.integersFaster = paths.integers;
    CHECK(kernels::useIntegers(caps, {}, QuantType::Q4_K, false) == before);
}

TEST_CASE("what was measured chooses mat-vec's numbers, and switches overrule it") {
    for (const bool faster : {false, true}) {
        vulkan::DeviceCaps caps = device(!faster); // the caps suggest the other one
        caps.integersFaster = faster;
        const auto integers = [&](std::optional<bool> order, QuantType type = QuantType::Q4_K,
                                  bool precise = false) {
            return kernels::useIntegers(caps, {.integerDot = order}, type, precise);
        };
        CHECK(integers({}) == faster);
        CHECK_FALSE(integers(false));
        CHECK(integers(true));
        CHECK_FALSE(integers({}, QuantType::Q4_K, true)); // what none may round stays so
        CHECK_FALSE(integers({}, QuantType::F16));
        caps.integerDotAny = false;
        CHECK_FALSE(integers({}));
    }
}

TEST_CASE("a driver far below its hardware is told of, with the numbers and what to do") {
    const auto told = [](const KernelRates& rates) { return slowDriver(device(), rates); };
    const std::string vector = told({.copy = 900, .integerMatVec = 120, .floatMatVec = 40});
    for (const char* part :
         {"A card", "driver 1.2.3", "120 GB/s", "900 GB/s", "Update the driver", "another device"}) {
        CAPTURE(part);
        CHECK(vector.find(part) != std::string::npos);
    }
    CHECK(told({.copy = 900, .integerMatVec = 299}).find("299 GB/s") != std::string::npos);
    CHECK(told({.copy = 900, .integerMatVec = 301}).empty());
    CHECK(told({.copy = 900, .floatMatVec = 301}).empty());
    CHECK(told({.copy = 900}).empty()); // not measured
    CHECK(told({}).empty());
    // 300 GB/s of Q4_K are 1.07 TFLOP/s of single tokens.
    const std::string matrix =
        told({.copy = 600, .floatMatVec = 300, .cooperativeMatMul = 0.1, .plainMatMul = 0.25});
    for (const char* part : {"512 tokens", "0.25 TFLOP/s", "at 1.07", "Update the driver"}) {
        CAPTURE(part);
        CHECK(matrix.find(part) != std::string::npos);
    }
    CHECK(told({.copy = 600, .floatMatVec = 300, .cooperativeMatMul = 0.1, .plainMatMul = 0.6}).empty());
    vulkan::DeviceCaps hostile = device();
    hostile.name = "A\ncard\x1b[2J";
    CHECK(slowDriver(hostile, {.copy = 900, .floatMatVec = 1}).find_first_of("\n\x1b") == std::string::npos);
}

TEST_CASE("rates in words, without those that were not measured") {
    CHECK(kH100.describe() ==
          "copy 2600 GB/s, mat-vec int8 2400 and float32 1900 GB/s, mat-mat cooperative 170 and "
          "plain 14 TFLOP/s");
    CHECK(KernelRates{.copy = 20.5, .floatMatVec = 1.382, .plainMatMul = 0.00451}.describe() ==
          "copy 20.5 GB/s, mat-vec float32 1.38 GB/s, mat-mat plain 0.00451 TFLOP/s");
    CHECK(KernelRates{.copy = 20}.describe() == "copy 20 GB/s");
}

TEST_CASE("what is recorded is read again") {
    const Folder folder;
    const auto caps = device();
    CHECK_FALSE(readCalibration(folder.path(), caps)); // no folder yet
    CHECK_FALSE(readCalibration("", caps));
    for (const std::optional<bool> path : {std::optional<bool>(), std::optional(false), std::optional(true)}) {
        const Calibration written{kH100, {.integers = path, .matrices = path}};
        REQUIRE(writeCalibration(folder.path(), caps, written).ok());
        const auto read = readCalibration(folder.path(), caps);
        REQUIRE(read);
        CHECK(read->rates == kH100);
        CHECK(read->paths.integers == path);
        CHECK(read->paths.matrices == path);
    }
    REQUIRE(writeCalibration(folder.path(), caps, {{.copy = 1 / 3.0}, {}}).ok()); // replaced, to the last digit
    CHECK(readCalibration(folder.path(), caps)->rates == KernelRates{.copy = 1 / 3.0});
    const auto files = std::filesystem::directory_iterator(folder.path());
    CHECK(std::distance(begin(files), end(files)) == 1); // nothing is left beside it
}

TEST_CASE("a rate that is no number is not measured") {
    const Folder folder;
    for (const double rate : {std::nan(""), double{INFINITY}, -1.0, 1e300}) {
        REQUIRE(writeCalibration(folder.path(), device(), {{.copy = rate}, {}}).ok());
        CHECK_FALSE(readCalibration(folder.path(), device()));
    }
}

TEST_CASE("a record is of one device and driver") {
    const Folder folder;
    const auto caps = device();
    REQUIRE(writeCalibration(folder.path(), caps, {kH100, {}}).ok());
    const std::string text = textOf(calibrationPath(folder.path(), caps));
    constexpr void (*kOthers[])(vulkan::DeviceCaps&) = {
        [](vulkan::DeviceCaps& other) { other.name = "Another card"; },
        [](vulkan::DeviceCaps& other) { other.driver = "driver 1.2.4"; },
        [](vulkan::DeviceCaps& other) { other.driverVersion = 8; },
        [](vulkan::DeviceCaps& other) { other.vendorId = 0x1002; },
        [](vulkan::DeviceCaps& other) { other.deviceId = 0x2331; },
        [](vulkan::DeviceCaps& other) { other.subgroupSize = 64; }};
    for (const auto change : kOthers) {
        vulkan::DeviceCaps other = caps;
        change(other);
        CHECK(calibrationPath(folder.path(), other) != calibrationPath(folder.path(), caps));
        CHECK_FALSE(readCalibration(folder.path(), other));
        put(calibrationPath(folder.path(), other), text); // nor by another's file under its name
        CHECK_FALSE(readCalibration(folder.path(), other));
    }
    vulkan::DeviceCaps same = caps; // what may change from start to start
    same.id = "vulkan:3";
    same.heaps = {{1, 1, true, true}};
    same.integersFaster = true;
    CHECK(readCalibration(folder.path(), same));
}

TEST_CASE("a damaged, foreign, old or huge record is none") {
    const Folder folder;
    const auto caps = device();
    REQUIRE(writeCalibration(folder.path(), caps, {kH100, {.integers = true, .matrices = true}}).ok());
    const auto path = calibrationPath(folder.path(), caps);
    const std::string whole = textOf(path);
    const auto reads = [&](const std::string& text) {
        put(path, text);
        return readCalibration(folder.path(), caps).has_value();
    };
    REQUIRE(reads(whole));
    REQUIRE(reads(replaced(whole, "\"device\": \"A card\"", "\"device\": 5"))); // for people
    for (size_t length = 0; length + 2 < whole.size(); ++length)
        REQUIRE_FALSE(reads(whole.substr(0, length)));
    const size_t key = whole.find("\"key\": \"") + 8;
    std::string build = whole; // with other kernels
    build[key] = build[key] == '0' ? '1' : '0';
    const std::string wrong[] = {
        build,
        "null",
        "[]",
        "5",
        "\"version\"",
        "{}",
        "{\"version\": 1}",
        std::string(4000, '['),
        std::string("\0\0", 2),
        replaced(whole, "\"version\": 1", "\"version\": 0"),
        replaced(whole, "\"version\": 1", "\"version\": 2"),
        replaced(whole, "\"version\": 1", "\"version\": \"1\""),
        replaced(whole, "\"version\": 1", "\"version\": {}"),
        replaced(whole, "2600", "\"2600\""),
        replaced(whole, "2600", "-2600"),
        replaced(whole, "2600", "1e400"),
        replaced(whole, "2600", "1e20"),
        replaced(whole, "2600", "null"),
        replaced(whole, "2600", "NaN"),
        replaced(whole, "copy_gb_s", "copy"),
        replaced(whole, "\"use_int8\": true", "\"use_int8\": 1"),
        replaced(whole, "\"use_int8\": true", "\"use_int8\": \"true\""),
        whole + "x",
        whole + std::string(5000, ' '), // more than a record has
    };
    for (const std::string& text : wrong) {
        CAPTURE(text);
        CHECK_FALSE(reads(text));
    }
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    CHECK_FALSE(readCalibration(folder.path(), caps));
    const auto refused = writeCalibration(folder.path(), caps, {kH100, {}}); // a folder lies there
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == ErrorCode::Io);
    std::filesystem::remove(path);
    std::filesystem::create_symlink("/dev/zero", path);
    CHECK_FALSE(readCalibration(folder.path(), caps));
}
